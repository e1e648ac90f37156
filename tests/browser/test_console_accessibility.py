"""Every page and main dialog for everybody: axe, both themes, wide and narrow, and the keyboard."""

from collections.abc import AsyncGenerator
from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.places import DIALOGS, PAGES, Place, declared, drawn
from tests.browser.show import Shown
from tests.browser.visitors import visitor

pytestmark = needs_chromium

SIZES = {
    "wide": ViewportSize(width=1280, height=860),
    "narrow": ViewportSize(width=360, height=740),
}
THEMES: list[Literal["light", "dark"]] = ["light", "dark"]
AXE = Axe()
SETTLE = """
() => document.getAnimations()
  .filter(each => each.effect.getComputedTiming().endTime !== Infinity)
  .forEach(each => each.finish())
"""
ALL_RULES = {"resultTypes": ["violations"]}
# A menu is drawn beside the page's regions, and left for its button: nobody comes upon it there.
RULES_BESIDE_A_MENU = ALL_RULES | {"rules": {"region": {"enabled": False}}}


@pytest.fixture(scope="module")
async def reader(browser: Browser, shown: Shown) -> AsyncGenerator[Console]:
    """An administrator who looks at everything and changes nothing."""
    async with visitor(browser, shown.server) as console:
        await console.page.emulate_media(reduced_motion="reduce")
        await console.sign_in(shown.server.token)
        await console.expect_page("Application users")
        yield console


async def violations(page: Page) -> list[str]:
    """Return what axe finds, one text for each element."""
    # A colour that is on its way to another is neither.
    await page.evaluate(SETTLE)
    is_menu_open = await page.get_by_role("menu").or_(page.get_by_role("listbox")).count()
    rules = RULES_BESIDE_A_MENU if is_menu_open else ALL_RULES
    found: dict[str, Any] = (await AXE.run(page, options=rules)).response
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


async def everywhere(page: Page) -> list[str]:
    """Return what is wrong in either theme, at either width."""
    found: list[str] = []
    for width, size in SIZES.items():
        await page.set_viewport_size(size)
        await drawn(page)
        for theme in THEMES:
            await page.emulate_media(color_scheme=theme)
            scheme = page.locator(f"html[data-mantine-color-scheme={theme}]")
            await expect(scheme).to_be_attached()
            found += [f"{width}, {theme}: {each}" for each in await violations(page)]
        if await page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width}: wider than the window")
    await page.set_viewport_size(SIZES["wide"])
    return found


def test_each_page_is_looked_at() -> None:
    assert {place.route for place in PAGES} - {"/nowhere"} == declared()


@pytest.mark.parametrize("place", [*PAGES, *DIALOGS], ids=lambda place: place.name)
async def test_axe_finds_nothing(reader: Console, shown: Shown, place: Place) -> None:
    await place.open(reader, shown.acme)
    assert await everywhere(reader.page) == []


async def test_axe_finds_nothing_at_the_sign_in(browser: Browser, shown: Shown) -> None:
    async with visitor(browser, shown.server) as guest:
        await guest.page.emulate_media(reduced_motion="reduce")
        await guest.page.goto(f"{guest.url}/console")
        await expect(guest.field("Access token")).to_be_visible()
        assert await everywhere(guest.page) == []
        await guest.sign_in("appu_wrong", keep=False)
        await expect(guest.page.get_by_text("This token is not accepted")).to_be_visible()
        assert await everywhere(guest.page) == []


async def test_axe_finds_what_is_wrong(reader: Console) -> None:
    """The other tests' silence counts only if axe speaks where something is wrong."""
    await reader.open("limits")
    await reader.page.evaluate("() => document.body.append(document.createElement('button'))")
    found = await violations(reader.page)
    assert any(each.startswith("button-name") for each in found), found
    await reader.page.evaluate("() => { document.body.style.minWidth = '2000px' }")
    assert "narrow: wider than the window" in await everywhere(reader.page)
