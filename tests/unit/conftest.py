"""What unit tests can ask for: an identity provider in the same process."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from app import oidc
from app.oidc import Provider
from tests.unit.identity_provider import ISSUER, Clock, Published


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    passing = Clock()
    monkeypatch.setattr(oidc, "time", passing)
    return passing


@pytest.fixture
async def provider(published: Published, clock: Clock) -> AsyncGenerator[Provider]:
    made = Provider(ISSUER, "us", ["RS256", "ES256"], httpx.MockTransport(published))
    yield made
    await made.close()
