"""Nothing moves under a pointer while a page is drawn: outlines are as large as what comes."""

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser

from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.places import PAGES, Place
from tests.browser.show import Shown
from tests.browser.visitors import visitor

pytestmark = needs_chromium

GOOD = 0.1
"""Cumulative layout shift that Web Vitals call good."""
WATCH = """
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) window.shifted = (window.shifted ?? 0) + shift.value;
}).observe({type: "layout-shift", buffered: true})
"""
# Shifts are reported a frame later than they are seen.
SHIFTED = """
() => new Promise(resolve => requestAnimationFrame(() =>
  requestAnimationFrame(() => setTimeout(() => resolve(window.shifted ?? 0), 50))))
"""
PUSH = """
() => {
  const block = document.createElement("div");
  block.style.height = "300px";
  document.querySelector("main").prepend(block);
}
"""


@pytest.fixture(scope="module")
async def reader(browser: Browser, shown: Shown) -> AsyncGenerator[Console]:
    """An administrator whose pages are watched."""
    async with visitor(browser, shown.server) as console:
        await console.page.add_init_script(WATCH)
        await console.sign_in(shown.server.token)
        await console.expect_page("Application users")
        yield console


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
async def test_nothing_jumps(reader: Console, shown: Shown, place: Place) -> None:
    await place.open(reader, shown.acme)
    assert await reader.page.evaluate(SHIFTED) < GOOD


async def test_what_jumps_is_noticed(reader: Console, shown: Shown) -> None:
    """The control."""
    await PAGES[0].open(reader, shown.acme)
    await reader.page.evaluate(PUSH)
    assert await reader.page.evaluate(SHIFTED) > GOOD
