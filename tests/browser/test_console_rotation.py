"""Rotation in the console: a successor, an overlap, and whether somebody missed the change-over."""

from playwright.async_api import expect

from tests.browser.chromium import needs_chromium
from tests.browser.tokens_tab import TokensTab

pytestmark = needs_chromium


async def test_overlaps_until_nobody_uses_the_old_token(tab: TokensTab) -> None:
    console, page = tab.console, tab.console.page
    old_id, old = await tab.organization.token(tab.user_id, description="Runner")
    await tab.open()
    await tab.choose("Runner", "Rotate")
    dialog = console.dialog("Rotate token")
    await dialog.get_by_role("combobox", name="Overlap").click()
    await page.get_by_role("option", name="1 hour").click()
    await expect(dialog).to_contain_text("The old token works until")
    await dialog.get_by_role("button", name="Rotate token").click()
    shown = console.dialog("Token rotated")
    new = (await shown.get_by_label("The new token").inner_text()).strip()
    await page.keyboard.press("Escape")
    await shown.get_by_role("button", name="Close without copying").click()
    await expect(console.row("Rotated")).to_contain_text("Ends in")
    assert await tab.accepts(new)

    await tab.open_token(old_id)
    evidence = page.get_by_role("region", name="Rotated to a successor")
    await expect(evidence).to_contain_text("Nobody used")
    await tab.use(old_id, old)
    await page.reload()
    await expect(evidence).to_contain_text("Somebody still uses the old token")
    await evidence.get_by_role("button", name="End the overlap now").click()
    asked = console.dialog("Revoke token")
    await expect(asked).to_contain_text("Whoever uses it is cut off at once")
    await asked.get_by_role("button", name="Revoke token").click()
    await expect(evidence).to_contain_text("was still used after the rotation, before it ended")
    assert not await tab.accepts(old)
    assert await tab.accepts(new)


async def test_without_an_overlap_says_who_is_cut_off(tab: TokensTab) -> None:
    console, page = tab.console, tab.console.page
    old_id, old = await tab.organization.token(tab.user_id, description="Runner")
    await tab.use(old_id, old)
    await tab.open_token(old_id)
    await console.button("Rotate").click()
    dialog = console.dialog("Rotate token")
    await dialog.get_by_role("combobox", name="Overlap").click()
    await page.get_by_role("option", name="None").click()
    await expect(dialog).to_contain_text("Whoever uses the old token is cut off at once")
    await expect(dialog).to_contain_text("127.0.0.1 · Terraform 1.9.5")
    await dialog.get_by_role("button", name="Rotate token").click()
    await expect(console.dialog("Token rotated")).to_be_visible()
    assert not await tab.accepts(old)


async def test_whose_answer_was_lost_is_made_good(tab: TokensTab) -> None:
    console, page = tab.console, tab.console.page
    old_id, old = await tab.organization.token(tab.user_id, description="Runner")
    await tab.open_token(old_id)
    await console.button("Rotate").click()
    dialog = console.dialog("Rotate token")
    async with tab.lost_answers("RotateToken"):
        await dialog.get_by_role("button", name="Rotate token").click()
        await expect(page.get_by_text("Nothing is known to have changed")).to_be_visible()

    await dialog.get_by_role("button", name="Rotate token").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("its answer was lost")
    await dialog.get_by_role("button", name="Replace the successor").click()
    shown = console.dialog("Token rotated")
    new = (await shown.get_by_label("The new token").inner_text()).strip()
    assert await tab.accepts(new)
    assert await tab.accepts(old)
