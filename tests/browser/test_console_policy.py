"""The policy in the console: tried out, then set, and never by who would lock themselves out."""

from playwright.async_api import Browser, expect

from tests.api_client import Api
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.show import Shown
from tests.browser.visitors import administrator, colleague, delete, visitor

pytestmark = needs_chromium

POLICY = """query($o: ID!) { organizationPolicy(organizationId: $o) {
    allowedNetworks longestMaxAgeSeconds expiryRequired deactivateUnusedAfterDays } }"""


async def in_force(admin: Api, organization_id: str) -> dict[str, object]:
    """Return the policy as the API has it."""
    return (await admin.query(POLICY, o=organization_id))["organizationPolicy"]


async def test_is_previewed_and_set(console: Console, shown: Shown, admin: Api) -> None:
    before = await in_force(admin, console.organization_id)
    await console.open("policy", "Policy")
    await expect(console.button("Review changes")).to_be_disabled()
    await console.page.get_by_label("Limit how long a token lives").check()
    await console.field("Longest lifetime").fill("60")
    await console.button("Review changes").click()

    preview = console.dialog("What this policy would do")
    await expect(preview).to_contain_text("would be refused at once")
    await expect(preview).to_contain_text("lives too long")
    await expect(preview.get_by_role("link", name="billing-export")).to_be_visible()
    await preview.get_by_role("button", name="Back").click()
    assert await in_force(admin, console.organization_id) == before

    # Nobody is refused by this one.
    await console.field("Longest lifetime").fill("3650")
    await console.page.get_by_label("Limit how long a token lives").uncheck()
    await console.page.get_by_label("Deactivate tokens that nobody uses").check()
    await console.field("Deactivate after").fill("3650")
    await console.button("Review changes").click()
    await expect(preview).to_contain_text("none is refused")
    await preview.get_by_role("button", name="Save the policy").click()
    await expect(console.page.get_by_text("The policy is in force.")).to_be_visible()
    assert (await in_force(admin, console.organization_id))["deactivateUnusedAfterDays"] == 3650

    await console.page.get_by_label("Deactivate tokens that nobody uses").uncheck()
    await console.button("Review changes").click()
    await preview.get_by_role("button", name="Save the policy").click()
    await expect(console.page.get_by_text("by grace.hopper@acme.example")).to_be_visible()
    await expect(preview).to_be_hidden()
    assert await in_force(admin, console.organization_id) == before


async def test_that_locks_out_its_maker_cannot_be_saved(browser: Browser, shown: Shown) -> None:
    async with (
        administrator(shown.server) as place,
        visitor(browser, shown.server) as console,
    ):
        maker = await colleague(place, "policy-maker")
        await console.sign_in(maker.token)
        await console.expect_page("Application users")
        await console.open("policy", "Policy")
        await console.page.get_by_label("Accept tokens from some networks only").check()
        await console.page.get_by_role("combobox", name="Allowed networks").fill("198.51.100.0/24")
        await console.page.keyboard.press("Enter")
        await console.button("Review changes").click()
        preview = console.dialog("What this policy would do")
        await expect(preview).to_contain_text("This would lock you out")
        await expect(preview.get_by_role("button", name="Save")).to_be_disabled()
        await delete(place, maker.user_id)


async def test_what_is_wrong_is_said_at_its_field(console: Console) -> None:
    await console.open("policy", "Policy")
    await console.page.get_by_label("Accept tokens from some networks only").check()
    await console.button("Review changes").click()
    await expect(console.page.get_by_text("Name at least one network.")).to_be_visible()
    await console.page.get_by_role("combobox", name="Allowed networks").fill("192.0.2.300")
    await console.page.keyboard.press("Enter")
    await console.button("Review changes").click()
    await expect(console.page.get_by_role("combobox", name="Allowed networks")).to_have_attribute(
        "aria-invalid", "true"
    )
    await expect(console.dialog("What this policy would do")).to_be_hidden()
