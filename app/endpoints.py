"""An application and what requests reach in it, from its start to its stop."""

from dataclasses import dataclass
from typing import TypeVar

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.http import GraphQLEndpoint
from app.web import console, exposition, forward_auth, health, introspection
from app.web.console import Console
from app.web.exposition import Exposition
from app.web.forward_auth import ForwardAuth
from app.web.health import Readiness
from app.web.introspection import Introspection
from app.web.requests import Templates
from app.web.token_revocation import TokenRevocation

GRAPHQL = "/graphql"

_Endpoint = TypeVar("_Endpoint", bound=ASGIApp)


@dataclass
class Worker:
    """What requests reach while the application lives."""

    graphql: GraphQLEndpoint | None = None
    introspection: Introspection | None = None
    forward_auth: ForwardAuth | None = None
    revocation: TokenRevocation | None = None
    readiness: Readiness | None = None
    exposition: Exposition | None = None
    console: Console | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint: ASGIApp | None = self.revocation
        if scope["path"] == GRAPHQL:
            endpoint = self.graphql
        elif scope["path"] == health.READY_PATH:
            endpoint = self.readiness
        elif scope["path"] == exposition.PATH:
            endpoint = self.exposition
        elif console.is_at(scope["path"]):
            endpoint = self.console
        await _living(endpoint)(scope, receive, send)

    def in_front(self, path: str) -> ASGIApp | None:
        """Return what answers this path by itself, None for what routes are there for."""
        if path == introspection.PATH:
            return _living(self.introspection)
        if path == forward_auth.PATH or path.startswith(forward_auth.PREFIX):
            return _living(self.forward_auth)
        return None

    def end(self) -> None:
        """Let go of what has no database any longer."""
        self.graphql = self.introspection = self.forward_auth = None
        self.revocation = self.readiness = self.exposition = self.console = None


def _living(endpoint: _Endpoint | None) -> _Endpoint:
    if endpoint is None:
        raise RuntimeError("the application was not started, or was stopped: run its lifespan")
    return endpoint


class Application(Starlette):
    """Starlette, with what every request of a platform goes through in front of it.

    Its middleware and routes would cost more than those answers.
    """

    worker: Worker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self.worker.in_front(scope["path"]) if scope["type"] == "http" else None
        await (endpoint or super().__call__)(scope, receive, send)


class TracedApplication(Application):
    """The same with a span around each request."""

    templates: Templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        # Imported late: it takes an extra.
        from app.web import traced

        await traced.request(super().__call__, self.templates, scope, receive, send)
