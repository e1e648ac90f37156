"""``python -m tests.faults.failover``: the history checker while the standby takes over.

Two nodes reach two servers, each over a link of its own, and know both by one URL. Again and again
the primary is lost, its synchronous standby is promoted, and another standby is made.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import Enum

from db.embedded_cluster import DATABASE, SERVING_ROLE
from tests.faults import installation, link, report, standby
from tests.faults.history import Recorder
from tests.faults.installation import Installation
from tests.faults.link import Condition, Link
from tests.faults.nodes import SERVE, Node
from tests.faults.recovery import Trouble
from tests.faults.run import Result, run
from tests.faults.standby import Pair

WORKERS = (2, 1)
PEACE_SECONDS = (0.3, 2.0)
ABSENCE_SECONDS = (0.0, 1.5)
"""From the loss to the promotion: whoever decides on it takes a while."""


class Loss(Enum):
    """What becomes of the primary."""

    KILLED = "the primary killed, and its standby promoted"
    VANISHED = "the primary out of reach, then killed, and its standby promoted"
    """Its connections are half-open, and further ones are never answered."""


@dataclass(frozen=True)
class Turning:
    """An installation on a pair, and the links of each node, by server."""

    place: Installation
    pair: Pair
    links: Mapping[str, Sequence[Link]]

    async def follow(self) -> None:
        """Make a standby in the place of the primary that was lost, within reach again."""
        for ways in self.links.values():
            ways[1 - self.pair.number].condition = Condition.WORKS
        await self.pair.follow()


@asynccontextmanager
async def installed(
    workers: Sequence[int] = WORKERS, commands: Sequence[Sequence[str]] = (SERVE, SERVE)
) -> AsyncGenerator[Turning]:
    """Yield two nodes on a primary and its standby; the arguments are those of each node."""
    async with AsyncExitStack() as stack:
        home = stack.enter_context(installation.folder())
        pair = await stack.enter_async_context(standby.running(home))
        nodes: list[Node] = []
        links: dict[str, Sequence[Link]] = {}
        for name, count, command in zip("AB", workers, commands, strict=True):
            ways = [
                await stack.enter_async_context(link.opened(server.socket))
                for server in pair.servers
            ]
            node = Node(f"node-{name}", ways[0], home, count, command, url=_url(ways))
            await stack.enter_async_context(node.kept())
            nodes.append(node)
            links[node.name] = ways
        await asyncio.gather(*(node.until_up() for node in nodes))
        yield Turning(Installation(pair.primary, nodes), pair, links)


def _url(ways: Sequence[Link]) -> str:
    hosts = ",".join(f"127.0.0.1:{way.port}" for way in ways)
    options = "sslmode=disable&target_session_attrs=read-write"
    return f"postgresql://{SERVING_ROLE}@{hosts}/{DATABASE}?{options}"


class Turnover:
    """Loses one primary after the other while clients use the nodes."""

    def __init__(self, turning: Turning, recorder: Recorder, seed: int, count: int | None) -> None:
        """Without a count, as often as the time allows."""
        self.struck: Counter[Enum] = Counter()
        self.troubles: list[Trouble] = []
        self._turning = turning
        self._recorder = recorder
        self._count = count
        self._draw = random.Random(f"{seed}/turnover")

    async def run(self, seconds: float) -> None:
        """Turn over for so many seconds, and once in each way at the least."""
        until = time.monotonic() + seconds
        losses = list(Loss)
        while self._count is None or self.struck.total() < self._count:
            if self.struck.total() >= len(losses) and time.monotonic() > until:
                return
            await asyncio.sleep(self._draw.uniform(*PEACE_SECONDS))
            # Right behind an acknowledgement is when something may not have arrived.
            await self._recorder.acknowledgement(0.5)
            await self._lose(losses[self.struck.total() % len(losses)])
            if self._count is None or self.struck.total() < self._count:
                await self._turning.follow()

    async def _lose(self, loss: Loss) -> None:
        pair, lost = self._turning.pair, self._turning.pair.number
        self.struck[loss] += 1
        trouble = Trouble(loss.value, None, time.monotonic())
        self.troubles.append(trouble)
        ways = [links[lost] for links in self._turning.links.values()]
        if loss is Loss.VANISHED:
            for way in ways:
                way.condition = Condition.LOSES
        else:
            await pair.primary.kill()
            await asyncio.gather(*(way.refuse() for way in ways))
        await asyncio.sleep(self._draw.uniform(*ABSENCE_SECONDS))
        if loss is Loss.VANISHED:
            # Nobody is promoted beside a primary that lives: whoever reaches it would read from it
            # what is over.
            await pair.primary.kill()
        trouble.end = await pair.promote()
        self._turning.place.postgres = pair.primary
        if loss is Loss.KILLED:
            await asyncio.gather(*(way.open() for way in ways))


async def play(turning: Turning, seed: int, seconds: float, *, count: int | None = None) -> Result:
    """Let clients use organizations while the servers turn over, and judge."""
    tenants = await turning.place.new_tenants()
    recorder = Recorder()
    turnover = Turnover(turning, recorder, seed, count)

    def progress() -> None:
        print(
            f"{len(recorder.operations):,} operations, {turnover.struck.total()} failovers",
            file=sys.stderr,
            flush=True,
        )

    return await run(
        turning.place,
        tenants,
        seed,
        seconds,
        recorder=recorder,
        nemesis=turnover,
        progress=None if count else progress,
    )


async def _run(seed: int, seconds: float) -> Result:
    async with installed() as turning:
        return await play(turning, seed, seconds)


def main() -> None:
    """Run, tell, and exit with 1 where a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.failover",
        description="Clients use two nodes while primaries are lost and their synchronous standbys"
        " promoted; then a checker judges everything that they were told. Progress on standard"
        " error.",
    )
    parser.add_argument("--seconds", type=float, default=120, help="for how long  [default: 120]")
    parser.add_argument(
        "--seed", type=int, default=1, help="what moments and clients are drawn from"
    )
    given = parser.parse_args()
    result = asyncio.run(_run(given.seed, given.seconds))
    print(report.tell(result))
    sys.exit(1 if result.violations else 0)


if __name__ == "__main__":
    main()
