"""What the console asks the service for, one request behind the other's answer: two at the most."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, Request, Route, expect

from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.places import PAGES, Place, drawn
from tests.browser.show import Shown
from tests.browser.visitors import visitor

pytestmark = needs_chromium

# What a page asks for when it is drawn is asked for before this.
IDLE = """
() => new Promise(resolve =>
  requestIdleCallback(() => setTimeout(() => requestIdleCallback(resolve), 100)))
"""


class Waves:
    """Answers a page's requests together, when it asks for nothing more without an answer."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._gate = asyncio.Event()
        self._is_open = False
        self._finished = 0
        self.asked: list[list[str]] = [[]]
        self._answered = asyncio.Condition()
        page.on("requestfinished", self._count)

    async def _count(self, request: Request) -> None:
        async with self._answered:
            self._finished += request.url.endswith("/graphql")
            self._answered.notify()

    async def __call__(self, route: Route) -> None:
        """Hold a request until its wave is answered."""
        self.asked[-1].append((route.request.post_data_json or {})["operationName"])
        if not self._is_open:
            await self._gate.wait()
        await route.continue_()

    async def settle(self) -> None:
        """Wait until the page is drawn as far as what it has goes."""
        loading = self._page.get_by_role("status").filter(has_text="Loading")
        if not self.asked[0] or self.asked[0] != ["Viewer"]:
            await expect(loading).to_have_count(0)
        await self._page.evaluate(IDLE)

    async def answer(self) -> None:
        """Answer what was asked for, and see what that leads to."""
        gate, self._gate = self._gate, asyncio.Event()
        expected = sum(map(len, self.asked))
        self.asked.append([])
        gate.set()
        async with self._answered:
            await self._answered.wait_for(lambda: self._finished >= expected)
        await self.settle()

    def open(self) -> None:
        """Answer the last wave, and hold nothing any more."""
        self.asked.append([])
        self._is_open = True
        self._gate.set()


@asynccontextmanager
async def waves(console: Console) -> AsyncGenerator[Waves]:
    """Hold what the page asks for, in waves."""
    found = Waves(console.page)
    await console.page.route("**/graphql", found)
    yield found
    await console.page.unroute("**/graphql", found)


@pytest.fixture(scope="module")
async def reader(browser: Browser, shown: Shown) -> AsyncGenerator[Console]:
    """An administrator whose tab keeps the credential."""
    async with visitor(browser, shown.server) as console:
        await console.sign_in(shown.server.token)
        await console.expect_page("Application users")
        yield console


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
async def test_a_link_asks_twice_at_the_most(reader: Console, shown: Shown, place: Place) -> None:
    async with waves(reader) as found:
        await reader.page.goto(f"{reader.home}/{place.path(shown.acme)}")
        await found.settle()
        await found.answer()
        found.open()
        await drawn(reader.page)
        await reader.page.evaluate(IDLE)
    first, _, third = found.asked
    assert {"Viewer", "Organization"} <= set(first)
    assert third == [], found.asked


async def test_the_list_is_asked_for_at_once(reader: Console) -> None:
    async with waves(reader) as found:
        await reader.page.goto(f"{reader.home}/application-users")
        await found.settle()
        assert set(found.asked[0]) == {"Viewer", "Organization", "ApplicationUsers"}
        found.open()
        await drawn(reader.page)
    assert found.asked[1:] == [[]]


async def test_a_token_that_was_pasted_is_tried_once(browser: Browser, shown: Shown) -> None:
    """The control: what waits for an answer is seen to, and a wrong token is refused once."""
    async with visitor(browser, shown.server) as guest:
        await guest.page.goto(f"{guest.home}/people/{shown.acme.people['Ada Lovelace']}")
        async with waves(guest) as found:
            await guest.sign_in(shown.server.token)
            await found.settle()
            assert found.asked == [["Viewer"]]
            await found.answer()
            await found.answer()
            found.open()
            await drawn(guest.page)
            await guest.page.evaluate(IDLE)
        assert found.asked[2]
