"""Many requests at once, for so little CPU that the server is the limit and not this.

The core is shared with PostgreSQL, so a request may cost the generator a fraction of what it costs
the server: protocols instead of streams, requests made beforehand, and an answer that is as long
as the one before is not taken apart.
"""

import asyncio
import gc
import random
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from typing import cast

import asyncpg
import uvloop

from tests.bench import harness
from tests.bench.harness import Target, Window

PATIENCE = 10.0
MOST_UNAVAILABLE = 0.05
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

BACK_ENDS_SQL = """
SELECT pid
  FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend'
   AND pid <> pg_backend_pid()
    OR backend_type = 'io worker'
"""


@dataclass(frozen=True)
class Load(Window):
    """What happened, in PostgreSQL and to the slowest too; times are in seconds."""

    postgres_seconds: float
    """CPU of the back ends of the database."""
    p50: float
    p99: float

    @property
    def postgres_micros(self) -> float:
        return self.postgres_seconds / self.requests * 1e6

    @property
    def all_micros(self) -> float:
        return self.cpu_micros + self.postgres_micros

    @property
    def tail(self) -> float:
        return self.p99 / self.p50


@dataclass(frozen=True)
class Traffic:
    """A server, and requests for it that are sent one after the other, for ever."""

    server: Target
    requests: Sequence[bytes] = field(repr=False)
    good: re.Pattern[bytes]
    """What an answer holds that was not refused: a refusal is quick to make."""
    database_url: str | None = field(repr=False)
    """As its owner reaches it, who may see the back ends; None where there is no database."""

    async def load(self, connections: int, seconds: float) -> Load:
        """Ask from several connections, each as fast as it is answered."""
        before = harness.cpu_seconds(self.server.pid)
        back_ends = await self._back_ends()
        # The loop of asyncio.run is slower than the servers'.
        elapsed, times = await asyncio.to_thread(uvloop.run, self._drive(connections, seconds))
        spent = harness.cpu_seconds(self.server.pid) - before
        in_postgres = sum(
            used - back_ends.get(pid, 0) for pid, used in (await self._back_ends()).items()
        )
        percentiles = statistics.quantiles(times, n=100)
        return Load(len(times), elapsed, spent, in_postgres, percentiles[49], percentiles[98])

    async def _drive(self, connections: int, seconds: float) -> tuple[float, list[float]]:
        loop = asyncio.get_running_loop()
        first = random.randrange(len(self.requests))
        requests = cycle([*self.requests[first:], *self.requests[:first]])
        run = _Run(loop.create_future(), requests, self.good, connections)
        gc.disable()
        try:
            for _ in range(connections):
                await loop.create_connection(lambda: _Asker(run), "127.0.0.1", self.server.port)
            started = time.perf_counter()
            for asker in run.askers:
                asker.ask()
            loop.call_later(seconds, run.stop)
            async with asyncio.timeout(seconds + PATIENCE):
                await run.over
            elapsed = time.perf_counter() - started
        finally:
            gc.enable()
            for asker in run.askers:
                asker.close()
        # Where somebody else takes the machine for a second, the service gives up what waits.
        if run.unavailable > len(run.times) * MOST_UNAVAILABLE:
            raise RuntimeError(f"{run.unavailable} times the service was not available")
        return elapsed, run.times

    async def _back_ends(self) -> dict[int, float]:
        """Return the CPU time of each back end of the database, and of those who read for it."""
        if self.database_url is None:
            return {}
        connection = await asyncpg.connect(self.database_url)
        try:
            pids = [row["pid"] for row in await connection.fetch(BACK_ENDS_SQL)]
        finally:
            await connection.close()
        used: dict[int, float] = {}
        for pid in pids:
            # One that has just ended is left out.
            with suppress(FileNotFoundError):
                used[pid] = harness.cpu_seconds(pid)
        return used


@dataclass
class _Run:
    """What the connections of one run share."""

    over: "asyncio.Future[None]"
    requests: Iterator[bytes]
    good: re.Pattern[bytes]
    asking: int
    is_stopping: bool = False
    unavailable: int = 0
    times: list[float] = field(default_factory=list[float])
    askers: "list[_Asker]" = field(default_factory=list["_Asker"])

    def stop(self) -> None:
        """Let each connection have its answer, and ask no more."""
        self.is_stopping = True

    def leave(self) -> None:
        self.asking -= 1
        if not self.asking and not self.over.done():
            self.over.set_result(None)

    def fail(self, reason: str) -> None:
        if not self.over.done():
            self.over.set_exception(RuntimeError(reason))


class _Asker(asyncio.Protocol):
    """One connection: the next request leaves when an answer is complete."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._held = b""
        self._expected = 0
        self._sent = 0.0
        run.askers.append(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(next(self._run.requests))

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        run = self._run
        if self._held:
            data = self._held + data
        if len(data) != self._expected and not self._is_complete(data):
            self._held = data
            return
        self._held = b""
        if data.startswith(b"HTTP/1.1 200 ") and run.good.search(data) is not None:
            run.times.append(time.perf_counter() - self._sent)
        elif data.startswith(b"HTTP/1.1 503 "):
            run.unavailable += 1
        else:
            run.fail(f"not a good answer: {data[:1000]!r}")
            return
        if run.is_stopping:
            run.leave()
        else:
            self.ask()

    def _is_complete(self, data: bytes) -> bool:
        end = data.find(_HEAD_END)
        length = _LENGTH.search(data, 0, end + 2)
        if end < 0 or length is None:
            return False
        self._expected = end + len(_HEAD_END) + int(length[1])
        return len(data) == self._expected

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.fail(f"the server closed a connection: {exc}")
