"""Who comes to a served console, and what they need that the page itself does not give."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from playwright.async_api import Browser, ViewportSize

from tests.api_client import Api, Organization
from tests.browser.console import Console
from tests.conftest import LiveServer

WIDE = ViewportSize(width=1280, height=860)


@asynccontextmanager
async def visitor(browser: Browser, server: LiveServer) -> AsyncGenerator[Console]:
    """Somebody in a fresh profile who did not sign in; nothing went wrong when they leave."""
    context = await browser.new_context(viewport=WIDE)
    context.set_default_timeout(15_000)
    console = Console(await context.new_page(), server.url, server.organization_id)
    yield console
    assert console.errors == []
    await context.close()


@asynccontextmanager
async def administrator(server: LiveServer) -> AsyncGenerator[Organization]:
    """An administrator who uses the API; only what needs no id of theirs."""
    async with httpx.AsyncClient(base_url=server.url) as client:
        yield Organization(server.organization_id, "", Api(client, server.token))


@dataclass(frozen=True)
class Colleague:
    """An application user who may do everything, and its token."""

    user_id: str
    token_id: str
    token: str = field(repr=False)


async def colleague(place: Organization, name: str) -> Colleague:
    """Make one, for a test that ends its credential."""
    user_id = await place.user(name)
    await place.admin.mutate(
        "grantPermissions",
        "granted",
        principalId=user_id,
        resourceId=place.id,
        permissions=["role:organization:admin"],
    )
    token_id, text = await place.token(user_id)
    return Colleague(user_id, token_id, text)


async def delete(place: Organization, user_id: str) -> None:
    """Delete an application user, with its tokens."""
    await place.admin.mutate(
        "deleteApplicationUser", "revokedTokenCount", applicationUserId=user_id
    )
