"""The pool: a transaction that ends one way or the other, and a server that goes away."""

import asyncio
import random
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

import db.pool
from db import organizations, users
from db.pool import Database, DatabaseUnavailable
from tests.db.rows import ALICE, BOB, A
from tests.postgres import Server, Urls

CHANGE = "UPDATE organization_user SET description = 'changed'"
CLEAR = "UPDATE organization_user SET description = NULL"


@pytest.fixture
async def single(copied: Urls) -> AsyncIterator[Database]:
    """A pool of one connection: the next borrower gets the very same."""
    opened = await Database.open(copied.serving, size=1)
    yield opened
    await opened.close()


async def assert_clean(database: Database) -> None:
    """Assert that the next borrower starts outside any transaction and any tenant."""
    async with database.connection() as connection:
        assert not connection.is_in_transaction()
        assert not await connection.fetch("SELECT token_id FROM token")
        assert not await connection.fetchval("SELECT current_setting('app.organization_id', true)")
        # The same transaction for two statements would be one that was left open.
        first, second = [await connection.fetchval("SELECT now()") for _ in range(2)]
        assert first < second


async def run(database: Database, *statements: str) -> None:
    """Run statements in one transaction of A."""
    async with database.tenant(A) as connection:
        for statement in statements:
            await connection.execute(statement)


async def description(database: Database) -> str | None:
    async with database.tenant(A) as connection:
        (found,) = await users.find(connection, A, [ALICE])
        return found.description


class TestCommitted:
    async def test_and_clean(self, single: Database) -> None:
        await run(single, CHANGE)
        assert await description(single) == "changed"
        await assert_clean(single)
        await run(single, CLEAR)

    async def test_only_an_id_opens_a_tenant(self, single: Database) -> None:
        with pytest.raises(TypeError):
            async with single.tenant("'; DROP TABLE token; --"):  # pyright: ignore[reportArgumentType]
                pass


class TestRolledBack:
    async def test_on_an_exception(self, single: Database) -> None:
        async def work() -> None:
            async with single.tenant(A) as connection:
                await connection.execute(CHANGE)
                raise KeyError

        with pytest.raises(KeyError):
            await work()
        assert await description(single) is None
        await assert_clean(single)

    async def test_on_a_failed_statement(self, single: Database) -> None:
        with pytest.raises(asyncpg.CheckViolationError):
            await run(single, CHANGE, "UPDATE organization_user SET name = ''")
        assert await description(single) is None
        await assert_clean(single)

    async def test_a_swallowed_failure_is_not_taken_for_a_commit(self, single: Database) -> None:
        async def work() -> None:
            async with single.tenant(A) as connection:
                await connection.execute(CHANGE)
                with pytest.raises(asyncpg.DivisionByZeroError):
                    await connection.execute("SELECT 1 / 0")

        with pytest.raises(RuntimeError, match="had failed"):
            await work()
        assert await description(single) is None
        await assert_clean(single)

    async def test_on_a_name_that_is_taken(self, single: Database) -> None:
        async def take() -> None:
            async with single.tenant(A) as connection:
                (bob,) = await users.find(connection, A, [BOB])
                changed = await users.update(
                    connection,
                    A,
                    ALICE,
                    name="x",
                    name_key=bob.name_key,
                    description=None,
                    state="ACTIVE",
                )
                if changed is None:
                    raise KeyError

        with pytest.raises(KeyError):
            await take()
        await assert_clean(single)


class TestCancelled:
    async def test_in_the_middle_of_a_statement(self, single: Database) -> None:
        begun = asyncio.Event()

        async def work() -> None:
            async with single.tenant(A) as connection:
                await connection.execute(CHANGE)
                begun.set()
                await connection.execute("SELECT pg_sleep(30)")

        task = asyncio.create_task(work())
        await begun.wait()
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await description(single) is None
        await assert_clean(single)

    async def test_between_statements(self, single: Database) -> None:
        begun = asyncio.Event()

        async def work() -> None:
            async with single.tenant(A) as connection:
                await connection.execute(CHANGE)
                begun.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await description(single) is None
        await assert_clean(single)

    async def test_at_any_moment(self, single: Database) -> None:
        """BEGIN and COMMIT included; each round is cut at another one."""
        dice = random.Random(1)

        async def work() -> None:
            async with single.tenant(A) as connection:
                for _ in range(3):
                    await connection.execute(CHANGE)

        for _ in range(60):
            task = asyncio.create_task(work())
            await asyncio.wait([task], timeout=dice.uniform(0, 0.003))
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled() or task.exception() is None
        await assert_clean(single)
        await run(single, CLEAR)


class TestUnavailable:
    async def test_when_the_database_goes_away(self, server: Server) -> None:
        urls = await server.copy()
        database = await Database.open(urls.serving, size=2)
        name = urlsplit(urls.owner).path.removeprefix("/")
        admin = await asyncpg.connect(server.admin_url)

        async def work() -> None:
            async with database.tenant(A) as connection:
                await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
                await connection.fetchval("SELECT 1")

        with pytest.raises(DatabaseUnavailable):
            await work()
        for _ in range(3):
            with pytest.raises(DatabaseUnavailable):
                async with database.connection():
                    pass
        with pytest.raises(DatabaseUnavailable):
            await Database.open(urls.serving)
        # The server of the tests drops what it made, and it comes back as after a restore.
        await admin.execute(f'CREATE DATABASE "{name}"')
        await admin.close()
        async with database.connection() as connection:
            assert await connection.fetchval("SELECT 1") == 1
        await database.close()

    async def test_when_a_session_is_ended(self, single: Database, copied: Urls) -> None:
        owner = await asyncpg.connect(copied.owner)

        async def work() -> None:
            async with single.tenant(A) as connection:
                own = await connection.fetchval("SELECT pg_backend_pid()")
                await owner.execute("SELECT pg_terminate_backend($1)", own)
                await connection.execute("SELECT pg_sleep(1)")

        # What the client sees depends on how far the server's farewell has come, hence the rounds.
        for _ in range(20):
            with pytest.raises(DatabaseUnavailable):
                await work()
        await owner.close()
        await assert_clean(single)

    async def test_when_nothing_listens(self) -> None:
        with pytest.raises(DatabaseUnavailable, match="Connect"):
            await Database.open("postgresql://service@127.0.0.1:1/none")

    async def test_when_the_server_never_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(db.pool, "CONNECT_SECONDS", 0.1)
        gone = asyncio.Event()

        async def keep_silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await gone.wait()
            writer.close()

        listener = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        async with asyncio.timeout(1):
            with pytest.raises(DatabaseUnavailable, match="Timeout"):
                await Database.open(f"postgresql://service@127.0.0.1:{port}/none?sslmode=disable")
        gone.set()
        listener.close()


class TestDeadline:
    async def test_of_a_statement(self, copied: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(db.pool, "STATEMENT_SECONDS", 0.1)
        database = await Database.open(copied.serving, size=1)
        async with asyncio.timeout(1):
            with pytest.raises(DatabaseUnavailable, match="Timeout"):
                async with database.tenant(A) as connection:
                    await connection.execute("SELECT pg_sleep(30)")
        await assert_clean(database)
        await database.close()

    async def test_of_waiting_for_a_connection(
        self, single: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(db.pool, "CONNECT_SECONDS", 0.1)
        async with single.connection():
            with pytest.raises(DatabaseUnavailable, match="Timeout"):
                async with single.connection():
                    pass
        await assert_clean(single)

    async def test_of_closing_while_one_is_lent(
        self, copied: Urls, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(db.pool, "CONNECT_SECONDS", 0.1)
        database = await Database.open(copied.serving, size=1)

        async def work() -> None:
            async with database.connection() as connection:
                await database.close()
                await connection.execute("SELECT 1")

        with pytest.raises(DatabaseUnavailable):
            await work()


class TestBug:
    """What is wrong with a statement is no outage: nobody should be told to try again."""

    async def test_of_a_statement_surfaces(self, single: Database) -> None:
        with pytest.raises(asyncpg.UndefinedColumnError):
            async with single.connection() as connection:
                await connection.execute("SELECT nothing FROM token")

    async def test_of_an_argument_surfaces(self, single: Database) -> None:
        with pytest.raises(asyncpg.DataError, match="invalid input for query argument"):
            async with single.tenant(A) as connection:
                await organizations.set_limit(connection, A, 2**40)
        await assert_clean(single)
