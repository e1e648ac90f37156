"""How many SQL statements the audit trail takes: the same for one event and for a full page."""

import functools
from collections.abc import AsyncGenerator

import pytest
from strawberry.dataloader import DataLoader

from app.audit import Action, Event, Target, as_json
from app.database import Database
from app.origins import Author
from db import audit
from tests.api.test_statements import count
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.owner import organization_key, token_key, user_key
from tests.postgres import Urls
from tests.service import Service, started

DOCUMENT = """query($o: ID!) { auditEvents(organizationId: $o, first: 100) { nodes {
    id actor { id name } actorToken { id user { id } } principalId changes { field } } } }"""


@pytest.fixture(scope="module")
async def narrow(urls: Urls) -> AsyncGenerator[Service]:
    """An application with a single connection, so that one logger sees every statement."""
    settings = settings_for(urls, database_connections=1, activity_flush_seconds=60)
    async with started(settings) as running:
        yield running


@pytest.fixture
async def caller(narrow: Service, organization: Organization) -> Api:
    """The administrator, as a caller of the application that is watched."""
    return await narrow.caller(token=organization.admin.token)


async def fill(organization: Organization, database: Database, names: list[str]) -> None:
    """Add events by users with tokens of their own each."""
    organization_id = organization_key(organization.id)
    written: list[Event] = []
    for name in names:
        user_id = await organization.user(name)
        token_id, _ = await organization.token(user_id)
        author = Author("USER", user_key(user_id)[1], token_key(token_id)[1])
        target = Target("TOKEN", token_key(token_id)[1], user_key(user_id)[1])
        written.append(Event(Action.TOKEN_UPDATE, author, target))
    async with database.tenant(organization_id) as connection:
        await audit.append(connection, organization_id, as_json(written))


async def test_few_and_many_take_the_same(
    organization: Organization, database: Database, narrow: Service, caller: Api
) -> None:
    await fill(organization, database, ["the first"])
    few = await count(narrow, caller, organization.id, DOCUMENT)
    await fill(organization, database, [f"ci {number}" for number in range(20)])
    assert await count(narrow, caller, organization.id, DOCUMENT) == few
    found = await caller.query(DOCUMENT, o=organization.id)
    actors = {node["actor"]["id"] for node in found["auditEvents"]["nodes"] if node["actor"]}
    assert len(actors) == 22


async def test_control_without_batches(
    organization: Organization,
    database: Database,
    narrow: Service,
    caller: Api,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await fill(organization, database, [f"ci {number}" for number in range(5)])
    monkeypatch.setattr(
        "app.api.loaders.DataLoader", functools.partial(DataLoader, max_batch_size=1)
    )
    assert await count(narrow, caller, organization.id, DOCUMENT) > 10
