"""What runs in a worker beside requests, each as long as its context is open."""

import asyncio
import multiprocessing
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from app import activity_retention, background, metrics, settings, tallies
from app.activity import Activity
from app.database import Database, DatabaseUnavailable
from app.expiry_warnings import ExpiryWarner
from app.gauges import SAMPLE_SECONDS, Gauges
from app.refusals import Refusals
from app.settings import Settings
from app.sign_in import SignIn
from app.startup import Installation
from app.sweeps import Sweeper
from app.webhook_targets import TargetRules

if TYPE_CHECKING:
    from app.oidc import Provider

log = structlog.get_logger("worker")

LAST_SECONDS = 5.0
"""For the uses that wait to be written when a worker stops, be the database away for a moment."""
LAST_OF_REFUSALS_SECONDS = 3.0
"""For the refusals, which go before: both together take less than requests have had to end in."""
RETRY_SECONDS = 0.2


@asynccontextmanager
async def activity(
    database: Database, hot: Database, options: Settings
) -> AsyncGenerator[Activity]:
    """Uses of tokens, written every so often and at the end, and forgotten in the end.

    They are written over ``hot``, beside the look-ups.
    """
    found = Activity(
        hot,
        options.activity_flush_seconds,
        timedelta(seconds=options.last_used_resolution_seconds),
    )
    pruner = activity_retention.Pruner(database, options.activity_retention_days)
    task = asyncio.create_task(found.run())
    try:
        async with background.running(
            background.every(
                activity_retention.EVERY_SECONDS,
                pruner.run,
                first_seconds=activity_retention.FIRST_SECONDS,
            )
        ):
            yield found
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        try:
            await _insistently(found.flush, LAST_SECONDS)
        except DatabaseUnavailable as error:
            await found.abandon()
            metrics.USES_LOST.inc(found.waiting)
            log.error("activity.lost", uses=found.waiting, error=str(error))  # noqa: TRY400 (a traceback says no more)


@asynccontextmanager
async def refusals(database: Database, options: Settings) -> AsyncGenerator[Refusals]:
    """Refusals, written every so often and at the end."""
    found = Refusals(database)
    try:
        async with background.running(
            background.every(options.activity_flush_seconds, found.flush)
        ):
            yield found
    finally:
        try:
            await _insistently(partial(found.flush, stopping=True), LAST_OF_REFUSALS_SECONDS)
        except DatabaseUnavailable as error:
            log.error("refusals.lost", error=str(error))  # noqa: TRY400 (a traceback says no more)


@asynccontextmanager
async def gauges(
    pools: Mapping[str, Database], activity: Activity, refusals: Refusals
) -> AsyncGenerator[Gauges]:
    """What the worker shows of itself; alone, it looks when somebody asks."""
    found = Gauges(pools, activity, refusals)
    if not metrics.IS_SHARED:
        yield found
        return
    try:
        looking = background.every(SAMPLE_SECONDS, found.look, first_seconds=0)
        async with background.running(looking):
            yield found
    finally:
        tallies.pour()
        parent = multiprocessing.parent_process()
        if parent is not None and not parent.is_alive():
            # It was killed, and removes the folder that it made no longer.
            remove_metrics(settings.metrics_folder())


def remove_metrics(folder: Path) -> None:
    """Remove what workers counted, whoever still counts; an operator's own folder is left alone."""
    if folder.name.startswith(metrics.FOLDER_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def sweeps(database: Database, options: Settings) -> AsyncGenerator[None]:
    """What policies do to unused tokens by themselves."""
    if options.sweep_seconds == 0:
        yield
        return
    async with background.running(background.every(options.sweep_seconds, Sweeper(database).run)):
        yield


@asynccontextmanager
async def expiry_warnings(database: Database, options: Settings) -> AsyncGenerator[None]:
    """Warnings of tokens that expire soon."""
    if options.expiry_warning_seconds == 0:
        yield
        return
    warner = ExpiryWarner(database)
    async with background.running(background.every(options.expiry_warning_seconds, warner.run)):
        yield


@asynccontextmanager
async def webhooks(
    database: Database, place: Installation, options: Settings
) -> AsyncGenerator[None]:
    """Deliveries of events, and the end of old ones."""
    if options.webhook_poll_seconds == 0:
        yield
        return
    # Imported late: the HTTP client behind it is of no use where others deliver.
    from app.webhook_connections import Sender
    from app.webhook_delivery import Deliverer
    from app.webhook_retention import EVERY_SECONDS, Pruner

    deliverer = Deliverer(database, place.peppers(), Sender(webhook_rules(options)))
    async with (
        background.running(background.every(options.webhook_poll_seconds, deliverer.deliver_due)),
        background.running(background.every(EVERY_SECONDS, Pruner(database).run)),
    ):
        yield


def webhook_rules(options: Settings) -> TargetRules:
    """Return where webhooks may be sent."""
    return TargetRules(options.webhook_allow_http, options.webhook_allowed_networks)


@asynccontextmanager
async def people(options: Settings) -> AsyncGenerator["Provider | None"]:
    """The identity provider that people sign in with, None where there is none."""
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


def sign_in(options: Settings, provider: "Provider | None") -> SignIn | None:
    """Return how the console signs people in, None where it does not by the provider."""
    if provider is None or options.oidc_client_id is None:
        return None
    # The first page that is asked for names the provider's origins already.
    provider.discovery.begin()
    return SignIn(
        provider.discovery.issuer,
        options.oidc_client_id,
        options.oidc_scopes,
        "id_token" if options.console_sends_id_token else "access_token",
        options.oidc_algorithms,
        provider.discovery,
    )


async def _insistently(write: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Write, trying again, for so many seconds at the most. Raises DatabaseUnavailable."""
    failure = None
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    return await write()
                except DatabaseUnavailable as error:
                    failure = error
                await asyncio.sleep(RETRY_SECONDS)
    except TimeoutError:
        raise DatabaseUnavailable(str(failure or "not all was written in time")) from failure
