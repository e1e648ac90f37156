"""A worker as it is shipped: it writes every use before it ends, and collects garbage seldom."""

import asyncio
import signal
import sys

import httpx
import pytest

from tests.api_client import Organization
from tests.cli.processes import CLEAN, SECONDS, serving
from tests.cli.test_foreign_database import environment_for
from tests.owner import Owner, token_key
from tests.postgres import Urls

USES = 40
COLLECTOR = """
import asyncio, gc
from app.asgi import create_app

async def main():
    app = create_app()
    async with app.router.lifespan_context(app):
        print(gc.get_freeze_count(), gc.get_threshold()[0])

asyncio.run(main())
"""
"""What uvicorn does with a worker."""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", ["1", "2"])
async def test_no_use_is_lost(
    urls: Urls, organization: Organization, owner: Owner, how: signal.Signals, workers: str
) -> None:
    token_id, full = await organization.token(await organization.user())
    # Longer than the test: what is on record was written by the stop.
    environment = environment_for(urls) | {"APPUSERS_ACTIVITY_FLUSH_SECONDS": "60"}
    async with serving(environment, "--workers", workers) as served:
        base = served.url.removesuffix("/graphql")
        async with httpx.AsyncClient(base_url=base) as client:
            answers = await asyncio.gather(
                *(
                    client.get(
                        "/verify",
                        params={"organization_id": organization.id},
                        headers={"Authorization": f"Bearer {full}"},
                    )
                    for _ in range(USES)
                )
            )
        assert [answer.status_code for answer in answers] == [200] * USES
        assert await count(owner, token_id) == 0
        await served.stop(how)
    assert await count(owner, token_id) == USES


async def count(owner: Owner, token_id: str) -> int:
    return await owner.connection.fetchval(
        "SELECT coalesce(sum(use_count), 0)::integer FROM token_use"
        " WHERE organization_id = $1 AND token_id = $2",
        *token_key(token_id),
    )


async def test_what_lives_as_long_as_the_process_is_no_garbage(urls: Urls) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", COLLECTOR),
        env=CLEAN | environment_for(urls),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    frozen, threshold = map(int, out.split()[-2:])
    # Modules and schemas are a hundred thousand; by default it looks at every 700 objects.
    assert frozen > 50_000
    assert threshold >= 50_000
