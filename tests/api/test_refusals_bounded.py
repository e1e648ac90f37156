"""How many events refusals make: few, whoever is refused and however often."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from app import refusals
from app.audit import Action, Target
from app.database import Database, DatabaseUnavailable
from app.origins import Author, Origin
from app.refusals import Refusals
from tests.api.trail import changes, events
from tests.api_client import Organization
from tests.owner import organization_key, user_key


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Trail:
    """Refusals of one organization's users, with a clock of their own."""

    def __init__(self, database: Database, organization: Organization) -> None:
        self.clock = Clock()
        self.refusals = Refusals(database, self.clock)
        self.organization = organization
        self.id = organization_key(organization.id)
        self.user = user_key(organization.admin_id)[1]

    def note(
        self,
        reason: str = "REVOKED",
        *,
        token: UUID | None = None,
        address: str | None = None,
        organization_id: UUID | None = None,
        action: Action = Action.TOKEN_AUTHENTICATE,
    ) -> None:
        owner = organization_id or self.id
        author = Author("USER", self.user, token, Origin(address))
        self.refusals.note(owner, author, action, Target("ORGANIZATION", owner), reason)

    async def counts(self) -> list[str | None]:
        """Write, and return the count that each event has, the oldest first."""
        await self.refusals.flush()
        found = await events(self.organization.admin, self.organization.id, outcome="REFUSED")
        return [changes(event)["count"][1] for event in reversed(found)]

    @property
    def kept(self) -> int:
        return len(self.refusals._found)  # pyright: ignore[reportPrivateUsage]


@pytest.fixture
def trail(database: Database, organization: Organization) -> Trail:
    return Trail(database, organization)


class TestCoalesced:
    async def test_one_event_a_minute(self, trail: Trail) -> None:
        for _ in range(5):
            trail.note()
        assert await trail.counts() == ["5"]
        for _ in range(3):
            trail.note()
        assert await trail.counts() == ["5"]
        trail.clock.now += refusals.SECONDS - 1
        trail.note()
        assert await trail.counts() == ["5"]
        trail.clock.now += 1
        assert await trail.counts() == ["5", "4"]

    async def test_the_first_of_each_event_is_where_it_came_from(self, trail: Trail) -> None:
        trail.note(address="192.0.2.1")
        trail.note(address="192.0.2.2")
        await trail.counts()
        trail.note(address="192.0.2.3")
        trail.note(address="192.0.2.4")
        trail.clock.now += refusals.SECONDS
        await trail.counts()
        found = await events(trail.organization.admin, trail.organization.id, outcome="REFUSED")
        assert [event["ip"] for event in found] == ["192.0.2.3", "192.0.2.1"]

    async def test_by_token_and_reason(self, trail: Trail) -> None:
        one, other = uuid4(), uuid4()
        trail.note(token=one)
        trail.note(token=other)
        trail.note("EXPIRED", token=one)
        trail.note("EXPIRED")
        trail.note(token=one)
        assert sorted(map(str, await trail.counts())) == ["1", "1", "1", "2"]

    async def test_what_nobody_does_again_is_forgotten(self, trail: Trail) -> None:
        trail.note()
        await trail.counts()
        assert trail.kept == 1
        trail.clock.now += refusals.SECONDS
        assert await trail.counts() == ["1"]
        assert trail.kept == 0
        assert not trail.refusals._counts  # pyright: ignore[reportPrivateUsage]


class TestBounded:
    async def test_one_organization(self, trail: Trail) -> None:
        for _ in range(refusals.MOST_OF_ORGANIZATION + 50):
            trail.note(token=uuid4())
        assert trail.kept == refusals.MOST_OF_ORGANIZATION
        # Another organization's are still noted.
        trail.note(organization_id=uuid4())
        assert trail.kept == refusals.MOST_OF_ORGANIZATION + 1

    async def test_an_alarm_is_not_drowned_by_what_somebody_may_not(self, trail: Trail) -> None:
        """Whoever manages application users can have a token refused in as many ways as there are
        permissions, and make as many tokens as they like."""
        for _ in range(12):
            organization_id = trail.id if trail.kept == 0 else uuid4()
            for number in range(refusals.MOST_OF_ORGANIZATION):
                trail.note(
                    f"verify: lacks {number}",
                    organization_id=organization_id,
                    action=Action.ACCESS_REQUEST,
                )
        before = trail.kept
        assert before == refusals.MOST // 2
        trail.note("SUPERSEDED", action=Action.SUPERSEDED_TOKEN_AUTHENTICATE)
        trail.note("REVOKED")
        assert trail.kept == before + 2

    async def test_all(self, trail: Trail) -> None:
        for _ in range(12):
            organization_id = uuid4()
            for _ in range(refusals.MOST_OF_ORGANIZATION):
                trail.note(token=uuid4(), organization_id=organization_id)
        assert trail.kept == 3 * refusals.MOST // 4
        trail.note("SUPERSEDED", action=Action.SUPERSEDED_TOKEN_AUTHENTICATE)
        assert trail.kept == 3 * refusals.MOST // 4 + 1

    async def test_a_reason(self, trail: Trail) -> None:
        trail.note("x" * 5000)
        await trail.counts()
        (event,) = await events(trail.organization.admin, trail.organization.id, outcome="REFUSED")
        assert event["reason"] == "x" * 1000


class TestKept:
    async def test_while_the_database_is_away(
        self, trail: Trail, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def away(_: object, organization_id: UUID, *_events: object) -> None:
            # Services of other tests may write theirs.
            if organization_id == trail.id:
                trail.note()
            raise asyncpg.PostgresConnectionError("the server closed the connection")

        trail.note()
        with monkeypatch.context() as patch:
            patch.setattr("db.audit.append", away)
            with pytest.raises(DatabaseUnavailable):
                await trail.refusals.flush()
        assert await trail.counts() == ["2"]

    async def test_a_bug_in_one_does_not_hold_up_the_others(self, trail: Trail) -> None:
        """An organization that is not there has no trail."""
        trail.note(organization_id=uuid4())
        trail.note()
        assert await trail.counts() == ["1"]
        assert trail.kept == 1
