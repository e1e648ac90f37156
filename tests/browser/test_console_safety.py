"""What the console keeps to itself: tokens, requests to elsewhere, and what names would do."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, Request, expect

from tests.api_client import Organization
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.show import Shown
from tests.browser.visitors import administrator, delete, visitor
from tests.conftest import PEPPER, serve
from tests.issuer import issuer_at_work
from tests.postgres import Server

pytestmark = needs_chromium

# Playwright's own way to wait for a condition evaluates strings, which the policy forbids.
EVERYWHERE = """
() => [
  document.documentElement.outerHTML,
  ...[...document.querySelectorAll("input, textarea")].map(each => each.value),
  JSON.stringify(history.state),
  location.href,
  performance.getEntries().map(each => each.name).join(),
  JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie]),
].join("\\n")
"""

FRAME = """
url => document.documentElement.append(
  Object.assign(document.createElement("iframe"), {src: url})
)
"""

DATABASES = "async () => (await indexedDB.databases()).length + (await caches.keys()).length"

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "\u200fgnp.exe \u05e9\u05dc\u05d5\u05dd \u200bjavascript:alert(1)",
    "{{7*7}} ${7*7} </script><script>alert(1)</script>",
    "👩‍👩‍👧‍👦" * 20,
    "M" * 255,
]


@pytest.fixture
async def guest(browser: Browser, shown: Shown) -> AsyncGenerator[Console]:
    """Somebody who did not sign in yet."""
    async with visitor(browser, shown.server) as console:
        yield console


@pytest.fixture
async def place(shown: Shown) -> AsyncGenerator[Organization]:
    """The same organization by the API."""
    async with administrator(shown.server) as found:
        yield found


class Watch:
    """What a page sent and said."""

    def __init__(self, page: Page) -> None:
        self.requests: list[Request] = []
        self.said: list[str] = []
        page.context.on("request", self._keep)
        page.on("console", lambda message: self.said.append(message.text))

    def _keep(self, request: Request) -> None:
        self.requests.append(request)

    async def carriers(self, text: str) -> set[tuple[str, str]]:
        """Return the paths of the requests that carry a text, each with what carries it."""
        found: set[tuple[str, str]] = set()
        for request in self.requests:
            path = httpx.URL(request.url).path
            headers = await request.all_headers()
            found |= {(path, name) for name, value in headers.items() if text in value}
            if text in request.url:
                found.add((path, "address"))
            if text in (request.post_data or ""):
                found.add((path, "body"))
        return found


async def test_the_pasted_token_is_in_one_header_alone(guest: Console, shown: Shown) -> None:
    watch = Watch(guest.page)
    token = shown.server.token
    await guest.sign_in(token, keep=False)
    await guest.expect_page("Application users")
    for name in ("Groups", "Limits", "Application users"):
        await guest.page.get_by_role("navigation").get_by_role("link", name=name).click()
        await guest.expect_page(name)
    assert token not in await guest.page.evaluate(EVERYWHERE)
    assert await guest.page.evaluate(DATABASES) == 0
    assert await watch.carriers(token) == {("/graphql", "authorization")}
    assert not any(token in text for text in watch.said)
    assert guest.hosts() == {guest.url.removeprefix("http://")}
    assert await guest.page.context.cookies() == []
    # The control: one that is kept is found where it is kept.
    await guest.page.goto(f"{guest.url}/console")
    await guest.sign_in(token)
    await guest.expect_page("Application users")
    assert token in await guest.page.evaluate(EVERYWHERE)


async def test_a_generated_token_is_gone_with_its_dialog(
    guest: Console, shown: Shown, place: Organization
) -> None:
    watch = Watch(guest.page)
    user_id = await place.user("shown-once")
    await guest.sign_in(shown.server.token)
    await guest.open(f"application-users/{user_id}")
    await guest.button("Generate token").first.click()
    form = guest.dialog("Generate token")
    await form.get_by_label("Description", exact=True).fill("Shown once")
    await form.get_by_role("button", name="Generate token").click()
    shown_once = guest.page.get_by_label("The token", exact=True)
    token = await shown_once.inner_text()
    assert token.startswith("appu_")
    # The control: what looks everywhere finds what is shown.
    assert token in await guest.page.evaluate(EVERYWHERE)
    await guest.page.keyboard.press("Escape")
    await guest.button("Close without copying").click()
    await expect(shown_once).to_have_count(0)
    assert token not in await guest.page.evaluate(EVERYWHERE)
    assert await watch.carriers(token) == set()
    assert not any(token in text for text in watch.said)
    await guest.page.reload()
    await guest.expect_page("shown-once")
    assert token not in await guest.page.evaluate(EVERYWHERE)
    await delete(place, user_id)


async def test_hostile_names_are_text(guest: Console, shown: Shown, place: Organization) -> None:
    dialogs: list[str] = []
    guest.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    made = [await place.user(name, description=name) for name in HOSTILE]
    await guest.sign_in(shown.server.token)
    for name, user_id in zip(HOSTILE, made, strict=True):
        await guest.open(f"application-users/{user_id}")
        heading = guest.page.get_by_role("heading", level=1)
        await expect(heading).not_to_have_text("Application user")
        assert await heading.text_content() == name
        await expect(heading.locator("*")).to_have_count(0)
        assert await _is_within(guest.page)
    await guest.open("application-users")
    for user_id in made:
        link = guest.page.locator(f'a[href$="{user_id}"]')
        await expect(link).to_be_visible()
        assert await link.text_content() in HOSTILE
    assert await _is_within(guest.page)
    assert dialogs == []
    for user_id in made:
        await delete(place, user_id)


async def _is_within(page: Page) -> bool:
    """Tell whether nothing makes the page wider than its window."""
    return await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("breach", "directive"),
    [
        (
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "script-src",
        ),
        (
            "document.head.append(Object.assign(document.createElement('style'),"
            " {textContent: 'body { color: red }'}))",
            "style-src",
        ),
        ("new Image().src = 'https://elsewhere.invalid/pixel.png'", "img-src"),
        ("fetch('https://elsewhere.invalid/').catch(() => 0)", "connect-src"),
        (
            "document.body.append(Object.assign(document.createElement('iframe'),"
            " {src: 'https://elsewhere.invalid/'}))",
            "default-src|frame-src",
        ),
    ],
    ids=["script", "style", "image", "request", "frame"],
)
async def test_a_breach_of_the_policy_is_refused_and_heard(
    guest: Console, breach: str, directive: str
) -> None:
    """The other tests' silence counts only if a breach would have been heard."""
    await guest.page.goto(f"{guest.url}/console")
    await expect(guest.field("Access token")).to_be_visible()
    assert guest.errors == []
    async with guest.page.expect_console_message(
        lambda message: re.search(directive, message.text) is not None
    ):
        await guest.page.evaluate(breach)
    guest.errors.clear()


async def test_no_page_frames_it(guest: Console) -> None:
    async with issuer_at_work() as elsewhere:
        address = f"{elsewhere.url}/keys"
        await guest.page.goto(address)
        # The control: a page that allows it is framed.
        async with guest.page.expect_event("requestfinished"):
            await guest.page.evaluate(FRAME, address)
        async with guest.page.expect_console_message(
            lambda message: "frame-ancestors 'none'" in message.text
        ):
            await guest.page.evaluate(FRAME, f"{guest.url}/console")
        guest.errors.clear()


async def test_the_log_of_the_service_names_no_token(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    environment = {
        "DATABASE_URL": (await server.copy()).serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "debug",
    }
    tokens: list[str] = []
    for served in serve(environment, tmp_path):
        async with visitor(browser, served) as guest:
            tokens += [f"{served.token[:-4]}wwww", served.token]
            await guest.sign_in(tokens[0])
            await expect(guest.field("Access token")).to_be_focused()
            await guest.sign_in(tokens[1])
            await guest.expect_page("Application users")
            await guest.open("limits", "Limits")
    log = (tmp_path / "log").read_text(encoding="utf-8")
    # The control: what was asked for is in it.
    assert "/graphql" in log
    for token in tokens:
        assert token not in log
        assert token[-20:] not in log
