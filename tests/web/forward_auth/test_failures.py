"""What gateways are told when something breaks: never that a request may pass."""

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import asyncpg
import httpx
import pytest

from app import ids, organizations
from app.database import Database
from app.verification import Verifier
from tests.api_client import Organization
from tests.conftest import PEPPERS, settings_for
from tests.outages import away
from tests.postgres import Server, Urls
from tests.service import started
from tests.waiting import until
from tests.web.forward_auth.gateway import IDENTITY, Gateway, assert_refused


@dataclass(frozen=True)
class Own:
    """A gateway in front of an application on a database that nobody else uses."""

    urls: Urls
    gateway: Gateway
    token: str
    organization_id: str

    async def ask(self, token: str | None = None) -> httpx.Response:
        return await self.gateway.ask(
            token or self.token, {"organization_id": self.organization_id}
        )

    async def lets_through(self) -> bool:
        return (await self.ask()).status_code == 200


@pytest.fixture(scope="module")
async def own(server: Server) -> AsyncGenerator[Own]:
    """An application with an administrator."""
    urls = await server.copy()
    database = await Database.open(urls.serving, size=1)
    made = await organizations.bootstrap(
        database, PEPPERS, name="Own", admin_email="admin@own.example"
    )
    await database.close()
    async with started(settings_for(urls)) as service:
        gateway = Gateway((await service.caller()).client)
        yield Own(urls, gateway, made.full_token, ids.organization_id(made.organization_id))


def assert_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["error"] == "temporarily_unavailable"
    assert "www-authenticate" not in answer.headers
    assert not any(name in answer.headers for name in IDENTITY)


class TestDatabaseAway:
    async def test_is_unavailable_until_it_is_back(self, server: Server, own: Own) -> None:
        assert await own.lets_through()
        async with away(server, own.urls):
            assert_unavailable(await own.ask())
            # What needs no database is answered all the same.
            assert_refused(await own.ask("junk"))
        await until(own.lets_through)

    async def test_hanging_is_unavailable_within_a_second(self, own: Own) -> None:
        connection = await asyncpg.connect(own.urls.owner)
        try:
            async with connection.transaction():
                await connection.execute("LOCK TABLE token IN ACCESS EXCLUSIVE MODE")
                began = time.monotonic()
                for answer in await asyncio.gather(*[own.ask() for _ in range(20)]):
                    assert_unavailable(answer)
                assert time.monotonic() - began < 2
        finally:
            await connection.close()
        await until(own.lets_through)


class TestBug:
    async def test_is_masked(
        self, organization: Organization, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fail(*_: object) -> None:
            raise RuntimeError("secret")

        monkeypatch.setattr(Verifier, "check", fail)
        answer = await gateway.ask(
            organization.admin.token,
            {"organization_id": organization.id},
            headers=[("X-Request-Id", "the-id")],
        )
        assert answer.status_code == 500
        assert answer.json()["error"] == "server_error"
        assert answer.headers["x-request-id"] == "the-id"
        assert "secret" not in answer.text
        assert not any(name in answer.headers for name in IDENTITY)
