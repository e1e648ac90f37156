"""``python -m tests.bench.hostile``: CPU of requests that are meant to cost much.

Promise 12: no input of 64 KiB or less costs more than 100 ms of CPU. Each shape goes to the whole
application without a socket, from nobody and from an administrator, with a change that defeats
the caches of documents; the least of a few runs counts, because a shared machine only ever adds.
Exits with 1 where a shape costs more. What the rule on cost lets through, and what changes things,
is measured by ``python -m tests.hostile dearest``.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass, replace

import structlog
from pydantic import SecretStr

from tests import postgres
from tests.api_client import Api
from tests.bench.hostile_shapes import Shape, shapes
from tests.bench.installation import PEPPER, fill
from tests.conftest import settings_for
from tests.service import started

MOST_MILLISECONDS = 100
RUNS = 4


@dataclass(frozen=True, order=True)
class Figure:
    """What one shape cost one caller."""

    milliseconds: float
    name: str
    caller: str
    status: int
    answered: int


async def cost(caller: str, api: Api, shape: Shape, organization_id: str) -> Figure:
    """Send a shape a few times, never the same document twice."""
    headers = {"Content-Type": "application/json"}
    if api.token is not None:
        headers["Authorization"] = f"Bearer {api.token}"
    least, status, answered = float("inf"), 0, 0
    for run in range(RUNS):
        # Leading commas are ignored by GraphQL, and move every node to another place.
        document = "," * (run + RUNS * len(caller)) + shape.document
        body = replace(shape, document=document).body(organization_id)
        before = time.process_time()
        response = await api.client.post("/graphql", content=body, headers=headers)
        least = min(least, time.process_time() - before)
        status, answered = response.status_code, len(response.content)
    return Figure(least * 1000, shape.name, caller, status, answered)


async def measure() -> list[Figure]:
    """Return all figures, the dearest first."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    figures: list[Figure] = []
    with postgres.server() as server:
        await server.make_template()
        urls = await server.copy()
        tenant = await fill(urls, users=100, tokens=10_000)
        settings = settings_for(urls, pepper=SecretStr(PEPPER), log_level="error")
        async with started(settings) as service:
            nobody = await service.caller()
            admin = nobody.with_token(tenant.token)
            await admin.run("{ viewer { __typename } }")
            for shape in shapes():
                figures.append(await cost("nobody", nobody, shape, tenant.public_id))
                figures.append(await cost("administrator", admin, shape, tenant.public_id))
    return sorted(figures, reverse=True)


def main() -> None:
    """Print a table, and exit with 1 where something costs too much."""
    argparse.ArgumentParser(prog="python -m tests.bench.hostile", description=__doc__).parse_args()
    figures = asyncio.run(measure())
    print("| shape | from | CPU ms | status | bytes answered |")
    print("|---|---|---|---|---|")
    for f in figures:
        print(f"| {f.name} | {f.caller} | {f.milliseconds:.1f} | {f.status} | {f.answered} |")
    dear = [f for f in figures if f.milliseconds > MOST_MILLISECONDS or f.status >= 500]
    for f in dear:
        print(f"above {MOST_MILLISECONDS} ms: {f.name}, {f.milliseconds:.1f} ms", file=sys.stderr)
    sys.exit(bool(dear))


if __name__ == "__main__":
    main()
