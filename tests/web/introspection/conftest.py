"""What tests of introspection can ask for: resource servers of the real application."""

from collections.abc import AsyncGenerator

import pytest

from app import ids, organizations
from app.database import Database
from tests.api_client import Organization
from tests.conftest import PEPPERS, settings_for
from tests.postgres import Urls
from tests.service import Service, started
from tests.web.introspection.asking import ResourceServer, asker

ISSUER = "https://tokens.example.com"
PROXY = "10.0.0.1"


@pytest.fixture(scope="session")
async def introspecting(urls: Urls) -> AsyncGenerator[Service]:
    """An application that trusts the proxies in 10.0.0.0/8.

    It writes uses and refusals when a test says so, over the one connection that it has.
    """
    settings = settings_for(
        urls,
        trusted_proxies="10.0.0.0/8",
        database_connections=1,
        activity_flush_seconds=60,
        public_url=ISSUER,
    )
    async with started(settings) as running:
        yield running


@pytest.fixture
async def server_of(introspecting: Service, organization: Organization) -> ResourceServer:
    """A resource server of the organization, with a token that verifies and does nothing else."""
    return await asker(introspecting, organization)


@pytest.fixture(scope="session")
async def shared_server(introspecting: Service, database: Database) -> ResourceServer:
    """A resource server of an organization that no test changes."""
    made = await organizations.bootstrap(
        database, PEPPERS, name="Shared", admin_email="admin@shared.example"
    )
    organization = Organization(
        ids.organization_id(made.organization_id),
        ids.member_id("user", made.organization_id, made.user_id),
        await introspecting.caller(token=made.full_token),
    )
    return await asker(introspecting, organization)


@pytest.fixture(scope="session")
def shared_token(shared_server: ResourceServer) -> str:
    """A live token of that organization: the asker's own."""
    return shared_server.token or ""
