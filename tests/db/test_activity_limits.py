"""Activity: what it remembers stays bounded, and no use is lost for that."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import pytest

from app import activity, waiting_uses
from app.activity import Activity
from db import presented
from db.pool import DatabaseUnavailable
from db.presented import PersonMembership, PresentedToken
from tests.db import rows
from tests.db.activity_scene import HERE, Scene, Writes, gone, scene_on
from tests.db.rows import A
from tests.postgres import Server


@pytest.fixture(scope="module")
async def scene(server: Server) -> AsyncGenerator[Scene]:
    async with scene_on(server) as made:
        yield made


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> Writes:
    made = Writes()
    monkeypatch.setattr(presented, "record_token_uses", made.record)
    return made


def waiting(remembered: Activity) -> int:
    return len(remembered._uses)  # pyright: ignore[reportPrivateUsage]


async def note_many(remembered: Activity, token: PresentedToken, first: int, count: int) -> None:
    for number in range(first, first + count):
        later = token.check_time + timedelta(milliseconds=number)
        address = ip_address("10.0.0.0") + number
        await remembered.note(token._replace(check_time=later), address, "curl")


class TestOneToken:
    @pytest.fixture(autouse=True)
    def three(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(waiting_uses, "MOST_OF_TOKEN", 3)

    async def test_from_very_many_addresses(self, scene: Scene) -> None:
        remembered, token_id = scene.activity(), await scene.token()
        other = await scene.look_up(await scene.token())
        for _ in range(2):
            await note_many(remembered, await scene.look_up(token_id), 0, 10)
        await remembered.note(other, HERE, "curl")
        assert waiting(remembered) == 5
        await remembered.flush()
        own = {(f"10.0.0.{number}", "curl"): 2 for number in range(3)}
        assert await scene.history(token_id) == own | {("other", ""): 14}
        assert await scene.history(other.token_id) == {("192.0.2.1", "curl"): 1}
        assert (await scene.last(token_id))["last_ip"] == "10.0.0.9"

    async def test_while_nothing_is_written(self, scene: Scene, writes: Writes) -> None:
        remembered, token_id = scene.activity(), await scene.token()
        token = await scene.look_up(token_id)
        writes.fails_before = gone
        for first in range(0, 50, 10):
            flushing = asyncio.create_task(remembered.flush())
            await asyncio.sleep(0)
            await note_many(remembered, token, first, 10)
            with pytest.raises(DatabaseUnavailable):
                await remembered.flush()
            await asyncio.gather(flushing, return_exceptions=True)
        # Of what was under way and of what came meanwhile so many each may have been told apart.
        assert waiting(remembered) <= 7
        writes.fails_before = lambda _: None
        await remembered.flush()
        assert await scene.count(token_id) == 50


class TestAllTokens:
    @pytest.fixture(autouse=True)
    def few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(waiting_uses, "MOST", 4)
        monkeypatch.setattr(waiting_uses, "MOST_AT_ALL", 6)

    async def test_share_an_entry_each(self, scene: Scene) -> None:
        remembered = scene.activity()
        token = await scene.look_up(await scene.token())
        other = await scene.look_up(await scene.token())
        await note_many(remembered, token, 0, 8)
        await note_many(remembered, other, 0, 3)
        assert waiting(remembered) == 6
        await remembered.flush()
        own = {(f"10.0.0.{number}", "curl"): 1 for number in range(4)}
        assert await scene.history(token.token_id) == own | {("other", ""): 4}
        assert await scene.history(other.token_id) == {("other", ""): 3}

    async def test_are_not_let_through_where_none_of_it_helps(
        self, scene: Scene, writes: Writes
    ) -> None:
        """Rather than lose a use: nothing has been written for long."""
        remembered = scene.activity()
        tokens = [await scene.look_up(await scene.token()) for _ in range(9)]
        for token in tokens[:6]:
            await remembered.note(token, HERE, "curl")
        for token in tokens[6:]:
            with pytest.raises(DatabaseUnavailable, match="too many"):
                await remembered.note(token, HERE, "curl")
        await remembered.note(tokens[0], HERE, "curl")
        assert waiting(remembered) == 6
        await remembered.flush()
        assert await scene.count(*(token.token_id for token in tokens)) == 7
        await remembered.note(tokens[8], HERE, "curl")

    async def test_people_are_noted_later(self, scene: Scene) -> None:
        row = rows.person()
        await rows.insert(scene.owner, "organization_user", row)
        user_id = UUID(str(row["user_id"]))
        now = await scene.owner.fetchval("SELECT now()")
        remembered, person = scene.activity(), PersonMembership(A, user_id, [], now)
        for _ in range(6):
            await remembered.note(await scene.look_up(await scene.token()), HERE, "curl")
        remembered.note_person(person)
        await remembered.flush()
        remembered.note_person(person)
        await remembered.flush()
        assert (
            await scene.owner.fetchval(
                "SELECT last_activity_time FROM organization_user WHERE user_id = $1", user_id
            )
            == now
        )


class TestStopped:
    """As a worker does it: the loop is cancelled, and then flushed once more."""

    async def stopped(self, scene: Scene, writes: Writes) -> int:
        """How many of two uses are counted where the stop meets a write that is under way."""
        remembered, token_id = scene.activity(0.01), await scene.token()
        token = await scene.look_up(token_id)
        await remembered.note(token, HERE, "curl")
        writes.may_end.clear()
        running = asyncio.create_task(remembered.run())
        await writes.began.wait()
        await remembered.note(token, HERE, "curl")
        # Written, as the server knows and the worker does not.
        while not await scene.count(token_id):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        last = asyncio.create_task(remembered.flush())
        await asyncio.sleep(0.02)
        writes.may_end.set()
        await last
        return await scene.count(token_id)

    async def test_each_use_is_counted_once(self, scene: Scene, writes: Writes) -> None:
        assert await self.stopped(scene, writes) == 2

    async def test_control_where_the_write_is_cut_off(
        self, scene: Scene, writes: Writes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unshielded(awaitable: Any) -> Any:
            return awaitable

        monkeypatch.setattr(activity.asyncio, "shield", unshielded)
        assert await self.stopped(scene, writes) == 3

    async def test_what_was_flushed_is_there_without_a_last_flush(self, scene: Scene) -> None:
        """How much a killed process loses is judged in ``tests.faults``."""
        remembered, token_id = scene.activity(0.01), await scene.token()
        token = await scene.look_up(token_id)
        running = asyncio.create_task(remembered.run())
        for _ in range(5):
            await remembered.note(token, HERE, "curl")
        while await scene.count(token_id) < 5:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await remembered.note(token, HERE, "curl")
        assert await scene.count(token_id) == 5

    async def test_the_loop_outlives_a_database_that_is_away(
        self, scene: Scene, writes: Writes
    ) -> None:
        remembered, token_id = scene.activity(0.01), await scene.token()
        outcomes = iter([gone([]), ValueError("a bug"), gone([]), gone([])])
        writes.fails_before = lambda _: next(outcomes, None)
        running = asyncio.create_task(remembered.run())
        await remembered.note(await scene.look_up(token_id), HERE, "curl")
        while not await scene.count(token_id):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert await scene.count(token_id) == 1
