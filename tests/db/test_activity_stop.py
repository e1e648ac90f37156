"""Activity as a worker runs it: the last flush tries again, is bounded, and says what is lost."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from app import background, settings, worker_tasks
from app import server as app_server
from db import presented
from tests.db.activity_scene import HERE, Scene, Writes, gone, scene_on
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


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It tries again at once, and gives up soon."""
    monkeypatch.setattr(worker_tasks, "LAST_SECONDS", 0.5)
    monkeypatch.setattr(worker_tasks, "RETRY_SECONDS", 0.01)


async def stopped(scene: Scene, writes: Writes, flush_seconds: float = 60) -> UUID:
    """Note three uses of a token and stop, during a flush where there is time for one."""
    token_id = await scene.token()
    token = await scene.look_up(token_id)
    options = settings.load(activity_flush_seconds=flush_seconds)
    async with asyncio.timeout(10):
        async with worker_tasks.activity(scene.pool, scene.pool, options) as remembered:
            for _ in range(3):
                await remembered.note(token, HERE, "curl")
            if flush_seconds < 1:
                await writes.began.wait()
    assert not remembered._late  # pyright: ignore[reportPrivateUsage]
    return token_id


class TestStop:
    async def test_writes_what_is_left(self, scene: Scene, writes: Writes) -> None:
        assert await scene.count(await stopped(scene, writes)) == 3

    async def test_after_failures_too(self, scene: Scene, writes: Writes) -> None:
        outcomes = iter([gone([]), gone([]), TimeoutError()])
        writes.fails_before = lambda _: next(outcomes, None)
        with capture_logs() as said:
            assert await scene.count(await stopped(scene, writes)) == 3
        assert "activity.lost" not in {one["event"] for one in said}

    async def test_control_that_tries_once(
        self, scene: Scene, writes: Writes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def once(write: Callable[[], Awaitable[None]], _seconds: float) -> None:
            await write()

        monkeypatch.setattr(worker_tasks, "_insistently", once)
        outcomes = iter([gone([])])
        writes.fails_before = lambda _: next(outcomes, None)
        assert await scene.count(await stopped(scene, writes)) == 0

    async def test_behind_a_flush_that_fails(self, scene: Scene, writes: Writes) -> None:
        outcomes = iter([gone([]), gone([])])
        writes.fails_before = lambda _: next(outcomes, None)
        assert await scene.count(await stopped(scene, writes, 0.01)) == 3

    async def test_says_how_many_are_lost(self, scene: Scene, writes: Writes) -> None:
        writes.fails_before = gone
        with capture_logs() as said:
            assert await scene.count(await stopped(scene, writes)) == 0
        (lost,) = said
        assert (lost["event"], lost["uses"]) == ("activity.lost", 3)
        assert "the server closed the connection" in lost["error"]

    @pytest.mark.parametrize("flush_seconds", [60, 0.01], ids=["its own write", "one under way"])
    async def test_gives_up_a_write_that_does_not_end(
        self, scene: Scene, writes: Writes, flush_seconds: float
    ) -> None:
        writes.may_begin.clear()
        with capture_logs() as said:
            assert await scene.count(await stopped(scene, writes, flush_seconds)) == 0
        assert [(one["event"], one["uses"]) for one in said] == [("activity.lost", 3)]


def test_all_last_writes_together_take_less_than_requests_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    together = worker_tasks.LAST_SECONDS + worker_tasks.LAST_OF_REFUSALS_SECONDS
    assert together <= 8 < app_server.DRAIN_SECONDS


class TestPruning:
    async def test_is_scheduled_soon_and_then_every_hour(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scheduled: dict[str, tuple[float, float | None]] = {}
        every = background.every

        def note(
            seconds: float,
            work: Callable[[], Awaitable[object]],
            *,
            first_seconds: float | None = None,
        ) -> Awaitable[None]:
            scheduled[work.__qualname__] = (seconds, first_seconds)
            return every(seconds, work, first_seconds=first_seconds)

        monkeypatch.setattr(background, "every", note)
        async with worker_tasks.activity(scene.pool, scene.pool, settings.load()):
            assert scheduled == {"Pruner.run": (3600, 60)}
