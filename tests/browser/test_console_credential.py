"""How one comes in with a token, and goes: what the page keeps of it, and what it forgets."""

import re
from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.show import Shown
from tests.browser.visitors import visitor

pytestmark = needs_chromium


@pytest.fixture
async def guest(browser: Browser, shown: Shown) -> AsyncGenerator[Console]:
    """Somebody who did not sign in yet."""
    async with visitor(browser, shown.server) as console:
        yield console


def token_field(console: Console) -> Locator:
    return console.field("Access token")


async def expect_signed_out(console: Console) -> None:
    await expect(token_field(console)).to_be_visible()
    await expect(console.page).to_have_title("Sign in · application-users")


async def test_a_token_is_cleaned_and_let_in(guest: Console, shown: Shown) -> None:
    await guest.page.goto(f"{guest.url}/console")
    await expect(token_field(guest)).to_be_focused()
    token = shown.server.token
    await guest.sign_in(f"  bearer  {token[:20]}\n {token[20:]}\u200b ", keep=False)
    await guest.expect_page("Application users")
    await expect(guest.page).to_have_title(
        "Application users · Acme Corporation · application-users"
    )
    assert token not in await guest.stored()


async def test_the_start_of_the_service_leads_here(guest: Console) -> None:
    await guest.page.goto(guest.url)
    await expect_signed_out(guest)
    assert guest.page.url == f"{guest.url}/console"


async def test_nothing_pasted_is_asked_for(guest: Console) -> None:
    await guest.sign_in("   ", keep=False)
    await expect(token_field(guest)).to_be_focused()
    await expect(token_field(guest)).to_have_accessible_description(re.compile("Paste an access"))


async def test_a_wrong_token_is_refused_where_it_was_pasted(guest: Console, shown: Shown) -> None:
    token = shown.server.token
    await guest.sign_in(token[:-1] + ("x" if token[-1] != "x" else "y"), keep=True)
    described = re.compile("This token is not accepted: it is mistyped, expired or revoked")
    await expect(token_field(guest)).to_have_accessible_description(described)
    await expect(token_field(guest)).to_be_focused()
    await expect(token_field(guest)).to_have_value("")
    # The choice stays, the text is kept nowhere.
    await expect(guest.field("Keep until this tab closes")).to_be_checked()
    assert "appu_" not in await guest.stored()
    await guest.sign_in(shown.server.token)
    await guest.expect_page("Application users")


async def test_a_token_is_shown_only_when_asked(guest: Console) -> None:
    await guest.page.goto(f"{guest.url}/console")
    await token_field(guest).fill("appu_something")
    await expect(token_field(guest)).to_have_attribute("type", "password")
    await guest.button("Show the token").click()
    await expect(token_field(guest)).to_have_attribute("type", "text")


async def test_a_kept_token_outlives_a_reload_and_no_sign_out(guest: Console, shown: Shown) -> None:
    await guest.sign_in(shown.server.token)
    await guest.expect_page("Application users")
    assert shown.server.token in await guest.stored()
    await guest.page.reload()
    await guest.expect_page("Application users")

    await guest.page.goto(f"{guest.url}/console/{guest.organization_id}/groups")
    await guest.button("Your account").click()
    await guest.page.get_by_role("menuitem", name="Sign out").click()
    await expect_signed_out(guest)
    assert "appu_" not in await guest.stored()
    await guest.page.go_back()
    await expect_signed_out(guest)
    await guest.page.reload()
    await expect_signed_out(guest)


async def test_another_tab_is_not_signed_in(guest: Console, shown: Shown) -> None:
    await guest.sign_in(shown.server.token)
    await guest.expect_page("Application users")
    other = Console(await guest.page.context.new_page(), guest.url, guest.organization_id)
    await other.page.goto(f"{guest.url}/console")
    await expect_signed_out(other)
    assert "appu_" not in await other.stored()


async def test_a_token_that_is_not_kept_is_forgotten_by_a_reload(
    guest: Console, shown: Shown
) -> None:
    await guest.sign_in(shown.server.token, keep=False)
    await guest.expect_page("Application users")
    await guest.page.reload()
    await expect_signed_out(guest)


async def test_a_link_leads_where_it_should_behind_the_sign_in(
    guest: Console, shown: Shown
) -> None:
    address = f"{guest.url}/console/{guest.organization_id}/application-users?search=grafana"
    await guest.page.goto(address)
    await guest.sign_in(shown.server.token, keep=False)
    await expect(guest.row("grafana-reader")).to_be_visible()
    await expect(guest.row("terraform-ci")).to_have_count(0)
    assert guest.page.url == address


async def test_a_foreign_organization_is_none(guest: Console, shown: Shown) -> None:
    await guest.page.goto(f"{guest.url}/console/org_00000000000000000000000000/application-users")
    await guest.sign_in(shown.server.token, keep=False)
    heading = guest.page.get_by_role("heading", name="There is no such organization here")
    await expect(heading).to_be_visible()
    await guest.page.get_by_role("link", name="application-users, home").click()
    await guest.expect_page("Application users")


async def test_without_storage_the_page_works(guest: Console, shown: Shown) -> None:
    refuse = "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no') } })"
    await guest.page.add_init_script(refuse)
    await guest.sign_in(shown.server.token)
    await guest.expect_page("Application users")
    await guest.button("Your account").click()
    await guest.page.get_by_role("menuitem", name="Sign out").click()
    await expect_signed_out(guest)
