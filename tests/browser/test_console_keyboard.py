"""The console by the keyboard alone: what is reached is seen, and the focus comes back."""

from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.api_client import Organization
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.show import Shown
from tests.browser.visitors import administrator, delete, visitor

pytestmark = needs_chromium

# What has the focus, and whether that shows: by an outline, or by the border of a field.
IS_SEEN = """
element => {
  const style = getComputedStyle(element);
  const before = [style.outlineStyle !== "none", style.borderColor];
  element.blur();
  const border = getComputedStyle(element).borderColor;
  element.focus({ focusVisible: true, preventScroll: true });
  return element.matches(":focus-visible") && (before[0] || before[1] !== border);
}
"""
IS_FOCUSED = "element => element === document.activeElement"
FURTHEST = 60


class Keyboard:
    """Somebody who has no pointer."""

    def __init__(self, page: Page) -> None:
        self._page: Page = page

    async def reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus, which shows."""
        await expect(target).to_be_visible()
        for _ in range(FURTHEST):
            if await target.evaluate(IS_FOCUSED):
                assert await target.evaluate(IS_SEEN), f"the focus on {target} is not seen"
                return
            await self._page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by {FURTHEST} tabs")

    async def press(self, target: Locator) -> None:
        """Reach a button or a link, and press it."""
        await self.reach(target)
        await self._page.keyboard.press("Enter")

    async def choose(self, button: Locator, item: str) -> None:
        """Open a menu, and choose from it by its arrows."""
        await self.press(button)
        wanted = self._page.get_by_role("menuitem", name=item, exact=True)
        await expect(wanted).to_be_visible()
        for _ in range(FURTHEST):
            if await wanted.evaluate(IS_FOCUSED):
                await self._page.keyboard.press("Enter")
                return
            await self._page.keyboard.press("ArrowDown")
        raise AssertionError(f"{item} is not reached by the arrows")

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        await self._page.keyboard.type(text)


@pytest.fixture
async def place(shown: Shown) -> AsyncGenerator[Organization]:
    """The same organization by the API."""
    async with administrator(shown.server) as found:
        yield found


@pytest.fixture
async def guest(browser: Browser, shown: Shown) -> AsyncGenerator[Console]:
    """Somebody who did not sign in yet."""
    async with visitor(browser, shown.server) as console:
        await console.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await console.page.emulate_media(reduced_motion="reduce")
        await console.page.goto(f"{console.url}/console")
        yield console


async def test_from_the_sign_in_to_a_revoked_token(
    guest: Console, shown: Shown, place: Organization
) -> None:
    page, keyboard = guest.page, Keyboard(guest.page)
    name = f"by-keyboard-{uuid4().hex[:6]}"
    await expect(guest.field("Access token")).to_be_focused()
    await keyboard.type(shown.server.token)
    await page.keyboard.press("Enter")
    await guest.expect_page("Application users")

    # Out of a dialog by Escape, back to what opened it, and in again.
    create = guest.button("Create application user")
    await keyboard.press(create)
    form = guest.dialog("Create application user")
    await expect(form.get_by_label("Name")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await expect(create).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(form.get_by_label("Name")).to_be_focused()
    await keyboard.type(name)
    await page.keyboard.press("Enter")
    await guest.expect_page(name)
    user_id = page.url.split("/")[-1].split("?")[0]

    await keyboard.press(guest.button("Generate token").first)
    generate = guest.dialog("Generate token")
    await expect(generate.get_by_label("Description", exact=True)).to_be_focused()
    await keyboard.type("For the keyboard")
    await keyboard.press(generate.get_by_role("button", name="Generate token"))
    once = guest.dialog("Token generated")
    await keyboard.press(once.get_by_role("button", name="Copy", exact=True))
    await expect(once.get_by_role("button", name="Copied")).to_be_visible()
    token: str = await page.evaluate("navigator.clipboard.readText()")
    assert token.startswith("appu_")
    await page.keyboard.press("Escape")
    await expect(once).to_have_count(0)
    await expect(guest.button("Generate token").first).to_be_focused()

    await keyboard.choose(guest.button("Actions for For the keyboard"), "Revoke")
    asked = guest.dialog("Revoke token")
    await keyboard.press(asked.get_by_role("button", name="Revoke token"))
    await expect(asked).to_have_count(0)
    tokens = (
        "query($id: ID!) { applicationUser(id: $id) { tokens(first: 5) { nodes { status } } } }"
    )
    found = await place.admin.query(tokens, id=user_id)
    assert [each["status"] for each in found["applicationUser"]["tokens"]["nodes"]] == ["REVOKED"]
    await delete(place, user_id)


async def test_past_the_navigation_to_the_content(guest: Console, shown: Shown) -> None:
    page = guest.page
    await guest.sign_in(shown.server.token)
    await guest.open("limits", "Limits")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def test_a_focus_that_does_not_show_is_noticed(guest: Console) -> None:
    """The control: what is hidden by a style is no focus that is seen."""
    button = guest.button("Sign in")
    await button.evaluate("element => { element.style.outline = 'none' }")
    with pytest.raises(AssertionError, match="is not seen"):
        await Keyboard(guest.page).reach(button)
