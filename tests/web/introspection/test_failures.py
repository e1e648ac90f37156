"""What resource servers are told when something breaks: never active, and never inactive."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from app import organizations, token_format
from app.database import Database
from app.verification import Verifier
from tests.conftest import PEPPERS, settings_for
from tests.log_of_service import log_of_service
from tests.outages import away
from tests.postgres import Server, Urls
from tests.service import started
from tests.waiting import until
from tests.web.answers import assert_error, assert_refused
from tests.web.introspection.asking import ResourceServer


@dataclass(frozen=True)
class Own:
    """A resource server of an application on a database that nobody else uses."""

    urls: Urls
    server: ResourceServer
    token: str

    async def is_active(self) -> bool:
        """Tell whether all is well."""
        answer = await self.server.ask(self.token)
        return answer.status_code == 200 and answer.json()["active"] is True


@pytest.fixture(scope="module")
async def own(server: Server) -> AsyncGenerator[Own]:
    """An application with an administrator, who asks about its own token."""
    urls = await server.copy()
    database = await Database.open(urls.serving, size=1)
    made = await organizations.bootstrap(
        database, PEPPERS, name="Own", admin_email="admin@own.example"
    )
    await database.close()
    async with started(settings_for(urls)) as service:
        client = (await service.caller()).client
        yield Own(urls, ResourceServer(client, made.full_token), made.full_token)


class TestDatabaseAway:
    async def test_is_unavailable_until_it_is_back(self, server: Server, own: Own) -> None:
        assert await own.is_active()
        missing = token_format.make(*_ids(own.token))
        async with away(server, own.urls):
            # Of a live token, of one with another secret, of junk: nobody knows who asks.
            for token in (own.token, missing, "junk"):
                answer = await own.server.ask(token)
                assert_error(answer, 503, "temporarily_unavailable")
                assert answer.headers["retry-after"] == "1"
                assert "active" not in answer.text
            # What needs no database is answered all the same.
            assert_refused(await own.server.with_token("junk").ask(own.token))
            assert_error(await own.server.send(""), 400, "invalid_request")
        await until(own.is_active)

    async def test_hanging_is_unavailable_within_a_second(self, own: Own) -> None:
        connection = await asyncpg.connect(own.urls.owner)
        try:
            async with connection.transaction():
                await connection.execute("LOCK TABLE token IN ACCESS EXCLUSIVE MODE")
                began = time.monotonic()
                for answer in await asyncio.gather(*(own.server.ask(own.token) for _ in range(20))):
                    assert_error(answer, 503, "temporarily_unavailable")
                # A second is promised; the machine that tests run on is busy.
                assert time.monotonic() - began < 2
        finally:
            await connection.close()
        await until(own.is_active)


def _ids(full: str) -> tuple[UUID, UUID]:
    found = token_format.recognize(full)
    assert found is not None
    return found.organization_id, found.token_id


class TestBug:
    @pytest.fixture(autouse=True)
    def broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Break verification."""

        async def fail(*_: object) -> None:
            raise RuntimeError("secret")

        monkeypatch.setattr(Verifier, "finish", fail)

    async def test_is_masked_and_logged_with_the_request_id(
        self,
        shared_server: ResourceServer,
        shared_token: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        with log_of_service(monkeypatch) as written:
            answer = await shared_server.send(f"token={shared_token}", ("X-Request-Id", "the-id"))
        assert_error(answer, 500, "server_error", "X-Request-Id")
        assert answer.headers["x-request-id"] == "the-id"
        assert "secret" not in answer.text
        (bug,) = [
            json.loads(line) for line in written.getvalue().splitlines() if "http.bug" in line
        ]
        assert (bug["request_id"], bug["path"]) == ("the-id", "/introspect")
        assert "RuntimeError: secret" in bug["exception"]
        assert shared_token not in written.getvalue()
