"""``python -m tests.bench [NAME…] [--quick]``: measure, and print a table for the README."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from tests.bench import (
    console,
    graphql,
    installation,
    mint,
    pages,
    permissions,
    start,
    verification,
)
from tests.bench.harness import Plan, Row, say
from tests.bench.installation import Machine
from tests.bench.peers import comparison

BENCHMARKS: dict[str, Callable[[Machine, Plan], Awaitable[list[Row]]]] = {
    "graphql": graphql.measure,
    "pages": pages.measure,
    "permissions": permissions.measure,
    "mint": mint.measure,
    "start": start.measure,
    "console": console.measure,
    "verification": verification.measure,
    "peers": comparison.measure,
}
ONLY_BY_NAME = frozenset({"peers"})

EXPLANATION = f"""
{"graphql":11}  50 users of 10 tokens, and one user, against Strawberry as documented
{"pages":11}  keyset pages of tokens, first and deep, of 10,000 and of 1,000,000
{"permissions":11}  what a user may on a project, of 10 to 10,000 grants in the organization
{"mint":11}  generateToken with 8 clients against its own statements by pgbench
{"start":11}  spawn to first answer, and memory of an idle worker
{"console":11}  the console in Chromium, where one is installed: bytes, time, pages of 10,000 users
{"verification":11}  a token verified for each request, of 10,000 and of 10,000,000
{"peers":11}  the same against better-auth and two of Django's packages; only where it is named,
             because it installs them, by pip and npm, into the folder for caches

Ratios are medians of pairs that were measured in turn, with the range of the pairs. Close other
programs first, and compare figures of one run only. It takes about 10 minutes, 8 GB of disk, and
Linux on two cores.
"""


async def _measure(names: list[str], plan: Plan) -> list[Row]:
    rows: list[Row] = []
    with installation.machine() as machine:
        await machine.server.make_template()
        for name in names:
            say(f"{name} …")
            rows += await BENCHMARKS[name](machine, plan)
    return rows


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measures the service. Progress on standard error, a table on standard output.",
        epilog=EXPLANATION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument(
        "--quick", action="store_true", help="fewer pairs and a tenth of the tokens"
    )
    given = parser.parse_args()
    unknown = set(given.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    if sys.platform != "linux":
        parser.error("CPU time and memory are read from /proc: run this on Linux")
    plan = Plan(3, 1.0, is_quick=True) if given.quick else Plan(8, 3.0, is_quick=False)
    rows = asyncio.run(
        _measure(given.names or [name for name in BENCHMARKS if name not in ONLY_BY_NAME], plan)
    )
    print("| what | figure | compared with | CPU µs a request, ours / theirs |")
    print("|---|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.figure} | {row.compared_with} | {row.cpu} |")


if __name__ == "__main__":
    main()
