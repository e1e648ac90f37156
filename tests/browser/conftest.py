"""A browser, and a served organization that looks as one does after a year."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.api_client import Api
from tests.browser import chromium
from tests.browser.console import Console
from tests.browser.show import Shown, shown_on
from tests.browser.tokens_tab import TokensTab
from tests.postgres import Server

# As long as for what is pressed: a machine that has much to do is no reason to fail.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, which talks to nobody by itself."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.PATH, args=chromium.FLAGS
        )
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def shown(server: Server) -> AsyncIterator[Shown]:
    """A served organization with things in it; a test changes what it made itself."""
    async with shown_on(server) as made:
        yield made


@pytest.fixture
async def admin(shown: Shown) -> AsyncIterator[Api]:
    """The same administrator over the API."""
    async with httpx.AsyncClient(base_url=shown.server.url) as client:
        yield Api(client, shown.server.token)


@pytest.fixture
async def console(browser: Browser, shown: Shown) -> AsyncIterator[Console]:
    """An administrator at the console, in a fresh profile; nothing went wrong when they leave."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(15_000)
    console = Console(await context.new_page(), shown.server.url, shown.server.organization_id)
    await console.sign_in(shown.server.token)
    await console.expect_page("Application users")
    yield console
    assert console.errors == []
    assert console.hosts() == {shown.server.url.removeprefix("http://")}
    await context.close()


@pytest.fixture
async def tab(console: Console, shown: Shown, admin: Api) -> AsyncIterator[TokensTab]:
    """The tokens of an application user of the test's own."""
    organization = replace(shown.acme.organization, admin=admin)
    user_id = await organization.user(f"tokens-{uuid4().hex[:8]}")
    yield TokensTab(console, organization, user_id)
    await admin.mutate("deleteApplicationUser", "__typename", applicationUserId=user_id)
