"""What tests of the GraphQL API can ask for beside the application: its database's owner."""

from collections.abc import AsyncGenerator

import asyncpg
import pytest

from app import ids, organizations
from app.database import Database
from tests.api.estate import Estate
from tests.api.post import HERE, Post
from tests.api.world import World, make_world
from tests.api_client import Api, Organization
from tests.conftest import PEPPERS, settings_for
from tests.owner import Owner
from tests.postgres import Server, Urls
from tests.service import Service, started


@pytest.fixture
def estate(organization: Organization, owner: Owner) -> Estate:
    """A fresh organization, to build units, groups and people in."""
    return Estate(organization, owner)


@pytest.fixture(scope="session")
async def service(urls: Urls) -> AsyncGenerator[Service]:
    """A second application on the shared database; it trusts the proxies in 10.0.0.0/8."""
    settings = settings_for(urls, trusted_proxies="10.0.0.0/8")
    async with started(settings) as running:
        yield running


@pytest.fixture(scope="session")
async def lazy(urls: Urls) -> AsyncGenerator[Service]:
    """An application that writes uses of tokens when a test says so."""
    async with started(settings_for(urls, activity_flush_seconds=60)) as running:
        yield running


@pytest.fixture
async def world(organization: Organization) -> World:
    """An organization with one of everything, to change."""
    return await make_world(organization)


@pytest.fixture(scope="session")
async def shared_world(api: Api, database: Database) -> World:
    """An organization with one of everything, to look at or to change in vain.

    No test changes it: who asks it for a change asserts that there was none.
    """
    made = await organizations.bootstrap(
        database, PEPPERS, name="Shared", admin_email="admin@shared.example"
    )
    organization = Organization(
        ids.organization_id(made.organization_id),
        ids.member_id("user", made.organization_id, made.user_id),
        api.with_token(made.full_token),
    )
    return await make_world(organization)


@pytest.fixture(scope="session")
async def outbox(server: Server) -> Urls:
    """A database whose outbox nobody else fills."""
    return await server.copy()


@pytest.fixture(scope="session")
async def post_office(outbox: Urls) -> AsyncGenerator[Post]:
    """An application whose webhooks may reach this host."""
    settings = settings_for(outbox, webhook_allow_http=True, webhook_allowed_networks=HERE)
    database = await Database.open(outbox.serving)
    connection = await asyncpg.connect(outbox.owner)
    async with started(settings) as service:
        yield Post(database, connection, await service.caller())
    await connection.close()
    await database.close()


@pytest.fixture
async def post(post_office: Post) -> AsyncGenerator[Post]:
    """The same, with nothing to send that others left."""
    yield post_office
    await post_office.clear()
