"""The list of application users in the console: searched, filtered, sorted and paged."""

import asyncio
import re
from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.newcomers import Newcomer, newcomer
from tests.browser.show import Shown
from tests.browser.visitors import WIDE

pytestmark = needs_chromium

TYPE_AND_LEAVE = """
text => new Promise(resolve => {
  const field = document.querySelector("input[type=search]");
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const links = [...document.querySelectorAll("tbody a")];
  links.find(each => each.textContent === "terraform-ci").click();
  setTimeout(resolve, 400);
})
"""

MANY = 28
PAGE = 25


@pytest.fixture(scope="module")
async def many(browser: Browser, shown: Shown) -> AsyncGenerator[Newcomer]:
    """An organization whose application users do not fit on a page; the second is deactivated."""
    async with newcomer(browser, shown) as here:
        for number in range(1, MANY + 1):
            user_id = await here.organization.user(f"bot-{number:02}")
            if number == 2:
                await here.organization.admin.mutate(
                    "updateApplicationUser",
                    "applicationUser { id }",
                    applicationUserId=user_id,
                    state="DEACTIVATED",
                )
        yield here


def names(console: Console) -> Locator:
    """Return the names that are listed."""
    return console.page.get_by_role("table").get_by_role("link")


def bots(numbers: range) -> list[str]:
    """Return the names of some of them, in order."""
    return [f"bot-{number:02}" for number in numbers]


async def choose(console: Console, filter_name: str, value: str) -> None:
    """Choose a value of a filter."""
    await (
        console.page.get_by_role("combobox", name=filter_name)
        .or_(console.page.get_by_role("textbox", name=filter_name))
        .first.click()
    )
    await console.page.get_by_role("option", name=value, exact=True).click()


async def test_is_paged(many: Newcomer) -> None:
    console = many.console
    await console.open("application-users", "Application users")
    await expect(names(console)).to_have_text(bots(range(MANY, MANY - PAGE, -1)))
    await console.button("Next").click()
    await expect(names(console)).to_have_text(bots(range(MANY - PAGE, 0, -1)))
    await expect(console.button("Next")).to_be_disabled()

    # The page is in the address, and so is what was before it.
    await console.page.reload()
    await expect(names(console)).to_have_text(bots(range(MANY - PAGE, 0, -1)))
    await console.button("Previous").click()
    await expect(names(console)).to_have_count(PAGE)
    await expect(console.button("Previous")).to_be_disabled()
    await console.page.go_back()
    await expect(names(console)).to_have_count(MANY - PAGE)


async def test_a_link_to_a_page_leads_back_to_the_first(many: Newcomer) -> None:
    console = many.console
    await console.open("application-users", "Application users")
    await console.button("Next").click()
    await expect(names(console)).to_have_count(MANY - PAGE)
    address = console.page.url
    await console.page.goto("about:blank")
    await console.page.goto(address)
    await expect(names(console)).to_have_count(MANY - PAGE)
    await console.button("First page").click()
    await expect(names(console)).to_have_count(PAGE)


async def test_is_sorted(many: Newcomer) -> None:
    console = many.console
    await console.open("application-users", "Application users")
    await console.button("Name").click()
    await expect(names(console)).to_have_text(bots(range(1, PAGE + 1)))
    header = console.page.get_by_role("columnheader", name="Name")
    await expect(header).to_have_attribute("aria-sort", "ascending")
    await console.button("Next").click()
    await expect(names(console)).to_have_text(bots(range(PAGE + 1, MANY + 1)))
    await console.button("Name").click()
    await expect(names(console)).to_have_text(bots(range(MANY, MANY - PAGE, -1)))
    await expect(header).to_have_attribute("aria-sort", "descending")


async def test_is_searched_and_filtered(many: Newcomer) -> None:
    console = many.console
    await console.open("application-users", "Application users")
    await console.field("Search by name").fill("T-0")
    await expect(names(console)).to_have_text(bots(range(9, 0, -1)))
    await choose(console, "State", "Deactivated")
    await expect(names(console)).to_have_text(["bot-02"])
    await choose(console, "Last activity", "Never used")
    await expect(names(console)).to_have_text(["bot-02"])

    # A link to what is shown shows the same.
    address = console.page.url
    await console.page.goto("about:blank")
    await console.page.goto(address)
    await expect(names(console)).to_have_text(["bot-02"])
    await expect(console.field("Search by name")).to_have_value("T-0")

    await choose(console, "Last activity", "Last used over 30 days ago")
    await expect(console.page.get_by_text("Nothing matches")).to_be_visible()
    await console.button("Clear the filters").click()
    await expect(names(console)).to_have_count(PAGE)
    await expect(console.page).to_have_url(re.compile(r"/application-users$"))


async def test_by_last_use(console: Console, shown: Shown) -> None:
    """Used 120 days ago, 45 days ago, minutes ago, and never."""
    listed = {
        "30": {"legacy-importer", "billing-export"},
        "90": {"legacy-importer"},
        "365": set[str](),
    }
    known = {"legacy-importer", "billing-export", "grafana-reader", "kafka-connect"}
    for days, expected in listed.items():
        await console.open(f"application-users?activity={days}", "Application users")
        for name in known:
            row = names(console).filter(has_text=name)
            await (expect(row).to_be_visible() if name in expected else expect(row).to_be_hidden())
    await console.open("application-users?activity=never", "Application users")
    await expect(names(console).filter(has_text="kafka-connect")).to_be_visible()
    await expect(names(console).filter(has_text="legacy-importer")).to_be_hidden()
    assert shown.acme.users.keys() >= known


async def test_counts_the_tokens_that_are_active(console: Console) -> None:
    await console.open("application-users?search=grafana-reader", "Application users")
    await expect(console.row("grafana-reader").get_by_role("cell").nth(2)).to_have_text("1")
    await console.open("application-users?search=legacy-importer", "Application users")
    await expect(console.row("legacy-importer").get_by_role("cell").nth(2)).to_have_text("None")


async def test_a_search_takes_nobody_back_who_goes_on(console: Console, shown: Shown) -> None:
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await console.page.route("**/assets/application-user-*.js", hold)
    link = console.page.get_by_role("link", name="terraform-ci")
    await expect(link).to_be_visible()
    # Longer than a search waits for the next key, of a list that is left in the same moment.
    await console.page.evaluate(TYPE_AND_LEAVE, "terraform")
    released.set()
    await console.expect_page("terraform-ci")
    assert console.page.url.endswith(shown.acme.users["terraform-ci"])


async def test_cards_are_sorted_without_heads_of_columns(many: Newcomer) -> None:
    console = many.console
    await console.open("application-users?search=bot-0")
    sort = console.page.get_by_label("Sort by")
    # The control: where there is room, the heads of the columns are the way.
    await expect(names(console)).to_have_text(bots(range(9, 0, -1)))
    await expect(sort).to_be_hidden()
    try:
        await console.page.set_viewport_size({"width": 360, "height": 780})
        await expect(sort).to_be_visible()
        await sort.select_option("Created, ascending")
        await expect(names(console)).to_have_text(bots(range(1, 10)))
        await console.page.reload()
        await expect(sort).to_have_value("CREATE_TIME.ASC")
        await sort.select_option("Name, descending")
        await expect(names(console)).to_have_text(bots(range(9, 0, -1)))
        await console.open("limits", "Limits")
        await expect(sort).to_have_count(0)
    finally:
        await console.page.set_viewport_size(WIDE)
