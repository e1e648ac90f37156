"""What tests of forward-auth can ask for: gateways in front of the real application."""

from collections.abc import AsyncGenerator

import pytest

from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import Service, started
from tests.web.forward_auth.gateway import Gateway

PROXY = "10.0.0.1"


@pytest.fixture(scope="session")
async def watched(urls: Urls) -> AsyncGenerator[Service]:
    """An application that trusts the proxies in 10.0.0.0/8.

    It writes uses when a test says so, over the one connection that it has.
    """
    settings = settings_for(
        urls,
        trusted_proxies="10.0.0.0/8",
        database_connections=1,
        activity_flush_seconds=60,
    )
    async with started(settings) as running:
        yield running


@pytest.fixture
async def gateway(watched: Service) -> Gateway:
    """A proxy that the application trusts."""
    return Gateway((await watched.caller(PROXY)).client)
