"""What every command has in common: an installation to work on, and failures in one line."""

import asyncio
import functools
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from app import startup
from app.settings import Settings, SettingsError
from app.startup import Installation

if TYPE_CHECKING:
    from app.database import Database

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


def explained(work: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """Turn a failure that an operator can mend into one message and exit code 1."""

    @functools.wraps(work)
    def explained(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        try:
            return work(*args, **kwargs)
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        except Exception as error:
            message = _explanation(error)
            if message is None:
                raise
            raise click.ClickException(message) from None

    return explained


def _explanation(error: Exception) -> str | None:
    from app import logs
    from app.database import DatabaseUnavailable
    from app.errors import Failure

    if isinstance(error, SettingsError | Failure):
        return logs.redact(str(error))
    if isinstance(error, DatabaseUnavailable):
        return logs.redact(
            f"PostgreSQL does not answer ({error}). Check DATABASE_URL and"
            " APPUSERS_MIGRATION_DATABASE_URL, and that the server runs."
        )
    # Known by name, so that an unrelated command need not import what raises them.
    known = ("CatalogueError", "EmbeddedError", "MigrationError", "RoleError")
    if type(error).__name__ in known:
        return logs.redact(str(error))
    return None


def with_installation(
    options: Settings, work: Callable[[Installation], Coroutine[Any, Any, Answer]]
) -> Answer:
    async def run() -> Answer:
        async with startup.installation(options) as place:
            return await work(place)

    return asyncio.run(run())


@asynccontextmanager
async def database(place: Installation) -> AsyncGenerator["Database"]:
    """Yield the installation's database, which has this release's schema, with one connection."""
    opened = await startup.open_database(place, size=1)
    try:
        await startup.require_schema(opened)
        yield opened
    finally:
        await opened.close()
