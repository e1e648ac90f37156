"""A secret that is shown once, while other things on the page go wrong."""

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.newcomers import newcomer
from tests.browser.show import Shown

pytestmark = needs_chromium

WAIT = '{"errors": [{"message": "Wait.", "extensions": {"code": "RATE_LIMITED"}}]}'
SELECT = """
(secret, length) =>
  getSelection().setBaseAndExtent(secret.firstChild, 0, secret.firstChild, length)
"""


@pytest.fixture
async def console(browser: Browser, shown: Shown) -> AsyncGenerator[Console]:
    """The administrator of an organization of its own."""
    async with newcomer(browser, shown) as made:
        yield made.console


async def first_token(console: Console) -> Locator:
    """Add somebody with a first token, and return where it is shown."""
    await console.button("Add person").first.click()
    form = console.dialog("Add person")
    await form.get_by_label("With a first token").check()
    await form.get_by_label("Name").fill("Mary Jackson")
    await form.get_by_label("E-mail address").fill("mary@newcomers.example")
    await form.get_by_role("button", name="Add person").click()
    return console.page.get_by_label("The token", exact=True)


async def test_outlives_a_page_that_does_not_load(console: Console) -> None:
    await console.open("people", "People")
    # As behind an update of the service, whose scripts have other names.
    await console.page.route("**/assets/person-*.js", lambda route: route.fulfill(status=404))
    secret = await first_token(console)
    await expect(console.page.get_by_text("This page failed")).to_be_visible()
    assert (await secret.inner_text()).startswith("appu_")
    console.errors.clear()


async def test_outlives_a_service_that_tells_to_wait(console: Console) -> None:
    waited: list[str] = []

    async def refuse(route: Route) -> None:
        asked = route.request.post_data or ""
        if "query Viewer" not in asked:
            await route.continue_()
            return
        waited.append(asked)
        await route.fulfill(status=429, content_type="application/graphql-response+json", body=WAIT)

    await console.open("people", "People")
    await console.page.route("**/graphql", refuse)
    secret = await first_token(console)
    await console.expect_page("Mary Jackson")
    assert waited
    assert (await secret.inner_text()).startswith("appu_")
    console.errors.clear()


async def test_is_copied_as_a_whole_or_not(console: Console) -> None:
    await console.open("people", "People")
    secret = await first_token(console)
    asks = console.page.get_by_text("You did not copy the token")
    text = await secret.inner_text()
    await secret.evaluate(SELECT, 9)
    await console.page.keyboard.press("Control+C")
    await console.page.keyboard.press("Escape")
    await expect(asks).to_be_visible()
    await console.button("Go back").click()
    await secret.evaluate(SELECT, len(text))
    await console.page.keyboard.press("Control+C")
    await console.page.keyboard.press("Escape")
    await expect(secret).to_have_count(0)
