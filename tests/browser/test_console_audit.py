"""The audit log in the console: found by filters, shown whole, handed over as a file."""

import csv
import json
from pathlib import Path

from playwright.async_api import expect

from tests.api_client import Api
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.estate import make
from tests.browser.show import Shown

pytestmark = needs_chromium


async def test_is_filtered_by_a_link(console: Console, admin: Api) -> None:
    await make(admin, "group", console.organization_id, "The latest event")
    await console.open("audit-log?outcome=REFUSED", "Audit log")
    await expect(console.row("The token is revoked.")).to_be_visible()
    await expect(console.row("Created a group")).to_have_count(0)
    await console.button("Clear").click()
    await expect(console.row("Created a group").first).to_be_visible()
    assert "outcome" not in console.page.url


async def test_shows_all_of_an_event(console: Console, shown: Shown) -> None:
    user_id = shown.acme.users["legacy-importer"]
    await console.open(f"audit-log?target={user_id}&actions=APPLICATION_USER_UPDATE", "Audit log")
    await console.button("Changed an application user").click()
    event = console.dialog("Changed an application user")
    await expect(event.get_by_role("row").filter(has_text="state")).to_contain_text("DEACTIVATED")
    await expect(event).to_contain_text("organization:application_user:update")
    assert "event=event_" in console.page.url
    await console.page.reload()
    await expect(event).to_contain_text(user_id)
    await console.page.keyboard.press("Escape")
    await expect(event).to_be_hidden()


async def test_pages_keep_their_place(console: Console) -> None:
    await console.open("audit-log", "Audit log")
    last = console.row("Created the organization")
    await expect(console.button("Previous")).to_be_disabled()
    await expect(last).to_have_count(0)
    while await console.button("Next").is_enabled():
        # The button of the page before is enabled until the next one is asked for.
        async with console.page.expect_response("**/graphql"):
            await console.button("Next").click()
        await expect(console.page.locator(".stale")).to_have_count(0)
    await expect(last).to_be_visible()
    await console.page.go_back()
    await expect(last).to_have_count(0)
    await console.page.go_forward()
    await console.button("Previous").click()
    await expect(last).to_have_count(0)


async def test_is_exported(console: Console, shown: Shown, tmp_path: Path) -> None:
    user_id = shown.acme.users["legacy-importer"]
    actions = "APPLICATION_USER_CREATE,APPLICATION_USER_UPDATE"
    await console.open(f"audit-log?target={user_id}&actions={actions}", "Audit log")
    for label, name in [("CSV, for spreadsheets", "log.csv"), ("JSON Lines, for programs", "log")]:
        await console.button("Export").click()
        dialog = console.dialog("Export the audit log")
        await dialog.get_by_label(label).check()
        async with console.page.expect_download() as waiting:
            await dialog.get_by_role("button", name="Export").click()
        await (await waiting.value).save_as(tmp_path / name)
        await expect(dialog).to_be_hidden()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["actionName"] for line in lines] == [
        "organization:application_user:create",
        "organization:application_user:update",
    ]
    with (tmp_path / "log.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["hash"] for row in rows] == [line["hash"] for line in lines]
