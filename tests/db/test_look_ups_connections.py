"""Look-ups on connections that end, or that nobody answers: what comes next is answered."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.look_up_lines import Line
from app.look_ups import LookUps
from db.pool import Database, DatabaseUnavailable
from db.presented import PresentedToken
from tests.db import relay
from tests.db.looking_up import (
    DEADLINE,
    fails,
    is_there,
    make_first_hang,
    opened,
    succeeds,
    timed,
)
from tests.outages import away
from tests.postgres import Server, Urls

pytestmark = pytest.mark.usefixtures("complaints")


@pytest.fixture
async def database(copied: Urls) -> AsyncIterator[Database]:
    async with opened(copied.serving) as made:
        yield made


@pytest.fixture
async def found(database: Database) -> LookUps:
    return LookUps(database, DEADLINE)


class WithoutRetry(Line):
    """The control: a failure is final."""

    async def _look_up(self, batch: Any) -> list[PresentedToken]:
        return await self._ask_database(batch)


def terminate(dsn: str) -> None:
    """End every other session in a database, without this thread's loop hearing of it."""

    async def end() -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await connection.close()

    thread = threading.Thread(target=lambda: asyncio.run(end()))
    thread.start()
    thread.join()


class TestEnded:
    async def test_connections_between_two_look_ups(self, found: LookUps, copied: Urls) -> None:
        for _ in range(5):
            terminate(copied.owner)
            await succeeds(found)

    async def test_control_without_a_second_attempt(self, database: Database, copied: Urls) -> None:
        terminate(copied.owner)
        answer, _ = await timed(WithoutRetry([database], DEADLINE))
        assert isinstance(answer, DatabaseUnavailable)

    async def test_a_connection_in_the_middle(
        self, database: Database, copied: Urls, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_first_hang(monkeypatch)
        asked = asyncio.create_task(timed(LookUps(database, 5)))
        await asyncio.sleep(0.05)
        terminate(copied.owner)
        answer, _ = await asked
        assert is_there(answer)

    async def test_the_server_for_a_while(
        self, found: LookUps, server: Server, copied: Urls
    ) -> None:
        async with away(server, copied):
            for _ in range(3):
                await fails(found)
        await succeeds(found)


class TestHalfOpen:
    """Nobody says that the other side is gone."""

    async def test_the_first_look_up_afterwards_is_answered(self, copied: Urls) -> None:
        async with relay.opened(copied.serving) as link, opened(link.dsn) as database:
            found = LookUps(database, DEADLINE)
            await succeeds(found)
            link.swallow()
            # The first is on a connection from before, the second waits for one of its own.
            for _ in range(2):
                await fails(found)
            link.heal()
            await succeeds(found)
            await link.cut()

    async def test_control_with_trust_in_the_other_connections(
        self, copied: Urls, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        distrust = Database.distrust

        async def trust(_: Database) -> None:
            monkeypatch.setattr(Database, "distrust", distrust)

        monkeypatch.setattr(Database, "distrust", trust)
        async with relay.opened(copied.serving) as link, opened(link.dsn) as database:
            found = LookUps(database, DEADLINE)
            link.swallow()
            await fails(found)
            link.heal()
            await fails(found)
            await succeeds(found)
            await link.cut()
