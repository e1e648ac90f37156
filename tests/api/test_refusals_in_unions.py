"""What is refused in a member of a result union is in the audit trail like what is forbidden."""

from typing import Any
from uuid import UUID

import pytest

from app.api import refused
from app.audit import Action, Target
from app.origins import Author
from tests.api.trail import changes, events
from tests.api_client import Api, Organization
from tests.owner import Owner
from tests.service import Service

GENERATE = "mutation($i: GenerateTokenInput!) { generateToken(input: $i) { __typename } }"


async def refused_events(service: Service, organization: Organization) -> list[dict[str, Any]]:
    """Write what was noted, and return the refusals of a trail, the newest first."""
    await service.refusals.flush()
    return await events(organization.admin, organization.id, outcome="REFUSED")


class Narrow:
    """An administrator that acts with a token of one scope and an hour."""

    def __init__(self, user_id: str, token_id: str, caller: Api) -> None:
        self.user_id = user_id
        self.token_id = token_id
        self.caller = caller


@pytest.fixture
async def narrow(organization: Organization, owner: Owner, lazy: Service) -> Narrow:
    user_id = await organization.user("deputy")
    await owner.grant(user_id)
    token_id, full = await organization.token(
        user_id, scopes=["authentication:write", "user:write"], maxAgeSeconds=3600
    )
    return Narrow(user_id, token_id, await lazy.caller("192.0.2.7", full))


class TestMoreThanTheCallerHas:
    async def test_generate_token(
        self, organization: Organization, lazy: Service, narrow: Narrow
    ) -> None:
        made = await narrow.caller.mutate(
            "generateToken", "__typename", applicationUserId=await organization.user("robot")
        )
        assert {problem["code"] for problem in made["fields"]} == {"EXCEEDS_CALLER"}
        (event,) = await refused_events(lazy, organization)
        assert event["action"] == "ACCESS_REQUEST"
        assert event["reason"] == (
            "generateToken: The token of this request has less itself than it asked for: scopes,"
            " maxAgeSeconds."
        )
        assert (event["actorId"], event["actorTokenId"]) == (narrow.user_id, narrow.token_id)
        assert (event["ip"], event["targetId"]) == ("192.0.2.7", organization.id)
        assert changes(event) == {"count": (None, "1")}

    async def test_rotate_token(
        self, organization: Organization, lazy: Service, narrow: Narrow
    ) -> None:
        token_id, _ = await organization.token(await organization.user("robot"))
        # What the caller may do is looked at to tell it, too, which is no attempt.
        seen = await narrow.caller.query(
            "query($id: ID!) { token(id: $id) { viewerCanRotate } }", id=token_id
        )
        assert seen["token"] == {"viewerCanRotate": False}
        assert await refused_events(lazy, organization) == []
        await narrow.caller.mutate("rotateToken", "__typename", tokenId=token_id)
        (event,) = await refused_events(lazy, organization)
        assert event["reason"].startswith("rotateToken: The token of this request has less")

    async def test_add_organization_user(
        self, organization: Organization, lazy: Service, narrow: Narrow
    ) -> None:
        await narrow.caller.mutate(
            "addOrganizationUser",
            "__typename",
            organizationId=organization.id,
            name="Jane",
            email="jane@acme.example",
            withToken=True,
        )
        (event,) = await refused_events(lazy, organization)
        assert event["reason"].startswith("addOrganizationUser: The token of this request has less")

    async def test_what_is_only_wrong_is_no_refusal(
        self, organization: Organization, lazy: Service, narrow: Narrow
    ) -> None:
        for given in ({"maxAgeSeconds": 1}, {"scopes": ["nothing:read"]}):
            made = await narrow.caller.mutate(
                "generateToken", "__typename", applicationUserId=narrow.user_id, **given
            )
            assert made["__typename"] == "InvalidInputError"
        assert await refused_events(lazy, organization) == []


class TestLastAdministrator:
    async def test_remove_organization_user(
        self, organization: Organization, lazy: Service
    ) -> None:
        admin = await lazy.caller("192.0.2.8", organization.admin.token)
        made = await admin.mutate(
            "removeOrganizationUser", "__typename", organizationUserId=organization.admin_id
        )
        assert made["__typename"] == "LastAdministratorError"
        (event,) = await refused_events(lazy, organization)
        assert event["reason"] == f"removeOrganizationUser: {made['message']}"
        assert (event["actorId"], event["ip"]) == (organization.admin_id, "192.0.2.8")


class TestPolicyLocksOutCaller:
    async def test_set_organization_policy(
        self, organization: Organization, lazy: Service, narrow: Narrow
    ) -> None:
        made = await narrow.caller.mutate(
            "setOrganizationPolicy",
            "__typename",
            organizationId=organization.id,
            policy={"expiryRequired": True, "longestMaxAgeSeconds": 600},
        )
        assert made["__typename"] == "PolicyLocksOutCallerError"
        (event,) = await refused_events(lazy, organization)
        assert event["reason"] == f"setOrganizationPolicy: {made['message']}"
        assert event["actorTokenId"] == narrow.token_id


class TestBounded:
    async def test_by_the_field_and_as_one_event(
        self, organization: Organization, lazy: Service, narrow: Narrow
    ) -> None:
        fields = " ".join(f"a{n}: generateToken(input: $i) {{ __typename }}" for n in range(5))
        answer = await narrow.caller.run(
            f"mutation($i: GenerateTokenInput!) {{ {fields} }}",
            {"i": {"applicationUserId": await organization.user("robot")}},
        )
        assert set(answer.data) == {f"a{n}" for n in range(5)}
        (event,) = await refused_events(lazy, organization)
        assert event["reason"].startswith("generateToken: ")
        assert changes(event) == {"count": (None, "5")}

    async def test_while_the_callers_own_end_moves(
        self, organization: Organization, lazy: Service, owner: Owner
    ) -> None:
        """The answer names the end; as a reason it would make every call an event of its own."""
        deputy, robot = await organization.user("deputy"), await organization.user("robot")
        await owner.grant(deputy)
        token_id, full = await organization.token(deputy, maxAgeSeconds=3600, extendWhenUsed=True)
        caller = await lazy.caller(token=full)
        said: set[str] = set()
        for left in (3000, 2000, 1000):
            await owner.set_left(token_id, left)
            made = await caller.mutate("generateToken", "__typename", applicationUserId=robot)
            said.add(made["message"])
        assert len(said) == 3
        (event,) = await refused_events(lazy, organization)
        assert changes(event) == {"count": (None, "3")}


class TestToldNothing:
    async def test_the_answer_is_the_same_without_a_trail(
        self,
        organization: Organization,
        lazy: Service,
        narrow: Narrow,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        given = {"i": {"applicationUserId": await organization.user("robot")}}
        noted = await narrow.caller.run(GENERATE, given)

        def note(*_: object) -> None:
            return None

        monkeypatch.setattr(refused, "note", note)
        unnoted = await narrow.caller.run(GENERATE, given)
        assert noted.response.content == unnoted.response.content
        (event,) = await refused_events(lazy, organization)
        assert changes(event) == {"count": (None, "1")}

    async def test_it_waits_for_no_write(
        self,
        organization: Organization,
        lazy: Service,
        narrow: Narrow,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        robot = await organization.user("robot")
        seen: list[tuple[UUID, str]] = []

        def note(
            organization_id: UUID, _author: Author, _action: Action, _target: Target, reason: str
        ) -> None:
            seen.append((organization_id, reason.partition(":")[0]))

        async def never(*_: object) -> None:
            raise AssertionError("the trail was written while the caller waited")

        monkeypatch.setattr(lazy.refusals, "note", note)
        monkeypatch.setattr("db.audit.append", never)
        answer = await narrow.caller.run(GENERATE, {"i": {"applicationUserId": robot}})
        assert answer.data["generateToken"]["__typename"] == "InvalidInputError"
        assert [name for _, name in seen] == ["generateToken"]
