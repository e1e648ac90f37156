"""No change without its audit row; tampering with the trail is detected.

Every mutation that the schema has leaves who did it, from where, to what; one that fails leaves
nothing. The control is a service that forgets to record: it changes nothing. Then somebody past
every wall, trigger and role tampers with a trail at random, and the verification has to notice; the
control is a verification that does not recompute hashes.

``tests/db/test_audit_chain.py`` says for each kind of damage what the verification calls it.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import pytest

from app import audit_chain, audit_trail, ids
from app.audit_chain import AuditEvent, Checker, Head, Tampered, digest
from app.changes import Change
from app.database import Database
from tests.api import trail
from tests.api.operations import SCHEMA
from tests.api.world import World, make_world
from tests.api_client import Answer, Organization
from tests.owner import Owner, organization_key, token_key, user_key
from tests.promises.conftest import Figure
from tests.rounds import ROUNDS

assert SCHEMA.mutation_type is not None
MUTATIONS = sorted(SCHEMA.mutation_type.fields)
HEADERS = {"User-Agent": "terraform/1.9", "X-Request-Id": "walk-of-mutations"}
TAMPERINGS = 4 * ROUNDS


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
    async def test_control_that_forgets_is_rolled_back(
        self, walked: Walked, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A service that records nothing changes nothing."""
        before = await walked.rows()
        monkeypatch.setattr(Change, "record", forget)
        answer = await walked.run(walked.world.good(walked.name))
        assert answer.codes == ["INTERNAL"]
        assert await walked.rows() == before


Tamper: TypeAlias = Callable[[list[AuditEvent], random.Random], list[AuditEvent]]


def changed(events: list[AuditEvent], dice: random.Random) -> list[AuditEvent]:
    """Change one value of one event."""
    place = dice.randrange(len(events))
    name = dice.choice([name for name in AuditEvent.__slots__ if name != "principal_is_user"])
    old = getattr(events[place], name)
    new: object
    match old:
        case None:
            new = uuid4() if name.endswith("_id") and name != "request_id" else "198.51.100.9"
        case bytes():
            new = dice.randbytes(32)
        case str():
            new = old[:-1] + chr(ord(old[-1:] or "a") ^ 1)
        case int():
            new = old + dice.choice([-1, 1, 1000])
        case datetime():
            new = old + timedelta(microseconds=dice.choice([-1, 1]))
        case _:
            assert isinstance(old, UUID)
            new = uuid4()
    return [*events[:place], replace(events[place], **{name: new}), *events[place + 1 :]]


def removed(events: list[AuditEvent], dice: random.Random) -> list[AuditEvent]:
    """Take out a run of events."""
    place = dice.randrange(len(events))
    return events[:place] + events[place + dice.randrange(1, 4) :]


def moved_up(events: list[AuditEvent], dice: random.Random) -> list[AuditEvent]:
    """Take one out and number those behind it anew."""
    place = dice.randrange(len(events))
    behind = [replace(event, sequence=event.sequence - 1) for event in events[place + 1 :]]
    return events[:place] + behind


def inserted(events: list[AuditEvent], dice: random.Random) -> list[AuditEvent]:
    """Put one in, with a hash that fits what is before it, and number those behind it anew."""
    place = dice.randrange(1, len(events))
    before = events[place - 1]
    event = replace(dice.choice(events), sequence=place + 1, previous_hash=before.hash)
    event = replace(event, hash=digest(before.hash, event))
    behind = [replace(event, sequence=event.sequence + 1) for event in events[place:]]
    return [*events[:place], event, *behind]


def swapped(events: list[AuditEvent], dice: random.Random) -> list[AuditEvent]:
    """Let two events change places."""
    one, other = sorted(dice.sample(range(len(events)), 2))
    found = list(events)
    found[one] = replace(events[other], sequence=events[one].sequence)
    found[other] = replace(events[one], sequence=events[other].sequence)
    return found


def written_anew(events: list[AuditEvent], dice: random.Random) -> list[AuditEvent]:
    """Change one and give it, and all behind it, the hashes that they would have had."""
    place = dice.randrange(len(events))
    found, previous = events[:place], events[place].previous_hash
    for number, event in enumerate(events[place:]):
        forged = replace(event, previous_hash=previous)
        forged = replace(forged, target_id=uuid4()) if number == 0 else forged
        previous = digest(previous, forged)
        found.append(replace(forged, hash=previous))
    return found


WAYS: tuple[Tamper, ...] = (changed, removed, moved_up, inserted, swapped, written_anew)


def unnoticed(events: list[AuditEvent], head: Head) -> Counter[str]:
    """Tamper in every way, many times; return how often each went through."""
    dice, missed = random.Random(1), Counter[str]()
    for number in range(TAMPERINGS):
        way = WAYS[number % len(WAYS)]
        found = way(events, dice)
        if found == events:
            continue
        checker = Checker(events[0].organization_id, recorded=head)
        try:
            for event in found:
                checker.feed(event)
            checker.finish(head)
        except Tampered:
            continue
        missed[way.__name__] += 1
    return missed


class TestTampering:
    @pytest.fixture
    async def trail_of_an_organization(
        self, organization: Organization, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> tuple[list[AuditEvent], Head]:
        """What an organization with one of everything has on record."""
        # How damage is called, for which events are looked for far and wide, is not asked here.
        monkeypatch.setattr(audit_chain, "_NEAR", 20)
        await make_world(organization)
        key = organization_key(organization.id)
        events = [event async for event in audit_trail.events(database, key, 0)]
        return events, await audit_trail.head(database, key)

    async def test_is_noticed(
        self, trail_of_an_organization: tuple[list[AuditEvent], Head], figure: Figure
    ) -> None:
        events, head = trail_of_an_organization
        assert len(events) > 8
        assert unnoticed(events, head) == {}
        figure(f"{TAMPERINGS:,} tamperings in {len(WAYS)} ways, all noticed")

    async def test_control_without_hashes(
        self,
        trail_of_an_organization: tuple[list[AuditEvent], Head],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def believed(_previous: bytes, event: AuditEvent) -> bytes:
            return event.hash

        events, head = trail_of_an_organization
        monkeypatch.setattr(audit_chain, "digest", believed)
        assert unnoticed(events, head)["changed"] > TAMPERINGS / len(WAYS) / 2
