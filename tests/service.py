"""An application of its own settings, in this process, with callers from any address."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette

from app.activity import Activity
from app.asgi import create_app
from app.authentication import Authenticator
from app.database import Database
from app.rate_limits import RateLimit
from app.refusals import Refusals
from app.settings import Settings
from tests.api_client import Api

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Service:
    """A started application."""

    app: Starlette
    clients: AsyncExitStack

    async def caller(self, address: str = HERE, token: str | None = None) -> Api:
        """Return a caller whose socket has this address, with a token or without."""
        transport = httpx.ASGITransport(self.app, client=(address, 50000))
        client = httpx.AsyncClient(transport=transport, base_url="http://test")
        return Api(await self.clients.enter_async_context(client), token)

    @property
    def activity(self) -> Activity:
        """What the application remembers of uses and has not written yet."""
        return self._authenticator.verifier.activity

    @property
    def refusals(self) -> Refusals:
        """What the application remembers of refusals and has not written yet."""
        return self._authenticator.verifier.refusals

    @property
    def failures(self) -> RateLimit:
        """What it remembers of credentials that were refused."""
        return self._worker.graphql.failures

    @property
    def mutations(self) -> RateLimit:
        """What it remembers of mutations."""
        return self._worker.graphql.mutations

    @property
    def anonymous_mutations(self) -> RateLimit:
        """What it remembers of those that came without a credential."""
        return self._worker.graphql.anonymous_mutations

    async def write_refusals(self) -> None:
        """Write the refusals of requests that were answered."""
        await asyncio.sleep(0)  # They are noted behind the answer.
        await self.refusals.flush()

    @property
    def databases(self) -> tuple[Database, Database]:
        """The pools of connections: that of most statements, and that of look-ups and uses."""
        return self._authenticator.database, self.activity.database

    @property
    def _authenticator(self) -> Authenticator:
        return self._worker.graphql.authenticator

    @property
    def _worker(self) -> Any:
        return next(route.endpoint for route in self.app.routes if route.path == "/graphql")  # type: ignore[attr-defined]


@asynccontextmanager
async def started(settings: Settings) -> AsyncGenerator[Service]:
    """Start an application, and stop it the way a server does."""
    app = create_app(settings)
    async with app.router.lifespan_context(app), AsyncExitStack() as clients:
        yield Service(app, clients)
