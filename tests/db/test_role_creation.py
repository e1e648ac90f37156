"""The serving role: made with its password, kept on the next run, explained where it cannot be."""

import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import pytest

from db.migrate import migrate
from db.roles import RoleError
from tests.postgres import Server, Urls


def login(url: str, name: str, password: str | None) -> str:
    """The same URL with other credentials."""
    parts = urlsplit(url)
    credentials = quote(name, safe="") + (f":{quote(password, safe='')}" if password else "")
    netloc = f"{credentials}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))


@dataclass(frozen=True)
class Place:
    """An empty database, and roles that are gone after the test."""

    urls: Urls
    roles: list[str]

    def role(self, name: str = "service") -> str:
        """A name that no role of the server has."""
        self.roles.append(f"appusers_test_{secrets.token_hex(4)}_{name}")
        return self.roles[-1]

    async def run(self, statement: str) -> None:
        """Run a statement as the superuser."""
        connection = await asyncpg.connect(self.urls.owner)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def logs_in(self, url: str) -> bool:
        """Whether a URL opens a session that sees the schema."""
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval("SELECT true FROM alembic_version")
        finally:
            await connection.close()


@pytest.fixture
async def place(server: Server) -> AsyncIterator[Place]:
    made = Place(await server.empty(), [])
    yield made
    connection = await asyncpg.connect(made.urls.owner)
    for name in reversed(made.roles):
        if await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name):
            database = await connection.fetchval("SELECT quote_ident(current_database())")
            await connection.execute(f"ALTER DATABASE {database} OWNER TO current_user")
            await connection.execute(f'DROP OWNED BY "{name}" CASCADE; DROP ROLE "{name}"')
    await connection.close()


class TestCreated:
    async def test_with_its_password_and_nothing_more(self, place: Place) -> None:
        name = place.role("it's quoted")
        serving = login(place.urls.owner, name, "p'a%s:s/w@rd")
        await migrate(place.urls.owner, serving)
        assert await place.logs_in(serving)
        connection = await asyncpg.connect(place.urls.owner)
        found = await connection.fetchrow(
            "SELECT a.rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,"
            "       rolreplication, s.rolpassword"
            "  FROM pg_roles a JOIN pg_authid s USING (oid, rolsuper, rolbypassrls, rolcreatedb,"
            "       rolcreaterole, rolreplication) WHERE a.rolname = $1",
            name,
        )
        await connection.close()
        assert found is not None
        assert tuple(found)[:-1] == (True, False, False, False, False, False)
        assert found["rolpassword"].startswith("SCRAM-SHA-256$")

    async def test_without_password(self, place: Place) -> None:
        name = place.role()
        await migrate(place.urls.owner, login(place.urls.owner, name, None))
        connection = await asyncpg.connect(place.urls.owner)
        found = await connection.fetchval(
            "SELECT rolpassword FROM pg_authid WHERE rolname = $1", name
        )
        await connection.close()
        assert found is None


class TestKept:
    async def test_the_next_run_changes_no_password(self, place: Place) -> None:
        name = place.role()
        await migrate(place.urls.owner, login(place.urls.owner, name, "first"))
        connection = await asyncpg.connect(place.urls.owner)
        verifier = "SELECT rolpassword FROM pg_authid WHERE rolname = $1"
        before = await connection.fetchval(verifier, name)
        await migrate(place.urls.owner, login(place.urls.owner, name, "second"))
        assert await connection.fetchval(verifier, name) == before
        await connection.close()

    async def test_a_privilege_that_was_taken_comes_back(self, place: Place) -> None:
        name = place.role()
        serving = login(place.urls.owner, name, "password")
        await migrate(place.urls.owner, serving)
        await place.run(f'REVOKE ALL ON alembic_version FROM "{name}"')
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await place.logs_in(serving)
        await migrate(place.urls.owner, serving)
        assert await place.logs_in(serving)


class TestRefused:
    async def test_the_owner_as_serving_role(self, place: Place) -> None:
        with pytest.raises(RoleError, match=r"both log in as .* passes its row level security"):
            await migrate(place.urls.owner, place.urls.owner)

    async def test_no_role_at_all(self, place: Place) -> None:
        parts = urlsplit(place.urls.owner)
        nobody = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        with pytest.raises(RoleError, match="names no user"):
            await migrate(place.urls.owner, nobody)

    async def test_an_owner_who_may_create_none_is_told_what_to_run(self, place: Place) -> None:
        plain, name = place.role("owner"), place.role()
        await place.run(f"CREATE ROLE \"{plain}\" LOGIN PASSWORD 'password'")
        database = urlsplit(place.urls.owner).path.removeprefix("/")
        await place.run(f'ALTER DATABASE "{database}" OWNER TO "{plain}"')
        owner = login(place.urls.owner, plain, "password")
        serving = login(place.urls.owner, name, "password")
        with pytest.raises(RoleError, match="may not create the serving role") as caught:
            await migrate(owner, serving)
        told = re.search(r"CREATE ROLE .*?;", str(caught.value))
        assert told is not None
        await place.run(told.group().replace("…", "password"))
        assert await migrate(owner, serving) == []
        assert await place.logs_in(serving)
