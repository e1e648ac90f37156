"""Waiting for what happens in its own time, no longer than it takes."""

import asyncio
from collections.abc import Awaitable, Callable

DEADLINE_SECONDS = 10.0
POLL_SECONDS = 0.01


async def until(probe: Callable[[], Awaitable[bool]], seconds: float = DEADLINE_SECONDS) -> None:
    """Return as soon as the probe is true; fail at the deadline."""
    async with asyncio.timeout(seconds):
        # What happens in PostgreSQL or in another process sets no event here.
        while not await probe():  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)
