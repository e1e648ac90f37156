"""``python -m tests.faults [--seconds N] [--seed N]``: the long form of the history checker."""

import argparse
import asyncio
import secrets
import sys
import time

from tests.faults import disk, installation, report
from tests.faults.history import Recorder
from tests.faults.run import Result, run


async def _run(seed: int, seconds: float) -> Result:
    begin = time.monotonic()

    recorder = Recorder()

    def progress() -> None:
        print(
            f"{time.monotonic() - begin:6.0f} s  {len(recorder.operations):,} operations,"
            f" {report.unknown(recorder.operations):,} with an unknown outcome",
            file=sys.stderr,
            flush=True,
        )

    with installation.folder() as home, disk.small(home / "data") as is_own:
        if not is_own:
            print("no file system can be mounted here: the disk does not fill up", file=sys.stderr)
        own = home / "data" if is_own else None
        async with (
            installation.migrated(home) as postgres,
            installation.installed(postgres, home, disk=own) as place,
        ):
            tenants = await place.new_tenants()
            return await run(
                place,
                tenants,
                seed,
                seconds,
                overlapping=True,
                recorder=recorder,
                progress=progress,
            )


def main() -> None:
    """Run, tell, and exit with 1 where a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults",
        description="Clients use two nodes while PostgreSQL, processes and connections break; then"
        " a checker judges everything that they were told. Progress on standard error.",
    )
    parser.add_argument("--seconds", type=float, default=600, help="for how long  [default: 600]")
    parser.add_argument("--seed", type=int, help="what faults and clients are drawn from")
    given = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    print(f"seed {seed}", file=sys.stderr, flush=True)
    result = asyncio.run(_run(seed, given.seconds))
    print(report.tell(result))
    sys.exit(1 if result.violations else 0)


if __name__ == "__main__":
    main()
