"""A worker that starts while PostgreSQL is away."""

import asyncio

import pytest

from app import asgi
from app.database import DatabaseUnavailable
from tests import outages
from tests.conftest import settings_for
from tests.postgres import Server
from tests.service import started


async def test_waits_for_its_end(server: Server) -> None:
    urls = await server.copy()
    loop = asyncio.get_running_loop()
    async with outages.away(server, urls):

        async def start() -> float:
            async with started(settings_for(urls)) as service:
                answer = await (await service.caller()).run("{ __typename }")
                assert answer.response.status_code == 200
                return loop.time()

        starting = asyncio.create_task(start())
        done, _ = await asyncio.wait({starting}, timeout=1)
        assert not done
    before = loop.time()
    assert await starting >= before


async def test_not_for_ever(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "PATIENCE_SECONDS", 0.1)
    urls = await server.copy()
    async with outages.away(server, urls):
        with pytest.raises(DatabaseUnavailable):
            async with started(settings_for(urls)):
                pass
