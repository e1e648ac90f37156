"""The faults, and who strikes when: drawn from the seed, each kind once before any comes again."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum

from tests.faults import strikes
from tests.faults.history import Recorder
from tests.faults.installation import Installation
from tests.faults.nodes import Node
from tests.faults.recovery import Trouble
from tests.faults.strikes import LINKS, PROCESSES, SECONDS, Fault

AT_COMMIT = frozenset({Fault.CUT_AT_COMMIT, Fault.UNTOLD_AT_COMMIT, Fault.LOST_AT_COMMIT})
"""These choose their moment themselves."""
KILLS = frozenset({Fault.NODE_KILLED, Fault.WORKER_KILLED})


def possible(place: Installation) -> list[Fault]:
    """Return the faults that this machine has."""
    return [fault for fault in Fault if fault is not Fault.DISK_FULL or place.disk is not None]


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
        self.struck: Counter[Enum] = Counter()
        self.troubles: list[Trouble] = []
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
            node = self._node(fault)
            async with self._turn(fault, node):
                if fault not in AT_COMMIT:
                    await self._moment()
                own = node.name if fault in LINKS | PROCESSES else None
                trouble = Trouble(fault.value, own, time.monotonic())
                # A node that is killed has a working database: it had the time to write.
                if fault not in KILLS:
                    self.troubles.append(trouble)
                async with strikes.begun(fault, self._place, node, self._draw):
                    await asyncio.sleep(self._draw.uniform(*SECONDS.get(fault, (0, 0))))
                trouble.end = time.monotonic()
            await asyncio.sleep(self._draw.uniform(0.05, 0.6))

    def _node(self, fault: Fault) -> Node:
        if fault is Fault.WORKER_KILLED:
            return max(self._place.nodes, key=lambda each: each.workers)
        return self._draw.choice(self._place.nodes)

    def _turn(self, fault: Fault, node: Node) -> asyncio.Lock:
        """Return what keeps two faults from the same thing."""
        if fault in PROCESSES:
            return self._nodes[node.name]
        return self._links[node.name] if fault in LINKS else self._database

    async def _moment(self) -> None:
        """Wait for any moment, or for the one right behind an acknowledgement."""
        if self._draw.random() < 0.5:
            await self._recorder.acknowledgement(0.5)
        else:
            await asyncio.sleep(self._draw.uniform(0, 0.2))
