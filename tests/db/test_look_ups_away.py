"""Look-ups whose answer does not come: everybody is told in time, and the others go on."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app import look_up_lines
from app.look_up_lines import Line
from app.look_ups import Answer, LookUps
from db import pool, presented
from db.pool import Database, DatabaseUnavailable
from db.presented import PresentedToken
from tests.db.looking_up import (
    DEADLINE,
    FIND_TOKENS,
    SLACK,
    fails,
    is_there,
    make_first_hang,
    opened,
    succeeds,
    timed,
)
from tests.db.rows import A_TOKEN, B_TOKEN, A, B
from tests.postgres import Urls

pytestmark = pytest.mark.usefixtures("complaints")


@pytest.fixture
async def database(copied: Urls) -> AsyncIterator[Database]:
    async with opened(copied.serving) as made:
        yield made


@pytest.fixture
async def found(database: Database) -> LookUps:
    return LookUps(database, DEADLINE)


class TestDeadline:
    async def test_of_what_runs_and_of_what_waits(self, found: LookUps, copied: Urls) -> None:
        owner = await asyncpg.connect(copied.owner)
        async with owner.transaction():
            await owner.execute("LOCK TABLE token IN ACCESS EXCLUSIVE MODE")
            asked = [asyncio.create_task(timed(found)) for _ in range(3)]
            await asyncio.sleep(0.15)
            asked += [asyncio.create_task(timed(found)) for _ in range(3)]
            answers = await asyncio.gather(*asked)
        await owner.close()
        for answer, seconds in answers:
            assert isinstance(answer, DatabaseUnavailable)
            assert str(answer) == f"no answer in {DEADLINE} s"
            # Who joined a batch has up to a tenth of a second less.
            assert DEADLINE - 0.11 < seconds < DEADLINE + SLACK
        await succeeds(found)

    async def test_what_takes_long_holds_up_nobody(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_first_hang(monkeypatch)
        found = LookUps(database, 2)
        slow = found.ask(A, A_TOKEN, None)
        await asyncio.sleep(0.02)
        for _ in range(3):
            await succeeds(found)
        assert not slow.done()
        assert isinstance(await slow, DatabaseUnavailable)

    async def test_control_without_a_spare_lane(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(look_up_lines, "SPARE_LANES", 0)
        make_first_hang(monkeypatch)
        found = LookUps(database, DEADLINE)
        slow = found.ask(A, A_TOKEN, None)
        await asyncio.sleep(0.02)
        await found.ask(A, A_TOKEN, None)
        assert slow.done()

    async def test_lanes_are_few(self, copied: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
        """However many are slow, connections are left to others, and each lane is given back."""
        running, most = 0, 0

        async def slow(connection: Any, *arguments: Any) -> list[PresentedToken]:
            nonlocal running, most
            running += 1
            most = max(most, running)
            try:
                await connection.execute("SELECT pg_sleep(0.3)")
                return await FIND_TOKENS(connection, *arguments)
            finally:
                running -= 1

        monkeypatch.setattr(look_up_lines, "JOIN_SECONDS", 0)
        async with opened(copied.serving) as database:
            found = Line([database], 2)
            with monkeypatch.context() as patch:
                patch.setattr(presented, "find_tokens", slow)
                asked: list[asyncio.Task[tuple[Answer, float]]] = []
                for _ in range(12):
                    asked.append(asyncio.create_task(timed(found)))
                    await asyncio.sleep(0.03)
                answers = await asyncio.gather(*asked)
            assert all(is_there(answer) for answer, _ in answers)
            assert most == look_up_lines.LANES + look_up_lines.SPARE_LANES
            await asyncio.sleep(0)
            assert (found._running, found._slow) == (0, 0)  # pyright: ignore[reportPrivateUsage]

    async def test_the_lane_is_free_behind_it(
        self, copied: Urls, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And the only connection, too, though the server is at it for long."""
        make_first_hang(monkeypatch)
        async with opened(copied.serving, size=1) as single:
            found = LookUps(single, DEADLINE)
            failure, _ = await timed(found)
            assert isinstance(failure, DatabaseUnavailable)
            await succeeds(found)

    async def test_while_no_connection_is_free(self, copied: Urls) -> None:
        async with opened(copied.serving, size=1) as single:
            found = LookUps(single, DEADLINE)
            async with single.connection():
                await fails(found)
            await succeeds(found)

    async def test_those_in_time_are_not_touched(
        self, found: LookUps, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def slowish(connection: Any, *arguments: Any) -> list[PresentedToken]:
            await asyncio.sleep(DEADLINE * 0.6)
            return await FIND_TOKENS(connection, *arguments)

        monkeypatch.setattr(presented, "find_tokens", slowish)
        asked = [asyncio.create_task(timed(found))]
        for _ in range(2):
            await asyncio.sleep(DEADLINE * 0.3)
            asked.append(asyncio.create_task(timed(found)))
        (first, _), *_ = await asyncio.gather(*asked)
        assert is_there(first)


class TestBroken:
    async def test_a_bug_leaves_nobody_waiting(
        self, found: LookUps, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def wrong(*_: object) -> list[PresentedToken]:
            raise ValueError("not to be decoded")

        with monkeypatch.context() as patch, caplog.at_level(logging.CRITICAL):
            patch.setattr(presented, "find_tokens", wrong)
            asked = [found.ask(A, A_TOKEN, None), found.ask(B, B_TOKEN, None)]
            async with asyncio.timeout(5):
                for answer in await asyncio.gather(*asked):
                    assert isinstance(answer, DatabaseUnavailable)
        await succeeds(found)

    async def test_who_leaves_takes_nobody_along(self, found: LookUps) -> None:
        async def wait() -> Answer:
            return await found.ask(A, A_TOKEN, None)

        waiting = [asyncio.create_task(wait()) for _ in range(6)]
        await asyncio.sleep(0)
        for task in waiting[::2]:
            task.cancel()
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert [isinstance(answer, asyncio.CancelledError) for answer in answers] == [
            True, False, True, False, True, False,
        ]  # fmt: skip
        assert all(is_there(answer) for answer in answers[1::2])  # pyright: ignore[reportArgumentType]

    async def test_all_may_leave(self, found: LookUps, monkeypatch: pytest.MonkeyPatch) -> None:
        make_first_hang(monkeypatch)
        left = found.ask(A, A_TOKEN, None)
        await asyncio.sleep(0.02)
        left.cancel()
        await asyncio.sleep(DEADLINE)
        await succeeds(found)

    async def test_a_failure_need_not_be_looked_at(self, found: LookUps, copied: Urls) -> None:
        async with opened(copied.serving, size=1) as single:
            found = LookUps(single, 0.05)
            async with single.connection():
                found.ask(A, A_TOKEN, None)
                await asyncio.sleep(0.1)


class TestPiledUp:
    """What was given up does not wait at the server for ever: it would run out of room."""

    SECONDS = 3.0
    MOST = 16

    async def stuck(self, copied: Urls) -> int:
        """How many statements wait behind a lock at most, while somebody asks all the time."""
        owner, watcher = [await asyncpg.connect(copied.owner) for _ in range(2)]
        database = await Database.open(copied.serving, size=4, statement_seconds=DEADLINE)
        found = LookUps(database, DEADLINE)
        most = 0
        try:
            async with owner.transaction():
                await owner.execute("LOCK TABLE token IN ACCESS EXCLUSIVE MODE")
                end = asyncio.get_running_loop().time() + self.SECONDS
                while asyncio.get_running_loop().time() < end:
                    found.ask(A, A_TOKEN, None)
                    await asyncio.sleep(0.02)
                    waiting = await watcher.fetchval(
                        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                        " WHERE NOT l.granted AND a.datname = current_database()"
                    )
                    most = max(most, waiting)
        finally:
            await owner.close()
            await watcher.close()
            await database.close()
        return most

    async def test_not_where_the_server_has_a_bound(self, copied: Urls) -> None:
        assert 0 < await self.stuck(copied) < self.MOST

    async def test_control_without_one(self, copied: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pool, "SPARE_SECONDS", 60)
        assert await self.stuck(copied) > self.MOST
