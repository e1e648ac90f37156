"""A token whose answer was lost for good: only one that was made meanwhile is pointed at."""

from collections.abc import Iterator

import pytest
import stamina

from app.client import Client
from app.client.generated import CreateApplicationUserInput, GenerateTokenInput
from app.terraform.kinds.application_user import ApplicationUser
from app.terraform.kinds.token import Token
from tests.conftest import LiveServer
from tests.terraform.called import configured, create
from tests.terraform.cut import Cutting

FOR_GOOD = 99


@pytest.fixture
def impatient() -> Iterator[None]:
    """The client asks again once, at once."""
    with stamina.set_testing(True, attempts=2):
        yield


async def new_user(client: Client, live_server: LiveServer, name: str) -> str:
    made = await client.create_application_user(
        CreateApplicationUserInput(organization_id=live_server.organization_id, name=name)
    )
    return made.application_user.id


@pytest.mark.usefixtures("impatient")
async def test_the_token_in_use_is_not_pointed_at(client: Client, live_server: LiveServer) -> None:
    """In a rotation the present token is there, described alike, and perhaps unused so far."""
    user_id = await new_user(client, live_server, "tf-lost-tokens")
    organization_id = live_server.organization_id
    present = await client.generate_token(GenerateTokenInput(application_user_id=user_id))
    planned = {"organization_id": organization_id, "user_id": user_id}
    with Cutting(live_server.url) as cut, configured(cut.url, live_server.token) as provider:
        cut.unsent = {"GenerateToken": FOR_GOOD}
        state, said = create(provider, Token, **planned)
        assert state is None
        assert "The service does not answer" in said
        assert "revoke" not in said
        assert len((await client.tokens(organization_id, user_id)).nodes) == 1
        # The control: it is made, and nobody hears of it.
        cut.unsent, cut.operations = {}, {"GenerateToken": FOR_GOOD}
        state, said = create(provider, Token, **planned)
        assert state is None
        newest, oldest = (await client.tokens(organization_id, user_id)).nodes
        assert oldest.id == present.token.id
        assert f"revoke {organization_id}/{user_id}/{newest.token_prefix}…" in said
        assert oldest.token_prefix not in said
        # One for something else, which was made since, is not the one.
        cut.operations = {}
        assert create(provider, Token, **planned, description="other")[0] is not None
        cut.unsent = {"GenerateToken": FOR_GOOD}
        _, said = create(provider, Token, **planned)
        assert "revoke" not in said


async def test_an_organization_is_asked_for_once(client: Client, live_server: LiveServer) -> None:
    user_id = await new_user(client, live_server, "tf-asked-once")
    planned = {"organization_id": live_server.organization_id}
    with Cutting(live_server.url) as cut, configured(cut.url, live_server.token) as provider:
        for _ in range(2):
            assert create(provider, Token, **planned, user_id=user_id)[0] is not None
        assert cut.seen.count("OrganizationOf") == 1
        # Of what Terraform made itself it knows it.
        made, _ = create(provider, ApplicationUser, **planned, name="tf-known")
        assert made is not None
        assert create(provider, Token, **planned, user_id=made["user_id"])[0] is not None
        assert cut.seen.count("OrganizationOf") == 1
