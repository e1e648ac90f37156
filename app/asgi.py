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

from app import background, catalogue, logs, settings, startup
from app.activity import Activity
from app.api.http import GraphQLEndpoint
from app.authentication import Authenticator, People
from app.catalogue import Catalogue, CatalogueError
from app.database import Database, DatabaseUnavailable
from app.expiry_warnings import ExpiryWarner
from app.refusals import Refusals
from app.settings import Settings
from app.startup import Installation
from app.sweeps import Sweeper
from app.token_format import Peppers
from app.web import health, pages
from app.web.requests import Requests
from app.webhook_targets import TargetRules

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
    known = _catalogue(options, is_worker=configuration is None)
    worker = _Worker()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        _end_with_parent()
        async with startup.installation(options) as place:
            database = await startup.open_database(place, options.database_connections)
            try:
                async with (
                    _activity(database, options) as activity,
                    _refusals(database, options) as refusals,
                    _people(options) as people,
                    _sweeps(database, options),
                    _expiry_warnings(database, options),
                    _webhooks(database, place, options),
                ):
                    worker.graphql = _endpoint(
                        database, place.peppers(), activity, refusals, people, known, options
                    )
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


def _catalogue(options: Settings, *, is_worker: bool) -> Catalogue:
    """Read the catalogue. A worker that cannot says so in one line and leaves."""
    try:
        return catalogue.load(options.catalogue_file)
    except CatalogueError as error:
        if not is_worker:
            raise
        log.critical("catalogue.refused", error=str(error))
        raise SystemExit(1) from None


def _endpoint(
    database: Database,
    peppers: Peppers,
    activity: Activity,
    refusals: Refusals,
    people: People | None,
    known: Catalogue,
    options: Settings,
) -> GraphQLEndpoint:
    return GraphQLEndpoint(
        database=database,
        peppers=peppers,
        catalogue=known,
        authenticator=Authenticator(database, peppers, activity, refusals, people, known),
        trusted_proxies=options.trusted_proxies,
        page=pages.graphiql,
        issuer=options.oidc_issuer,
        webhook_rules=_webhook_rules(options),
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
async def _refusals(database: Database, options: Settings) -> AsyncGenerator[Refusals]:
    refusals = Refusals(database)
    try:
        async with background.running(
            background.every(options.activity_flush_seconds, refusals.flush)
        ):
            yield refusals
    finally:
        try:
            await refusals.flush(stopping=True)
        except DatabaseUnavailable as error:
            log.error("refusals.lost", error=str(error))  # noqa: TRY400 (a traceback says no more)


@asynccontextmanager
async def _sweeps(database: Database, options: Settings) -> AsyncGenerator[None]:
    if options.sweep_seconds == 0:
        yield
        return
    async with background.running(background.every(options.sweep_seconds, Sweeper(database).run)):
        yield


@asynccontextmanager
async def _expiry_warnings(database: Database, options: Settings) -> AsyncGenerator[None]:
    if options.expiry_warning_seconds == 0:
        yield
        return
    warner = ExpiryWarner(database)
    async with background.running(background.every(options.expiry_warning_seconds, warner.run)):
        yield


@asynccontextmanager
async def _webhooks(
    database: Database, place: Installation, options: Settings
) -> AsyncGenerator[None]:
    if options.webhook_poll_seconds == 0:
        yield
        return
    # Imported late: the HTTP client behind it is of no use where others deliver.
    from app.webhook_connections import Sender
    from app.webhook_delivery import Deliverer
    from app.webhook_retention import EVERY_SECONDS, Pruner

    deliverer = Deliverer(database, place.peppers(), Sender(_webhook_rules(options)))
    async with (
        background.running(background.every(options.webhook_poll_seconds, deliverer.deliver_due)),
        background.running(background.every(EVERY_SECONDS, Pruner(database).run)),
    ):
        yield


def _webhook_rules(options: Settings) -> TargetRules:
    return TargetRules(options.webhook_allow_http, options.webhook_allowed_networks)


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
