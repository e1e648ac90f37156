"""Signing in with a provider that cannot work: the page says what has to be mended, and by whom."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from app.asgi import create_app
from tests.browser import chromium
from tests.browser.chromium import needs_chromium
from tests.conftest import settings_for
from tests.issuer import Issuer, issuer_at_work
from tests.postgres import Urls
from tests.web.connections import served

pytestmark = needs_chromium

CLIENT = "the-console"
NAME = "tokens.example"


@dataclass(frozen=True)
class Place:
    """A served console whose people sign in with a provider."""

    url: str
    issuer: Issuer


@pytest.fixture(scope="module")
async def place(urls: Urls) -> AsyncGenerator[Place]:
    async with issuer_at_work(["grace"], 600) as issuer:
        app = create_app(settings_for(urls, oidc_issuer=issuer.url, oidc_client_id=CLIENT))
        async with app.router.lifespan_context(app), served(app) as server:
            url = f"http://127.0.0.1:{server.port}"
            issuer.register(CLIENT, f"{url}/console/signed-in")
            yield Place(url, issuer)


@pytest.fixture
async def page(browser: Browser, place: Place) -> AsyncGenerator[Page]:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{place.url}/console")
    yield page
    await context.close()


async def come_back(page: Page) -> None:
    """Sign in at the provider, which sends the window back with a code."""
    async with page.context.expect_page() as opened:
        await page.get_by_role("button", name=re.compile("^Sign in with")).click()
    window = await opened.value
    async with window.expect_event("close"):
        await window.get_by_role("button", name="grace").click()


@pytest.mark.parametrize(
    ("is_shown", "said"),
    # Who may read the refusal knows its reason; who may not, what it may be.
    [(True, "it asked for a secret"), (False, "its answer did not arrive")],
)
async def test_that_wants_a_secret_of_the_console(
    page: Page, place: Place, monkeypatch: pytest.MonkeyPatch, is_shown: bool, said: str
) -> None:
    monkeypatch.setattr(place.issuer.grants, "wants_secrets", True)
    monkeypatch.setattr(place.issuer.grants, "shows_refusals", is_shown)
    await come_back(page)
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text(said)
    await expect(alert).to_contain_text("has to be registered there as a public client")
    await expect(alert).not_to_contain_text("cannot be reached")


async def test_that_the_service_found_after_the_page_asked(page: Page, place: Place) -> None:
    """The control of the above: without a refusal, the code is taken."""
    told = f'{{"oidc": {{"issuer": "{place.issuer.url}", "clientId": "{CLIENT}", "scopes": "openid"'
    told += ', "token": "access_token", "algorithms": ["RS256"], "authorizationEndpoint": null'
    told += ', "tokenEndpoint": null}}'
    await page.route("**/configuration.json", lambda route: route.fulfill(body=told), times=1)
    await page.reload()
    await come_back(page)
    await expect(page.get_by_role("alert")).to_contain_text("but you are not let in here")


async def test_from_a_page_that_came_over_plain_http(place: Place) -> None:
    resolve = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.PATH, args=[*chromium.FLAGS, resolve]
        )
        page = await browser.new_page()
        await page.goto(f"http://{NAME}:{urlsplit(place.url).port}/console")
        # The control: this browser gives the page no cryptography.
        assert await page.evaluate("() => [isSecureContext, typeof crypto.subtle]") == [
            False,
            "undefined",
        ]
        await page.get_by_role("button", name=re.compile("^Sign in with")).click()
        await expect(page.get_by_role("alert")).to_contain_text("works over HTTPS alone")
        assert len(page.context.pages) == 1
        await browser.close()
