"""Extensions of sliding tokens: which are written before the answer, and what they wait for."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app import activity, extensions, settings
from app.settings import SettingsError
from db import presented
from db.pool import DatabaseUnavailable
from db.presented import TokenUse
from tests.db import rows
from tests.db.activity_scene import HERE, Scene, gone, scene_on
from tests.db.rows import ALICE
from tests.postgres import Server
from tests.waiting import until

HOUR = timedelta(hours=1)
LONGEST = 60.0
"""Seconds between two flushes, as far as settings go."""
SOON, LATE = timedelta(seconds=59), timedelta(seconds=91)
EXTEND = presented.extend_token
WAITING_SQL = """
SELECT count(*) FROM pg_locks WHERE NOT granted
"""


@pytest.fixture(scope="module")
async def scene(server: Server) -> AsyncGenerator[Scene]:
    async with scene_on(server) as made:
        yield made


@pytest.fixture
async def holder(scene: Scene) -> AsyncGenerator[rows.Connection]:
    """Somebody who locks rows."""
    connection: rows.Connection = await asyncpg.connect(scene.owner_url)
    yield connection
    await connection.close()


class Extended:
    """Stands in for the statement; by itself it changes nothing but that it counts."""

    def __init__(self) -> None:
        self.count = 0
        self.began = asyncio.Event()
        self.may_begin = asyncio.Event()
        self.may_begin.set()
        self.fails: Exception | None = None

    async def extend(self, connection: Any, *arguments: Any) -> None:
        self.count += 1
        self.began.set()
        await self.may_begin.wait()
        if self.fails is not None:
            raise self.fails
        await EXTEND(connection, *arguments)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> Extended:
    made = Extended()
    monkeypatch.setattr(presented, "extend_token", made.extend)
    return made


async def end(scene: Scene, token_id: UUID) -> datetime:
    return (await scene.last(token_id))["expiry_time"]


class TestWhen:
    async def test_near_the_end_it_is_written_before_the_answer(self, scene: Scene) -> None:
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        await remembered.note(token, HERE, "curl")
        found = await scene.last(token_id)
        assert found["expiry_time"] == token.check_time + HOUR
        # The use itself waits for the others.
        assert found["last_used_time"] is None
        await remembered.flush()
        found = await scene.last(token_id)
        assert (found["last_used_time"], await scene.count(token_id)) == (token.check_time, 1)
        assert found["expiry_time"] == token.check_time + HOUR

    @pytest.mark.parametrize(("left", "sliding"), [(LATE, True), (SOON, False)])
    async def test_otherwise_it_waits(self, scene: Scene, left: timedelta, sliding: bool) -> None:
        remembered = scene.activity()
        token_id = await scene.token(left, extend_when_used=sliding)
        before = await scene.last(token_id)
        await remembered.note(await scene.look_up(token_id), HERE, "curl")
        assert await scene.last(token_id) == before
        await remembered.flush()
        assert (await end(scene, token_id) > before["expiry_time"]) is sliding

    @pytest.mark.parametrize("interval", [0.1, 30, LONGEST])
    async def test_it_never_waits_for_a_flush_that_might_be_late(
        self, scene: Scene, interval: float
    ) -> None:
        """At any setting, what is only remembered has as long again as a flush might take."""
        remembered = scene.activity(interval)
        token_id = await scene.token(timedelta(seconds=interval + 29), extend_when_used=True)
        token = await scene.look_up(token_id)
        await remembered.note(token, HERE, "curl")
        assert await end(scene, token_id) == token.check_time + HOUR

    def test_there_is_no_longer_interval(self) -> None:
        settings.load(activity_flush_seconds=LONGEST)
        with pytest.raises(SettingsError):
            settings.load(activity_flush_seconds=LONGEST + 1)

    async def test_control_without_the_margin_it_is_late(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(activity, "SPARE_SECONDS", 0)
        # More than EXTEND_SECONDS, which alone would do for short intervals.
        token_id = await scene.token(timedelta(seconds=60.5), extend_when_used=True)
        before = await scene.last(token_id)
        await scene.activity(LONGEST).note(await scene.look_up(token_id), HERE, "curl")
        assert await scene.last(token_id) == before


class TestMany:
    async def test_at_once_are_one_statement(self, scene: Scene, writes: Extended) -> None:
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        await asyncio.gather(*(remembered.note(token, HERE, "curl") for _ in range(30)))
        assert writes.count == 1
        assert await end(scene, token_id) == token.check_time + HOUR
        await remembered.flush()
        assert await scene.count(token_id) == 30

    async def test_whose_first_caller_leaves(self, scene: Scene, writes: Extended) -> None:
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        writes.may_begin.clear()
        noting = [asyncio.create_task(remembered.note(token, HERE, "curl")) for _ in range(2)]
        await writes.began.wait()
        noting[0].cancel()
        writes.may_begin.set()
        _, other = await asyncio.gather(*noting, return_exceptions=True)
        assert other is None
        assert await end(scene, token_id) == token.check_time + HOUR
        await remembered.flush()
        # Whoever left was not let through.
        assert await scene.count(token_id) == 1

    @pytest.mark.parametrize("at_once", [extensions.AT_ONCE, 5], ids=["as shipped", "control"])
    async def test_tokens_are_a_bounded_number_of_statements(
        self, scene: Scene, writes: Extended, monkeypatch: pytest.MonkeyPatch, at_once: int
    ) -> None:
        monkeypatch.setattr(extensions, "AT_ONCE", at_once)
        remembered = scene.activity()
        tokens = [
            await scene.look_up(await scene.token(SOON, extend_when_used=True)) for _ in range(5)
        ]
        writes.may_begin.clear()
        noting = [asyncio.create_task(remembered.note(token, HERE, "curl")) for token in tokens]

        async def are_as_many() -> bool:
            return writes.count == at_once

        await until(are_as_many)
        await asyncio.wait(noting, timeout=0.2)
        assert writes.count == at_once
        writes.may_begin.set()
        await asyncio.gather(*noting)
        assert writes.count == len(tokens)


class TestFailures:
    async def test_not_written_in_time(self, scene: Scene, writes: Extended) -> None:
        """Whoever asked is told at the deadline that nobody knows, and it is no use."""
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        writes.may_begin.clear()
        deadline = asyncio.get_running_loop().time() + 0.1
        async with asyncio.timeout(5):
            with pytest.raises(DatabaseUnavailable, match="in time"):
                await remembered.note(token, HERE, "curl", deadline)
        writes.may_begin.set()
        await remembered.flush()
        assert await scene.count(token_id) == 0

    async def test_the_server_is_gone(self, scene: Scene, writes: Extended) -> None:
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        writes.fails = gone([])
        for _ in range(2):
            with pytest.raises(DatabaseUnavailable, match="closed the connection"):
                await remembered.note(token, HERE, "curl")
        writes.fails = None
        await remembered.note(token, HERE, "curl")
        await remembered.flush()
        assert await scene.count(token_id) == 1


class TestLocks:
    async def test_of_its_own_row_are_waited_for(
        self, scene: Scene, holder: rows.Connection
    ) -> None:
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        async with holder.transaction():
            await holder.execute("SELECT FROM token WHERE token_id = $1 FOR UPDATE", token_id)
            noting = asyncio.create_task(scene.activity().note(token, HERE, "curl"))
            await asyncio.wait([noting], timeout=3 * extensions.AGAIN_SECONDS)
            assert not noting.done()
        await noting
        assert await end(scene, token_id) == token.check_time + HOUR

    async def test_of_its_own_row_are_not_waited_for_long(
        self, scene: Scene, holder: rows.Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(extensions, "SECONDS", 0.1)
        token = await scene.look_up(await scene.token(SOON, extend_when_used=True))
        async with holder.transaction():
            await holder.execute("SELECT FROM token WHERE token_id = $1 FOR UPDATE", token.token_id)
            async with asyncio.timeout(5):
                with pytest.raises(DatabaseUnavailable, match="could not obtain lock"):
                    await scene.activity().note(token, HERE, "curl")

    async def test_of_many_rows_hold_up_no_other(
        self, scene: Scene, holder: rows.Connection
    ) -> None:
        remembered = scene.activity()
        token_ids = [await scene.token(SOON, extend_when_used=True) for _ in range(30)]
        *locked, other = [await scene.look_up(token_id) for token_id in token_ids]
        async with holder.transaction():
            await holder.execute(
                "SELECT FROM token WHERE token_id = ANY ($1) FOR UPDATE", token_ids[:-1]
            )
            noting = [asyncio.create_task(remembered.note(one, HERE, "curl")) for one in locked]
            await asyncio.sleep(0)
            async with asyncio.timeout(0.5):
                await remembered.note(other, HERE, "curl")
            assert not any(task.done() for task in noting)
        await asyncio.gather(*noting)

    async def beside(self, scene: Scene, holder: rows.Connection) -> None:
        """Extend a token while the flush of another's use waits for a row."""
        remembered, noted = scene.activity(), scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        await noted.note(await scene.look_up(await scene.token()), HERE, "curl")
        async with holder.transaction():
            await holder.execute(
                "SELECT FROM organization_user WHERE user_id = $1 FOR UPDATE", ALICE
            )
            flushing = asyncio.create_task(noted.flush())

            async def waits() -> bool:
                return bool(await scene.owner.fetchval(WAITING_SQL))

            await until(waits)
            async with asyncio.timeout(1):
                await remembered.note(token, HERE, "curl")
            assert not flushing.done()
        await flushing

    async def test_of_others_are_not_waited_for(
        self, scene: Scene, holder: rows.Connection
    ) -> None:
        await self.beside(scene, holder)

    async def test_control_an_extension_that_is_a_write_like_others(
        self, scene: Scene, holder: rows.Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def write(connection: Any, organization_id: UUID, token_id: UUID, when: Any) -> None:
            use = TokenUse(organization_id, token_id, ALICE, when, when, None, "")
            await presented.record_token_uses(connection, [use])

        monkeypatch.setattr(presented, "extend_token", write)
        with pytest.raises((TimeoutError, DatabaseUnavailable)):
            await self.beside(scene, holder)
