"""Who may ask what a token is."""

from typing import Any

import pytest

from app import ids, token_format
from tests.api.grouping import add, grant, group
from tests.api.trail import changes, events
from tests.api_client import Organization
from tests.owner import Owner
from tests.service import Service
from tests.web.answers import assert_error, assert_refused
from tests.web.introspection.asking import ResourceServer, asker, verifier_token
from tests.web.introspection.conftest import PROXY

VERIFY = "organization:tokens:verify"


@pytest.fixture
async def shown(organization: Organization) -> str:
    """A token that a client has shown."""
    return (await organization.token(await organization.user("client")))[1]


class TestMay:
    async def test_with_the_permission(self, server_of: ResourceServer, shown: str) -> None:
        assert await server_of.is_active(shown)

    async def test_through_a_group(
        self, organization: Organization, server_of: ResourceServer, shown: str
    ) -> None:
        user_id = await organization.user("through a group")
        _, full = await organization.token(user_id)
        group_id = await group(organization)
        await grant(organization, group_id, VERIFY)
        assert_error(await server_of.with_token(full).ask(shown), 403, "insufficient_scope")
        await add(organization.admin, group_id, [user_id])
        assert await server_of.with_token(full).is_active(shown)

    async def test_as_administrator(
        self, organization: Organization, server_of: ResourceServer, shown: str
    ) -> None:
        assert await server_of.with_token(organization.admin.token).is_active(shown)

    @pytest.mark.parametrize(
        ("scopes", "may"),
        [
            (["authentication:read"], True),
            (["authentication:write"], True),
            (["services:read", "user:write"], False),
        ],
    )
    async def test_with_the_scope(
        self,
        organization: Organization,
        server_of: ResourceServer,
        shown: str,
        scopes: list[str],
        may: bool,
    ) -> None:
        narrow = server_of.with_token(await verifier_token(organization, "narrow", scopes=scopes))
        if may:
            assert await narrow.is_active(shown)
        else:
            assert_error(await narrow.ask(shown), 403, "insufficient_scope", "authentication:read")


class TestForbidden:
    @pytest.mark.parametrize(
        "permission", [None, "organization:app_users:write", "organization:event_logs:read"]
    )
    async def test_without_the_permission(
        self,
        organization: Organization,
        introspecting: Service,
        shown: str,
        permission: str | None,
    ) -> None:
        user_id = await organization.user("other")
        _, full = await organization.token(user_id)
        if permission is not None:
            await grant(organization, user_id, permission)
        other = ResourceServer((await introspecting.caller("192.0.2.7")).client, full)
        # Whatever it asks about: its own token, another's, or none.
        for token in (shown, full, "junk"):
            assert_error(await other.ask(token), 403, "insufficient_scope", VERIFY)
        await introspecting.refusals.flush()
        (event,) = await events(organization.admin, organization.id, outcome="REFUSED")
        assert event["action"] == "ACCESS_REQUEST"
        assert event["reason"].startswith("introspect: This needs the permission")
        assert (event["actorId"], event["ip"]) == (user_id, "192.0.2.7")
        assert changes(event) == {"count": (None, "3")}

    async def test_on_a_project_alone(
        self, organization: Organization, server_of: ResourceServer, owner: Owner, shown: str
    ) -> None:
        user_id = await organization.user("of a project")
        _, full = await organization.token(user_id)
        await owner.grant(user_id, VERIFY, await owner.project(organization.id))
        assert_error(await server_of.with_token(full).ask(shown), 403, "insufficient_scope")


class TestNoCredential:
    async def test_is_told_which_to_get(self, server_of: ResourceServer, shown: str) -> None:
        assert_error(await server_of.with_token(None).ask(shown), 401, "invalid_client")

    @pytest.mark.parametrize("name", ["Proxy-Authorization", "X-Api-Key", "Cookie"])
    async def test_other_places_for_one_do_not_count(
        self, server_of: ResourceServer, shown: str, name: str
    ) -> None:
        elsewhere = (name, f"Bearer {server_of.token}")
        answer = await server_of.with_token(None).send(f"token={shown}", elsewhere)
        assert_error(answer, 401, "invalid_client")

    async def test_nor_does_the_form(self, server_of: ResourceServer, shown: str) -> None:
        answer = await server_of.with_token(None).ask(shown, access_token=server_of.token or "")
        assert_error(answer, 401, "invalid_client")


class TestMalformed:
    @pytest.mark.parametrize(
        "authorization", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer a,b"]
    )
    async def test_is_no_bearer_token(
        self, server_of: ResourceServer, shown: str, authorization: str
    ) -> None:
        header = ("Authorization", authorization)
        answer = await server_of.with_token(None).send(f"token={shown}", header)
        assert_error(answer, 401, "invalid_client", "Authorization")

    async def test_two(self, server_of: ResourceServer, shown: str) -> None:
        for second in (f"Bearer {server_of.token}", "Bearer other", "Basic YTpi"):
            answer = await server_of.send(f"token={shown}", ("Authorization", second))
            assert answer.status_code == 400
            assert answer.headers["www-authenticate"] == 'Bearer error="invalid_request"'
            assert "one access token" in answer.json()["error_description"]

    @pytest.mark.parametrize("form", ["access_token=TOKEN", "token=TOKEN&access_token=TOKEN"])
    async def test_two_ways_at_once(self, server_of: ResourceServer, shown: str, form: str) -> None:
        answer = await server_of.send(form.replace("TOKEN", shown))
        assert answer.status_code == 400
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_request"'
        assert "one access token" in answer.json()["error_description"]


class TestRefused:
    async def test_whatever_the_reason(
        self, organization: Organization, server_of: ResourceServer, shown: str
    ) -> None:
        token_id, revoked = await organization.token(await organization.user("revoked"))
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        for refused in (revoked, revoked[:-1] + "_", "junk", "a.b.c", "x" * 300):
            assert_refused(await server_of.with_token(refused).ask(shown))

    async def test_before_it_is_told_that_it_may_not(
        self, organization: Organization, server_of: ResourceServer, shown: str
    ) -> None:
        token_id, full = await organization.token(await organization.user("other"))
        assert_error(await server_of.with_token(full).ask(shown), 403, "insufficient_scope")
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        assert_refused(await server_of.with_token(full).ask(shown))


class TestAddress:
    """A caller is bound to the networks of its own token, by its own address."""

    @pytest.mark.parametrize(
        ("peer", "forwarded", "accepted"),
        [
            ("192.0.2.7", [], True),
            ("198.51.100.1", [], False),
            ("198.51.100.1", ["192.0.2.7"], False),
            (PROXY, ["192.0.2.7"], True),
            (PROXY, ["192.0.2.7, 198.51.100.1"], False),
            (PROXY, [], False),
        ],
    )
    async def test_table(
        self,
        organization: Organization,
        introspecting: Service,
        shown: str,
        peer: str,
        forwarded: list[str],
        accepted: bool,
    ) -> None:
        token = await verifier_token(organization, ipAllowlist=["192.0.2.0/24"])
        server = ResourceServer((await introspecting.caller(peer)).client, token)
        headers = [("X-Forwarded-For", value) for value in forwarded]
        answer = await server.send(f"token={shown}&client_ip=192.0.2.9", *headers)
        if accepted:
            assert answer.json()["active"] is True
        else:
            assert_refused(answer)


class TestUse:
    async def test_of_the_callers_own_token_is_recorded(
        self, organization: Organization, introspecting: Service, owner: Owner, shown: str
    ) -> None:
        server = await asker(introspecting, organization, "192.0.2.1")
        assert await server.is_active(shown, client_ip="203.0.113.9", user_agent="client/1")
        await introspecting.activity.flush()
        row = await used(owner, server.token or "")
        assert (str(row["last_ip"]), row["last_user_agent"][:13]) == ("192.0.2.1", "python-httpx/")


async def used(owner: Owner, full: str) -> dict[str, Any]:
    """Return a token's row."""
    found = token_format.recognize(full)
    assert found is not None
    return await owner.token(ids.member_id("token", found.organization_id, found.token_id))
