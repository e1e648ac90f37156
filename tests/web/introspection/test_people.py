"""Administrators who are signed in with their identity provider ask too."""

from collections.abc import AsyncGenerator

import pytest

from app import ids, organizations
from app.database import Database
from tests.conftest import PEPPERS, settings_for
from tests.issuer import Issuer, issuer_at_work
from tests.owner import Owner
from tests.postgres import Urls
from tests.service import Service, started
from tests.web.answers import assert_error, assert_refused
from tests.web.introspection.asking import ResourceServer


@pytest.fixture(scope="module")
async def issuer() -> AsyncGenerator[Issuer]:
    """An identity provider."""
    async with issuer_at_work() as running:
        yield running


@pytest.fixture(scope="module")
async def signed_in(urls: Urls, issuer: Issuer) -> AsyncGenerator[Service]:
    """An application that believes it."""
    async with started(settings_for(urls, oidc_issuer=issuer.url)) as running:
        yield running


async def administered(database: Database, issuer: Issuer, subject: str) -> tuple[str, str]:
    """Return an organization that a person administers, and a token in it."""
    made = await organizations.bootstrap(
        database,
        PEPPERS,
        name="Acme",
        admin_email="p@acme.example",
        admin_identity=(issuer.url, subject),
    )
    return ids.organization_id(made.organization_id), made.full_token


async def test_in_every_organization_that_they_administer(
    signed_in: Service, issuer: Issuer, database: Database
) -> None:
    places = [await administered(database, issuer, "ada") for _ in range(2)]
    _, foreign = await administered(database, issuer, "bob")
    ada = ResourceServer((await signed_in.caller()).client, issuer.sign("ada"))
    for organization_id, full in places:
        assert (await ada.active(full))["organization_id"] == organization_id
    assert not await ada.is_active(foreign)
    assert not await ada.is_active("junk")


async def test_only_there(
    signed_in: Service, issuer: Issuer, database: Database, owner: Owner
) -> None:
    _, administered_token = await administered(database, issuer, "eve")
    _, other_token = await administered(database, issuer, "eve")
    eve = ResourceServer((await signed_in.caller()).client, issuer.sign("eve"))
    await owner.take_grants((await eve.active(other_token))["sub"])
    assert not await eve.is_active(other_token)
    assert await eve.is_active(administered_token)


async def test_nowhere(
    signed_in: Service, issuer: Issuer, database: Database, owner: Owner
) -> None:
    _, full = await administered(database, issuer, "mallory")
    mallory = ResourceServer((await signed_in.caller()).client, issuer.sign("mallory"))
    await owner.take_grants((await mallory.active(full))["sub"])
    assert_error(await mallory.ask(full), 403, "insufficient_scope")


async def test_strangers_are_refused(
    signed_in: Service, issuer: Issuer, database: Database
) -> None:
    _, full = await administered(database, issuer, "carol")
    client = (await signed_in.caller()).client
    assert_refused(await ResourceServer(client, issuer.sign("nobody")).ask(full))
    assert_refused(await ResourceServer(client, issuer.sign("carol", exp=1)).ask(full))


async def test_a_provider_that_does_not_answer_in_time(
    signed_in: Service, issuer: Issuer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, full = await administered(database, issuer, "dan")
    monkeypatch.setattr("app.web.introspection.PERSON_SECONDS", 0)
    dan = ResourceServer((await signed_in.caller()).client, issuer.sign("dan"))
    assert_error(await dan.ask(full), 503, "temporarily_unavailable")
