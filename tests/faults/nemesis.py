"""The faults, and who strikes when: drawn from the seed, each kind once before any comes again."""

import asyncio
import functools
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from enum import Enum

from tests.faults.history import Recorder
from tests.faults.installation import Installation
from tests.faults.link import AtCommit, Condition, Link


class Fault(Enum):
    """What breaks."""

    POSTGRES_KILLED = "PostgreSQL killed, and down for a while"
    POSTGRES_STOPPED = "PostgreSQL stopped without a checkpoint"
    BACKENDS_TERMINATED = "back ends terminated"
    BACKEND_KILLED = "a back end killed: PostgreSQL recovers by itself"
    NODE_KILLED = "a node killed"
    WORKER_KILLED = "one of two workers killed"
    CUT = "connections to PostgreSQL cut"
    CUT_AT_COMMIT = "a connection cut behind its COMMIT"
    LOST_AT_COMMIT = "a connection half-open for good from its COMMIT on"
    HELD = "connections to PostgreSQL held for a while"
    HALF_OPEN = "connections to PostgreSQL half-open for good"


PROCESSES = frozenset({Fault.NODE_KILLED, Fault.WORKER_KILLED})
"""What leaves the database and the ways to it alone."""


class Nemesis:
    """Strikes an installation while clients use it."""

    def __init__(
        self,
        place: Installation,
        recorder: Recorder,
        seed: int,
        faults: Sequence[Fault],
        *,
        overlapping: bool,
    ) -> None:
        """With ``overlapping``, a node may be struck while its link is, and then starts slowly."""
        self.struck: Counter[Fault] = Counter()
        self.troubles: list[tuple[float, float]] = []
        """When a node may have had no working database for one of the faults."""
        self._place = place
        self._recorder = recorder
        self._kinds = faults
        self._draw = random.Random(f"{seed}/nemesis")
        self._database = asyncio.Lock()
        self._nodes = {node.name: asyncio.Lock() for node in place.nodes}
        self._links = self._nodes
        if overlapping:
            self._links = {node.name: asyncio.Lock() for node in place.nodes}
        self._strikes: dict[Fault, Callable[[], Awaitable[None]]] = {
            Fault.POSTGRES_KILLED: self._kill_postgres,
            Fault.POSTGRES_STOPPED: self._stop_postgres,
            Fault.BACKENDS_TERMINATED: self._terminate_backends,
            Fault.BACKEND_KILLED: self._kill_backend,
            Fault.NODE_KILLED: self._kill_node,
            Fault.WORKER_KILLED: self._kill_worker,
            Fault.CUT: self._cut,
            Fault.CUT_AT_COMMIT: functools.partial(self._at_commit, AtCommit.CUT),
            Fault.LOST_AT_COMMIT: functools.partial(self._at_commit, AtCommit.LOST),
            Fault.HELD: self._hold,
            Fault.HALF_OPEN: self._lose,
        }

    async def run(self, seconds: float) -> None:
        """Strike for so many seconds, and until each kind of fault has struck; two at a time."""
        until = time.monotonic() + seconds
        faults = self._faults(until)
        await asyncio.gather(self._strike(faults), self._strike(faults))
        await asyncio.sleep(until - time.monotonic())

    def _faults(self, until: float) -> Iterator[Fault]:
        kinds = list(self._kinds)
        while kinds:
            self._draw.shuffle(kinds)
            for kind in kinds:
                # The first round is brought to its end.
                if len(self.struck) == len(kinds) and time.monotonic() > until:
                    return
                self.struck[kind] += 1
                yield kind

    async def _strike(self, faults: Iterator[Fault]) -> None:
        for fault in faults:
            begin = time.monotonic()
            await self._strikes[fault]()
            if fault not in PROCESSES:
                self.troubles.append((begin, time.monotonic()))
            await asyncio.sleep(self._draw.uniform(0.05, 0.6))

    async def _moment(self) -> None:
        """Wait for any moment, or for the one right behind an acknowledgement."""
        if self._draw.random() < 0.5:
            await self._recorder.acknowledgement(0.5)
        else:
            await asyncio.sleep(self._draw.uniform(0, 0.2))

    async def _kill_postgres(self) -> None:
        async with self._database:
            await self._moment()
            await self._place.postgres.kill()
            await asyncio.sleep(self._draw.uniform(0.2, 1.5))
            await self._place.postgres.start()

    async def _stop_postgres(self) -> None:
        async with self._database:
            await self._moment()
            await self._place.postgres.stop_immediately()
            await asyncio.sleep(self._draw.uniform(0, 0.5))
            await self._place.postgres.start()

    async def _terminate_backends(self) -> None:
        async with self._database:
            await self._moment()
            await self._place.postgres.terminate_backends()

    async def _kill_backend(self) -> None:
        async with self._database:
            await self._moment()
            await self._place.postgres.kill_backend()

    async def _kill_node(self) -> None:
        node = self._draw.choice(self._place.nodes)
        async with self._nodes[node.name]:
            await node.until_up()
            await self._moment()
            await node.kill()

    async def _kill_worker(self) -> None:
        node = max(self._place.nodes, key=lambda each: each.workers)
        async with self._nodes[node.name]:
            await node.until_up()
            await self._moment()
            await node.kill_worker()

    async def _cut(self) -> None:
        async with self._a_link() as link:
            await self._moment()
            link.cut()

    async def _at_commit(self, trap: AtCommit) -> None:
        async with self._a_link() as link:
            link.at_commit = trap
            await asyncio.sleep(self._draw.uniform(0.2, 1.0))
            link.at_commit = None

    async def _hold(self) -> None:
        async with self._a_link() as link:
            await self._moment()
            link.condition = Condition.HOLDS
            await asyncio.sleep(self._draw.uniform(0.2, 2.5))
            link.condition = Condition.WORKS

    async def _lose(self) -> None:
        async with self._a_link() as link:
            await self._moment()
            link.condition = Condition.LOSES
            await asyncio.sleep(self._draw.uniform(1.0, 3.0))
            link.condition = Condition.WORKS

    @asynccontextmanager
    async def _a_link(self) -> AsyncGenerator[Link]:
        node = self._draw.choice(self._place.nodes)
        async with self._links[node.name]:
            yield node.link
