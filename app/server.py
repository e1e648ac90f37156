"""``appusers serve``: check, migrate, greet, and run uvicorn until a signal."""

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import nullcontext

import click
import structlog
import uvicorn

from app import catalogue, checks, ids, logs, organizations, settings, startup, traces, urls
from app.organizations import Bootstrapped
from app.settings import Settings, SettingsError
from app.startup import Installation
from app.web.protocol import BoundedProtocol

log = structlog.get_logger("serve")

BACKLOG = 1024
DRAIN_SECONDS = 10
EXAMPLE_ORGANIZATION = "Example"
EXAMPLE_ADMIN = "admin@example.com"


def serve(options: Settings, *, migrate: bool) -> None:
    """Serve until a signal. Raises SettingsError, CatalogueError and what ``startup`` raises."""
    logs.configure(json=options.json_logs, level=options.log_level)
    # Each worker reads it again; here a mistake in it ends the start before anything is touched.
    catalogue.load(options.catalogue_file)
    traces.require(options)
    # uvicorn hands a signal back to these once it has drained; their defaults would end the
    # process before it has left the embedded PostgreSQL.
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    listener = _listen(options.host, options.port)
    with listener:
        settings.hand_down(options, _address(listener))
        config = _uvicorn(options)
        # The loop that uvicorn chooses for its own run: twice as fast as the standard library's.
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(_serve_until_signal(options, config, listener, migrate=migrate))


async def _serve_until_signal(
    options: Settings, config: uvicorn.Config, listener: socket.socket, *, migrate: bool
) -> None:
    # This process uses the embedded PostgreSQL as long as it lives, so that it does not stop
    # between the preparation and the first worker.
    async with startup.installation(options) as place:
        turn = startup.turn(options.data_dir) if place.is_embedded else nullcontext()
        async with turn:
            example = await _prepare(place, options, migrate=migrate)

        def greet() -> None:
            _greet(listener, example, options, is_embedded=place.is_embedded)

        if options.workers == 1:
            await _Server(config, greet).serve(sockets=[listener])
            return
        greet()
        # Imported late: one worker needs no multiprocessing.
        from app import shared_metrics

        with shared_metrics.folder() as folder:
            workers = shared_metrics.Workers(folder, config, sockets=[listener])
            await asyncio.to_thread(workers.run)


def _end(_number: int, _frame: object) -> None:
    raise SystemExit(0)


class _Server(uvicorn.Server):
    """Greets when it accepts connections, not before."""

    def __init__(self, config: uvicorn.Config, greet: Callable[[], None]) -> None:
        super().__init__(config)
        self._greet = greet

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then greet."""
        await super().startup(sockets=sockets)
        if self.started:
            self._greet()


def _uvicorn(options: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        "app.asgi:create_app",
        factory=True,
        workers=options.workers,
        loop="auto",
        http=BoundedProtocol,
        ws="none",
        # Addresses are read from headers by our own rule; uvicorn's would believe any local peer.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        backlog=BACKLOG,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit it. Without, an answer in two writes waits for the client's
        # delayed acknowledgement: 40 ms for each request on a kept connection.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((host, port))
        # From here on connections wait for a worker instead of being refused.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Cannot listen on {host}:{port} ({error.strerror or error}). Choose another address"
            " with --host or another port with --port."
        ) from None
    return listener


async def _prepare(place: Installation, options: Settings, *, migrate: bool) -> Bootstrapped | None:
    """Migrate where that is wanted, insist on the checks, and fill an empty embedded database."""
    empty = False
    if place.is_embedded:
        empty = await startup.migrate_embedded(place)
    elif migrate:
        await startup.migrate(place)
    database = await startup.open_database(place, size=1)
    try:
        checks.insist(await checks.run(database, options, has_pepper=place.pepper is not None))
        if not empty:
            return None
        if options.json_logs:
            # Machines keep what they read, so that no token is shown to them.
            log.warning("serve.empty", remedy="run `appusers bootstrap` for a first administrator")
            return None
        return await organizations.bootstrap(
            database, place.peppers(), name=EXAMPLE_ORGANIZATION, admin_email=EXAMPLE_ADMIN
        )
    finally:
        await database.close()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return urls.http_address(host, port)


def _greet(
    listener: socket.socket, example: Bootstrapped | None, options: Settings, *, is_embedded: bool
) -> None:
    address = _address(listener)
    if options.json_logs:
        log.info("serve.started", address=address, embedded_database=is_embedded)
        return
    served = "GraphQL and GraphiQL" if options.graphiql else "GraphQL"
    if options.console:
        # People open the first address that they see.
        click.echo(f"application-users serves its console at {address}/console")
        click.echo(f"{served}: {address}/graphql")
    else:
        click.echo(f"application-users serves {served} at {address}/graphql")
    if is_embedded:
        click.echo(f"Data: embedded PostgreSQL in {options.data_dir}")
    if example is not None:
        click.echo(f"\nOrganization “{EXAMPLE_ORGANIZATION}” was made for you to try:")
        click.echo(f"  organization id      {ids.organization_id(example.organization_id)}")
        click.echo(f"  administrator token  {example.full_token}")
        page = "the console" if options.console else "GraphiQL" if options.graphiql else None
        begin = f"; paste it in {page} to begin" if page else ""
        click.echo(f"The token is shown this once{begin}.")
    elif is_embedded:
        click.echo("Lost the token? `appusers bootstrap` makes another organization.")
    click.echo("\nCtrl-C stops it.")
