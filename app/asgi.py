"""Composition root of a worker: pool, routes, background tasks, and their end."""

import asyncio
import multiprocessing
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app import catalogue, logs, settings, startup
from app.activity import Activity
from app.api.http import GraphQLEndpoint
from app.authentication import Authenticator, People
from app.database import Database, DatabaseUnavailable
from app.settings import Settings
from app.token_format import Peppers
from app.web import health, pages
from app.web.requests import Requests

log = structlog.get_logger("worker")


@dataclass
class _Worker:
    """What the routes reach while the application lives."""

    graphql: GraphQLEndpoint | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.graphql is None:
            raise RuntimeError("the application was not started: run its lifespan")
        await self.graphql(scope, receive, send)


def create_app(configuration: Settings | None = None) -> Starlette:
    """Return the application; for uvicorn a factory without arguments."""
    options = configuration or settings.load()
    if configuration is None:
        logs.configure(json=options.json_logs, level=options.log_level)
    worker = _Worker()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        _end_with_parent()
        async with startup.installation(options) as place:
            database = await startup.open_database(place, options.database_connections)
            try:
                async with _activity(database, options) as activity, _people(options) as people:
                    worker.graphql = _endpoint(database, place.peppers(), activity, people, options)
                    yield
            finally:
                await database.close()

    app = Starlette(
        routes=[Route("/graphql", worker), *health.routes(), *pages.routes()],
        middleware=[
            Middleware(Requests),
            Middleware(
                CORSMiddleware,
                allow_origins=options.allowed_origins,
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", "X-Request-Id"],
                expose_headers=["X-Request-Id", "Retry-After", "WWW-Authenticate"],
                max_age=600,
            ),
        ],
        exception_handlers={HTTPException: _plain_refusal},
        lifespan=lifespan,
    )
    # A redirect would be built from the Host header, which is the client's word.
    app.router.redirect_slashes = False
    return app


async def _plain_refusal(_request: Request, error: Exception) -> Response:
    """Answer what no route is there for in JSON, like everything else."""
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse(
        {"errors": [{"message": error.detail, "extensions": {"code": "BAD_REQUEST"}}]},
        status_code=error.status_code,
        headers=error.headers,
    )


def _end_with_parent() -> None:
    """Leave when the process that started this worker is gone, however it ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        loop = asyncio.get_running_loop()
        loop.add_reader(parent.sentinel, signal.raise_signal, signal.SIGTERM)


def _endpoint(
    database: Database,
    peppers: Peppers,
    activity: Activity,
    people: People | None,
    options: Settings,
) -> GraphQLEndpoint:
    known = catalogue.load(options.catalogue_file)
    return GraphQLEndpoint(
        database=database,
        peppers=peppers,
        catalogue=known,
        authenticator=Authenticator(database, peppers, activity, people, known),
        trusted_proxies=options.trusted_proxies,
        page=pages.graphiql,
    )


@asynccontextmanager
async def _activity(database: Database, options: Settings) -> AsyncGenerator[Activity]:
    activity = Activity(
        database,
        options.activity_flush_seconds,
        timedelta(seconds=options.last_used_resolution_seconds),
    )
    task = asyncio.create_task(activity.run())
    try:
        yield activity
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        try:
            await activity.flush()
        except DatabaseUnavailable as error:
            log.error("activity.lost", error=str(error))  # noqa: TRY400 (a traceback says no more)


@asynccontextmanager
async def _people(options: Settings) -> AsyncGenerator[People | None]:
    if options.oidc_issuer is None:
        yield None
        return
    # Imported late: the cryptography behind it is of no use without an issuer.
    from app.oidc import Provider

    provider = Provider(options.oidc_issuer, options.oidc_audience, options.oidc_algorithms)
    try:
        yield provider
    finally:
        await provider.close()
