"""A person signs in at the console with the identity provider, in a window of its own."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from app import organizations
from app.asgi import create_app
from app.database import Database
from tests.browser.chromium import Visit, needs_chromium
from tests.conftest import PEPPERS, settings_for
from tests.issuer import Issuer, issuer_at_work
from tests.postgres import Urls
from tests.web.connections import served

pytestmark = needs_chromium
CLIENT = "the-console"


@dataclass(frozen=True)
class Place:
    """A served console whose people sign in with a provider."""

    url: str
    issuer: Issuer


@pytest.fixture(scope="module", params=[("access_token", "RS256"), ("id_token", "ES256")])
async def place(
    urls: Urls, database: Database, request: pytest.FixtureRequest
) -> AsyncGenerator[Place]:
    """Grace is an administrator, Ada is nobody here."""
    token, algorithm = request.param
    audience = CLIENT if token == "id_token" else "application-users"
    async with issuer_at_work(["ada", "grace"], 600, algorithm) as issuer:
        await organizations.bootstrap(
            database,
            PEPPERS,
            name="Acme",
            admin_email="g@acme.example",
            admin_identity=(issuer.url, "grace"),
        )
        options = settings_for(
            urls, oidc_issuer=issuer.url, oidc_client_id=CLIENT, oidc_audience=audience
        )
        app = create_app(options)
        async with app.router.lifespan_context(app), served(app) as server:
            url = f"http://127.0.0.1:{server.port}"
            issuer.register(CLIENT, f"{url}/console/signed-in")
            yield Place(url, issuer)


@pytest.fixture
async def visit(browser: Browser, place: Place) -> AsyncGenerator[Visit]:
    """The console in a fresh profile."""
    context = await browser.new_context()
    found = Visit(await context.new_page())
    await found.page.goto(f"{place.url}/")
    yield found
    await context.close()


async def window_of(page: Page) -> Page:
    """Ask to sign in, and return the window that opens."""
    async with page.context.expect_page() as opened:
        await page.get_by_role("button", name=re.compile("^Sign in with")).click()
    return await opened.value


async def test_by_a_click_and_a_name(visit: Visit, place: Place) -> None:
    window = await window_of(visit.page)
    async with window.expect_event("close"):
        await window.get_by_role("button", name="grace").click()
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("Application users")
    assert visit.hosts() == {part.removeprefix("http://") for part in (place.url, place.issuer.url)}
    # Chromium tells of each breach of the policy.
    assert visit.errors == []
    assert "code=" not in await visit.stored()
    assert "eyJ" not in await visit.stored()


@pytest.mark.parametrize("name", ["Nobody", "ada"])
async def test_who_is_not_let_in_stays_at_the_door(visit: Visit, name: str) -> None:
    window = await window_of(visit.page)
    async with window.expect_event("close"):
        await window.get_by_role("button", name=name).click()
    await expect(visit.page.get_by_role("alert")).to_be_visible()
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("Sign in")


async def test_the_policy_lets_the_page_talk_to_nobody_else(visit: Visit, place: Place) -> None:
    """The silence of the test above counts only if a breach would have been heard."""
    async with visit.page.expect_console_message():
        await visit.page.evaluate("fetch('https://elsewhere.invalid').catch(() => null)")
    assert any("Content Security Policy" in error for error in visit.errors)
    found = f"fetch('{place.issuer.url}/.well-known/openid-configuration').then(it => it.status)"
    assert await visit.page.evaluate(found) == 200
