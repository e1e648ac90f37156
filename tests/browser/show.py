"""``python -m tests.browser.show``: serve a furnished organization, to look at the console.

Everything is in a temporary folder and gone with the process. It prints the address and an
administrator's token.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.database import Database
from tests import postgres
from tests.api_client import Api, Organization
from tests.browser.acme import Acme, furnish
from tests.conftest import PEPPER, LiveServer, serve


@dataclass
class Shown:
    """A served organization with things in it."""

    server: LiveServer
    acme: Acme


@asynccontextmanager
async def shown() -> AsyncGenerator[Shown]:
    """Serve a furnished organization, on a PostgreSQL of its own, while the context lasts."""
    with postgres.server() as running:
        await running.make_template()
        async with shown_on(running) as made:
            yield made


@asynccontextmanager
async def shown_on(server: postgres.Server) -> AsyncGenerator[Shown]:
    """Serve a furnished organization, on a database of its own, while the context lasts."""
    urls = await server.copy()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "DATABASE_URL": urls.serving,
            "APPUSERS_PEPPER": PEPPER,
            "APPUSERS_LOG_LEVEL": "warning",
            "APPUSERS_ACTIVITY_FLUSH_SECONDS": "0.05",
            # Webhooks reach what a test listens with.
            "APPUSERS_WEBHOOK_ALLOW_HTTP": "true",
            "APPUSERS_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
            "APPUSERS_WEBHOOK_POLL_SECONDS": "0.2",
        }
        for served in serve(environment, Path(folder), "Acme Corporation"):
            # What tests ask the API goes over this client, too.
            async with httpx.AsyncClient(base_url=served.url) as client:
                yield Shown(served, await _furnished(served, client))


async def _furnished(server: LiveServer, client: httpx.AsyncClient) -> Acme:
    database = await Database.open(server.environment["DATABASE_URL"])
    try:
        admin = Api(client, server.token)
        viewer = await admin.query("{ viewer { memberships { user { id } } } }")
        admin_id: str = viewer["viewer"]["memberships"][0]["user"]["id"]
        return await furnish(
            client, database, Organization(server.organization_id, admin_id, admin)
        )
    finally:
        await database.close()


async def main() -> None:
    """Serve until the process is told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with shown() as made:
        print(f"{made.server.url}/console\n{made.server.token}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    asyncio.run(main())
