"""`migrate`: from nothing, again, twice at once, and when a migration fails."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import db.migrate
from db import checks
from db.migrate import LOCK, MigrationError, config, migrate
from db.migrations import HEAD
from db.pool import Database, DatabaseUnavailable
from tests.postgres import Server, Urls

ALL = ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009"]
BROKEN = """
from db.migrations import scripts

revision = "0099"
down_revision = "{head}"


def upgrade():
    scripts.run("CREATE TABLE half ()")
    scripts.run("{last}")
"""
Broken = Callable[[str], None]


async def state(urls: Urls) -> tuple[str | None, set[str]]:
    """The revision of a database and its tables."""
    connection = await asyncpg.connect(urls.owner)
    try:
        tables = await connection.fetch(
            "SELECT relname::text FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        return await checks.revision(connection), {row["relname"] for row in tables}
    finally:
        await connection.close()


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Broken:
    """Puts a migration behind the real ones, which ends in a statement."""
    scripts = tmp_path / "migrations"
    shutil.copytree(Path(db.migrate.__file__).parent / "migrations", scripts)

    def put(last: str) -> None:
        (scripts / "versions" / "0099_broken.py").write_text(BROKEN.format(head=HEAD, last=last))
        settings = Config()
        settings.set_main_option("script_location", str(scripts))
        monkeypatch.setattr(db.migrate, "config", lambda: settings)

    return put


class TestMigrated:
    async def test_empty_database_then_nothing_is_left_to_do(self, server: Server) -> None:
        urls = await server.empty()
        assert await state(urls) == (None, set())
        assert await migrate(urls.owner, urls.serving) == ALL
        revision, tables = await state(urls)
        assert revision == HEAD
        assert tables > {"organization", "token"}
        assert await migrate(urls.owner, urls.serving) == []
        assert await state(urls) == (revision, tables)
        database = await Database.open(urls.serving, size=1)
        async with database.connection() as connection:
            assert await checks.revision(connection) == HEAD
        await database.close()

    async def test_two_at_once_both_succeed(self, server: Server) -> None:
        urls = await server.empty()
        done = await asyncio.gather(*(migrate(urls.owner, urls.serving) for _ in range(2)))
        assert sorted(done) == [[], ALL]

    async def test_several_at_once_where_nothing_is_missing(self, server: Server) -> None:
        urls = await server.copy()
        assert await asyncio.gather(*(migrate(urls.owner, urls.serving) for _ in range(4))) == [
            [], [], [], [],
        ]  # fmt: skip

    async def test_the_role_is_granted_under_the_lock(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """PostgreSQL fails one of two grants at a time: tuple concurrently updated."""
        free: list[bool] = []

        async def look(owner_dsn: str, _: str) -> None:
            connection = await asyncpg.connect(owner_dsn)
            free.append(await connection.fetchval(f"SELECT pg_try_advisory_lock({LOCK})"))
            await connection.close()

        monkeypatch.setattr(db.migrate, "grant_serving_role", look)
        urls = await server.copy()
        await migrate(urls.owner, urls.serving)
        assert free == [False]

    async def test_takes_turns_with_the_holder_of_the_lock(self, server: Server) -> None:
        urls = await server.copy()
        holder = await asyncpg.connect(urls.owner)
        await holder.execute(f"SELECT pg_advisory_lock({LOCK})")
        waiting = asyncio.create_task(migrate(urls.owner, urls.serving))
        assert not (await asyncio.wait([waiting], timeout=0.5))[0]
        await holder.close()
        assert await waiting == []

    def test_head_is_the_newest_migration(self) -> None:
        assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


class TestRefused:
    async def test_database_of_a_newer_release(self, server: Server) -> None:
        urls = await server.copy()
        connection = await asyncpg.connect(urls.owner)
        await connection.execute("UPDATE alembic_version SET version_num = '9999'")
        await connection.close()
        with pytest.raises(MigrationError, match=r"at migration 9999, .* Install that release"):
            await migrate(urls.owner, urls.serving)

    async def test_lock_that_is_never_given_back(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(db.migrate, "LOCK_SECONDS", 0.1)
        urls = await server.copy()
        holder = await asyncpg.connect(urls.owner)
        await holder.execute(f"SELECT pg_advisory_lock({LOCK})")
        with pytest.raises(MigrationError, match="Another migration holds the lock"):
            await migrate(urls.owner, urls.serving)
        await holder.close()

    async def test_no_server(self) -> None:
        nowhere = "postgresql://owner@127.0.0.1:1/none"
        with pytest.raises(DatabaseUnavailable):
            await migrate(nowhere, nowhere)


class TestFailed:
    async def test_leaves_nothing_half_done(self, server: Server, then: Broken) -> None:
        urls = await server.empty()
        then("SELECT 1 / 0")
        with pytest.raises(MigrationError, match=r"rolled back \(DivisionByZeroError"):
            await migrate(urls.owner, urls.serving)
        revision, tables = await state(urls)
        assert revision == HEAD
        assert "half" not in tables

    async def test_is_made_up_for_by_the_next_run(self, server: Server, then: Broken) -> None:
        urls = await server.empty()
        then("SELECT 1 / 0")
        with pytest.raises(MigrationError):
            await migrate(urls.owner, urls.serving)
        then("SELECT 1")
        assert await migrate(urls.owner, urls.serving) == ["0099"]
        revision, tables = await state(urls)
        assert revision == "0099"
        assert "half" in tables

    async def test_waits_for_a_table_only_so_long(self, server: Server, then: Broken) -> None:
        urls = await server.copy()
        then("SET LOCAL lock_timeout = '100ms'; ALTER TABLE token ADD COLUMN c int")
        reader = await asyncpg.connect(urls.owner)
        await reader.execute("BEGIN; LOCK TABLE token IN ACCESS SHARE MODE")
        with pytest.raises(MigrationError, match="waited or ran for too long"):
            await migrate(urls.owner, urls.serving)
        await reader.close()
        assert (await state(urls))[0] == HEAD
