"""An upgrade under traffic: migrate first, then the workers; and back again.

Workers of an earlier release, out of the repository's history, serve while this release migrates
their database. Then workers of both serve, then this release's alone.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from tests.cli import rollout
from tests.cli.processes import Served, appusers, serving
from tests.cli.rollout import Traffic
from tests.conftest import PEPPER
from tests.credentials import is_accepted
from tests.postgres import Server, Urls

ROUNDS = 4


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source of an earlier release, with fewer migrations."""
    commit = rollout.find_earlier()
    if commit is None:
        pytest.skip("no earlier release in this clone; fetch the whole history")
    return rollout.unpack(commit, tmp_path_factory.mktemp("earlier"))


@pytest.fixture
async def urls(server: Server) -> Urls:
    return await server.empty()


def environment(urls: Urls) -> dict[str, str]:
    return {
        "DATABASE_URL": urls.serving,
        "APPUSERS_MIGRATION_DATABASE_URL": urls.owner,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_ACTIVITY_FLUSH_SECONDS": "0.2",
        "APPUSERS_LOG_LEVEL": "warning",
    }


async def prepared(urls: Urls, earlier: Path) -> Traffic:
    """Migrate with the earlier release and make an organization for the traffic."""
    settings = environment(urls)
    migrated = await appusers(settings, "migrate", tree=earlier)
    assert migrated.code == 0, migrated.err
    made = await appusers(
        *(settings, "bootstrap", "--organization", "Acme", "--admin", "a@acme.example"),
        tree=earlier,
    )
    assert made.code == 0, made.err
    words = made.out.split()
    (token,) = [word for word in words if word.startswith("appu_")]
    (organization_id,) = [word for word in words if word.startswith("org_")]
    return Traffic(token, organization_id)


async def several(
    stack: AsyncExitStack, settings: dict[str, str], tree: Path | None = None
) -> list[Served]:
    """Start two workers at once."""
    started = [stack.enter_async_context(serving(settings, tree=tree)) for _ in range(2)]
    return list(await asyncio.gather(*started))


async def revision(urls: Urls) -> str:
    connection = await asyncpg.connect(urls.owner)
    try:
        return await connection.fetchval("SELECT version_num FROM alembic_version")
    finally:
        await connection.close()


def complaints(nodes: list[Served]) -> Iterator[str]:
    """Yield what workers logged as an error."""
    for node in nodes:
        assert node.ended is not None
        yield from (line for line in node.ended.err.splitlines() if "[error" in line)


async def test_no_request_fails(urls: Urls, earlier: Path) -> None:
    traffic = await prepared(urls, earlier)
    settings = environment(urls)
    before = await revision(urls)
    async with AsyncExitStack() as stack, AsyncExitStack() as clients:
        olds = await several(stack, settings, earlier)
        for old in olds:
            await traffic.add(clients, old.url)
        async with traffic.going_on():
            await traffic.wait(ROUNDS)
            migrated = await appusers(settings, "migrate")
            assert migrated.code == 0, migrated.err
            assert await revision(urls) > before
            await traffic.wait(ROUNDS)
            news = await several(stack, settings)
            for new in news:
                await traffic.add(clients, new.url)
            await traffic.wait(ROUNDS)
            del traffic.nodes[:2]
            await traffic.wait(ROUNDS)
            await asyncio.gather(*(old.stop() for old in olds))
            # Back: an old worker starts on the migrated database.
            again = await stack.enter_async_context(serving(settings, tree=earlier))
            await traffic.add(clients, again.url)
            await traffic.wait(ROUNDS)
        assert traffic.failures == []
        assert traffic.verifications > 4 * ROUNDS
        await asyncio.gather(*(node.stop() for node in (*news, again)))
        assert list(complaints([*olds, *news, again])) == []


async def test_the_check_sees_a_migration_that_breaks_the_old(urls: Urls, earlier: Path) -> None:
    """The control: a migration that takes away what the earlier release reads."""
    traffic = await prepared(urls, earlier)
    settings = environment(urls)
    async with AsyncExitStack() as clients, serving(settings, tree=earlier) as old:
        node = await traffic.add(clients, old.url)
        assert await is_accepted(node, traffic.token)
        async with traffic.going_on():
            await traffic.wait(3)
            connection = await asyncpg.connect(urls.owner)
            await connection.execute("ALTER TABLE token RENAME COLUMN scopes TO scope_names")
            await connection.close()
            await traffic.wait(3)
        assert traffic.failures
