"""Work at the console that is interrupted: by a credential that ends, a service that is away."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from app import ids, organizations
from app.database import Database
from tests.api_client import Organization
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.show import Shown
from tests.browser.visitors import administrator, delete, visitor
from tests.browser.visitors import colleague as a_colleague
from tests.conftest import PEPPER, PEPPERS, serve
from tests.postgres import Server

pytestmark = needs_chromium


@pytest.fixture
async def place(shown: Shown) -> AsyncGenerator[Organization]:
    """The same organization by the API."""
    async with administrator(shown.server) as found:
        yield found


@pytest.fixture
async def guest(browser: Browser, shown: Shown) -> AsyncGenerator[Console]:
    """Somebody who did not sign in yet."""
    async with visitor(browser, shown.server) as console:
        yield console


async def half_filled(console: Console, name: str) -> Locator:
    """Open the dialog for an application user, type, and return it."""
    await console.button("Create application user").click()
    dialog = console.dialog("Create application user")
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_label("Description").fill("Typed before it happened.")
    return dialog


async def test_a_revoked_credential_asks_again_and_keeps_what_was_typed(
    guest: Console, shown: Shown, place: Organization
) -> None:
    colleague = await a_colleague(place, "work that is interrupted")
    await guest.sign_in(colleague.token)
    await guest.expect_page("Application users")
    form = await half_filled(guest, "made-after-all")
    await place.admin.mutate("revokeToken", "token { id }", tokenId=colleague.token_id)
    await form.get_by_role("button", name="Create").click()

    again = guest.dialog("Sign in again")
    await expect(again).to_be_visible()
    await expect(again.get_by_label("Access token", exact=True)).to_be_focused()
    # The choice is remembered, the credential is not.
    await expect(again.get_by_label("Keep until this tab closes")).to_be_checked()
    assert "appu_" not in await guest.stored()
    await guest.page.keyboard.press("Escape")
    await expect(again).to_be_visible()
    await again.get_by_label("Access token", exact=True).fill(shown.server.token)
    await guest.page.keyboard.press("Enter")

    await expect(again).to_have_count(0)
    await expect(form.get_by_label("Name")).to_have_value("made-after-all")
    await expect(form.get_by_label("Description")).to_have_value("Typed before it happened.")
    await expect(form).to_be_focused()
    await form.get_by_role("button", name="Create").click()
    await expect(guest.page).to_have_url(re.compile("/application-users/user_"))
    made = guest.page.url.rpartition("/")[2]
    await delete(place, colleague.user_id)
    await delete(place, made)


async def test_a_wrong_token_asks_once_more(
    guest: Console, shown: Shown, place: Organization
) -> None:
    colleague = await a_colleague(place, "work that is interrupted twice")
    await guest.sign_in(colleague.token, keep=False)
    await guest.expect_page("Application users")
    form = await half_filled(guest, "kept-through-all")
    await delete(place, colleague.user_id)
    await form.get_by_role("button", name="Create").click()
    again = guest.dialog("Sign in again")
    field = again.get_by_label("Access token", exact=True)
    await field.fill("appu_wrong")
    await guest.page.keyboard.press("Enter")
    await expect(field).to_have_accessible_description(re.compile("not accepted"))
    await field.fill(shown.server.token)
    await guest.page.keyboard.press("Enter")
    await expect(again).to_have_count(0)
    await expect(form.get_by_label("Name")).to_have_value("kept-through-all")


async def test_who_does_not_sign_in_again_is_signed_out(
    guest: Console, place: Organization
) -> None:
    colleague = await a_colleague(place, "work that ends")
    await guest.sign_in(colleague.token)
    await guest.expect_page("Application users")
    await delete(place, colleague.user_id)
    await guest.page.get_by_label("Search by name").fill("grafana")
    await guest.dialog("Sign in again").get_by_role("button", name="Sign out instead").click()
    await expect(guest.page).to_have_title("Sign in · application-users")
    await expect(guest.page.get_by_text("terraform-ci")).to_have_count(0)


async def test_somebody_else_sees_nothing_of_the_first(
    guest: Console, shown: Shown, place: Organization
) -> None:
    database = await Database.open(shown.server.environment["DATABASE_URL"])
    try:
        other = await organizations.bootstrap(
            database, PEPPERS, name="Other Company", admin_email="o@other.example"
        )
    finally:
        await database.close()
    colleague = await a_colleague(place, "work of the first")
    await guest.sign_in(colleague.token, keep=False)
    await expect(guest.row("terraform-ci")).to_be_visible()
    form = await half_filled(guest, "of-the-first")
    await delete(place, colleague.user_id)
    await form.get_by_role("button", name="Create").click()
    again = guest.dialog("Sign in again")
    await again.get_by_label("Access token", exact=True).fill(other.full_token)
    await guest.page.keyboard.press("Enter")

    heading = guest.page.get_by_role("heading", name="There is no such organization here")
    await expect(heading).to_be_visible()
    await expect(guest.page.get_by_role("dialog")).to_have_count(0)
    for text in ("terraform-ci", "Acme Corporation"):
        await expect(guest.page.get_by_text(text)).to_have_count(0)
    await guest.page.get_by_role("link", name="application-users, home").click()
    await guest.expect_page("Application users")
    assert ids.organization_id(other.organization_id) in guest.page.url
    await expect(guest.page.get_by_role("heading", name="No application users yet")).to_be_visible()
    await guest.button("Create application user").first.click()
    form = guest.dialog("Create application user")
    await expect(form.get_by_label("Name")).to_have_value("")


async def test_a_service_that_is_away_is_waited_for(guest: Console, shown: Shown) -> None:
    await guest.sign_in(shown.server.token)
    await expect(guest.row("terraform-ci")).to_be_visible()
    form = await half_filled(guest, "typed-while-away")
    context = guest.page.context
    await context.set_offline(True)
    await form.get_by_role("button", name="Create").click()
    banner = guest.page.get_by_role("alert").filter(has_text="The service does not answer")
    await expect(banner.first).to_be_attached()
    await expect(form.get_by_label("Name")).to_have_value("typed-while-away")
    await form.get_by_role("button", name="Cancel").click()

    # What was shown stays, and what is asked for meanwhile comes as soon as there is an answer.
    async with guest.page.expect_event("requestfailed"):
        await guest.page.get_by_label("Search by name").fill("grafana")
    await expect(guest.row("terraform-ci")).to_be_visible()
    retry = guest.button("Try again")
    await retry.click()
    await expect(retry).to_be_enabled()
    await context.set_offline(False)
    await retry.click()
    await expect(retry).to_have_count(0)
    await expect(guest.row("terraform-ci")).to_have_count(0)
    await expect(guest.row("grafana-reader")).to_be_visible()
    assert {"net::ERR_INTERNET_DISCONNECTED" in error for error in guest.errors} == {True}
    guest.errors.clear()


async def test_a_service_that_is_away_at_the_sign_in_is_asked_again(
    guest: Console, shown: Shown
) -> None:
    await guest.page.goto(f"{guest.url}/console")
    context = guest.page.context
    await expect(guest.field("Access token")).to_be_visible()
    await context.set_offline(True)
    await guest.sign_in(shown.server.token, keep=False)
    heading = guest.page.get_by_role("heading", name="The service does not answer")
    await expect(heading).to_be_visible()
    await context.set_offline(False)
    await guest.button("Try again").click()
    await guest.expect_page("Application users")
    assert {"net::ERR_INTERNET_DISCONNECTED" in error for error in guest.errors} == {True}
    guest.errors.clear()


async def test_a_lost_answer_creates_nothing_twice(
    guest: Console, shown: Shown, place: Organization
) -> None:
    await guest.sign_in(shown.server.token, keep=False)
    await guest.expect_page("Application users")
    form = await half_filled(guest, "answer-was-lost")

    await guest.page.route("**/graphql", _lose_answer, times=1)
    await form.get_by_role("button", name="Create").click()
    await expect(guest.page.get_by_text("Nothing is known to have changed")).to_be_visible()
    await form.get_by_role("button", name="Create").click()
    await expect(form.get_by_label("Name")).to_have_accessible_description(
        re.compile("taken|already")
    )
    guest.errors.clear()
    await form.get_by_role("button", name="Cancel").click()
    await guest.page.get_by_label("Search by name").fill("answer-was-lost")
    await guest.page.get_by_role("link", name="answer-was-lost").click()
    await expect(guest.page).to_have_url(re.compile("/application-users/user_"))
    made = guest.page.url.rpartition("/")[2]
    await delete(place, made)


async def _lose_answer(route: Route) -> None:
    await route.fetch()
    await route.abort("connectionreset")


async def test_who_is_refused_too_often_reads_how_long_to_wait(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    environment = {
        "DATABASE_URL": (await server.copy()).serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "warning",
        "APPUSERS_FAILED_REQUESTS_PER_MINUTE": "1",
    }
    for served in serve(environment, tmp_path):
        async with visitor(browser, served) as guest:
            await guest.sign_in("appu_wrong", keep=False)
            await expect(guest.field("Access token")).to_be_focused()
            await guest.sign_in("appu_wrong_again", keep=False)
            heading = guest.page.get_by_role("heading", name="Too many requests")
            await expect(heading).to_be_visible()
            await expect(guest.page.get_by_text(re.compile(r"in \d+ seconds"))).to_be_visible()
            # A good token always gets in.
            await guest.button("Use another credential").click()
            await guest.sign_in(served.token, keep=False)
            await guest.expect_page("Application users")
            assert {"status of 429" in error for error in guest.errors} == {True}
            guest.errors.clear()
