"""Webhooks at the console: creating, changing and deleting them, and what was sent."""

import re
import secrets

import pytest
from playwright.async_api import expect

from tests.api import hooks
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.show import Shown
from tests.receiver import receiving

pytestmark = needs_chromium

WAIT_MS = 15_000
"""The page looks again every few seconds for what is on its way."""


@pytest.fixture
def url() -> str:
    """An address that no other test has, and that nobody answers at."""
    return f"https://127.0.0.1:9/{secrets.token_hex(4)}"


async def test_creates_a_webhook_that_is_told_of_its_creation(console: Console, shown: Shown):
    async with receiving() as receiver:
        await console.open("webhooks", "Webhooks")
        await console.button("Create webhook").click()
        dialog = console.dialog("Create webhook")
        await dialog.get_by_label("Address").fill("http://192.0.2.1/hook")
        await dialog.get_by_role("button", name="Create").click()
        await expect(dialog.get_by_text("leads to an address that is not public")).to_be_visible()

        await dialog.get_by_label("Address").fill(receiver.url)
        await dialog.get_by_label("Description").fill("A listener of a test")
        await dialog.get_by_role("button", name="Create").click()
        secret = console.dialog(f"Signing key for 127.0.0.1:{receiver.port}")
        key = await secret.get_by_label("The signing key").inner_text()
        assert key.startswith("whsec_")
        await secret.get_by_role("button", name="Close", exact=True).last.click()
        await secret.get_by_role("button", name="Close without copying").click()

        await console.expect_page(f"127.0.0.1:{receiver.port}")
        await expect(console.row("Created a webhook")).to_contain_text("Delivered", timeout=WAIT_MS)
        assert receiver.received
        assert key not in await console.page.content()
        assert key not in await console.stored()

        await console.page.get_by_role("button", name="Created a webhook").click()
        await expect(console.dialog("Created a webhook")).to_be_visible()
        await hooks.delete(shown.acme.organization, _id(console))


async def test_shows_why_a_delivery_failed(console: Console, shown: Shown):
    async with receiving(500) as receiver:
        webhook_id = await hooks.made(shown.acme.organization, url=receiver.url)
        await console.open(f"webhooks/{webhook_id}", f"127.0.0.1:{receiver.port}")
        row = console.row("Created a webhook")
        await expect(row).to_contain_text("The endpoint answered 500.", timeout=WAIT_MS)
        await expect(row).to_contain_text("Pending")
        await expect(row).to_contain_text("Next attempt")
        await hooks.delete(shown.acme.organization, webhook_id)


async def test_narrows_pauses_and_resumes(console: Console, shown: Shown, url: str):
    webhook_id = await hooks.made(shown.acme.organization, url=url)
    await console.open(f"webhooks/{webhook_id}", "127.0.0.1:9")
    await expect(console.page.get_by_text("All actions of the audit log")).to_be_visible()
    await console.button("Edit").click()
    dialog = console.dialog("Edit webhook")
    await dialog.get_by_label("Chosen actions").check()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("Choose at least one action.")).to_be_visible()
    actions = dialog.get_by_role("combobox", name="Actions")
    for typed, chosen in (("leaked", "Revoked a leaked token"), ("policy", "Set the policy")):
        await actions.fill(typed)
        await console.page.get_by_role("option", name=chosen).click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    found = await hooks.find(shown.acme.organization, webhook_id)
    assert found is not None
    assert found["actions"] == ["FOUND_TOKEN_REVOKE", "POLICY_SET"]
    assert found["url"] == url

    await console.button("Pause").click()
    dialog = console.dialog("Pause the webhook")
    await dialog.get_by_role("button", name="Pause").click()
    await expect(console.page.get_by_text("Paused: nothing is sent.")).to_be_visible()
    await console.button("Resume").click()
    dialog = console.dialog("Resume the webhook")
    await dialog.get_by_role("button", name="Resume").click()
    await expect(console.page.get_by_text("Paused: nothing is sent.")).to_have_count(0)
    await expect(console.page.get_by_role("main").get_by_text("Active")).to_be_visible()


async def test_rotates_the_signing_key_and_deletes(console: Console, shown: Shown, url: str):
    webhook_id = await hooks.made(shown.acme.organization, url=url)
    await console.open(f"webhooks/{webhook_id}", "127.0.0.1:9")
    await console.button("Rotate signing key").click()
    dialog = console.dialog("Rotate the signing key")
    await dialog.get_by_role("button", name="Rotate").click()
    secret = console.dialog("New signing key for 127.0.0.1:9")
    await expect(secret.get_by_label("The signing key")).to_contain_text("whsec_")
    await secret.get_by_role("button", name="Close", exact=True).last.click()
    await secret.get_by_role("button", name="Close without copying").click()
    await expect(console.page.get_by_text("The signing key was rotated.")).to_be_visible()
    await console.button("Rotate signing key").click()
    await expect(dialog.get_by_text("A rotation is under way")).to_be_visible()
    await dialog.get_by_role("button", name="Cancel").click()

    await console.button("Delete").click()
    await console.dialog("Delete the webhook").get_by_role("button", name="Delete").click()
    await console.expect_page("Webhooks")
    await expect(console.row("hooks.acme.example")).to_be_visible()
    await expect(console.row(url)).to_have_count(0)


def _id(console: Console) -> str:
    found = re.search(r"/webhooks/(webhook_\w+)", console.page.url)
    assert found is not None
    return found[1]
