"""Work that a worker does by itself, again and again, until it stops."""

import asyncio
import random
from asyncio import sleep  # A test has to replace it here and not for everybody on its loop.
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from app import metrics
from app.database import DatabaseUnavailable

log = structlog.get_logger("background")


async def every(
    seconds: float, work: Callable[[], Awaitable[object]], *, first_seconds: float | None = None
) -> None:
    """Wait and do ``work``, for ever; what fails is logged and tried again the next time.

    The first time after ``first_seconds``, where it is not to wait as long as the others. Workers
    that start together do not stay in step: each wait is a quarter longer or shorter.
    """
    wait = seconds if first_seconds is None else first_seconds
    while True:
        await sleep(wait * random.uniform(0.75, 1.25))  # noqa: S311 (no secret)
        wait = seconds
        try:
            await work()
        except DatabaseUnavailable as error:
            log.warning("background.kept", work=work.__qualname__, error=str(error))
        except Exception:
            log.exception("background.bug", work=work.__qualname__)
            metrics.bug("background")


@asynccontextmanager
async def running(task: Awaitable[None]) -> AsyncGenerator[None]:
    """Run a task beside the body, and end it with the body."""
    started = asyncio.ensure_future(task)
    try:
        yield
    finally:
        started.cancel()
        with suppress(asyncio.CancelledError):
            await started
