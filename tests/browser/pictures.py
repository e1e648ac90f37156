"""``python -m tests.browser.pictures FOLDER [NAME…]``: pictures of the console to look at.

Every page and main dialog of the furnished organization, light and dark, wide and narrow, as
``NAME-light.png``, ``NAME-dark.png`` and ``NAME-narrow.png``; names are those in ``places``.
"""

import argparse
import asyncio
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from tests.browser import chromium
from tests.browser.console import Console
from tests.browser.places import DIALOGS, PAGES
from tests.browser.show import Shown, shown

WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=360, height=780)
KINDS: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "light": (WIDE, "light"),
    "dark": (WIDE, "dark"),
    "narrow": (NARROW, "light"),
}
SIGN_IN = "sign-in"


class Camera:
    """Takes a place's pictures."""

    def __init__(self, console: Console, folder: Path) -> None:
        self._console = console
        self._folder = folder

    async def take(self, name: str, *, is_whole: bool) -> None:
        """Take the three pictures of what the page shows."""
        page = self._console.page
        for kind, (size, scheme) in KINDS.items():
            await page.emulate_media(color_scheme=scheme)
            await page.set_viewport_size(size)
            # A page is drawn for its width, and a chart anew for it, some frames later.
            await page.wait_for_timeout(300)
            if is_whole:
                height: int = await page.evaluate("() => document.documentElement.scrollHeight")
                tall = ViewportSize(width=size["width"], height=max(size["height"], height))
                await page.set_viewport_size(tall)
                await page.wait_for_timeout(300)
            shown = page.locator(f"html[data-mantine-color-scheme={scheme}]")
            await expect(shown).to_be_attached()
            path = self._folder / f"{name}-{kind}.png"
            await page.screenshot(path=path, animations="disabled")
            print(path, flush=True)
        await page.set_viewport_size(WIDE)


async def take(made: Shown, browser: Browser, folder: Path, names: list[str]) -> None:
    """Take pictures of the named places, of all where none is named."""
    page = await browser.new_page(viewport=WIDE, reduced_motion="reduce", device_scale_factor=1)
    console = Console(page, made.server.url, made.server.organization_id)
    camera = Camera(console, folder)
    await page.goto(f"{made.server.url}/console")
    await expect(console.field("Access token")).to_be_visible()
    if not names or SIGN_IN in names:
        await camera.take(SIGN_IN, is_whole=True)
    await console.sign_in(made.server.token)
    await console.expect_page("Application users")
    for place in [*PAGES, *DIALOGS]:
        if names and place.name not in names:
            continue
        await place.open(console, made.acme)
        await camera.take(place.name, is_whole=not place.steps)


async def main() -> None:
    """Take what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures")
    parser.add_argument("folder", type=Path, help="where the pictures go; made if it is missing")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_names()))
    given = parser.parse_args()
    if unknown := set(given.names) - set(_names()):
        parser.error(f"no such place: {', '.join(sorted(unknown))}")
    given.folder.mkdir(parents=True, exist_ok=True)
    async with shown() as made, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.PATH, args=chromium.FLAGS
        )
        await take(made, browser, given.folder, given.names)
        await browser.close()


def _names() -> list[str]:
    return [SIGN_IN, *(place.name for place in (*PAGES, *DIALOGS))]


if __name__ == "__main__":
    asyncio.run(main())
