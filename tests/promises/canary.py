"""A thousand tokens in every wrong place, and a search of all that was written meanwhile.

``python -m tests.promises.canary --count 1000 --pastes 20`` does it at length.
"""

import argparse
import asyncio
import sys
import time

from tests.promises.canary_scene import scene


async def _run(count: int, pastes: int) -> int:
    begin = time.monotonic()
    async with scene() as at:
        tokens = await at.lose(count)
        await at.paste(tokens, pastes)
        pasted = time.monotonic()
        surfaces = await at.surfaces()
        found = at.found(surfaces)
        print(f"{count:,} tokens, {at.pasted.total():,} pastes into {len(at.pasted):,} places")
        print(f"answers by status: {dict(sorted(at.statuses.items()))}")
        for name, content in surfaces.items():
            print(f"{name}: {len(content):,} bytes, {len(found.get(name, ())):,} secrets")
            if name in found:
                print(*(f"    {text!r}…" for text in at.needles.whereabouts(content)), sep="\n")
        print(f"elapsed: {time.monotonic() - begin:.0f} s, {pasted - begin:.0f} s of it the pastes")
        return 1 if found else 0


def main() -> None:
    """Run, tell, and exit with 1 where a secret was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.promises.canary", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many tokens")
    parser.add_argument("--pastes", type=int, default=20, help="into how many places each")
    given = parser.parse_args()
    sys.exit(asyncio.run(_run(given.count, given.pastes)))


if __name__ == "__main__":
    main()
