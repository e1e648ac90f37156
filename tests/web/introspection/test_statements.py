"""How often the database is asked: once for the asker and the token together, never for junk."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from app import look_up_lines, token_format
from app.look_ups import LookUps
from tests.api_client import Organization
from tests.owner import organization_key
from tests.service import Service
from tests.statements import statements
from tests.web.introspection.asking import ResourceServer


async def count(introspecting: Service, asking: Callable[[], Awaitable[object]]) -> int:
    """Return how many statements something takes."""
    async with statements(introspecting) as seen:
        await asking()
    return len(seen)


@pytest.fixture
async def live(organization: Organization) -> str:
    """A live token."""
    return (await organization.token(await organization.user()))[1]


class TestOne:
    async def test_for_the_asker_and_the_token(
        self, introspecting: Service, server_of: ResourceServer, live: str
    ) -> None:
        assert await count(introspecting, lambda: server_of.ask(live)) == 1

    async def test_for_a_resource_too(
        self,
        organization: Organization,
        introspecting: Service,
        server_of: ResourceServer,
        live: str,
    ) -> None:
        form = {"permission": "project:services:read", "resource_id": organization.id}
        assert await count(introspecting, lambda: server_of.ask(live, **form)) == 1

    async def test_for_many_in_one_turn_of_the_loop(
        self, introspecting: Service, server_of: ResourceServer, live: str
    ) -> None:
        async def many() -> None:
            answers = await asyncio.gather(*(server_of.ask(live) for _ in range(50)))
            assert all(answer.json()["active"] for answer in answers)

        # What comes while a statement runs is the next one's.
        assert await count(introspecting, many) <= 5

    async def test_two_if_each_were_asked_for_alone(
        self,
        introspecting: Service,
        server_of: ResourceServer,
        live: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The control of the counting: a batch for each question."""
        monkeypatch.setattr(look_up_lines, "MOST", 1)
        assert await count(introspecting, lambda: server_of.ask(live)) == 2


LOOK_ALIKES = ["junk", "appu_", "eyJhbGciOiJub25lIn0.e30.", "é" * 105, "x" * 60_000]


class TestJunk:
    """The asker is looked up; what it asks about is not."""

    async def test_never_reaches_the_database(
        self,
        organization: Organization,
        introspecting: Service,
        server_of: ResourceServer,
        live: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        asked = watch(monkeypatch)
        wrong_checksum = live[:-1] + ("0" if live[-1] != "0" else "1")
        for junk in (*LOOK_ALIKES, wrong_checksum, live[:-1], live + "0", live.lower()):
            assert not await server_of.is_active(junk)
        assert {organization_id for organization_id, _ in asked} == {
            organization_key(organization.id)
        }
        assert len({token_id for _, token_id in asked}) == 1

    async def test_a_look_alike_with_a_right_checksum_does(
        self, server_of: ResourceServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above."""
        asked = watch(monkeypatch)
        token_id = uuid4()
        assert not await server_of.is_active(token_format.make(uuid4(), token_id))
        assert token_id in {each for _, each in asked}

    async def test_as_the_askers_own_takes_no_statement_at_all(
        self, introspecting: Service, server_of: ResourceServer
    ) -> None:
        junk = server_of.with_token("junk")
        assert await count(introspecting, lambda: junk.ask("junk")) == 0

    async def test_nor_does_a_request_that_makes_no_sense(
        self, introspecting: Service, server_of: ResourceServer, live: str
    ) -> None:
        for body in ("", f"token={live}&token={live}", f"token={live}&client_ip=x", "x" * 70_000):
            assert await count(introspecting, lambda body=body: server_of.send(body)) == 0
        anonymous = server_of.with_token(None)
        assert await count(introspecting, lambda: anonymous.ask(live)) == 0


def watch(monkeypatch: pytest.MonkeyPatch) -> list[tuple[UUID, UUID]]:
    """Return what will hold each organization and token that is looked up."""
    asked: list[tuple[UUID, UUID]] = []
    ask = LookUps.ask

    def seen(
        of_worker: LookUps,
        organization_id: UUID,
        token_id: UUID,
        resource_id: UUID | None,
        *,
        aside: bool,
    ) -> object:
        asked.append((organization_id, token_id))
        return ask(of_worker, organization_id, token_id, resource_id, aside=aside)

    monkeypatch.setattr(LookUps, "ask", seen)
    return asked
