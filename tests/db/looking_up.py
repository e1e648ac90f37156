"""Pools for look-ups, answers with the time that they took, and statements that hang."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.look_up_lines import Line
from app.look_ups import Answer, LookUps
from db import presented
from db.pool import Database, DatabaseUnavailable
from db.presented import PresentedToken
from tests.db.rows import A_TOKEN, A

DEADLINE = 0.4
SLACK = 1.0
"""How much later a busy machine may be."""
FIND_TOKENS = presented.find_tokens


@asynccontextmanager
async def opened(dsn: str, size: int = 4) -> AsyncGenerator[Database]:
    """A pool with every connection open."""
    database = await Database.open(dsn, size=size)
    both = asyncio.Barrier(size)

    async def use() -> None:
        async with database.connection() as connection:
            await connection.execute("SELECT 1")
            await both.wait()

    await asyncio.gather(*(use() for _ in range(size)))
    try:
        yield database
    finally:
        await database.close()


async def timed(look_ups: LookUps | Line) -> tuple[Answer, float]:
    """An answer, and the seconds that it took."""
    start = time.monotonic()
    answer = await look_ups.ask(A, A_TOKEN, None)
    return answer, time.monotonic() - start


async def fails(look_ups: LookUps) -> None:
    """Assert that nobody can tell, and in time."""
    answer, seconds = await timed(look_ups)
    assert isinstance(answer, DatabaseUnavailable)
    assert seconds < DEADLINE + SLACK


async def succeeds(look_ups: LookUps) -> float:
    """Assert that the token is found, which is in time, and return the seconds."""
    answer, seconds = await timed(look_ups)
    assert is_there(answer)
    return seconds


def is_there(answer: Answer) -> bool:
    return isinstance(answer, PresentedToken) and answer.token_id == A_TOKEN


def make_first_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have PostgreSQL take very long for the first statement."""
    calls = iter([True])

    async def slow(connection: Any, *arguments: Any) -> list[PresentedToken]:
        if next(calls, False):
            await connection.execute("SELECT pg_sleep(30)")
        return await FIND_TOKENS(connection, *arguments)

    monkeypatch.setattr(presented, "find_tokens", slow)
