"""Tokens to note uses of, what the history says of them, and writes that can be made to wait."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from app.activity import Activity
from db import presented
from db.pool import Database
from db.presented import PresentedToken, TokenUse
from tests.db import rows
from tests.db.rows import A, B
from tests.postgres import Server

HERE = ip_address("192.0.2.1")
RECORD = presented.record_token_uses


@dataclass(frozen=True)
class Scene:
    """A database, as its owner and as a worker reach it."""

    pool: Database
    owner: rows.Connection
    owner_url: str = field(repr=False)

    def activity(self, flush_seconds: float = 60) -> Activity:
        """What a worker remembers."""
        return Activity(self.pool, flush_seconds, timedelta(seconds=60))

    async def token(self, left: timedelta | None = None, **changes: object) -> UUID:
        """Write a token of Alice, with an hour of age of which this much is left."""
        token_id = uuid4()
        if left is not None:
            now = await self.owner.fetchval("SELECT now()")
            changes |= {"max_age_seconds": 3600, "expiry_time": now + left}
        await rows.insert(self.owner, "token", rows.token(token_id=token_id, **changes))
        return token_id

    async def look_up(
        self, token_id: UUID, seconds: float = 0, **changes: object
    ) -> PresentedToken:
        """What a look-up says of a token, so many seconds later than it is."""
        async with self.pool.connection() as connection:
            (found,) = await presented.find_tokens(connection, [A], [token_id])
        later = found.check_time + timedelta(seconds=seconds)
        if found.unused_seconds is not None:
            changes.setdefault("unused_seconds", found.unused_seconds + seconds)
        return found._replace(check_time=later, **changes)

    async def history(self, token_id: UUID) -> dict[tuple[str | None, str], int]:
        """How many uses each row of a token has, by address and program; "other" is for all."""
        found = await self.owner.fetch(
            "SELECT CASE WHEN is_other THEN 'other' ELSE host(ip) END AS ip, user_agent, use_count"
            "  FROM token_use WHERE token_id = $1",
            token_id,
        )
        assert len({(row["ip"], row["user_agent"]) for row in found}) == len(found)
        return {(row["ip"], row["user_agent"]): row["use_count"] for row in found}

    async def count(self, *token_ids: UUID) -> int:
        """How many uses of tokens the history has."""
        return await self.owner.fetchval(
            "SELECT coalesce(sum(use_count), 0)::integer FROM token_use"
            " WHERE token_id = ANY ($1::uuid[])",
            token_ids,
        )

    async def last(self, token_id: UUID) -> asyncpg.Record:
        """What is recorded of a token's last use, and its end."""
        found = await self.owner.fetchrow(
            "SELECT last_used_time, host(last_ip) AS last_ip, last_user_agent, expiry_time"
            "  FROM token WHERE token_id = $1",
            token_id,
        )
        assert found is not None
        return found


@asynccontextmanager
async def scene_on(server: Server) -> AsyncGenerator[Scene]:
    """Make a database with Alice in it."""
    urls = await server.copy()
    owner: rows.Connection = await asyncpg.connect(urls.owner)
    await rows.insert_two_tenants(owner)
    pool = await Database.open(urls.serving)
    yield Scene(pool, owner, urls.owner)
    await pool.close()
    await owner.close()


class Writes:
    """Stands in for the statement; by itself it changes nothing but that it counts.

    What services of other tests write meanwhile is none of its business.
    """

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.began = asyncio.Event()
        self.may_begin = asyncio.Event()
        self.may_begin.set()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.fails_before: Callable[[Sequence[TokenUse]], Exception | None] = lambda _: None
        self.fails_behind: Exception | None = None

    async def record(self, connection: Any, uses: Sequence[TokenUse]) -> None:
        if not {use.organization_id for use in uses} <= {A, B}:
            await RECORD(connection, uses)
            return
        self.sizes.append(len(uses))
        self.began.set()
        await self.may_begin.wait()
        failure = self.fails_before(uses)
        if failure is not None:
            raise failure
        await RECORD(connection, uses)
        await self.may_end.wait()
        if self.fails_behind is not None:
            raise self.fails_behind


def gone(_: Sequence[TokenUse]) -> Exception:
    """The server has gone before anything was written."""
    return asyncpg.PostgresConnectionError("the server closed the connection")
