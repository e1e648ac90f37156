"""Tokens in the console: generated, seen once, described, and revoked."""

import asyncio
import re

from playwright.async_api import Locator, Route, expect

from tests.browser.chromium import needs_chromium
from tests.browser.tokens_tab import TokensTab
from tests.waiting import until

pytestmark = needs_chromium

KEPT = "JSON.stringify([history.state, location.href, {...localStorage}, {...sessionStorage}])"


async def the_text(dialog: Locator) -> str:
    """Return the text of a token from the dialog that shows it once."""
    return (await dialog.get_by_label("The token").inner_text()).strip()


async def test_is_generated_and_its_text_seen_once(tab: TokensTab) -> None:
    console, page = tab.console, tab.console.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await tab.open()
    dialog = await tab.generate("Nightly job")
    await dialog.get_by_label("Extend when used").check()
    await dialog.get_by_role("button", name="Generate token").click()

    shown = console.dialog("Token generated")
    text = await the_text(shown)
    assert await tab.accepts(text)
    await page.keyboard.press("Escape")
    await expect(shown).to_contain_text("You did not copy the token")
    await shown.get_by_role("button", name="Go back").click()
    await page.mouse.click(5, 5)
    await expect(shown.get_by_label("The token")).to_have_text(text)
    await shown.get_by_role("button", name="Copy", exact=True).click()
    await expect(shown.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == text
    await page.keyboard.press("Escape")

    await expect(shown).to_be_hidden()
    # The list has no button of its own any more.
    await expect(console.row("Nightly job")).to_be_visible()
    await expect(console.button("Generate token")).to_be_focused()
    assert text not in await page.content()
    assert text not in await page.evaluate(KEPT)
    await expect(console.row("Nightly job")).to_contain_text("Extends when used")


async def test_going_back_does_not_lose_its_text(tab: TokensTab) -> None:
    console, page = tab.console, tab.console.page
    await tab.open()
    await tab.organization.token(tab.user_id, description="First")
    await page.reload()
    await console.row("First").get_by_role("link").click()
    await page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link").nth(1).click()
    dialog = await tab.generate("Second")
    await dialog.get_by_role("button", name="Generate token").click()
    shown = console.dialog("Token generated")
    text = await the_text(shown)
    await page.go_back()
    await expect(page).to_have_url(re.compile("/tokens/token_"))
    await expect(shown.get_by_label("The token")).to_have_text(text)
    await shown.get_by_role("button", name="Close", exact=True).last.click()
    await shown.get_by_role("button", name="Close without copying").click()
    await expect(shown).to_be_hidden()
    assert text not in await page.content()


async def test_what_is_wrong_is_said_at_its_field(tab: TokensTab) -> None:
    console, page = tab.console, tab.console.page
    await tab.open()
    dialog = await tab.generate("Bound to the office")
    networks = dialog.get_by_role("combobox", name="Allowed networks")
    await networks.fill("10.0.0.1/8")
    await networks.press("Enter")
    await dialog.get_by_role("button", name="Generate token").click()
    await expect(networks).to_have_attribute("aria-invalid", "true")
    await expect(dialog).to_contain_text("10.0.0.1/8 has host bits set")

    await networks.press("Backspace")
    await networks.fill("10.0.0.0/8")
    await dialog.get_by_role("combobox", name="Scopes").click()
    await page.get_by_role("option", name="user:read").click()
    await dialog.get_by_role("button", name="Generate token").click()
    await expect(console.dialog("Token generated")).to_be_visible()
    made = await tab.organization.admin.query(
        "query($u: ID!) { applicationUser(id: $u) { tokens(first: 2) {"
        " nodes { description maxAgeSeconds ipAllowlist scopes } } } }",
        u=tab.user_id,
    )
    assert made["applicationUser"]["tokens"]["nodes"] == [
        {
            "description": "Bound to the office",
            "maxAgeSeconds": 90 * 86_400,
            "ipAllowlist": ["10.0.0.0/8"],
            "scopes": ["user:read"],
        }
    ]


async def test_that_never_expires_is_warned_of(tab: TokensTab) -> None:
    console, page = tab.console, tab.console.page
    await tab.open()
    dialog = await tab.generate("For ever")
    await dialog.get_by_role("combobox", name="Session duration").click()
    await page.get_by_role("option", name="Never expires").click()
    await expect(dialog).to_contain_text("Works until somebody revokes it")
    await expect(dialog.get_by_label("Extend when used")).to_be_hidden()
    await dialog.get_by_role("button", name="Generate token").click()
    shown = console.dialog("Token generated")
    await expect(shown).to_be_visible()
    await page.keyboard.press("Escape")
    await shown.get_by_role("button", name="Close without copying").click()
    await expect(console.row("For ever")).to_contain_text("Never")


async def test_what_an_allowlist_would_cut_off_shows_while_it_is_typed(tab: TokensTab) -> None:
    token_id, text = await tab.organization.token(tab.user_id, description="In use")
    await tab.use(token_id, text)
    await tab.open()
    dialog = await tab.generate("Its replacement")
    networks = dialog.get_by_role("combobox", name="Allowed networks")
    await networks.fill("192.0.2.0/24")
    await networks.press("Enter")
    await expect(dialog).to_contain_text("This would have cut off 1 of 1")
    await networks.fill("127.0.0.0/8")
    await networks.press("Enter")
    await expect(dialog).to_contain_text("This would have let in all of the 1")


async def test_is_revoked_after_who_uses_it_was_shown(tab: TokensTab) -> None:
    console = tab.console
    token_id, text = await tab.organization.token(tab.user_id, description="Runner")
    await tab.open()
    await expect(console.row("Runner")).to_contain_text("Never used")
    await tab.use(token_id, text)
    await console.page.reload()
    await expect(console.row("Runner")).to_contain_text("127.0.0.1 · Terraform 1.9.5")

    await tab.choose("Runner", "Revoke")
    asked = console.dialog("Revoke token")
    await expect(asked).to_contain_text("Whoever uses it is cut off at once")
    await expect(asked).to_contain_text("127.0.0.1 · Terraform 1.9.5")
    await asked.get_by_role("button", name="Cancel").click()
    await expect(console.button("Actions for Runner")).to_be_focused()
    assert await tab.accepts(text)
    await tab.choose("Runner", "Revoke")
    await asked.get_by_role("button", name="Revoke token").click()
    await expect(console.page.get_by_text("No usable tokens")).to_be_visible()
    assert not await tab.accepts(text)
    await console.page.get_by_role("combobox", name="Status").click()
    await console.page.get_by_role("option", name="All").click()
    await expect(console.row("Runner")).to_contain_text("Revoked")
    assert "status=all" in console.page.url


async def test_several_and_all_are_revoked(tab: TokensTab) -> None:
    console = tab.console
    texts = {
        name: (await tab.organization.token(tab.user_id, description=name))[1]
        for name in ("One", "Two", "Three", "Four")
    }
    await tab.open()
    await console.page.get_by_label("Select One").check()
    await console.page.get_by_label("Select Two").check()
    await console.button("Revoke 2 tokens").click()
    asked = console.dialog("Revoke 2 tokens")
    await expect(asked).to_contain_text("2 tokens work, and would be refused at once")
    await asked.get_by_role("button", name="Revoke 2 tokens").click()
    await expect(console.page.get_by_text("2 tokens were revoked.")).to_be_visible()
    assert [name for name, text in texts.items() if await tab.accepts(text)] == ["Three", "Four"]

    await console.button("Revoke all").click()
    asked = console.dialog("Revoke all tokens")
    confirm = asked.get_by_role("button", name="Revoke all tokens")
    await expect(asked).to_contain_text("2 tokens work")
    await expect(confirm).to_be_disabled()
    await asked.get_by_role("textbox").fill(await asked.locator("code").inner_text())
    await confirm.click()
    await expect(console.page.get_by_text("No usable tokens")).to_be_visible()
    assert not any([await tab.accepts(text) for text in texts.values()])


async def test_is_described_anew(tab: TokensTab) -> None:
    console = tab.console
    await tab.organization.token(tab.user_id, description="Mistyped")
    await tab.open()
    await tab.choose("Mistyped", "Edit description")
    dialog = console.dialog("Edit description")
    await expect(console.field("Description")).to_be_focused()
    await console.field("Description").fill("x" * 1001)
    await dialog.get_by_role("button", name="Save").click()
    await expect(console.field("Description")).to_have_attribute("aria-invalid", "true")
    await console.field("Description").fill("Typed well")
    await dialog.get_by_role("button", name="Save").click()
    await expect(console.row("Typed well")).to_be_visible()


async def test_whose_answer_was_lost_is_not_made_twice(tab: TokensTab) -> None:
    console, page = tab.console, tab.console.page
    await tab.open()
    dialog = await tab.generate("Made once")
    generate = dialog.get_by_role("button", name="Generate token")
    async with tab.lost_answers("GenerateToken"):
        await generate.click()
        await expect(page.get_by_text("Nothing is known to have changed")).to_be_visible()

    await generate.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("its answer was lost")
    await expect(console.row("Made once")).to_have_count(1)
    await dialog.get_by_role("button", name="Revoke it and generate another").click()
    assert await tab.accepts(await the_text(console.dialog("Token generated")))
    await expect(console.row("Made once")).to_have_count(1)


async def test_the_newest_answer_stands(tab: TokensTab) -> None:
    """Behind two mutations the list is read twice; the first answer comes last."""
    page, user_id = tab.console.page, tab.user_id
    await tab.organization.token(user_id, description="Stays")
    await tab.open()
    await expect(tab.console.row("Stays")).to_be_visible()
    answers: list[asyncio.Event] = []

    async def hold_the_first(route: Route) -> None:
        if (route.request.post_data_json or {})["operationName"] != "ApplicationUserTokens":
            await route.continue_()
            return
        answers.append(mine := asyncio.Event())
        answer = await route.fetch()
        if len(answers) == 1:
            await read_anew.wait()
        await route.fulfill(response=answer)
        mine.set()

    read_anew = asyncio.Event()
    await page.route("**/graphql", hold_the_first)
    await describe(tab, "Stays", "Described once")
    await until(lambda: are_asked(answers, 1))
    await describe(tab, "Stays", "Described twice")
    await expect(tab.console.row("Described twice")).to_be_visible()
    read_anew.set()
    await answers[0].wait()
    await page.evaluate("() => new Promise(resolve => requestIdleCallback(resolve))")
    await expect(tab.console.row("Described twice")).to_be_visible()
    await page.unroute("**/graphql", hold_the_first)


async def are_asked(answers: list[asyncio.Event], count: int) -> bool:
    """Return whether a list was asked for so many times."""
    return len(answers) >= count


async def describe(tab: TokensTab, before: str, after: str) -> None:
    """Describe a token anew."""
    await tab.choose(before, "Edit description")
    dialog = tab.console.dialog("Edit description")
    await tab.console.field("Description").fill(after)
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
