"""No change without its line in the trail, no line without its change: every mutation there is."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from app import ids
from app.changes import Change
from tests.api import trail
from tests.api.operations import SCHEMA
from tests.api.world import World, make_world
from tests.api_client import Answer, Organization
from tests.owner import Owner, token_key, user_key

assert SCHEMA.mutation_type is not None
MUTATIONS = sorted(SCHEMA.mutation_type.fields)
HEADERS = {"User-Agent": "terraform/1.9", "X-Request-Id": "walk-of-mutations"}
TOKEN = re.compile(r"appu_[0-9A-Za-z]{44}_[0-9A-Za-z]{20,49}")


class Walked:
    """One mutation in a world of its own, and what it leaves behind."""

    def __init__(self, world: World, owner: Owner, name: str) -> None:
        self.world = world
        self.owner = owner
        self.name = name

    async def run(self, given: dict[str, Any]) -> Answer:
        kind = self.name[0].upper() + self.name[1:]
        document = (
            f"mutation($i: {kind}Input!) {{ {self.name}(input: $i) {{ __typename"
            " ... on Error { message } } }"
        )
        return await self.world.organization.admin.run(document, {"i": given}, HEADERS)

    async def rows(self) -> list[tuple[str, str]]:
        """Everything that the organization has, the events of its trail included."""
        return await self.owner.snapshot(self.world.organization.id)

    async def events(self) -> list[dict[str, Any]]:
        return await trail.rows(self.owner, self.world.organization.id)


@pytest.fixture
async def walked(organization: Organization, owner: Owner, mutation: str) -> Walked:
    world = await make_world(organization)
    if mutation == "activateToken":
        await owner.connection.execute(
            "UPDATE token SET deactivate_time = now() WHERE organization_id = $1 AND token_id = $2",
            *token_key(world.token_id),
        )
    return Walked(world, owner, mutation)


EVERY = pytest.mark.parametrize("mutation", MUTATIONS)


def elsewhere(world: World, given: dict[str, Any], swap: Callable[[str], str]) -> dict[str, Any]:
    """Return input whose first id is another."""
    for name, value in given.items():
        if name.endswith("Id"):
            return given | {name: swap(value)}
        if name.endswith("Ids"):
            return given | {name: [swap(value[0])]}
    raise AssertionError("a mutation without any id")


def missing(public_id: str) -> str:
    """Return the id of something that does not exist, in the same organization where it can be."""
    kind = ids.kind_of(public_id)
    if kind is None or kind == "org":
        return ids.organization_id(uuid4())
    found = ids.parse_member_id(kind, public_id)
    assert found is not None
    return ids.member_id(kind, found[0], uuid4())


def nonsense(_public_id: str) -> str:
    """Return what is no id at all."""
    return "nonsense"


def forget(*_arguments: object, **_fields: object) -> None:
    """Record nothing, and do not say that nothing was changed."""


class TestEveryMutation:
    @EVERY
    async def test_writes_who_did_it(self, walked: Walked) -> None:
        before = await walked.events()
        answer = await walked.run(walked.world.good(walked.name))
        made = answer.data[walked.name]
        assert made["__typename"].endswith("Success"), made
        after = await walked.events()
        assert after[: len(before)] == before
        written = after[len(before) :]
        assert written
        organization_id, admin_id = user_key(walked.world.organization.admin_id)
        for event in written:
            assert event["outcome"] == "SUCCEEDED"
            assert event["organization_id"] == organization_id
            assert event["actor_user_id"] == admin_id
            assert event["actor_token_id"] == before[1]["actor_token_id"]
            assert str(event["ip"]) == "127.0.0.1"
            assert event["user_agent"] == HEADERS["User-Agent"]
            assert event["request_id"] == answer.response.headers["X-Request-Id"]
            assert event["target_id"]

    @EVERY
    async def test_that_fails_leaves_nothing(self, walked: Walked) -> None:
        before = await walked.rows()
        good = walked.world.good(walked.name)
        for swap in (missing, nonsense):
            answer = await walked.run(elsewhere(walked.world, good, swap))
            assert answer.data[walked.name]["__typename"].endswith("Error")
            assert await walked.rows() == before

    @EVERY
    async def test_that_forgets_is_rolled_back(
        self, walked: Walked, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: a service that records nothing changes nothing."""
        before = await walked.rows()
        monkeypatch.setattr(Change, "record", forget)
        answer = await walked.run(walked.world.good(walked.name))
        assert answer.codes == ["INTERNAL"]
        assert await walked.rows() == before


class TestNeverASecret:
    async def test_in_any_event(self, organization: Organization, owner: Owner) -> None:
        world = await make_world(organization)
        canary = world.full
        secret = canary.rpartition("_")[2]
        admin = organization.admin
        pasted = [
            ("createApplicationUser", {"organizationId": organization.id, "name": canary}),
            ("updateApplicationUser", {"applicationUserId": world.user_id, "name": canary}),
            ("updateToken", {"tokenId": world.token_id, "description": f"it is {canary}"}),
            ("generateToken", {"applicationUserId": world.user_id, "description": canary}),
            ("generateToken", {"applicationUserId": world.user_id, "idempotencyKey": canary}),
        ]
        for name, given in pasted:
            refused = await admin.mutate(name, "__typename", **given)
            assert refused["__typename"] == "InvalidInputError"
        # What is not refused: a token in place of a program's name, or of a request's id.
        agents = {"User-Agent": f"curl {canary}", "X-Request-Id": canary}
        kind = "mutation($i: UpdateTokenInput!) { updateToken(input: $i) { __typename } }"
        described = {"i": {"tokenId": world.token_id, "description": "it"}}
        await admin.run(kind, described, agents)
        _, another = await organization.token(world.user_id, idempotencyKey="once")
        await admin.mutate("revokeToken", "__typename", tokenId=world.token_id)
        await admin.with_token(canary).run("{ viewer { token { id } } }", headers=agents)
        found = await trail.rows(owner, organization.id)
        assert len(found) > 6
        for event in found:
            text = " ".join(map(str, event.values()))
            assert not TOKEN.search(text)
            for hidden in (canary, secret, another, another.rpartition("_")[2]):
                assert hidden not in text
                assert hidden[:20] not in text or hidden.startswith("appu_")

    async def test_in_what_is_shown(self, organization: Organization) -> None:
        world = await make_world(organization)
        found = str(await trail.events(organization.admin, organization.id))
        assert world.full not in found
        assert world.full.rpartition("_")[2] not in found
