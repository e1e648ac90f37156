"""One run: clients and faults side by side, then peace, then a last look, then the verdict."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from tests.faults import checker, clients
from tests.faults.checker import Rule, Violation
from tests.faults.history import History, Kind, Outcome, Recorder
from tests.faults.installation import Installation, Tenant
from tests.faults.nemesis import Nemesis, possible
from tests.faults.nodes import FLUSH_SECONDS, Node
from tests.faults.recovery import Recovery, Trouble, recoveries
from tests.faults.scene import VERIFIED_BY, Known, Scene
from tests.faults.strikes import Fault

INTEGRATIONS = 2
"""Clients of each organization that change something."""
VERIFIERS = 4
RECOVERY_SECONDS = 20.0
"""After the last fault, everything has to be answered again within this time."""
REPORT_SECONDS = 10.0
AT_ONCE = 8
LAST = 0
"""The process of the last look."""


class Striker(Protocol):
    """Who breaks things while clients work."""

    @property
    def struck(self) -> Counter[Enum]:
        """How often each fault struck."""
        ...

    @property
    def troubles(self) -> Sequence[Trouble]:
        """When a node may have had no working database for one of the faults."""
        ...

    async def run(self, seconds: float) -> None:
        """Strike for so many seconds or more."""
        ...


@dataclass(frozen=True)
class Result:
    """What a run saw, and what the checker says of it."""

    seed: int
    seconds: float
    history: History
    struck: Counter[Enum]
    violations: list[Violation]
    recoveries: list[Recovery]
    troubles: Sequence[Trouble]

    @property
    def broken(self) -> set[Rule]:
        """The rules that something broke."""
        return {violation.rule for violation in self.violations}


async def run(
    place: Installation,
    tenants: Sequence[Tenant],
    seed: int,
    seconds: float,
    *,
    faults: Sequence[Fault] | None = None,
    overlapping: bool = False,
    recorder: Recorder | None = None,
    nemesis: Striker | None = None,
    progress: Callable[[], None] | None = None,
) -> Result:
    """Let clients use organizations under faults for so many seconds or more, and judge.

    The organizations are fresh ones. ``nemesis`` strikes in the place of one that has ``faults``.
    """
    begin = time.monotonic()
    complaints = [len(node.complaints) for node in place.nodes]
    rewrites = _rewrites(place)
    recorder = recorder or Recorder()
    scene = Scene(place, recorder, tenants, seed)
    kinds = possible(place) if faults is None else faults
    nemesis = nemesis or Nemesis(place, recorder, seed, kinds, overlapping=overlapping)
    processes = itertools.count(1)
    async with asyncio.TaskGroup() as group:
        for_ever = [group.create_task(recorder.watch_the_clock())]
        if progress is not None:
            for_ever.append(group.create_task(_report(progress)))
        for _ in range(VERIFIERS):
            group.create_task(clients.verify(scene, next(processes)))
        group.create_task(clients.read(scene, next(processes)))
        living = [
            group.create_task(clients.Integration(scene, next(processes), tenant).run())
            for tenant in tenants
            for _ in range(INTEGRATIONS)
        ]
        # What strikes before there is a token to verify teaches nothing.
        await scene.is_alive.wait()
        await nemesis.run(seconds)
        scene.is_over = True
        violations = await _unfinished(living)
        scene.is_closed = True
        for task in for_ever:
            task.cancel()
    violations += await _last_look(scene)
    history = History(
        recorder.operations,
        place.absences,
        recorder.stalls,
        await place.minted(tenants),
        troubles=[(each.begin, each.end) for each in nemesis.troubles],
        freezes=place.freezes,
        has_to_recover=True,
    )
    history = await _with_uses(place, tenants, history, rewrites)
    violations += checker.check(history)
    for node, known in zip(place.nodes, complaints, strict=True):
        for said in node.complaints[known:]:
            violations.append(Violation(Rule.SERVES_ON, f"{node.name}: {said}"))
    names = [node.name for node in place.nodes]
    recovered = recoveries(history.operations, nemesis.troubles, place.absences, names)
    spent = time.monotonic() - begin
    return Result(seed, spent, history, nemesis.struck, violations, recovered, nemesis.troubles)


async def _with_uses(
    place: Installation, tenants: Sequence[Tenant], history: History, rewrites: int
) -> History:
    """Return the history with the uses on record, once all are written or ought to be."""
    until = time.monotonic() + RECOVERY_SECONDS
    while True:
        judged = replace(history, uses=await place.uses(tenants))
        if time.monotonic() > until or not any(checker.uncounted(judged)):
            break
        await asyncio.sleep(FLUSH_SECONDS)
    # What was missing a moment ago is not all that could be there too often.
    await asyncio.sleep(2 * FLUSH_SECONDS)
    once = _rewrites(place) == rewrites
    return replace(history, uses=await place.uses(tenants), is_written_once=once)


def _rewrites(place: Installation) -> int:
    for node in place.nodes:
        node.read_log()
    return sum(len(node.rewrites) for node in place.nodes)


async def _report(progress: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(REPORT_SECONDS)
        progress()


async def _unfinished(living: Sequence[asyncio.Task[None]]) -> list[Violation]:
    """Wait for what was begun under faults: every unknown outcome can be resolved by now."""
    _, hanging = await asyncio.wait(living, timeout=RECOVERY_SECONDS)
    for task in hanging:
        task.cancel()
    return [Violation(Rule.SERVES_ON, "a client was never answered for good") for _ in hanging]


async def _last_look(scene: Scene) -> list[Violation]:
    """Verify all tokens, on every node in every way, and insist on an answer."""
    await asyncio.gather(*(node.until_up() for node in scene.place.nodes))
    until = time.monotonic() + RECOVERY_SECONDS
    at_once = asyncio.Semaphore(AT_ONCE)

    async def look(known: Known, node: Node, kind: Kind) -> Outcome:
        async with at_once:
            while True:
                told = await scene.verify(LAST, known, node, kind)
                if told.outcome is not Outcome.UNAVAILABLE or time.monotonic() > until:
                    return told.outcome
                await asyncio.sleep(0.1)

    outcomes = await asyncio.gather(
        *(
            look(known, node, kind)
            for known in [*scene.living, *scene.ended]
            for node in scene.place.nodes
            for kind in VERIFIED_BY
        )
    )
    missing = outcomes.count(Outcome.UNAVAILABLE)
    because = f"{missing} verifications are answered 503, {RECOVERY_SECONDS} s after the last fault"
    return [Violation(Rule.SERVES_ON, because)] if missing else []
