"""From settings to a database that is ready and the peppers that go with it.

Used by the command line and by every worker. The embedded PostgreSQL is joined by each process
that uses it, and stops when the last one ends.
"""

import asyncio
import os
import secrets
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from app.settings import Settings, SettingsError
from app.token_format import Peppers, parse_peppers
from db import checks
from db.migrations import HEAD
from db.pool import AWAY, Database, DatabaseUnavailable, Watch, describe

log = structlog.get_logger("startup")

KEEP_SECONDS = 2.0
RETRY_SECONDS = 0.5
TURN_SECONDS = 60.0
PEPPER_FILE = "pepper"
PEPPER_REMEDY = (
    "set it to 32 characters or more that nobody else knows, for example from `openssl rand -hex"
    " 32`, and keep it: without it no token of this database works."
)


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the data is. URLs and peppers are secrets: they stay out of reprs and logs."""

    serving_url: str = field(repr=False)
    owner_url: str | None = field(repr=False)
    pepper: str | None = field(repr=False)
    is_embedded: bool

    def peppers(self) -> Peppers:
        """Return the peppers. Raises SettingsError where there is none: migrations need none."""
        if self.pepper is None:
            raise SettingsError(f"APPUSERS_PEPPER: {PEPPER_REMEDY}")
        return parse_peppers(self.pepper)


@asynccontextmanager
async def installation(settings: Settings) -> AsyncGenerator[Installation]:
    """Yield the installation that the settings describe; start or join the embedded PostgreSQL.

    Raises SettingsError, and EmbeddedError where the embedded PostgreSQL does not start.
    """
    owner = settings.migration_database_url
    pepper = settings.pepper.get_secret_value() if settings.pepper else None
    if settings.database_url is not None:
        yield Installation(
            settings.database_url.get_secret_value(),
            owner.get_secret_value() if owner else None,
            pepper,
            is_embedded=False,
        )
        return
    # Imported late: a service with its own PostgreSQL never needs it.
    from db import embedded

    server = await asyncio.to_thread(embedded.start, settings.data_dir)
    keeper = asyncio.create_task(_keep_running(settings.data_dir))
    try:
        yield Installation(
            server.serving_dsn,
            server.owner_dsn,
            pepper or await asyncio.to_thread(_own_pepper, settings.data_dir),
            is_embedded=True,
        )
    finally:
        keeper.cancel()
        await asyncio.to_thread(server.close)


async def _keep_running(folder: Path) -> None:
    """Start the embedded PostgreSQL again where it was killed; joining a running one is nothing."""
    from db import embedded

    while True:
        await asyncio.sleep(KEEP_SECONDS)
        try:
            (await asyncio.to_thread(embedded.start, folder)).close()
        except embedded.EmbeddedError as error:
            log.warning("embedded.not_running", error=str(error))


def _own_pepper(folder: Path) -> str:
    """Return the pepper of an embedded installation; the first caller makes it."""
    path = folder / PEPPER_FILE
    fresh = folder / f"{PEPPER_FILE}.{os.getpid()}"
    if not path.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            # Unlike a rename, a link never replaces the pepper that another process just made.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


def owner_url(installation: Installation) -> str:
    """Return the URL of the owner of the tables. Raises SettingsError where none is set."""
    if installation.owner_url is None:
        raise SettingsError("APPUSERS_MIGRATION_DATABASE_URL: the owner's URL is needed for this.")
    return installation.owner_url


async def look(installation: Installation) -> tuple[str | None, bool]:
    """Return an embedded database's migration and whether it holds an organization.

    Raises DatabaseUnavailable.
    """
    url = owner_url(installation)
    try:
        return await checks.look_as_owner(url)
    except AWAY as error:
        raise DatabaseUnavailable(describe(error)) from error


async def migrate(installation: Installation) -> list[str]:
    """Bring the database to this release's schema and let the serving role in.

    Returns the migrations applied. Raises SettingsError, MigrationError, RoleError and
    DatabaseUnavailable.
    """
    if installation.owner_url is None:
        raise SettingsError(
            "APPUSERS_MIGRATION_DATABASE_URL: set it to the URL of the role that owns the tables;"
            " DATABASE_URL is the serving role's."
        )
    # Imported late: Alembic brings SQLAlchemy, which serving never needs.
    from db.migrate import migrate as run

    return await run(installation.owner_url, installation.serving_url)


@asynccontextmanager
async def turn(folder: Path) -> AsyncGenerator[None]:
    """Have whoever else prepares the same embedded installation wait until the block ends.

    Of two first starts both would find it empty. Raises EmbeddedError after a minute.
    """
    from db.embedded_files import FileLock

    lock = FileLock(folder / "prepare.lock")
    try:
        await asyncio.to_thread(lock.take, deadline=time.monotonic() + TURN_SECONDS)
        yield
    finally:
        lock.close()


async def migrate_embedded(installation: Installation) -> bool:
    """Migrate the embedded database where it is behind; True where it holds no organization."""
    revision, occupied = await look(installation)
    if revision is None or revision < HEAD:
        await _migrate_apart()
    return not occupied


async def _migrate_apart() -> None:
    """Run ``appusers migrate`` as a process of its own, which joins the same embedded PostgreSQL.

    Alembic and SQLAlchemy would otherwise stay in the memory of the process that serves.
    """
    # Without -P a folder called app, where the command was given, would be run in our place.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "app", "migrate"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode != 0:
        raise SettingsError(said.decode(errors="replace").removeprefix("Error: ").strip())


async def open_database(
    installation: Installation,
    size: int,
    *,
    patience_seconds: float = 0,
    statement_seconds: float | None = None,
    watch: Watch | None = None,
) -> Database:
    """Open a pool of the serving role, trying again for as long as patience lasts.

    Raises DatabaseUnavailable.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + patience_seconds
    while True:
        try:
            return await Database.open(
                installation.serving_url,
                size=size,
                statement_seconds=statement_seconds,
                watch=watch,
            )
        except DatabaseUnavailable as error:
            if loop.time() >= end:
                raise
            log.warning("startup.waits", error=str(error))
            await asyncio.sleep(min(RETRY_SECONDS, patience_seconds))


async def require_schema(database: Database) -> None:
    """Raise SettingsError unless the database is at this release's migration."""
    async with database.connection() as connection:
        revision = await checks.revision(connection)
    if revision is None or revision < HEAD:
        raise SettingsError(
            f"The database is at migration {revision or 'none'}, this release needs {HEAD}."
            " Run `appusers migrate`."
        )
