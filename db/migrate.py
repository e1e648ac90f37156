"""Brings a database to the newest schema and lets the serving role in.

The only module, beside the migrations themselves, that imports Alembic and SQLAlchemy.
"""

import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from db import hosts
from db.pool import AWAY, CONNECT_SECONDS, DatabaseUnavailable, describe
from db.roles import grant_serving_role

# One number for this product, so that two `migrate` at once take turns.
LOCK = 7_012_026_110_114
LOCK_SECONDS = 60.0
LOCK_POLL_SECONDS = 0.2


class MigrationError(Exception):
    """The database was left at the last migration that worked; the text says why."""


def config() -> Config:
    """Alembic's configuration for code; ``[tool.alembic]`` in pyproject.toml serves developers."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return settings


async def migrate(owner_dsn: str, serving_dsn: str) -> list[str]:
    """Apply what is missing as the owner, then create and grant the role of ``serving_dsn``.

    Returns the revisions applied, oldest first. Raises MigrationError, RoleError and
    DatabaseUnavailable.
    """
    engine = create_async_engine(
        "postgresql+asyncpg://",
        poolclass=NullPool,
        # asyncpg reads the URL itself: SQLAlchemy knows neither its socket hosts nor sslmode.
        async_creator=lambda: hosts.connect(owner_dsn, CONNECT_SECONDS),
    )
    try:
        async with engine.connect() as connection:
            await _lock(connection)
            applied = await connection.run_sync(_upgrade)
            await connection.commit()
            # Under the lock, too: PostgreSQL refuses one of two grants on a table at a time. The
            # end of the session gives the lock back, whatever became of the transaction.
            await grant_serving_role(owner_dsn, serving_dsn)
    except (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError) as error:
        raise MigrationError(
            f"A migration waited or ran for too long and was rolled back ({describe(error)})."
            " Run `appusers migrate` again when the database is less busy."
        ) from error
    except AWAY as error:
        raise DatabaseUnavailable(describe(error)) from error
    except (asyncpg.PostgresError, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        raise MigrationError(
            f"A migration failed and was rolled back ({describe(cause)})."
        ) from error
    finally:
        await engine.dispose()
    return applied


async def _lock(connection: AsyncConnection) -> None:
    # A blocking lock would wait inside a transaction, and CREATE INDEX CONCURRENTLY of the holder
    # waits for every transaction: each would wait for the other.
    deadline = asyncio.get_running_loop().time() + LOCK_SECONDS
    while True:
        got = await connection.scalar(text(f"SELECT pg_try_advisory_lock({LOCK})"))
        await connection.execute(text("SET lock_timeout = '5s'"))
        await connection.execute(text("SET statement_timeout = '10min'"))
        await connection.commit()
        if got:
            return
        if asyncio.get_running_loop().time() > deadline:
            raise MigrationError(
                "Another migration holds the lock for over a minute. Wait for it to end, or end"
                " its session in pg_stat_activity, and run `appusers migrate` again."
            )
        await asyncio.sleep(LOCK_POLL_SECONDS)


def _upgrade(connection: SyncConnection) -> list[str]:
    settings = config()
    scripts = ScriptDirectory.from_config(settings)
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise MigrationError(
            f"The database is at migration {current}, which this release does not know:"
            " it was migrated by a newer one. Install that release."
        )
    missing = [script.revision for script in scripts.iterate_revisions("head", current)]
    settings.attributes["connection"] = connection
    connection.commit()
    command.upgrade(settings, "head")
    return list(reversed(missing))
