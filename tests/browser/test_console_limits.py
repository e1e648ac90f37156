"""The limit of application users in the console: how much is used, and asking for more."""

from playwright.async_api import Browser, expect

from tests.browser.chromium import needs_chromium
from tests.browser.newcomers import Newcomer, newcomer
from tests.browser.show import Shown

pytestmark = needs_chromium

REQUESTS = """query($id: ID!) { organization(id: $id) { limitIncreaseRequests { nodes {
    applicationUserLimit reason state } } } }"""


async def requests(here: Newcomer) -> list[dict[str, object]]:
    """Return what the organization asked for, as the API has it."""
    data = await here.organization.admin.query(REQUESTS, id=here.organization.id)
    return data["organization"]["limitIncreaseRequests"]["nodes"]


async def test_is_shown_and_raised(browser: Browser, shown: Shown) -> None:
    async with newcomer(browser, shown) as here:
        console = here.console
        await here.organization.user("one")
        await console.open("limits", "Limits")
        bar = console.page.get_by_role("progressbar", name="1 of 50 application users")
        await expect(bar).to_be_visible()
        await expect(console.page.get_by_text("49 left")).to_be_visible()
        await expect(console.page.get_by_text("Nothing was asked for yet")).to_be_visible()

        await console.button("Request more").click()
        dialog = console.dialog("Request a higher limit")
        await dialog.get_by_label("Application users").fill("50")
        await dialog.get_by_label("Reason").fill("A connector for each customer.")
        await dialog.get_by_role("button", name="Send the request").click()
        await expect(dialog).to_contain_text("From 51 to 1,000,000.")
        assert await requests(here) == []
        await dialog.get_by_label("Application users").fill("120")
        await dialog.get_by_role("button", name="Send the request").click()
        await expect(dialog).to_be_hidden()
        row = console.row("A connector for each customer.")
        await expect(row).to_contain_text("Pending")
        await expect(row).to_contain_text("by ida.rhodes@newcomers.example")
        assert await requests(here) == [
            {
                "applicationUserLimit": 120,
                "reason": "A connector for each customer.",
                "state": "PENDING",
            }
        ]

        # One at a time: the button says so, to the keyboard, too.
        await expect(console.button("Request more")).to_be_focused()
        await console.page.keyboard.press("Shift+Tab")
        await console.page.keyboard.press("Tab")
        await expect(console.page.get_by_role("tooltip")).to_contain_text("A request for 120 waits")
        await console.page.keyboard.press("Enter")
        await expect(dialog).to_be_hidden()

        await here.set_limit(120)
        await console.page.reload()
        await expect(row).to_contain_text("Granted")
        await expect(row).to_contain_text("the limit became 120")
        await expect(console.page.get_by_text("119 left")).to_be_visible()


async def test_a_request_that_somebody_made_meanwhile(browser: Browser, shown: Shown) -> None:
    async with newcomer(browser, shown) as here:
        console = here.console
        await console.open("limits?request=true", "Limits")
        dialog = console.dialog("Request a higher limit")
        await dialog.get_by_label("Reason").fill("Mine.")
        await here.organization.admin.mutate(
            "requestLimitIncrease",
            "limitIncreaseRequest { id }",
            organizationId=here.organization.id,
            applicationUserLimit=75,
            reason="Theirs.",
        )
        await dialog.get_by_role("button", name="Send the request").click()
        await expect(dialog).to_contain_text("A request for 75 waits for an answer.")
        await expect(dialog.get_by_label("Reason")).to_have_value("Mine.")
        assert [request["reason"] for request in await requests(here)] == ["Theirs."]
        await dialog.get_by_role("button", name="Cancel").click()
        await expect(dialog).to_be_hidden()
        await expect(console.row("Theirs.")).to_contain_text("Pending")
        await console.page.reload()
        await console.expect_page("Limits")
        await expect(dialog).to_be_hidden()
