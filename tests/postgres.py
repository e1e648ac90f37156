"""The PostgreSQL that the tests use: the embedded one, or APPUSERS_TEST_DATABASE_URL's."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from db import embedded
from db.migrate import migrate

SERVING_PASSWORD = secrets.token_hex(16)
# What a test loses when the machine loses power is of no value; what it saves is minutes.
FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


@dataclass(frozen=True)
class Urls:
    """One database as its owner and as the serving role reach it."""

    owner: str
    serving: str


class Server:
    """A PostgreSQL server with a migrated template to copy databases from."""

    def __init__(self, admin_url: str, serving_role: str, *, is_embedded: bool) -> None:
        self.admin_url = admin_url
        self.serving_role = serving_role
        self.is_embedded = is_embedded
        self._prefix = f"appusers_test_{secrets.token_hex(4)}"
        self._made: list[str] = []

    def urls(self, database: str) -> Urls:
        """Return the URLs of a database of this server."""
        return Urls(
            _with(self.admin_url, database=database),
            _with(self.admin_url, database=database, login=(self.serving_role, SERVING_PASSWORD)),
        )

    async def make_template(self) -> None:
        """Make the database that others are copies of."""
        await self._run(f'CREATE DATABASE "{self._prefix}"')
        self._made.append(self._prefix)
        urls = self.urls(self._prefix)
        await migrate(urls.owner, urls.serving)

    async def empty(self) -> Urls:
        """Make a database that was never migrated."""
        return await self._create("TEMPLATE template0 ENCODING 'UTF8'")

    async def copy(self) -> Urls:
        """Make a migrated database that nobody else uses."""
        return await self._create(f'TEMPLATE "{self._prefix}"')

    async def _create(self, how: str) -> Urls:
        name = f"{self._prefix}_{len(self._made)}"
        await self._run(f'CREATE DATABASE "{name}" {how}')
        self._made.append(name)
        return self.urls(name)

    async def clean_up(self) -> None:
        """Drop what was made, on a server that outlives the tests."""
        for name in self._made:
            await self._run(f'DROP DATABASE "{name}" WITH (FORCE)')
        await self._run(f'DROP ROLE IF EXISTS "{self.serving_role}"')

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def server() -> Generator[Server]:
    """Yield the server that the environment asks for."""
    given = os.environ.get("APPUSERS_TEST_DATABASE_URL")
    role = f"appusers_test_service_{secrets.token_hex(4)}"
    if given:
        yield Server(given, role, is_embedded=False)
        return
    # Below the system's own folder for temporary files, which the account that PostgreSQL runs as
    # can reach when the tests run as root.
    folder = Path(tempfile.gettempdir()) / f"appusers-tests-{secrets.token_hex(4)}"
    try:
        with embedded.start(folder, FAST) as running:
            admin = _with(running.owner_dsn, database="postgres")
            yield Server(admin, role, is_embedded=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _with(url: str, *, database: str, login: tuple[str, str] | None = None) -> str:
    parts = urlsplit(url)
    netloc = parts.netloc
    if login is not None:
        host = netloc.rpartition("@")[2]
        netloc = f"{quote(login[0])}:{quote(login[1])}@{host}"
    return urlunsplit((parts.scheme, netloc, "/" + quote(database), parts.query, ""))


__all__ = ["SERVING_PASSWORD", "Server", "Urls", "server"]
