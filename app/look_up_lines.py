"""Look-ups that wait in one line: those of one turn of the event loop are one statement.

A look-up is answered by a statement that began after it was asked for. Each lane has at most one
statement under way; what comes meanwhile waits for the next one, never for the one that runs. A
statement that takes long moves over.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import structlog

from app import metrics
from db import presented
from db.pool import Connection, Database, DatabaseUnavailable
from db.presented import PresentedToken

log = structlog.get_logger("look_ups")

LANES = 1
SPARE_LANES = 2
"""For statements that take long, as on a connection that nobody answers: the others go on."""
SLOW_SECONDS = 0.1
MOST = 256
"""Tokens that one statement looks up."""
JOIN_SECONDS = 0.1
"""A batch that has waited longer takes no more: who joined it would have that much less time."""

Answer: TypeAlias = PresentedToken | DatabaseUnavailable | None
_Key: TypeAlias = tuple[int, int, int | None]
"""The ids of organization, token and resource as numbers, which are hashed sooner than UUIDs."""


@dataclass(slots=True, eq=False)
class _Asked:
    """One question, and who waits for its answer."""

    organization_id: UUID
    token_id: UUID
    resource_id: UUID | None
    futures: list["asyncio.Future[Answer]"]


@dataclass(slots=True, eq=False)
class _Batch:
    """Questions that are one statement, and who waits for each."""

    begin_time: float
    """By the loop's clock."""
    owner: UUID | None
    """Whose questions these are alone; None where everybody's may be in it."""
    waiting: dict[_Key, _Asked] = field(default_factory=dict[_Key, _Asked])
    timer: asyncio.TimerHandle | None = None
    task: "asyncio.Task[None] | None" = None
    """None while it waits for a lane."""
    connection: "Connection | None" = None
    """What its statement runs on."""
    slow_timer: asyncio.TimerHandle | None = None
    is_slow: bool = False
    is_over: bool = False

    def settle(self, found: Sequence[PresentedToken]) -> None:
        answers = {token.number: token for token in found}
        for number, asked in enumerate(self.waiting.values(), 1):
            for future in asked.futures:
                if not future.done():
                    future.set_result(answers.get(number))

    def fail(self, failure: DatabaseUnavailable) -> None:
        for asked in self.waiting.values():
            for future in asked.futures:
                if not future.done():
                    future.set_result(failure)


class Line:
    """Batches that wait for the same lanes."""

    def __init__(
        self,
        databases: Sequence[Database],
        deadline_seconds: float,
        learn: Callable[[Sequence[PresentedToken]], None] | None = None,
    ) -> None:
        """Look up in the first of these pools of one server, and tell ``learn`` what was found."""
        self._databases = databases
        self._learn = learn
        self._loop = asyncio.get_running_loop()
        self._deadline_seconds = deadline_seconds
        self._open: dict[UUID | None, _Batch] = {}
        """The batches that take more, by owner."""
        self._queue: deque[_Batch] = deque()
        self._turns: dict[UUID | None, int] = {}
        """When a batch of each owner began last, of those since somebody waited."""
        self._turn = 0
        self._lanes: Counter[UUID | None] = Counter()
        """How many batches of each owner run; nobody's are not counted."""
        self._running = 0
        self._slow = 0
        """Of those that run."""
        self._answer_time = 0.0
        """Of the last statement that was answered, by the loop's clock."""
        self._tasks: set[asyncio.Task[None]] = set()
        """The loop itself remembers none, and those past their deadline have no batch either."""

    def ask(
        self,
        organization_id: UUID,
        token_id: UUID,
        resource_id: UUID | None,
        owner: UUID | None = None,
        most: int | None = None,
    ) -> "asyncio.Future[Answer]":
        """Return what will hold the token, None where there is none, or why nobody can tell.

        A failure is a result: nobody need wait for a question that turned out to be superfluous.
        Owners take turns, each with statements of its own, and leave a lane to others. A statement
        looks up at most ``most`` tokens, by default MOST.
        """
        loop, batch = self._loop, self._open.get(owner)
        now = loop.time()
        if batch is None or now - batch.begin_time > JOIN_SECONDS:
            batch = self._open[owner] = _Batch(now, owner)
            batch.timer = loop.call_later(self._deadline_seconds, self._expire, batch)
            self._queue.append(batch)
            # Behind everything that this turn of the loop still has to ask.
            loop.call_soon(self._start)
        future: asyncio.Future[Answer] = loop.create_future()
        key = (organization_id.int, token_id.int, None if resource_id is None else resource_id.int)
        asked = batch.waiting.get(key)
        if asked is not None:
            asked.futures.append(future)
            return future
        batch.waiting[key] = _Asked(organization_id, token_id, resource_id, [future])
        if len(batch.waiting) >= (most or MOST):
            del self._open[owner]
        return future

    def _close(self, batch: _Batch) -> None:
        if self._open.get(batch.owner) is batch:
            del self._open[batch.owner]

    def _take(self) -> _Batch | None:
        """Take the first batch of the owner whose last one began the longest ago.

        None where all are of owners that have as many lanes as one may have.
        """
        most = LANES + SPARE_LANES - 1
        waiting = [
            each for each in self._queue if each.owner is None or self._lanes[each.owner] < most
        ]
        if not waiting:
            return None
        batch = min(waiting, key=lambda each: self._turns.get(each.owner, 0))
        self._queue.remove(batch)
        self._turn += 1
        self._turns[batch.owner] = self._turn
        if not self._queue:
            self._turns.clear()
        return batch

    def _start(self) -> None:
        while (
            self._queue
            and self._running - self._slow < LANES
            and self._running < LANES + SPARE_LANES
        ):
            batch = self._take()
            if batch is None:
                return
            self._close(batch)
            self._running += 1
            if batch.owner is not None:
                self._lanes[batch.owner] += 1
            batch.slow_timer = self._loop.call_later(SLOW_SECONDS, self._move_over, batch)
            batch.task = asyncio.create_task(self._run(batch))
            self._tasks.add(batch.task)
            batch.task.add_done_callback(self._tasks.discard)

    async def _run(self, batch: _Batch) -> None:
        try:
            begin_time = self._loop.time()
            found = await self._look_up(batch)
            batch.settle(found)
            self._answer_time = self._loop.time()
            metrics.LOOK_UP_TOKENS.observe(len(batch.waiting))
            metrics.LOOK_UP_SECONDS.observe(self._answer_time - begin_time)
            if self._learn is not None:
                self._learn(found)
        except DatabaseUnavailable as failure:
            batch.fail(failure)
            if batch.is_over and self._answer_time < batch.begin_time:
                # If the server is gone, so it is behind every other connection.
                for database in self._databases:
                    await database.distrust()
        except Exception:
            # What the driver comes upon behind a connection that was taken from it is no bug.
            if not batch.is_over:
                log.exception("look_ups.bug", tokens=len(batch.waiting))
                metrics.bug("look_ups")
        finally:
            # After a bug, too, nobody is to wait for ever.
            batch.fail(DatabaseUnavailable("the look-up was broken off"))
            self._end(batch)

    async def _look_up(self, batch: _Batch) -> list[PresentedToken]:
        try:
            return await self._ask_database(batch)
        except DatabaseUnavailable:
            if batch.is_over:
                raise
            # A connection that the server ended is found out by its next statement alone.
            return await self._ask_database(batch)

    async def _ask_database(self, batch: _Batch) -> list[PresentedToken]:
        questions = batch.waiting.values()
        async with self._databases[0].connection() as connection:
            batch.connection = connection
            try:
                return await presented.find_tokens(
                    connection,
                    [asked.organization_id for asked in questions],
                    [asked.token_id for asked in questions],
                    [asked.resource_id for asked in questions],
                )
            finally:
                batch.connection = None

    def _move_over(self, batch: _Batch) -> None:
        batch.is_slow = True
        self._slow += 1
        self._start()

    def _expire(self, batch: _Batch) -> None:
        batch.fail(DatabaseUnavailable(f"no answer in {self._deadline_seconds} s"))
        self._close(batch)
        if batch.task is None:
            self._queue.remove(batch)
            return
        # To others its lane is free.
        self._end(batch)
        if batch.connection is None:
            batch.task.cancel()
            return
        # A cancelled statement would keep its connection until the server has answered that, too.
        batch.connection.terminate()

    def _end(self, batch: _Batch) -> None:
        for timer in (batch.timer, batch.slow_timer):
            if timer is not None:
                timer.cancel()
        if batch.is_over:
            return
        batch.is_over = True
        self._running -= 1
        self._slow -= batch.is_slow
        if batch.owner is not None:
            self._lanes[batch.owner] -= 1
            if not self._lanes[batch.owner]:
                del self._lanes[batch.owner]
        self._start()
