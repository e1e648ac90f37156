"""Somebody who uses the console."""

from playwright.async_api import Locator, Page, expect

from tests.browser.chromium import Visit


class Console(Visit):
    """A page of a served console."""

    def __init__(self, page: Page, url: str, organization_id: str) -> None:
        super().__init__(page)
        self.url: str = url
        self.organization_id: str = organization_id
        self.home: str = f"{url}/console/{organization_id}"

    async def sign_in(self, token: str, *, keep: bool = True) -> None:
        """Paste a token on the page for it. Where it is kept, `open` may follow."""
        if not self.page.url.startswith(self.url):
            await self.page.goto(f"{self.url}/console")
        await self.page.get_by_label("Access token", exact=True).fill(token)
        if keep:
            await self.page.get_by_label("Keep until this tab closes").check()
        await self.page.get_by_role("button", name="Sign in", exact=True).click()

    async def open(self, path: str, heading: str | None = None) -> None:
        """Open a page by its address within the organization, and wait for its heading."""
        await self.page.goto(f"{self.home}/{path}")
        await self.expect_page(heading)

    async def expect_page(self, heading: str | None = None) -> None:
        """Wait for a page with this heading, or for any."""
        found = self.page.get_by_role("heading", level=1)
        await (expect(found).to_have_text(heading) if heading else expect(found).to_be_visible())

    def button(self, name: str) -> Locator:
        """Return the button with this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        """Return the field with this label."""
        return self.page.get_by_label(label, exact=True)

    def dialog(self, name: str) -> Locator:
        """Return the dialog with this title."""
        return self.page.get_by_role("dialog", name=name, exact=True)

    def row(self, text: str) -> Locator:
        """Return the rows that hold this text."""
        return self.page.get_by_role("row").filter(has_text=text)
