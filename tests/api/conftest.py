"""What tests of the GraphQL API can ask for beside the application: its database's owner."""

from collections.abc import AsyncGenerator

import asyncpg
import pytest

from app import ids, organizations
from app.database import Database
from tests.api.world import World, make_world
from tests.api_client import Api, Organization
from tests.conftest import PEPPERS, settings_for
from tests.owner import Owner
from tests.postgres import Urls
from tests.service import Service, started


@pytest.fixture
async def owner(urls: Urls) -> AsyncGenerator[Owner]:
    """The owner of the shared database."""
    connection = await asyncpg.connect(urls.owner)
    try:
        yield Owner(connection)
    finally:
        await connection.close()


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
    """An organization with one of everything, to look at: no test changes it."""
    made = await organizations.bootstrap(
        database, PEPPERS, name="Shared", admin_email="admin@shared.example"
    )
    organization = Organization(
        ids.organization_id(made.organization_id),
        ids.member_id("user", made.organization_id, made.user_id),
        api.with_token(made.full_token),
    )
    return await make_world(organization)
