"""The system's Chromium, and what a page in it did that a test may want to forbid."""

import re
import shutil

import httpx
import pytest
from playwright.async_api import Page

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
PATH = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

needs_chromium = pytest.mark.skipif(
    PATH is None, reason="No Chromium is installed, and these tests drive one."
)

STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"


class Visit:
    """A page, and what it did that a test may want to forbid."""

    def __init__(self, page: Page) -> None:
        self.page: Page = page
        self.addresses: list[str] = []
        self.errors: list[str] = []
        page.context.on("request", lambda request: self.addresses.append(request.url))
        page.on("console", lambda message: self._keep(message.type, message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _keep(self, kind: str, text: str) -> None:
        # Chromium reports every 401 as an error; reading the schema without a token may meet one.
        if kind in ("error", "warning") and "status of 401" not in text:
            self.errors.append(text)

    def workers(self) -> set[str]:
        """Return the names of the worker scripts that were asked for."""
        return set(re.findall(r"/static/assets/(\w+)\.worker-", "\n".join(self.addresses)))

    def hosts(self) -> set[str]:
        """Return the hosts that the page asked for something."""
        return {httpx.URL(address).netloc.decode() for address in self.addresses}

    async def stored(self) -> str:
        """Return all that the page keeps where the browser would find it again."""
        return await self.page.evaluate(STORED)
