"""``python -m tests.hostile documents|http|bodies|tokens|dearest --count N --seed S``.

Hostile input against ``appusers serve`` on an organization as dear as one can be, from an
administrator, an application user and nobody. Every answer is below 500, is JSON where it says so,
comes in time and costs the worker at most 100 ms of CPU; the log tells of no failure that nobody
expected. Prints what was answered and what was dearest; exits with 1 where something is not so.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable

from tests.hostile import bodies, callers, credentials, dearest, documents, plain_http
from tests.hostile.oracle import Report
from tests.hostile.worker import worker

KINDS = {
    "dearest": dearest.run,
    "documents": documents.run,
    "http": plain_http.run,
    "bodies": bodies.run,
    "tokens": credentials.run,
}


async def attack(kind: str, count: int, seed: int) -> Report:
    """Send so many requests of a kind."""
    async with worker() as at:
        report = Report(at)
        who = callers.make(at)
        # In a thread of its own, because clients here wait and the loop has nothing else to do.
        await asyncio.to_thread(KINDS[kind], report, who, count, seed, _progress(report))
        return report


def _progress(report: Report) -> Callable[[], None]:
    begin = last = time.monotonic()

    def tick() -> None:
        nonlocal last
        if time.monotonic() - last > 10:
            last = time.monotonic()
            print(
                f"{report.count} requests in {last - begin:.0f} s,"
                f" {len(report.violations)} violations",
                file=sys.stderr,
                flush=True,
            )

    return tick


def main() -> None:
    """Run one kind."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    report = asyncio.run(attack(asked.kind, asked.count, asked.seed))
    print(f"{asked.kind}, seed {asked.seed}")
    print(report.summary())
    sys.exit(bool(report.violations))


if __name__ == "__main__":
    main()
