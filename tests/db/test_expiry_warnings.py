"""Warnings of tokens that expire soon: to whom, when, and once."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import expiry_warnings
from app.expiry_warnings import ExpiryWarner
from db import expiry_warnings as statements
from db.pool import Database, DatabaseUnavailable
from tests.db import rows
from tests.postgres import Urls

DAY = 86_400
YEAR = 365 * DAY


@dataclass(frozen=True)
class Place:
    """An organization with an application user."""

    connection: "asyncpg.Connection[Any]"
    pool: Database
    organization_id: UUID
    user_id: UUID

    async def token(self, left: float, life: float = YEAR, **changes: object) -> UUID:
        """Write a token with so many seconds left of a life of so many; return its id."""
        token_id = uuid4()
        row = rows.token(
            organization_id=self.organization_id,
            token_id=token_id,
            user_id=self.user_id,
            max_age_seconds=int(life),
        )
        await rows.insert(
            self.connection, "token", row | {"expiry_time": await self.time(left)} | changes
        )
        await self.connection.execute(
            "UPDATE token SET create_time = expiry_time - make_interval(secs => $2)"
            " WHERE token_id = $1 AND expiry_time IS NOT NULL",
            token_id,
            life,
        )
        return token_id

    async def time(self, seconds: float) -> object:
        """Return the time so many seconds from here."""
        return await self.connection.fetchval(
            "SELECT now() + make_interval(secs => $1)", float(seconds)
        )

    async def set_left(self, token_id: UUID, left: float) -> None:
        """Let time pass, or a use extend the token."""
        await self.connection.execute(
            "UPDATE token SET expiry_time = now() + make_interval(secs => $2) WHERE token_id = $1",
            token_id,
            float(left),
        )

    async def warn(self) -> int:
        return await expiry_warnings.warn(self.pool, self.organization_id)

    async def told(self, token_id: UUID) -> list[int]:
        """Return the days of each warning in the trail."""
        found = await self.connection.fetch(
            """SELECT changes::text FROM audit_event
                WHERE organization_id = $1 AND target_id = $2
                  AND action = 'application_user:token:expire_soon' ORDER BY sequence""",
            self.organization_id,
            token_id,
        )
        return [json.loads(row[0])["days"]["after"] for row in found]


async def make_place(connection: "asyncpg.Connection[Any]", pool: Database) -> Place:
    organization_id, user_id = uuid4(), uuid4()
    await rows.insert(
        connection, "organization", rows.organization(organization_id=organization_id)
    )
    await rows.insert(
        connection,
        "organization_user",
        rows.user(organization_id=organization_id, user_id=user_id),
    )
    return Place(connection, pool, organization_id, user_id)


@pytest.fixture
async def place(copied: Urls, pool: Database) -> AsyncIterator[Place]:
    connection = await asyncpg.connect(copied.owner)
    yield await make_place(connection, pool)
    await connection.close()


# Seconds left, of a life of how many; and the warning.
WARNED: list[tuple[str, float, float, list[int]]] = [
    ("a month and a bit", 30 * DAY + 60, YEAR, []),
    ("a month", 30 * DAY - 60, YEAR, [30]),
    ("a week and a bit", 7 * DAY + 60, YEAR, [30]),
    ("a week", 7 * DAY - 60, YEAR, [7]),
    ("a day and a bit", DAY + 60, YEAR, [7]),
    ("a day", DAY - 60, YEAR, [1]),
    ("a minute", 60, YEAR, [1]),
    ("over", -60, YEAR, []),
    ("a life of 30 days has just begun", 30 * DAY - 60, 30 * DAY, []),
    ("a life of 30 days, at 8", 8 * DAY, 30 * DAY, []),
    ("a life of 30 days, at 6", 6 * DAY, 30 * DAY, [7]),
    ("a life of 31 days, at 29", 29 * DAY, 31 * DAY, [30]),
    ("a life of a week, at 6 days", 6 * DAY, 7 * DAY, []),
    ("a life of a week, at an hour", 3600, 7 * DAY, [1]),
    ("a life of a day", 3600, DAY, []),
    ("a life of ten minutes", 300, 600, []),
]


class TestThresholds:
    @pytest.mark.parametrize(("_why", "left", "life", "days"), WARNED)
    async def test_table(
        self, place: Place, _why: str, left: float, life: float, days: list[int]
    ) -> None:
        token_id = await place.token(left, life)
        assert await place.warn() == len(days)
        assert await place.told(token_id) == days

    async def test_what_never_expires(self, place: Place) -> None:
        token_id = await place.token(0, max_age_seconds=None, expiry_time=None)
        assert await place.warn() == 0
        assert await place.told(token_id) == []

    async def test_each_once(self, place: Place) -> None:
        token_id = await place.token(29 * DAY)
        for left in (29, 28, 8, 7, 6, 2, 0.9, 0.5):
            await place.set_left(token_id, left * DAY - 60)
            await place.warn()
            await place.warn()
        assert await place.told(token_id) == [30, 7, 1]

    async def test_after_a_long_stop_only_the_nearest(self, place: Place) -> None:
        token_id = await place.token(3600)
        await place.warn()
        assert await place.told(token_id) == [1]

    async def test_the_event_says_by_whom_and_until_when(self, place: Place) -> None:
        token_id = await place.token(6 * DAY)
        await place.warn()
        row = await place.connection.fetchrow(
            """SELECT e.actor_kind, e.target_kind, e.principal_id, e.changes::text,
                      t.expiry_time
                 FROM audit_event e JOIN token t ON t.token_id = e.target_id
                WHERE e.target_id = $1""",
            token_id,
        )
        assert row is not None
        assert (row[0], row[1], row[2]) == ("SERVICE", "TOKEN", place.user_id)
        assert json.loads(row[3]) == {
            "days": {"after": 7, "before": None},
            "expiryTime": {"after": row[4].isoformat(), "before": None},
        }


class TestLeftOut:
    @pytest.mark.parametrize(
        ("_why", "change"),
        [
            ("revoked", "revoke_time = now()"),
            ("deactivated for disuse", "deactivate_time = now()"),
            ("rotated", "supersede_time = now(), overlap_end_time = now() + interval '1 day'"),
        ],
    )
    async def test_tokens_that_are_over(self, place: Place, _why: str, change: str) -> None:
        token_id = await place.token(6 * DAY)
        await place.connection.execute(f"UPDATE token SET {change} WHERE token_id = $1", token_id)
        assert await place.warn() == 0
        assert await place.told(token_id) == []

    async def test_tokens_of_a_deactivated_user(self, place: Place) -> None:
        token_id = await place.token(6 * DAY)
        change = "UPDATE organization_user SET state = $2 WHERE user_id = $1"
        await place.connection.execute(change, place.user_id, "DEACTIVATED")
        assert await place.warn() == 0
        await place.connection.execute(change, place.user_id, "ACTIVE")
        assert await place.warn() == 1
        assert await place.told(token_id) == [7]

    async def test_tokens_of_people(self, place: Place) -> None:
        person = uuid4()
        await rows.insert(
            place.connection,
            "organization_user",
            rows.person(organization_id=place.organization_id, user_id=person),
        )
        await place.token(6 * DAY, user_id=person)
        assert await place.warn() == 0

    async def test_another_organization(self, place: Place) -> None:
        await (await make_place(place.connection, place.pool)).token(6 * DAY)
        assert await place.warn() == 0


class TestExtended:
    async def test_warnings_come_anew(self, place: Place) -> None:
        token_id = await place.token(6 * DAY, 60 * DAY, extend_when_used=True)
        await place.warn()
        await place.set_left(token_id, 60 * DAY)
        await place.warn()
        for left in (29, 6, 0.5):
            await place.set_left(token_id, left * DAY)
            await place.warn()
        assert await place.told(token_id) == [7, 30, 7, 1]

    async def test_a_life_below_the_threshold_is_not_warned_of_at_it(self, place: Place) -> None:
        token_id = await place.token(6 * DAY, 20 * DAY, extend_when_used=True)
        await place.warn()
        await place.set_left(token_id, 20 * DAY)
        await place.warn()
        assert await place.told(token_id) == [7]
        await place.set_left(token_id, 5 * DAY)
        await place.warn()
        assert await place.told(token_id) == [7, 7]

    async def test_without_a_use_nothing_is_forgotten(self, place: Place) -> None:
        token_id = await place.token(6 * DAY, 60 * DAY, extend_when_used=True)
        for _ in range(3):
            await place.warn()
        assert await place.told(token_id) == [7]


async def at_once(place: Place, workers: int) -> list[UUID]:
    made = [await place.token(6 * DAY) for _ in range(20)]
    await asyncio.gather(*(place.warn() for _ in range(workers)))
    return made


class TestWorkers:
    async def test_at_once_they_warn_once(self, place: Place) -> None:
        for token_id in await at_once(place, 6):
            assert await place.told(token_id) == [7]

    async def test_the_control_without_its_condition_they_warn_more_often(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loose = re.sub(
            r"AND coalesce\(t.warned_days.*?END", "", statements.WARN_SQL, count=1, flags=re.DOTALL
        )
        assert loose != statements.WARN_SQL
        monkeypatch.setattr(statements, "WARN_SQL", loose)
        told = [await place.told(token_id) for token_id in await at_once(place, 6)]
        assert max(map(len, told)) > 1

    async def test_more_than_a_batch(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(expiry_warnings, "BATCH", 3)
        for _ in range(7):
            await place.token(6 * DAY)
        assert await place.warn() == 7
        assert await place.warn() == 0

    async def test_every_organization_has_its_turn(self, place: Place) -> None:
        other = await make_place(place.connection, place.pool)
        tokens = [(each, await each.token(6 * DAY)) for each in (place, other)]
        await ExpiryWarner(place.pool).run()
        for each, token_id in tokens:
            assert await each.told(token_id) == [7]

    async def test_one_that_fails_keeps_no_other_waiting(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = await make_place(place.connection, place.pool)
        token_id = await other.token(6 * DAY)
        real = statements.warn

        async def warn(connection: Any, organization_id: UUID, at_most: int) -> Any:
            if organization_id == place.organization_id:
                raise DatabaseUnavailable("this one alone")
            return await real(connection, organization_id, at_most)

        monkeypatch.setattr(statements, "warn", warn)
        await ExpiryWarner(place.pool).run()
        assert await other.told(token_id) == [7]
        monkeypatch.setattr(statements, "warn", _unavailable)
        with pytest.raises(DatabaseUnavailable):
            await ExpiryWarner(place.pool).run()


async def _unavailable(*_: object) -> None:
    raise DatabaseUnavailable("all of it")
