"""Work beside requests: when it is done, and that a failure does not end it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

import pytest
from structlog.testing import capture_logs

from app import background
from app.database import DatabaseUnavailable

HOUR = 3600.0
is_ours = ContextVar("is_ours", default=False)
"""Applications of other tests live on the same loop."""


class Clock:
    """Lets the work of this test go on at once, for some times; that of others sleeps."""

    def __init__(self, rounds: int) -> None:
        self.waits: list[float] = []
        self.is_over = asyncio.Event()
        self._rounds = rounds

    async def sleep(self, seconds: float) -> None:
        if not is_ours.get():
            await asyncio.sleep(seconds)
            return
        if len(self.waits) == self._rounds:
            self.is_over.set()
            await asyncio.Event().wait()
        self.waits.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(rounds=3)
    monkeypatch.setattr(background, "sleep", made.sleep)
    return made


async def run(clock: Clock, work: Callable[[], Awaitable[None]], first: float | None) -> None:
    is_ours.set(True)
    async with background.running(background.every(HOUR, work, first_seconds=first)):
        async with asyncio.timeout(10):
            await clock.is_over.wait()


async def nothing() -> None:
    pass


class TestWaits:
    async def test_for_about_as_long_as_it_is_told(self, clock: Clock) -> None:
        await run(clock, nothing, None)
        assert all(0.75 * HOUR <= wait <= 1.25 * HOUR for wait in clock.waits)
        assert len(set(clock.waits)) == len(clock.waits) == 3

    async def test_less_for_the_first_time(self, clock: Clock) -> None:
        await run(clock, nothing, 60)
        first, *others = clock.waits
        assert 45 <= first <= 75
        assert all(0.75 * HOUR <= wait <= 1.25 * HOUR for wait in others)


class TestFailures:
    @pytest.mark.parametrize(
        ("failure", "event"),
        [(DatabaseUnavailable("away"), "background.kept"), (ValueError(), "background.bug")],
        ids=["database away", "bug"],
    )
    async def test_are_logged_and_tried_again(
        self, clock: Clock, failure: Exception, event: str
    ) -> None:
        async def fail() -> None:
            raise failure

        with capture_logs() as said:
            await run(clock, fail, None)
        assert [one["event"] for one in said] == [event] * 3
