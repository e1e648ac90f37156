"""What callers see when something breaks: slow bodies, bugs, and a database that is away."""

import asyncio
import io
import json
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from app import logs, token_format, viewer
from app.api import decoder, http
from app.authentication import Authenticator
from app.database import DatabaseUnavailable
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.log_of_service import log_of_service
from tests.postgres import Server, Urls
from tests.service import started

WHO = "{ viewer { memberships { organizationId } } }"
SECRET = "appu_" + "a" * 44 + "_" + "b" * 49


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Generator[io.StringIO]:
    """What the log holds."""
    with log_of_service(monkeypatch) as stream:
        yield stream


class TestSlowBody:
    async def test_is_cut_off(self, api: Api, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(decoder, "BODY_SECONDS", 0.01)
        for accept in "application/json", "application/graphql-response+json":
            response = await api.client.post(
                "/graphql",
                content=_never_ending(),
                headers={"Content-Type": "application/json", "Accept": accept},
            )
            assert response.status_code == 408
            assert response.headers["content-type"] == f"{accept}; charset=utf-8"
            (error,) = response.json()["errors"]
            assert error["extensions"] == {"code": "BAD_REQUEST"}

    async def test_does_not_use_up_the_time_of_the_answer(
        self, api: Api, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(http, "DEADLINE_SECONDS", 0.5)
        monkeypatch.setattr(decoder, "BODY_SECONDS", 0.6)
        response = await api.client.post(
            "/graphql", content=_never_ending(), headers={"Content-Type": "application/json"}
        )
        assert response.status_code == 408


async def _never_ending() -> AsyncGenerator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


class TestBug:
    @pytest.fixture(autouse=True)
    def broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Break the service behind ``viewer``."""

        async def fail(*_: object) -> None:
            raise RuntimeError(f"secret {SECRET}")

        monkeypatch.setattr(viewer, "memberships", fail)

    async def test_is_masked(self, organization: Organization, written: io.StringIO):
        answer = await organization.admin.run(WHO, headers={"X-Request-Id": "the-id"})
        assert answer.response.status_code == 500
        assert answer.body["data"] is None
        (error,) = answer.body["errors"]
        assert error["message"] == "Something went wrong on our side. The request id is the-id."
        assert error["path"] == ["viewer", "memberships"]
        assert error["extensions"] == {"code": "INTERNAL", "requestId": "the-id"}
        assert "secret" not in answer.response.text

    async def test_is_logged_without_secrets(
        self, organization: Organization, written: io.StringIO
    ):
        await organization.admin.run(f"{WHO} #{SECRET}", headers={"X-Request-Id": "the-id"})
        log = written.getvalue()
        (bug,) = [json.loads(line) for line in log.splitlines() if "graphql.bug" in line]
        assert bug["request_id"] == "the-id"
        assert "RuntimeError: secret appu_" in bug["exception"]
        assert "b" * 8 not in log
        assert str(organization.admin.token) not in log

    async def test_only_a_logger_without_redaction_writes_the_secret(
        self, organization: Organization, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(logs, "redact", str)
        await organization.admin.run(WHO)
        assert SECRET in written.getvalue()


class TestBugBeforeGraphQL:
    async def test_is_masked_too(
        self, organization: Organization, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ):
        async def fail(*_: object) -> None:
            raise RuntimeError(f"secret {SECRET}")

        monkeypatch.setattr(Authenticator, "authenticate", fail)
        answer = await organization.admin.run(WHO, headers={"X-Request-Id": "the-id"})
        assert answer.response.status_code == 500
        assert answer.codes == ["INTERNAL"]
        assert answer.response.headers["content-type"] == "application/json; charset=utf-8"
        assert "secret" not in answer.response.text
        assert "graphql.bug" in written.getvalue()
        assert "b" * 8 not in written.getvalue()


class TestDatabaseAway:
    async def test_is_unavailable_and_never_a_refusal(self, server: Server):
        urls = await server.copy()
        async with started(settings_for(urls)) as service:
            api = await service.caller()
            token = token_format.make(uuid4(), uuid4())
            assert (await api.with_token(token).run(WHO)).response.status_code == 401
            async with _gone(server, urls):
                for headers in {}, {"Accept": "application/graphql-response+json"}:
                    answer = await api.with_token(token).run(WHO, headers=headers)
                    assert answer.response.status_code == 503
                    assert answer.response.headers["retry-after"] == "1"
                    assert answer.codes == ["UNAVAILABLE"]
                    assert answer.body.keys() == {"errors"}
                # What needs no database is answered all the same.
                assert (await api.run("{ __typename }")).data == {"__typename": "Query"}

    async def test_in_the_middle_of_a_document(
        self, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ):
        async def fail(*_: object) -> None:
            raise DatabaseUnavailable("gone: postgresql://user:password@host")

        monkeypatch.setattr(viewer, "memberships", fail)
        answer = await organization.admin.run(WHO)
        assert answer.response.status_code == 503
        assert answer.response.headers["retry-after"] == "1"
        assert answer.codes == ["UNAVAILABLE"]
        assert "password" not in answer.response.text

    async def test_slow_for_longer_than_the_deadline(
        self, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ):
        async def wait(*_: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(http, "DEADLINE_SECONDS", 0.2)
        monkeypatch.setattr(viewer, "memberships", wait)
        answer = await organization.admin.run(WHO)
        assert answer.response.status_code == 503
        assert answer.codes == ["UNAVAILABLE"]


@asynccontextmanager
async def _gone(server: Server, urls: Urls) -> AsyncGenerator[None]:
    """Drop a database with all connections to it; leave an empty one for the clean-up."""
    name = urlsplit(urls.owner).path.removeprefix("/")
    connection = await asyncpg.connect(server.admin_url)
    try:
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        yield
    finally:
        await connection.execute(f'CREATE DATABASE "{name}"')
        await connection.close()
