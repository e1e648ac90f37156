"""Signing in at the console with an identity provider, in a window of its own."""

import asyncio
import re
from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, Page, Route, expect

from app import organizations
from app.database import Database
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.visitors import visitor
from tests.conftest import PEPPER, PEPPERS, LiveServer, serve
from tests.issuer import Issuer, issuer_at_work
from tests.postgres import Server

pytestmark = needs_chromium

CLIENT = "the-console"
OTHER = "Analytical Engines"


@pytest.fixture(scope="module")
async def issuer() -> AsyncGenerator[Issuer]:
    """A provider that knows Grace, and Alan, whom the service does not know."""
    async with issuer_at_work(people=["grace", "alan"], lifetime_seconds=600) as running:
        yield running


@pytest.fixture(scope="module")
async def served(
    server: Server, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[LiveServer]:
    """A service that signs people in there; Grace administers two of its organizations."""
    environment = {
        "DATABASE_URL": (await server.copy()).serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "warning",
        "APPUSERS_OIDC_ISSUER": issuer.url,
        "APPUSERS_OIDC_CLIENT_ID": CLIENT,
    }
    database = await Database.open(environment["DATABASE_URL"])
    for name in ("Acme Corporation", OTHER):
        await organizations.bootstrap(
            database,
            PEPPERS,
            name=name,
            admin_email="g@acme.example",
            admin_identity=(issuer.url, "grace"),
        )
    await database.close()
    for running in serve(environment, tmp_path_factory.mktemp("serve"), "Third"):
        issuer.register(CLIENT, f"{running.url}/console/signed-in")
        yield running


@pytest.fixture
async def guest(browser: Browser, served: LiveServer) -> AsyncGenerator[Console]:
    """Somebody who did not sign in yet."""
    async with visitor(browser, served) as console:
        await console.page.goto(f"{served.url}/console")
        yield console


def name_of(issuer: Issuer) -> str:
    return issuer.url.removeprefix("http://")


async def window(console: Console, issuer: Issuer) -> Page:
    """Ask for the provider's window, and return it when it shows who there is."""
    async with console.page.expect_popup() as opening:
        await console.button(f"Sign in with {name_of(issuer)}").click()
    opened = await opening.value
    await expect(opened.get_by_role("heading", name="Who are you?")).to_be_visible()
    return opened


async def test_no_address_holds_what_signs_in(guest: Console, issuer: Issuer) -> None:
    opened = await window(guest, issuer)
    note = guest.page.get_by_role("status").filter(has_text="Go on in the window of")
    await expect(note).to_be_visible()
    await opened.get_by_role("button", name="grace").click()
    await guest.expect_page("Application users")
    # The control: the code went in one, which is of no use without the verifier.
    assert any("code=" in address for address in guest.addresses)
    assert not any("eyJ" in address or "verifier" in address for address in guest.addresses)


async def test_it_is_kept_for_the_tab_where_the_person_wishes(
    guest: Console, issuer: Issuer
) -> None:
    await guest.field("Keep until this tab closes").check()
    opened = await window(guest, issuer)
    await opened.get_by_role("button", name="grace").click()
    await guest.expect_page("Application users")
    await guest.page.reload()
    await guest.expect_page("Application users")


async def test_of_several_organizations_one_is_chosen(guest: Console, issuer: Issuer) -> None:
    await guest.sign_in(issuer.sign("grace"), keep=False)
    await guest.expect_page("Application users")
    first = guest.page.url
    switch = guest.page.get_by_role("button", name=re.compile("^Organization: .*Switch$"))
    shown = await switch.inner_text()
    other = OTHER if shown != OTHER else "Acme Corporation"
    await guest.page.get_by_label("Search by name").fill("of the first")
    await switch.focus()
    await guest.page.keyboard.press("Enter")
    choice = guest.page.get_by_role("menuitem", name=other)
    await expect(choice).to_be_visible()
    await choice.focus()
    await guest.page.keyboard.press("Enter")
    await expect(guest.page).to_have_title(f"Application users · {other} · application-users")
    await expect(guest.page.get_by_label("Search by name")).to_have_value("")
    assert guest.page.url != first
    await guest.page.go_back()
    await expect(guest.page).to_have_title(f"Application users · {shown} · application-users")


async def test_a_closed_window_is_given_up(guest: Console, issuer: Issuer) -> None:
    opened = await window(guest, issuer)
    await opened.close()
    await guest.button("Cancel").click()
    again = guest.button(f"Sign in with {name_of(issuer)}")
    await expect(again).to_be_focused()
    await expect(guest.page.get_by_role("alert")).to_have_count(0)
    opened = await window(guest, issuer)
    await opened.get_by_role("button", name="grace").click()
    await guest.expect_page("Application users")


async def test_a_late_window_signs_nobody_in(guest: Console, issuer: Issuer) -> None:
    opened = await window(guest, issuer)
    await guest.button("Cancel").click()
    await opened.get_by_role("button", name="grace").click()
    again = guest.button(f"Sign in with {name_of(issuer)}")
    await expect(again).to_be_visible()


async def test_who_signed_in_otherwise_meanwhile_is_not_replaced(
    guest: Console, issuer: Issuer
) -> None:
    opened = await window(guest, issuer)
    await guest.sign_in(issuer.sign("grace"), keep=False)
    await guest.expect_page("Application users")
    sent = len(guest.addresses)
    async with opened.expect_event("close"):
        await opened.get_by_role("button", name="grace").click()
    await guest.page.get_by_role("link", name="Limits").click()
    await guest.expect_page("Limits")
    assert not [url for url in guest.addresses[sent:] if url.startswith(f"{issuer.url}/token")]


@pytest.mark.parametrize("slow", ["**/assets/build-*.js", "**/token"])
async def test_cancelling_ends_it_at_whatever_step(
    guest: Console, issuer: Issuer, slow: str
) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await go_on.wait()
        await route.continue_()

    await guest.page.route(slow, hold)
    async with guest.page.expect_popup() as opening:
        await guest.button(f"Sign in with {name_of(issuer)}").click()
    if slow == "**/token":
        await (await opening.value).get_by_role("button", name="grace").click()
    await asked.wait()
    await guest.button("Cancel").click()
    go_on.set()
    await expect(guest.button(f"Sign in with {name_of(issuer)}")).to_be_visible()
    await expect(guest.page.get_by_role("alert")).to_have_count(0)
    await guest.sign_in(issuer.sign("grace"), keep=False)
    await guest.expect_page("Application users")


async def test_a_blocked_window_is_told(guest: Console, issuer: Issuer) -> None:
    # What a browser that blocks windows answers.
    await guest.page.evaluate("() => { window.open = () => null }")
    await guest.button(f"Sign in with {name_of(issuer)}").click()
    await expect(guest.page.get_by_role("alert")).to_contain_text("blocked the sign-in window")


async def test_an_expired_identity_asks_again(guest: Console, issuer: Issuer) -> None:
    await guest.sign_in(issuer.sign("grace", exp=1), keep=False)
    await expect(guest.page.get_by_role("alert")).to_contain_text("sign in anew")
    opened = await window(guest, issuer)
    await opened.get_by_role("button", name="grace").click()
    await guest.expect_page("Application users")
