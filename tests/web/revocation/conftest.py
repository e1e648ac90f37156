"""What tests of revocation by presentation can ask for."""

from collections.abc import AsyncGenerator

import pytest

from tests.api_client import Organization
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import Service, started
from tests.web.revocation.presenting import Presenter, presenter

PROXY = "10.0.0.1"


@pytest.fixture(scope="session")
async def revoking(urls: Urls) -> AsyncGenerator[Service]:
    """An application that trusts the proxies in 10.0.0.0/8 and takes any number of lists.

    It has one connection.
    """
    settings = settings_for(
        urls,
        trusted_proxies="10.0.0.0/8",
        database_connections=1,
        activity_flush_seconds=60,
        bulk_revocations_per_minute=10_000,
    )
    async with started(settings) as running:
        yield running


@pytest.fixture(scope="session")
async def busy(urls: Urls) -> AsyncGenerator[Presenter]:
    """Somebody who tells an application that does several things at once."""
    async with started(settings_for(urls, bulk_revocations_per_minute=10_000)) as running:
        yield presenter(await running.caller())


@pytest.fixture
async def finder(revoking: Service) -> Presenter:
    """Somebody at 203.0.113.9, whom the application knows nothing of."""
    return presenter(await revoking.caller("203.0.113.9"))


@pytest.fixture
async def made(organization: Organization) -> tuple[str, str, str]:
    """An application user, a token of it, and that token's text."""
    user_id = await organization.user()
    return user_id, *await organization.token(user_id, maxAgeSeconds=3600)
