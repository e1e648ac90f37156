"""A secret that is shown once, and was not copied, when who reads it has to sign in again."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from tests.api_client import Organization
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.show import Shown
from tests.browser.visitors import Colleague, administrator, colleague, delete, visitor

pytestmark = needs_chromium

COVERED = """
button => {
  const { x, y, width, height } = button.getBoundingClientRect();
  return !button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}
"""


@dataclass(frozen=True)
class Scene:
    """Somebody to whom a secret is shown, and their organization."""

    guest: Console
    place: Organization
    reader: Colleague
    secret: Locator
    text: str
    go_on: asyncio.Event
    """Lets the page read again who its reader is, behind what was done."""

    async def end_credential(self) -> Locator:
        """Revoke the credential, let the page notice, and return the dialog that asks for one."""
        await self.place.admin.mutate("revokeToken", "__typename", tokenId=self.reader.token_id)
        self.go_on.set()
        again = self.guest.dialog("Sign in again")
        await expect(again).to_be_visible()
        return again

    async def sign_in(self, token: str) -> None:
        """Sign in again, until nothing asks for it."""
        again = self.guest.dialog("Sign in again")
        await again.get_by_label("Access token", exact=True).fill(token)
        await self.guest.page.keyboard.press("Enter")
        await expect(again).to_have_count(0)


@pytest.fixture
async def scene(browser: Browser, shown: Shown) -> AsyncGenerator[Scene]:
    """The secret is a token that its reader generated, and did not copy."""
    go_on = asyncio.Event()

    async def hold(route: Route) -> None:
        if "query Viewer" in (route.request.post_data or ""):
            await go_on.wait()
        await route.continue_()

    async with administrator(shown.server) as place, visitor(browser, shown.server) as guest:
        reader = await colleague(place, "who reads a secret")
        user_id = await place.user("whose secret is read")
        await guest.sign_in(reader.token)
        await guest.open(f"application-users/{user_id}", "whose secret is read")
        await guest.page.route("**/graphql", hold)
        await guest.button("Generate token").first.click()
        form = guest.dialog("Generate token")
        await form.get_by_role("button", name="Generate token").click()
        secret = guest.page.get_by_label("The token", exact=True)
        yield Scene(guest, place, reader, secret, await secret.inner_text(), go_on)
        go_on.set()
        await guest.page.unroute_all(behavior="wait")
        # What the browser says of the refusals.
        assert {"status of 401" in error for error in guest.errors} <= {True}
        guest.errors.clear()
        await delete(place, user_id)
        await delete(place, reader.user_id)


@pytest.mark.parametrize("way", ["Sign out", "Sign out instead"])
async def test_signing_out_asks_before_it_is_lost(scene: Scene, way: str) -> None:
    guest = scene.guest
    again = await scene.end_credential()
    asks = again.get_by_role("alert").filter(has_text="You did not copy the token")
    for _ in range(2):
        await again.get_by_role("button", name=way, exact=True).click()
        await expect(asks).to_be_visible()
        await asks.get_by_role("button", name="Go back").click()
        await expect(asks).to_have_count(0)
    await expect(scene.secret).to_be_attached()
    await again.get_by_role("button", name=way, exact=True).click()
    await asks.get_by_role("button", name="Sign out without copying").click()
    await expect(guest.page).to_have_title("Sign in · application-users")
    await expect(scene.secret).to_have_count(0)


async def test_what_was_copied_is_not_asked_about(scene: Scene) -> None:
    """The control: nothing is lost then."""
    guest = scene.guest
    await guest.page.context.grant_permissions(["clipboard-write"])
    await guest.button("Copy").click()
    await expect(guest.button("Copied")).to_be_visible()
    again = await scene.end_credential()
    await again.get_by_role("button", name="Sign out instead").click()
    await expect(guest.page).to_have_title("Sign in · application-users")


async def test_the_same_person_sees_it_again(scene: Scene) -> None:
    """The control of the next: it outlives a sign-in."""
    _, token = await scene.place.token(scene.reader.user_id)
    await scene.end_credential()
    await scene.sign_in(token)
    await expect(scene.secret).to_have_text(scene.text)


async def test_another_of_the_organization_does_not_see_it(scene: Scene, shown: Shown) -> None:
    await scene.end_credential()
    await scene.sign_in(shown.server.token)
    guest = scene.guest
    await expect(scene.secret).to_have_count(0)
    await guest.expect_page("whose secret is read")
    await expect(guest.page.get_by_role("dialog")).to_have_count(0)
    assert scene.text not in await guest.page.content()


async def test_nobody_signs_out_behind_it(scene: Scene) -> None:
    guest = scene.guest
    account = guest.button("Your account")
    assert await account.evaluate(COVERED)
    for _ in range(12):
        await guest.page.keyboard.press("Tab")
        await expect(guest.page.get_by_role("dialog").locator(":focus")).to_have_count(1)
    await guest.page.keyboard.press("Escape")
    await guest.button("Close without copying").click()
    # The control: without it, the way out is there.
    await expect(scene.secret).to_have_count(0)
    await account.click()
    await expect(guest.page.get_by_role("menuitem", name="Sign out")).to_be_visible()
