"""What presenters are told when something breaks: never that a token is revoked which is not."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import httpx
import pytest

from app import ids, organizations, presented_revocations
from app.database import Database
from db import audit as audit_rows
from db.pool import Connection
from tests.api_client import Api, Organization
from tests.conftest import PEPPERS, settings_for
from tests.credentials import is_accepted
from tests.outages import away
from tests.owner import Owner, organization_key
from tests.postgres import Server, Urls
from tests.service import started
from tests.waiting import until
from tests.web.answers import assert_error
from tests.web.revocation.presenting import Presenter, assert_reported, presenter


@dataclass(frozen=True)
class Own:
    """An application on a database that nobody else uses."""

    urls: Urls
    organization: Organization
    finder: Presenter

    async def token(self) -> str:
        return (await self.organization.token(await self.organization.user(str(time.time()))))[1]

    async def is_live(self, token: str) -> bool:
        return await is_accepted(self.organization.admin, token)

    async def is_back(self) -> bool:
        answer = await self.organization.admin.run("{ viewer { __typename } }")
        return answer.response.status_code == 200


@pytest.fixture(scope="module")
async def own(server: Server) -> AsyncGenerator[Own]:
    urls = await server.copy()
    database = await Database.open(urls.serving, size=1)
    made = await organizations.bootstrap(
        database, PEPPERS, name="Own", admin_email="admin@own.example"
    )
    await database.close()
    async with started(settings_for(urls, bulk_revocations_per_minute=1000)) as service:
        admin = await service.caller(token=made.full_token)
        organization = Organization(
            ids.organization_id(made.organization_id),
            ids.member_id("user", made.organization_id, made.user_id),
            admin,
        )
        yield Own(urls, organization, presenter(admin))


def assert_unavailable(answer: httpx.Response) -> None:
    assert_error(answer, 503, "temporarily_unavailable")
    assert answer.headers["retry-after"] == "1"


class TestDatabaseAway:
    async def test_is_unavailable_until_it_is_back(self, server: Server, own: Own) -> None:
        first, second = await own.token(), await own.token()
        async with away(server, own.urls):
            assert_unavailable(await own.finder.give_back(first))
            assert_unavailable(await own.finder.report("junk", second))
            # What needs no database is answered all the same.
            assert (await own.finder.give_back("junk")).status_code == 200
        await until(own.is_back)
        assert await own.is_live(first)
        assert await own.is_live(second)
        assert (await own.finder.give_back(first)).status_code == 200
        assert_reported(await own.finder.report(second))
        assert not await own.is_live(first)
        assert not await own.is_live(second)

    async def test_hanging_is_unavailable_within_the_deadline(
        self, own: Own, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(presented_revocations, "DEADLINE_SECONDS", 0.5)
        token = await own.token()
        connection = await asyncpg.connect(own.urls.owner)
        try:
            async with connection.transaction():
                # It may be looked at, and not be changed.
                await connection.execute("LOCK TABLE token IN EXCLUSIVE MODE")
                began = time.monotonic()
                answers = await asyncio.gather(
                    own.finder.give_back(token), own.finder.report(token)
                )
                assert time.monotonic() - began < 3
        finally:
            await connection.close()
        for answer in answers:
            assert_unavailable(answer)
        await until(own.is_back)
        assert await own.is_live(token)
        monkeypatch.undo()
        assert (await own.finder.give_back(token)).status_code == 200
        assert not await own.is_live(token)


class TestHalfWay:
    @pytest.fixture
    async def places(
        self,
        organization: Organization,
        new_organization: Callable[[], Awaitable[Organization]],
    ) -> list[Organization]:
        return [organization, await new_organization()]

    async def test_one_organizations_tokens_end_together_or_not_at_all(
        self,
        places: list[Organization],
        busy: Presenter,
        api: Api,
        owner: Owner,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tokens: dict[str, list[str]] = {}
        for place in places:
            user_id = await place.user()
            tokens[place.id] = [(await place.token(user_id))[1] for _ in range(3)]
        broken = organization_key(places[0].id)
        append = audit_rows.append

        async def fail(connection: Connection, organization_id: UUID, events: str) -> None:
            await append(connection, organization_id, events)
            if organization_id == broken:
                raise RuntimeError("the disk is full")

        monkeypatch.setattr(audit_rows, "append", fail)
        found = [full for each in tokens.values() for full in each]
        assert_error(await busy.report(*found), 500, "server_error")
        monkeypatch.undo()
        for full in tokens[places[0].id]:
            assert await is_accepted(api, full)
        assert await owner.count(places[0].id, "event") == 5

        # The same list ends what is left.
        assert_reported(await busy.report(*found))
        for full in found:
            assert not await is_accepted(api, full)
