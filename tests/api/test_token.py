"""token and webhookEndpoint: one of them by its id."""

from collections.abc import Awaitable, Callable

import pytest

from tests.api import hooks
from tests.api.estate import missing
from tests.api.managers import manager, person_token
from tests.api_client import Answer, Api, Organization
from tests.owner import Owner

TOKEN = "query($id: ID!) { found: token(id: $id) { id status } node(id: $id) { id } }"
ENDPOINT = "query($id: ID!) { found: webhookEndpoint(id: $id) { id url } node(id: $id) { id } }"
NOTHING = {"found": None, "node": None}


async def ask(caller: Api, document: str, public_id: str) -> Answer:
    return await caller.run(document, {"id": public_id})


class TestFound:
    async def test_token(self, organization: Organization, owner: Owner) -> None:
        token_id, _ = await organization.token(await organization.user("robot"))
        for caller in (organization.admin, await manager(organization, owner)):
            assert (await ask(caller, TOKEN, token_id)).data == {
                "found": {"id": token_id, "status": "ACTIVE"},
                "node": {"id": token_id},
            }

    async def test_webhook_endpoint(self, organization: Organization) -> None:
        endpoint_id = await hooks.made(organization)
        assert (await ask(organization.admin, ENDPOINT, endpoint_id)).data == {
            "found": {"id": endpoint_id, "url": hooks.URL},
            "node": {"id": endpoint_id},
        }


class TestNowhere:
    async def test_missing_and_foreign(
        self, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        ours, theirs = await new_organization(), await new_organization()
        token_id, _ = await theirs.token(await theirs.user("robot"))
        for token in (token_id, missing("token", ours.id), missing("token", theirs.id)):
            assert (await ask(ours.admin, TOKEN, token)).data == NOTHING
        endpoint_id = await hooks.made(theirs)
        for endpoint in (endpoint_id, missing("webhook", ours.id)):
            assert (await ask(ours.admin, ENDPOINT, endpoint)).data == NOTHING

    async def test_deleted(self, organization: Organization) -> None:
        endpoint_id = await hooks.made(organization)
        await hooks.delete(organization, endpoint_id)
        assert (await ask(organization.admin, ENDPOINT, endpoint_id)).data == NOTHING

    async def test_a_persons_token_is_an_administrators_to_see(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id = await person_token(organization, owner)
        caller = await manager(organization, owner)
        assert (await ask(caller, TOKEN, token_id)).data == NOTHING
        # The control: it is there.
        assert (await ask(organization.admin, TOKEN, token_id)).data["found"]["id"] == token_id


class TestForbidden:
    @pytest.mark.parametrize(("document", "kind"), [(TOKEN, "token"), (ENDPOINT, "webhook")])
    async def test_without_a_grant_there_or_not(
        self, organization: Organization, document: str, kind: str
    ) -> None:
        user_id = await organization.user("robot")
        token_id, full = await organization.token(user_id)
        caller = organization.admin.with_token(full)
        there = token_id if kind == "token" else await hooks.made(organization)
        answers = [
            await ask(caller, document, public_id)
            for public_id in (there, missing(kind, organization.id))
        ]
        assert [answer.codes for answer in answers] == [["FORBIDDEN"] * 2] * 2
        assert answers[0].response.content == answers[1].response.content

    async def test_managers_see_no_endpoints(
        self, organization: Organization, owner: Owner
    ) -> None:
        caller = await manager(organization, owner)
        answer = await ask(caller, ENDPOINT, await hooks.made(organization))
        assert answer.codes == ["FORBIDDEN"] * 2


class TestInvalid:
    @pytest.mark.parametrize("name", ["token", "webhookEndpoint"])
    @pytest.mark.parametrize("public_id", ["", "x", "org_1", "token_", "webhook_!"])
    async def test_ids(self, organization: Organization, name: str, public_id: str) -> None:
        document = f"query($id: ID!) {{ {name}(id: $id) {{ id }} }}"
        answer = await ask(organization.admin, document, public_id)
        assert answer.codes == ["BAD_REQUEST"]
        (error,) = answer.body["errors"]
        assert error["extensions"]["fields"][0]["code"] == "INVALID_ID"
