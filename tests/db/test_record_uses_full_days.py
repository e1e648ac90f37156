"""record_uses: a day has so many rows of a token; what came later is counted in one for all."""

from collections import Counter
from typing import Any

import pytest

from db import presented
from db.presented import TokenUse
from tests.db.recording import (
    DAY,
    NOON,
    OTHER,
    SECOND,
    TODAY,
    Key,
    counts,
    key,
    record,
    use,
)
from tests.db.rows import B_TOKEN, BARBARA, B, Connection


@pytest.fixture
async def clean(owner: Connection) -> Connection:
    """The owner, with no use in the history."""
    await owner.execute("DELETE FROM token_use")
    return owner


class TestFull:
    """A day has three rows, in these tests."""

    @pytest.fixture(autouse=True)
    def three(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(presented, "MOST_ROWS_A_DAY", 3)

    async def test_what_is_new_in_one_batch(self, clean: Connection) -> None:
        new = [use(number, NOON + number * SECOND, use_count=number) for number in range(1, 6)]
        await record(clean, *new[::-1])
        assert await counts(clean) == {key(1): 1, key(2): 2, key(3): 3, OTHER: 9}
        row = await clean.fetchrow("SELECT * FROM token_use WHERE is_other")
        assert row is not None
        assert (row["first_use_time"], row["last_use_time"]) == (
            NOON + 4 * SECOND,
            NOON + 5 * SECOND,
        )

    async def test_what_is_new_beside_what_is_there(self, clean: Connection) -> None:
        await record(clean, use(1), use(None))
        await record(clean, use(2), use(3, NOON + SECOND), use(None), use(1), use(1))
        expected = {key(1): 3, (None, "curl"): 2, key(2): 1}
        assert await counts(clean) == expected | {OTHER: 1}
        await record(clean, use(4), use(None, user_agent=""), use(3), use(2))
        assert await counts(clean) == expected | {key(2): 2, OTHER: 4}

    async def test_the_same_twice_is_one_row(self, clean: Connection) -> None:
        await record(clean, use(1), use(1), use(2), use(2), use(3), use(3))
        assert await counts(clean) == {key(1): 2, key(2): 2, key(3): 2}

    async def test_what_was_not_told_apart_before(self, clean: Connection) -> None:
        """It takes no row of those that are."""
        await record(clean, use(7, is_other=True, use_count=5), use(1), use(2), use(3))
        assert await counts(clean) == {OTHER: 5, key(1): 1, key(2): 1, key(3): 1}
        await record(clean, use(8, is_other=True), use(None, is_other=True), use(4), use(3))
        assert await counts(clean) == {OTHER: 8, key(1): 1, key(2): 1, key(3): 2}

    async def test_each_day_and_token_for_itself(self, clean: Connection) -> None:
        await record(clean, *(use(number) for number in range(5)))
        other: dict[str, Any] = {
            "organization_id": B,
            "token_id": B_TOKEN,
            "user_id": BARBARA,
        }
        await record(clean, use(1, NOON + DAY), use(2, NOON - DAY), use(1, **other))
        assert await counts(clean, TODAY + DAY) == {key(1): 1}
        assert await counts(clean, TODAY - DAY) == {key(2): 1}
        assert (
            await clean.fetchval("SELECT is_other FROM token_use WHERE token_id = $1", B_TOKEN)
            is False
        )

    async def test_nothing_is_lost_on_the_way(self, clean: Connection) -> None:
        noted = Counter[Key]()
        for batch in range(6):
            uses = [use(n % 7, NOON + n * SECOND, use_count=n) for n in range(1, 4 + batch)]
            await record(clean, *uses)
            for one in uses:
                noted[one.ip, "curl"] += one.use_count
        found = await counts(clean)
        assert sum(found.values()) == noted.total()
        assert len(found) == 4
        assert {k: n for k, n in found.items() if k != OTHER}.items() <= noted.items()


class TestFullForLong:
    """What a use costs does not grow with what its token's day has."""

    @pytest.fixture(autouse=True)
    def three(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(presented, "MOST_ROWS_A_DAY", 3)

    async def read(self, connection: Connection, *uses: TokenUse) -> int:
        """How many rows and entries of indexes of the history are read to record uses."""
        before = await self._read(connection)
        await record(connection, *uses)
        return await self._read(connection) - before

    async def _read(self, connection: Connection) -> int:
        return await connection.fetchval(
            "SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid))::integer"
            "  FROM pg_index WHERE indrelid = 'token_use'::regclass"
        )

    async def fill(self, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have a day of a thousand rows, and one use more."""
        monkeypatch.setattr(presented, "MOST_ROWS_A_DAY", 1000)
        await record(connection, *(use(ip=f"10.0.{n >> 8}.{n & 255}") for n in range(1001)))
        assert len(await counts(connection)) == 1001

    async def test_it_is_counted_once_that_a_day_is_full(
        self, clean: Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await self.fill(clean, monkeypatch)
        assert await self.read(clean, use(ip="10.0.0.7")) < 10
        new = [use(number) for number in range(1, 31)]
        assert await self.read(clean, *new) < 10 * len(new)
        assert (await counts(clean))[OTHER] == 31

    async def test_control_where_nobody_remembers(
        self, clean: Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await self.fill(clean, monkeypatch)
        await clean.execute("UPDATE token_use SET is_full = false")
        assert await self.read(clean, use(1)) > 1000

    async def test_what_is_not_told_apart_fills_no_day(self, clean: Connection) -> None:
        await record(clean, use(is_other=True), use(1))
        assert not await clean.fetchval("SELECT bool_or(is_full) FROM token_use")
        await record(clean, use(2), use(3))
        assert not await clean.fetchval("SELECT bool_or(is_full) FROM token_use")
        await record(clean, use(4))
        full = await clean.fetch("SELECT is_other FROM token_use WHERE is_full")
        assert full == [(True,)]
        await record(clean, use(5, is_other=True), use(3))
        assert await clean.fetchval("SELECT is_full FROM token_use WHERE is_other")
