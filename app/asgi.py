"""Composition root of a worker: pool, endpoints, what runs beside them, and their end."""

import asyncio
import gc
import multiprocessing
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route

from app import catalogue, logs, look_ups, settings, startup, traces, worker_tasks
from app.api.http import GraphQLEndpoint
from app.authentication import Authenticator
from app.catalogue import Catalogue, CatalogueError
from app.database import Database
from app.endpoints import GRAPHQL, Application, TracedApplication, Worker
from app.look_ups import LookUps
from app.rate_limits import RateLimit
from app.settings import Settings
from app.startup import Installation
from app.token_format import Peppers
from app.verification import Verifier
from app.web import (
    console,
    exposition,
    fallbacks,
    forward_auth,
    health,
    introspection,
    oauth_metadata,
    pages,
    security_headers,
    token_revocation,
)
from app.web.console import Console
from app.web.exposition import Exposition
from app.web.forward_auth import ForwardAuth
from app.web.health import Readiness
from app.web.introspection import Introspection
from app.web.requests import Requests, Templates
from app.web.token_revocation import TokenRevocation

log = structlog.get_logger("worker")

PATIENCE_SECONDS = 30.0
"""For a database that is away when a worker starts."""


def create_app(configuration: Settings | None = None) -> Starlette:
    """Return the application; for uvicorn a factory without arguments."""
    options = configuration or settings.load()
    if configuration is None:
        logs.configure(json=options.json_logs, level=options.log_level)
    traces.require(options)
    known = _catalogue(options, is_worker=configuration is None)
    worker = Worker()
    always = security_headers.of(options.issuer)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        _end_with_parent()
        async with (
            traces.running(options),
            startup.installation(options) as place,
            _connected(place, options, options.database_connections) as database,
            _connected(place, options, look_ups.CONNECTIONS, look_ups.STATEMENT_SECONDS) as hot,
        ):
            try:
                async with (
                    worker_tasks.activity(database, hot, options) as activity,
                    worker_tasks.refusals(database, options) as refusals,
                    worker_tasks.people(options) as people,
                    worker_tasks.gauges(
                        {"general": database, "verification": hot}, activity, refusals
                    ) as gauges,
                    worker_tasks.sweeps(database, options),
                    worker_tasks.expiry_warnings(database, options),
                    worker_tasks.webhooks(database, place, options),
                ):
                    looking_up = LookUps(hot, others=[database])
                    verifier = Verifier(looking_up, place.peppers(), activity, refusals)
                    authenticator = Authenticator(database, verifier, people, known)
                    failures = RateLimit(options.failed_requests_per_minute)
                    worker.graphql = _graphql(place.peppers(), authenticator, failures, options)
                    worker.introspection = Introspection(
                        authenticator,
                        options.issuer,
                        options.trusted_proxies,
                        failures,
                    )
                    worker.forward_auth = ForwardAuth(verifier, known, options.trusted_proxies)
                    worker.revocation = TokenRevocation(
                        database,
                        verifier,
                        options.trusted_proxies,
                        failures,
                        RateLimit(options.bulk_revocations_per_minute),
                    )
                    worker.readiness = Readiness(verifier)
                    worker.exposition = Exposition(
                        gauges, options.metrics_networks, options.trusted_proxies
                    )
                    if options.console:
                        worker.console = Console(worker_tasks.sign_in(options, people))
                    if configuration is None:
                        _tune_collector()
                    yield
            finally:
                worker.end()

    routes: list[BaseRoute] = [
        Route(GRAPHQL, worker),
        Route(token_revocation.PATH, worker),
        *_list_routes(worker, options),
        *oauth_metadata.routes(options.issuer, known),
        Route(health.READY_PATH, worker),
        Route(exposition.PATH, worker),
        *health.routes(),
        *console.routes(worker, is_on=options.console),
        *pages.routes(console=options.console, graphiql=options.graphiql),
    ]
    paths = [each.path for each in routes if isinstance(each, Route)]
    app = (TracedApplication if options.traces else Application)(
        routes=routes,
        middleware=[
            Middleware(Requests, paths, always),
            *_browsers_elsewhere(options),
        ],
        exception_handlers=fallbacks.handlers(always),
        lifespan=lifespan,
    )
    app.worker = worker
    if isinstance(app, TracedApplication):
        in_front = (introspection.PATH, forward_auth.PATH, forward_auth.PREFIX + "{path}")
        app.templates = Templates([*paths, *in_front])
    # A redirect would be built from the Host header, which is the client's word.
    app.router.redirect_slashes = False
    return app


@asynccontextmanager
async def _connected(
    place: Installation, options: Settings, size: int, statement_seconds: float | None = None
) -> AsyncGenerator[Database]:
    """Yield a pool of the serving role. It outlives what writes when the worker stops.

    A worker that replaces another during an outage waits for its end: one that fails to start would
    end the others with it.
    """
    database = await startup.open_database(
        place,
        size,
        patience_seconds=PATIENCE_SECONDS,
        statement_seconds=statement_seconds,
        watch=traces.statement if options.traces else None,
    )
    try:
        yield database
    finally:
        await database.close()


def _list_routes(worker: Worker, options: Settings) -> list[Route]:
    """Return the way for lists of found tokens, unless the operator shut it."""
    if options.bulk_revocations_per_minute == 0:
        return []
    return [Route(token_revocation.LIST_PATH, worker)]


def _browsers_elsewhere(options: Settings) -> list[Middleware]:
    """Return what lets pages of the listed origins call this service; without a list, none may."""
    if not options.allowed_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=options.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-Request-Id"],
            expose_headers=["X-Request-Id", "Retry-After", "WWW-Authenticate"],
            max_age=600,
        )
    ]


def _end_with_parent() -> None:
    """Leave when the process that started this worker is gone, however it ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        loop = asyncio.get_running_loop()
        loop.add_reader(parent.sentinel, signal.raise_signal, signal.SIGTERM)


def _tune_collector() -> None:
    """Look for garbage in cycles seldom, and never among what lives as long as the process.

    By its defaults the collector walks all modules and schemas time and again, which holds up every
    request under way: the slowest of a hundred takes fifteen times as long.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _catalogue(options: Settings, *, is_worker: bool) -> Catalogue:
    """Read the catalogue. A worker that cannot says so in one line and leaves."""
    try:
        return catalogue.load(options.catalogue_file)
    except CatalogueError as error:
        if not is_worker:
            raise
        log.critical("catalogue.refused", error=str(error))
        raise SystemExit(1) from None


def _graphql(
    peppers: Peppers, authenticator: Authenticator, failures: RateLimit, options: Settings
) -> GraphQLEndpoint:
    return GraphQLEndpoint(
        database=authenticator.database,
        peppers=peppers,
        catalogue=authenticator.catalogue,
        authenticator=authenticator,
        trusted_proxies=options.trusted_proxies,
        failures=failures,
        mutations=RateLimit(options.mutations_per_minute),
        anonymous_mutations=RateLimit(options.mutations_per_minute),
        page=pages.graphiql if options.graphiql else pages.no_graphiql,
        issuer=options.oidc_issuer,
        webhook_rules=worker_tasks.webhook_rules(options),
    )
