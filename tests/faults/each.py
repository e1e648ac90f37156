"""``python -m tests.faults.each``: one fault after the other, and what every endpoint says to it.

A fault lasts longer than the deadline of any request that it can delay. Clients use both nodes all
the time, as in the other runs, and the same checker judges what they are told.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from enum import Enum

from tests.faults import disk, installation, report, strikes
from tests.faults.checker import NEVER_ANSWERED
from tests.faults.history import Kind, Outcome
from tests.faults.installation import Installation, Tenant
from tests.faults.nemesis import KILLS, possible
from tests.faults.recovery import Trouble
from tests.faults.run import Result, run
from tests.faults.strikes import LINKS, PROCESSES, SECONDS, Fault

PEACE_SECONDS = 3.0
"""Behind a fault: to see whether everything goes on in its second, and still does later."""


class OneByOne:
    """Strikes with each fault once, at one node where it is one's, for as long each time."""

    def __init__(
        self, place: Installation, faults: Sequence[Fault], seconds: float, peace_seconds: float
    ) -> None:
        self.struck: Counter[Enum] = Counter()
        self.troubles: list[Trouble] = []
        self._place = place
        self._faults = faults
        self._seconds = seconds
        self._peace_seconds = peace_seconds

    async def run(self, seconds: float) -> None:
        """Strike with all of them, however long that takes."""
        draw = random.Random(0)
        # It has a single worker: of several, others would answer.
        node = self._place.nodes[-1]
        for fault in self._faults:
            await asyncio.sleep(self._peace_seconds)
            self.struck[fault] += 1
            own = node.name if fault in LINKS | PROCESSES else None
            trouble = Trouble(fault.value, own, time.monotonic())
            if fault not in KILLS:
                self.troubles.append(trouble)
            async with strikes.begun(fault, self._place, node, draw):
                await asyncio.sleep(self._lasting(fault))
            trouble.end = time.monotonic()
        await asyncio.sleep(self._peace_seconds)

    def _lasting(self, fault: Fault) -> float:
        if fault not in SECONDS:
            return 0
        # A worker that is frozen for longer finds its clients' connections idle for too long.
        return min(self._seconds, SECONDS[fault][1]) if fault in PROCESSES else self._seconds


async def play(
    place: Installation,
    tenants: Sequence[Tenant],
    faults: Sequence[Fault],
    seconds: float,
    peace_seconds: float = PEACE_SECONDS,
) -> Result:
    """Strike with each fault for so many seconds while clients use everything, and judge."""
    nemesis = OneByOne(place, faults, seconds, peace_seconds)
    return await run(place, tenants, 0, 0, nemesis=nemesis)


def told(result: Result, trouble: Trouble, kind: Kind) -> tuple[Counter[Outcome], float]:
    """Return what a kind of request was told in a trouble, and the slowest answer in seconds."""
    found = [
        each
        for each in result.history.operations
        if each.kind is kind
        and trouble.node in {None, each.node}
        and trouble.begin <= each.begin
        and each.begin < trouble.end
    ]
    answered = [each.end - each.begin for each in found if each.outcome not in NEVER_ANSWERED]
    return Counter(each.outcome for each in found), max(answered, default=0.0)


def table(result: Result) -> list[str]:
    """Return what every endpoint said to each fault, a line for each of both."""
    lines: list[str] = []
    for trouble in result.troubles:
        lines.append(f"{trouble.what}, {trouble.end - trouble.begin:.1f} s:")
        for kind in Kind:
            outcomes, slowest = told(result, trouble, kind)
            if outcomes:
                counts = ", ".join(f"{count} {each.value}" for each, count in outcomes.items())
                lines.append(f"    {kind.value}: {counts}; slowest {slowest:.2f} s")
    return lines


async def _run(seconds: float) -> Result:
    with installation.folder() as home, disk.small(home / "data") as is_own:
        own = home / "data" if is_own else None
        async with (
            installation.migrated(home) as postgres,
            installation.installed(postgres, home, disk=own) as place,
        ):
            faults = [fault for fault in possible(place) if fault in SECONDS]
            return await play(place, await place.new_tenants(), faults, seconds)


def main() -> None:
    """Run, tell, and exit with 1 where a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.each",
        description="One fault after the other while clients use two nodes; then what every"
        " endpoint said to each, how long it took, and when a node had recovered.",
    )
    parser.add_argument(
        "--seconds", type=float, default=6, help="how long each fault lasts  [default: 6]"
    )
    result = asyncio.run(_run(parser.parse_args().seconds))
    print("\n".join(table(result)))
    print(report.tell(result))
    sys.exit(1 if result.violations else 0)


if __name__ == "__main__":
    main()
