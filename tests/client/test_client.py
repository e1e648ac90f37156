"""The client against a served API: a token's life, as an integration's script would have it."""

from collections.abc import AsyncIterator

import pytest

from app.client import Client, Unauthenticated, every
from app.client.generated import (
    CreateApplicationUserInput,
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
