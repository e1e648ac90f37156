"""What is shown, and typed, while the service cannot read it again."""

import asyncio
import json

import pytest
from playwright.async_api import Browser, Route, expect

from tests.browser.chromium import needs_chromium
from tests.browser.newcomers import newcomer
from tests.browser.show import Shown

pytestmark = needs_chromium

QUERY = "query OrganizationPolicy("


class Failing:
    """Lets every request pass but the reads of the policy, which it holds back and then fails."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.is_failing = False
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def __call__(self, route: Route) -> None:
        if not self.is_failing or QUERY not in (route.request.post_data or ""):
            await route.continue_()
            return
        self.asked.set()
        await self.go_on.wait()
        error = {"message": "It failed.", "extensions": {"code": self.code}}
        await route.fulfill(
            content_type="application/graphql-response+json",
            body=json.dumps({"data": None, "errors": [error]}),
        )


@pytest.mark.parametrize("code", ["INTERNAL", "RATE_LIMITED"])
async def test_a_form_outlives_that_it_cannot_be_read_again(
    browser: Browser, shown: Shown, code: str
) -> None:
    async with newcomer(browser, shown) as made:
        console, failing = made.console, Failing(code)
        await console.open("policy", "Policy")
        await console.page.route("**/graphql", failing)
        await console.page.get_by_label("Deactivate tokens that nobody uses").check()
        await console.field("Deactivate after").fill("3650")
        await console.button("Review changes").click()
        preview = console.dialog("What this policy would do")
        failing.is_failing = True
        await preview.get_by_role("button", name="Save the policy").click()
        await expect(preview).to_be_hidden()
        await failing.asked.wait()
        await console.field("Deactivate after").fill("77")
        failing.go_on.set()

        banner = console.page.get_by_role("alert").filter(has_text="could not be read again")
        await expect(banner).to_contain_text("It failed.")
        await expect(console.field("Deactivate after")).to_have_value("77 days")
        await console.page.get_by_role("button", name="Try again").click()
        await expect(banner).to_be_visible()
        await expect(console.field("Deactivate after")).to_have_value("77 days")
        failing.is_failing = False
        await console.page.get_by_role("button", name="Try again").click()
        await expect(banner).to_have_count(0)
        await expect(console.page.get_by_text("by ida.rhodes@newcomers.example")).to_be_visible()
        await expect(console.field("Deactivate after")).to_have_value("77 days")


async def test_what_is_refused_is_shown_no_more(browser: Browser, shown: Shown) -> None:
    """The control: that it may not be seen is no mishap."""
    async with newcomer(browser, shown) as made:
        console, failing = made.console, Failing("FORBIDDEN")
        failing.go_on.set()
        await console.open("policy", "Policy")
        await console.page.route("**/graphql", failing)
        await console.page.get_by_label("Deactivate tokens that nobody uses").check()
        await console.field("Deactivate after").fill("3650")
        await console.button("Review changes").click()
        failing.is_failing = True
        await console.button("Save the policy").click()
        await expect(console.page.get_by_text("You may not see this")).to_be_visible()
        await expect(console.field("Deactivate after")).to_have_count(0)


@pytest.mark.parametrize("code", ["INTERNAL", "RATE_LIMITED"])
async def test_of_another_page_nothing_is_shown_in_its_place(
    browser: Browser, shown: Shown, code: str
) -> None:
    async with newcomer(browser, shown) as made:
        console, failing = made.console, Failing(code)
        failing.go_on.set()
        failing.is_failing = True
        await console.page.route("**/graphql", failing)
        await console.page.get_by_role("link", name="Policy").click()
        await expect(console.page.get_by_text("It failed.")).to_be_visible()
        failing.is_failing = False
        await console.button("Try again").click()
        await expect(console.page.get_by_label("Tokens must expire")).to_be_visible()
