"""``/readyz``: who can verify a token at this moment is ready, and nobody else."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
import httpx
import pytest

from app import token_format
from app.verification import Verifier
from app.web.health import Readiness
from app.web.raw import Answer
from tests.conftest import settings_for
from tests.outages import away
from tests.postgres import Server, Urls
from tests.service import Service, started

READY = b'{"status":"ready"}'


@pytest.fixture
async def own(server: Server) -> Urls:
    """A database of its own, which others do not miss."""
    return await server.copy()


@pytest.fixture
async def service(own: Urls) -> AsyncGenerator[Service]:
    async with started(settings_for(own)) as running:
        yield running


async def ask(service: Service, path: str = "/readyz", method: str = "GET") -> httpx.Response:
    return await (await service.caller()).client.request(method, path)


def assert_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["error"] == "temporarily_unavailable"


class TestReady:
    async def test_before_there_is_any_organization(self, service: Service) -> None:
        answer = await ask(service)
        assert (answer.status_code, answer.content) == (200, READY)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "application/json"

    async def test_head(self, service: Service) -> None:
        assert (await ask(service, method="HEAD")).status_code == 200

    async def test_other_methods(self, service: Service) -> None:
        answer = await ask(service, method="POST")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"


class TestNotReady:
    async def test_while_the_database_is_away(
        self, server: Server, own: Urls, service: Service
    ) -> None:
        async with away(server, own):
            assert_unavailable(await ask(service))
            assert (await ask(service, "/healthz")).status_code == 200
        assert (await ask(service)).status_code == 200

    @pytest.mark.parametrize("broken", ["recognize", "matches"])
    async def test_while_what_verifies_is_broken(
        self, service: Service, monkeypatch: pytest.MonkeyPatch, broken: str
    ) -> None:
        def fail(*_arguments: object) -> object:
            raise RuntimeError("a bug")

        monkeypatch.setattr(token_format, broken, fail)
        assert (await ask(service)).status_code == 500

    async def test_while_anything_passes_for_genuine(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def anything(*_arguments: object) -> bool:
            return True

        monkeypatch.setattr(Verifier, "_genuine", anything)
        assert (await ask(service)).status_code == 500

    async def test_while_the_function_that_looks_up_is_not_there(
        self, own: Urls, service: Service
    ) -> None:
        owner: asyncpg.Connection[Any] = await asyncpg.connect(own.owner)
        try:
            await owner.execute(
                "ALTER FUNCTION look_up_presented_tokens(uuid[], uuid[], uuid[]) RENAME TO gone"
            )
            assert_unavailable(await ask(service))
        finally:
            await owner.close()

    async def locked(self, own: Urls, service: Service) -> httpx.Response:
        """Ask while somebody changes the table of tokens."""
        holder: asyncpg.Connection[Any] = await asyncpg.connect(own.owner)
        try:
            async with holder.transaction():
                await holder.execute("LOCK TABLE token IN ACCESS EXCLUSIVE MODE")
                async with asyncio.timeout(5):
                    return await ask(service)
        finally:
            await holder.close()

    async def test_behind_a_lock_on_the_table(self, own: Urls, service: Service) -> None:
        assert_unavailable(await self.locked(own, service))
        assert (await ask(service)).status_code == 200

    async def test_control_a_statement_without_a_table(
        self, own: Urls, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is answered all the time, and would call a node ready that verifies nothing."""

        async def select_one(readiness: Readiness, _method: str) -> Any:
            database, *_ = readiness.verifier.look_ups._line._databases  # pyright: ignore[reportPrivateUsage]
            async with database.connection() as connection:
                await connection.fetchval("SELECT 1")
            return Answer(200, READY)

        monkeypatch.setattr(Readiness, "_answer", select_one)
        assert (await self.locked(own, service)).status_code == 200
