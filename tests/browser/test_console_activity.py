"""Activity in the console: how often, from where, and what was refused."""

from playwright.async_api import expect

from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.show import Shown

pytestmark = needs_chromium


async def test_of_a_user(console: Console, shown: Shown) -> None:
    await console.open(f"application-users/{shown.acme.users['terraform-ci']}/activity")
    await expect(
        console.page.get_by_role("table", name="Uses by address and program")
    ).to_be_visible()
    await expect(console.row("203.0.113.24")).to_contain_text("Terraform")
    # The chart is drawn, and who cannot see it has its numbers.
    await expect(console.page.locator(".recharts-bar-rectangle").last).to_be_visible()
    days = console.page.get_by_role("table", name="Uses by day, in UTC").get_by_role("row")
    assert await days.count() > 20
    refused = console.page.get_by_role("table", name="Refused uses")
    await expect(refused).to_contain_text("The token is revoked.")
    await expect(refused).to_contain_text("It came from outside the allowed networks.")


async def test_of_a_longer_period_is_in_the_address(console: Console, shown: Shown) -> None:
    await console.open(f"application-users/{shown.acme.users['billing-export']}/activity")
    await expect(console.page.get_by_text("No uses in the last 30 days")).to_be_visible()
    await console.page.get_by_text("1 year").click()
    await expect(
        console.page.get_by_role("table", name="Uses by address and program")
    ).to_be_visible()
    assert "days=365" in console.page.url


async def test_of_one_token(console: Console, shown: Shown) -> None:
    acme = shown.acme
    user_id, token_id = acme.users["terraform-ci"], acme.tokens["Laptop of Ada, 2025"]
    await console.open(f"application-users/{user_id}/tokens/{token_id}")
    await expect(console.page.get_by_text("No uses in the last 30 days")).to_be_visible()
    refused = console.page.get_by_role("table", name="Refused uses")
    await expect(refused.get_by_role("row")).to_have_count(2)
