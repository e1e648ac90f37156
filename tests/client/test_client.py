"""The client against a served API: a token's life, as an integration's script would have it."""

from collections.abc import AsyncIterator

import pytest

from app.client import Client, Unauthenticated, every
from app.client.generated import (
    CreateApplicationUserInput,
    CreateGroupInput,
    DeleteApplicationUserInput,
    GenerateTokenInput,
    RevokeTokenInput,
    RotateTokenInput,
    TokenStatus,
)
from tests.conftest import LiveServer


@pytest.fixture
async def client(live_server: LiveServer) -> AsyncIterator[Client]:
    async with Client(live_server.url, live_server.token) as client:
        yield client


async def test_a_tokens_life(client: Client, live_server: LiveServer) -> None:
    organization_id = live_server.organization_id
    made = await client.create_application_user(
        CreateApplicationUserInput(organization_id=organization_id, name="a-tokens-life")
    )
    user = made.application_user
    first = await client.generate_token(GenerateTokenInput(application_user_id=user.id))
    assert first.typename__ == "GenerateTokenSuccess"
    assert first.full_token not in repr(first)
    async with Client(live_server.url, first.full_token) as itself:
        viewer = await itself.viewer()
        assert [each.user.id for each in viewer.memberships] == [user.id]
    second = await client.rotate_token(RotateTokenInput(token_id=first.token.id))
    assert second.predecessor.id == first.token.id
    tokens = [
        token
        async for token in every(
            lambda after: client.tokens(organization_id, user.id, first=1, after=after)
        )
    ]
    assert {token.id for token in tokens} == {first.token.id, second.token.id}
    ended = await client.revoke_token(RevokeTokenInput(token_id=second.token.id))
    assert ended.token.status is TokenStatus.REVOKED
    await client.delete_application_user(DeleteApplicationUserInput(application_user_id=user.id))
    async with Client(live_server.url, first.full_token) as itself:
        with pytest.raises(Unauthenticated):
            await itself.viewer()


async def test_one_thing_by_its_id(client: Client, live_server: LiveServer) -> None:
    made = await client.create_application_user(
        CreateApplicationUserInput(organization_id=live_server.organization_id, name="by-its-id")
    )
    user_id = made.application_user.id
    generated = await client.generate_token(GenerateTokenInput(application_user_id=user_id))
    grouped = await client.create_group(
        CreateGroupInput(organization_id=live_server.organization_id, name="by-its-id")
    )
    found = await client.application_user(user_id)
    assert found == made.application_user.model_copy(update={"live_token_count": 1})
    assert await client.token(generated.token.id) == generated.token
    assert await client.group(grouped.group.id) == grouped.group
    missing = "0" * 44
    assert await client.application_user(f"user_{missing}") is None
    assert await client.token(f"token_{missing}") is None
    assert await client.group(f"group_{missing}") is None
