"""record_uses: every use is counted, in a row of its kind and day, and no row twice."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.db import rows
from tests.db.recording import DAY, NOON, OTHER, SECOND, TODAY, counts, key, record, times, use
from tests.db.rows import A_TOKEN, ALICE, B_TOKEN, BARBARA, BOB, A, B, Connection


@pytest.fixture
async def clean(owner: Connection) -> Connection:
    """The owner, with no use in the history."""
    await owner.execute("DELETE FROM token_use")
    return owner


class TestCounted:
    async def test_in_a_row_of_their_address_and_program(self, clean: Connection) -> None:
        await record(
            clean, use(1, use_count=3), use(2), use(1, user_agent=""), use(None, use_count=2)
        )
        expected = {key(1): 3, key(2): 1, key(1, ""): 1, (None, "curl"): 2}
        assert await counts(clean) == expected
        (row, *_) = await clean.fetch("SELECT * FROM token_use WHERE use_count = 3")
        assert (row["organization_id"], row["user_id"], row["use_date"]) == (A, ALICE, TODAY)

    async def test_on_top_of_what_is_there(self, clean: Connection) -> None:
        for _ in range(3):
            await record(clean, use(1, use_count=2), use(None))
        assert await counts(clean) == {key(1): 6, (None, "curl"): 3}

    async def test_the_same_twice_in_a_batch(self, clean: Connection) -> None:
        for _ in range(2):
            await record(clean, use(1), use(1, NOON + SECOND), use(None), use(None))
        assert await counts(clean) == {key(1): 4, (None, "curl"): 4}

    async def test_control_ungrouped_they_would_meet(self, clean: Connection) -> None:
        source = await clean.fetchval(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'record_uses'"
        )
        # Each is grouped as if it were of another user.
        broken = source.replace("t.user_id, d.use_date", "gen_random_uuid() AS user_id, d.use_date")
        assert broken != source
        await clean.execute(broken)
        with pytest.raises(asyncpg.CardinalityViolationError):
            await record(clean, use(1), use(1))

    async def test_between_the_earliest_and_the_latest(self, clean: Connection) -> None:
        await record(clean, use(1))
        assert await times(clean) == (NOON, NOON)
        span = {"first_use_time": NOON - SECOND, "last_use_time": NOON + SECOND}
        await record(clean, use(1, **span))
        assert await times(clean) == (NOON - SECOND, NOON + SECOND)
        await record(clean, use(1), use(1, NOON + DAY / 4), use(1, NOON - DAY / 4))
        assert await times(clean) == (NOON - DAY / 4, NOON + DAY / 4)

    @pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
    async def test_on_days_in_utc(self, clean: Connection, zone: str) -> None:
        await clean.execute(f"SET LOCAL timezone = '{zone}'")
        midnight = NOON + DAY / 2
        for _ in range(2):
            await record(clean, use(1, midnight - timedelta(microseconds=1)), use(1, midnight))
        assert await counts(clean) == {key(1): 2}
        assert await counts(clean, midnight.date()) == {key(1): 2}

    async def test_ipv6(self, clean: Connection) -> None:
        await record(clean, use(ip="2001:db8::1"))
        await record(clean, use(ip="2001:0db8::0:1"))
        assert await counts(clean) == {("2001:db8::1", "curl"): 2}

    async def test_after_the_tokens_end(self, clean: Connection) -> None:
        """They were let through; whoever ended it wants to know of them."""
        await clean.execute("UPDATE token SET revoke_time = $1", NOON - DAY)
        await record(clean, use(1, is_news=True))
        assert await counts(clean) == {key(1): 1}

    async def test_of_several_organizations(self, clean: Connection) -> None:
        other = use(1, organization_id=B, token_id=B_TOKEN, user_id=BARBARA)
        await record(clean, other, use(1), other)
        found = await clean.fetch("SELECT organization_id, user_id, use_count FROM token_use")
        assert {tuple(row) for row in found} == {(A, ALICE, 1), (B, BARBARA, 2)}

    async def test_under_the_tokens_own_user(self, clean: Connection) -> None:
        await record(clean, use(1, user_id=BOB), use(1))
        assert await clean.fetch("SELECT user_id, use_count FROM token_use") == [(ALICE, 2)]


class TestNotCounted:
    @pytest.mark.parametrize(
        "changes",
        [{"token_id": uuid4()}, {"organization_id": B}, {"organization_id": uuid4()}],
        ids=["unknown", "of another organization", "of none"],
    )
    async def test_tokens(self, clean: Connection, changes: dict[str, Any]) -> None:
        await record(clean, use(1, **changes), use(2))
        assert await counts(clean) == {key(2): 1}

    async def test_people_who_signed_in(self, clean: Connection) -> None:
        """Theirs is no token: it is their last activity alone."""
        person = rows.person()
        user_id = UUID(str(person["user_id"]))
        await rows.insert(clean, "organization_user", person)
        await record(clean, use(None, token_id=user_id, user_id=user_id, is_news=True), use(2))
        assert await counts(clean) == {key(2): 1}
        active = await clean.fetchval(
            "SELECT last_activity_time FROM organization_user WHERE user_id = $1", user_id
        )
        assert active == NOON

    async def test_none(self, clean: Connection) -> None:
        await record(clean)
        assert await counts(clean) == {}


class TestNews:
    async def last(self, connection: Connection) -> tuple[datetime, str, str]:
        row = await connection.fetchrow(
            "SELECT t.last_used_time, host(t.last_ip), t.last_user_agent, u.last_activity_time"
            "  FROM token t JOIN organization_user u USING (organization_id, user_id)"
            " WHERE t.token_id = $1",
            A_TOKEN,
        )
        assert row is not None
        assert row[0] == row[3]
        return row[0], row[1], row[2]

    async def test_alone_moves_the_last_use(self, clean: Connection) -> None:
        await record(clean, use(1, is_news=True))
        await record(clean, use(2, NOON + SECOND))
        assert await self.last(clean) == (NOON, "192.0.2.1", "curl")
        assert await counts(clean) == {key(1): 1, key(2): 1}

    async def test_the_latest_of_several_does(self, clean: Connection) -> None:
        await record(
            clean,
            use(1, is_news=True),
            use(2, NOON + SECOND, is_news=True, user_agent="x"),
            use(3, NOON + 2 * SECOND),
            use(4, NOON - SECOND, is_news=True),
        )
        assert await self.last(clean) == (NOON + SECOND, "192.0.2.2", "x")

    async def test_it_says_where_from_what_is_not_told_apart_came(self, clean: Connection) -> None:
        await record(clean, use(9, is_other=True, is_news=True))
        assert await self.last(clean) == (NOON, "192.0.2.9", "curl")
        assert await counts(clean) == {OTHER: 1}
