"""What is refused is in the audit trail, bounded; and the caller is told nothing of it."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app import token_format
from app.database import DatabaseUnavailable
from tests.api.trail import changes, events
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.credentials import is_accepted
from tests.owner import Owner, organization_key, token_key
from tests.postgres import Urls
from tests.service import Service, started
from tests.waiting import until

TOKENS = "query($o: ID!) { tokens(organizationId: $o) { nodes { id } } }"


async def refused_events(service: Service, organization: Organization) -> list[dict[str, Any]]:
    """Write what was noted, and return the refusals of a trail, the newest first."""
    await service.write_refusals()
    return await events(organization.admin, organization.id, outcome="REFUSED")


@pytest.fixture
async def robot(organization: Organization, lazy: Service) -> Api:
    """An application user without any grant."""
    _, full = await organization.token(await organization.user("robot"))
    return await lazy.caller("192.0.2.7", full)


class TestForbidden:
    async def test_says_who_wanted_what(
        self, organization: Organization, lazy: Service, robot: Api
    ) -> None:
        answer = await robot.run(
            TOKENS, {"o": organization.id}, {"User-Agent": "curl/8", "X-Request-Id": "mine"}
        )
        assert answer.codes == ["FORBIDDEN"]
        (event,) = await refused_events(lazy, organization)
        assert event["action"] == "ACCESS_REQUEST"
        assert event["reason"] == f"tokens: {answer.body['errors'][0]['message']}"
        assert event["actorKind"] == "USER"
        assert event["actor"]["id"] == event["actorId"]
        assert event["actorToken"]["id"] == event["actorTokenId"]
        assert (event["ip"], event["userAgent"]) == ("192.0.2.7", "curl/8")
        assert event["requestId"] == answer.response.headers["X-Request-Id"]
        assert (event["targetKind"], event["targetId"]) == ("ORGANIZATION", organization.id)
        assert changes(event) == {"count": (None, "1")}

    async def test_of_a_mutation(
        self, organization: Organization, lazy: Service, robot: Api, owner: Owner
    ) -> None:
        before = await owner.snapshot(organization.id)
        answer = await robot.run(
            "mutation($i: CreateApplicationUserInput!) { createApplicationUser(input: $i) {"
            " __typename } }",
            {"i": {"organizationId": organization.id, "name": "mine"}},
        )
        assert answer.codes == ["FORBIDDEN"]
        (event,) = await refused_events(lazy, organization)
        assert event["reason"].startswith("createApplicationUser: This needs the permission")
        assert await owner.snapshot(organization.id) == before

    @pytest.mark.parametrize(
        "document",
        [
            "query($o: ID!) { appu: tokens(organizationId: $o) { nodes { id } } }",
            "query($o: ID!) { ...F } fragment F on Query {"
            " x: tokens(organizationId: $o) { nodes { id } } }",
        ],
    )
    async def test_by_the_field_and_not_by_its_alias(
        self, organization: Organization, lazy: Service, robot: Api, document: str
    ) -> None:
        assert (await robot.run(document, {"o": organization.id})).codes == ["FORBIDDEN"]
        (event,) = await refused_events(lazy, organization)
        assert event["reason"].startswith("tokens: ")

    async def test_below_a_root_field(
        self, organization: Organization, lazy: Service, robot: Api
    ) -> None:
        document = "{ me: viewer { token { createdBy { id } } } }"
        assert (await robot.run(document)).codes == ["FORBIDDEN"]
        (event,) = await refused_events(lazy, organization)
        assert event["reason"].startswith("createdBy: ")

    async def test_of_somebody_outside_is_nobodys_affair(
        self, organization: Organization, lazy: Service, new_organization: Any, owner: Owner
    ) -> None:
        other: Organization = await new_organization()
        caller = (await lazy.caller()).with_token(other.admin.token)
        assert (await caller.run(TOKENS, {"o": organization.id})).codes == ["FORBIDDEN"]
        assert await refused_events(lazy, organization) == []
        assert await refused_events(lazy, other) == []

    async def test_of_an_anonymous_caller_neither(
        self, organization: Organization, lazy: Service
    ) -> None:
        answer = await (await lazy.caller()).run(TOKENS, {"o": organization.id})
        assert answer.codes == ["UNAUTHENTICATED"]
        assert await refused_events(lazy, organization) == []

    async def test_many_in_one_document_are_one_event(
        self, organization: Organization, lazy: Service, robot: Api
    ) -> None:
        fields = " ".join(f"a{n}: organization(id: $o) {{ id }}" for n in range(20))
        answer = await robot.run(f"query($o: ID!) {{ {fields} }}", {"o": organization.id})
        assert answer.codes == ["FORBIDDEN"] * 20
        (event,) = await refused_events(lazy, organization)
        assert changes(event) == {"count": (None, "20")}


class Refused:
    """A token that is refused, and why."""

    def __init__(self, organization: Organization, owner: Owner, service: Service) -> None:
        self.organization = organization
        self.owner = owner
        self.service = service
        self.user_id = ""
        self.token_id = ""

    async def make(self, why: str) -> str:
        organization, owner = self.organization, self.owner
        self.user_id = await organization.user("refused")
        narrow = {"ipAllowlist": ["192.0.2.0/24"]} if why == "NETWORK" else {}
        self.token_id, full = await organization.token(self.user_id, maxAgeSeconds=3600, **narrow)
        match why:
            case "REVOKED":
                await organization.admin.mutate("revokeToken", "__typename", tokenId=self.token_id)
            case "EXPIRED":
                await owner.set_left(self.token_id, -1)
            case "USER_DEACTIVATED":
                await organization.admin.mutate(
                    "updateApplicationUser",
                    "__typename",
                    applicationUserId=self.user_id,
                    state="DEACTIVATED",
                )
            case "UNUSED":
                await self._set("deactivate_time = now()")
            case "SUPERSEDED":
                await self._set(
                    "supersede_time = now() - interval '2 s',"
                    " overlap_end_time = now() - interval '1 s'"
                )
            case "POLICY":
                await owner.connection.execute(
                    "INSERT INTO organization_policy (organization_id, longest_max_age_seconds,"
                    " expiry_required) VALUES ($1, 600, false)",
                    organization_key(organization.id),
                )
            case _:
                pass
        return full

    async def _set(self, change: str) -> None:
        await self.owner.connection.execute(
            f"UPDATE token SET {change} WHERE organization_id = $1 AND token_id = $2",
            *token_key(self.token_id),
        )


@pytest.fixture
def token(organization: Organization, owner: Owner, lazy: Service) -> Refused:
    return Refused(organization, owner, lazy)


class TestRefusedToken:
    @pytest.mark.parametrize(
        ("why", "action"),
        [
            ("REVOKED", "TOKEN_AUTHENTICATE"),
            ("EXPIRED", "TOKEN_AUTHENTICATE"),
            ("USER_DEACTIVATED", "TOKEN_AUTHENTICATE"),
            ("UNUSED", "TOKEN_AUTHENTICATE"),
            ("POLICY", "TOKEN_AUTHENTICATE"),
            ("NETWORK", "TOKEN_AUTHENTICATE"),
            ("SUPERSEDED", "SUPERSEDED_TOKEN_AUTHENTICATE"),
        ],
    )
    async def test_why(
        self, token: Refused, lazy: Service, organization: Organization, why: str, action: str
    ) -> None:
        full = await token.make(why)
        assert not await is_accepted(await lazy.caller("198.51.100.7"), full)
        await lazy.write_refusals()
        if why == "POLICY":
            # The administrator's own token is forever, which this policy refuses as well.
            await token.owner.connection.execute(
                "DELETE FROM organization_policy WHERE organization_id = $1",
                organization_key(organization.id),
            )
        found = await events(organization.admin, organization.id, targetId=token.token_id)
        (event,) = [event for event in found if event["outcome"] == "REFUSED"]
        assert (event["action"], event["reason"]) == (action, why)
        assert (event["targetKind"], event["principalId"]) == ("TOKEN", token.user_id)
        assert (event["actorId"], event["actorTokenId"]) == (token.user_id, token.token_id)
        assert event["ip"] == "198.51.100.7"

    async def test_a_wrong_secret_leaves_nothing(
        self, token: Refused, lazy: Service, organization: Organization, owner: Owner
    ) -> None:
        """Anybody who has seen a token's prefix could fill the trail by it."""
        full = await token.make("REVOKED")
        forged = token_format.make(*token_key(token.token_id))
        assert token_format.recognize(forged) == token_format.recognize(full)
        assert not await is_accepted(await lazy.caller(), forged)
        assert await refused_events(lazy, organization) == []
        # The control: the same token with its own secret is in the trail.
        assert not await is_accepted(await lazy.caller(), full)
        assert len(await refused_events(lazy, organization)) == 1

    async def test_nor_does_a_token_that_was_never_made(
        self, lazy: Service, organization: Organization
    ) -> None:
        forged = token_format.make(organization_key(organization.id), uuid4())
        assert not await is_accepted(await lazy.caller(), forged)
        assert await refused_events(lazy, organization) == []

    async def test_many_at_once_are_one_event(
        self, token: Refused, lazy: Service, organization: Organization
    ) -> None:
        full = await token.make("REVOKED")
        callers = [await lazy.caller(f"192.0.2.{number}") for number in range(1, 26)]
        await asyncio.gather(*(is_accepted(caller, full) for caller in callers))
        (event,) = await refused_events(lazy, organization)
        assert changes(event) == {"count": (None, "25")}

    async def test_a_refused_use_does_not_move_the_last_use(
        self, token: Refused, lazy: Service, owner: Owner
    ) -> None:
        full = await token.make("NETWORK")
        assert not await is_accepted(await lazy.caller("198.51.100.7"), full)
        await lazy.write_refusals()
        await lazy.activity.flush()
        assert (await owner.token(token.token_id))["last_used_time"] is None

    async def test_a_failure_to_write_fails_no_request(
        self, token: Refused, lazy: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        full = await token.make("REVOKED")

        async def away(*_: object) -> None:
            raise asyncpg.PostgresConnectionError("the server closed the connection")

        monkeypatch.setattr("db.audit.append", away)
        assert not await is_accepted(await lazy.caller(), full)
        with pytest.raises(DatabaseUnavailable):
            await lazy.write_refusals()
        monkeypatch.undo()
        assert len(await refused_events(lazy, token.organization)) == 1


class TestWritten:
    async def test_in_the_background(self, token: Refused, organization: Organization) -> None:
        """By an application that writes every twentieth of a second."""
        full = await token.make("REVOKED")
        assert not await is_accepted(organization.admin, full)

        async def is_there() -> bool:
            found = await events(organization.admin, organization.id, outcome="REFUSED")
            return len(found) == 1

        await until(is_there)

    async def test_at_a_clean_stop(
        self, token: Refused, organization: Organization, urls: Urls
    ) -> None:
        full = await token.make("REVOKED")
        async with started(settings_for(urls, activity_flush_seconds=60)) as running:
            caller = await running.caller()
            assert not await is_accepted(caller, full)
            await running.write_refusals()
            # Within its minute, which a stop does not wait for.
            assert not await is_accepted(caller, full)
        found = await events(organization.admin, organization.id, outcome="REFUSED")
        assert [changes(event)["count"] for event in found] == [(None, "1"), (None, "1")]
