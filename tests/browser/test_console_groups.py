"""Groups in the console: made, changed and deleted, and who is in them."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.api_client import Api
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.estate import grant, join, make, members
from tests.browser.show import Shown

pytestmark = needs_chromium

MANAGER = ["organization:groups:write", "organization:app_users:write"]


async def test_a_group_is_created_edited_and_deleted(console: Console, admin: Api) -> None:
    await console.open("groups", "Groups")
    await console.button("Create group").click()
    dialog = console.dialog("Create group")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog).to_contain_text("Give it a name.")
    await dialog.get_by_role("textbox", name="Name").fill("deployers")
    await dialog.get_by_role("textbox", name="Name").press("Enter")
    await expect(dialog).to_contain_text("is already called “deployers”")
    await dialog.get_by_role("textbox", name="Name").fill("Operators of the night")
    await dialog.get_by_role("textbox", name="Description").fill("Whoever is on call.")
    await dialog.get_by_role("button", name="Create").click()
    await console.expect_page("Operators of the night")
    await expect(console.page).to_have_title(
        "Operators of the night · Acme Corporation · application-users"
    )

    await console.button("Edit").click()
    dialog = console.dialog("Edit group")
    await dialog.get_by_role("textbox", name="Name").fill("Operators of the day")
    await dialog.get_by_role("textbox", name="Description").fill("")
    await dialog.get_by_role("button", name="Save").click()
    await console.expect_page("Operators of the day")
    await expect(console.page.get_by_text("Whoever is on call.")).to_have_count(0)

    await console.button("Delete").click()
    asked = console.dialog("Delete this group?")
    await expect(asked).to_contain_text("It has no members.")
    await expect(asked.get_by_role("button", name="Delete group")).to_be_disabled()
    await asked.get_by_role("textbox").fill("Operators of the day")
    await asked.get_by_role("textbox").press("Enter")
    await console.expect_page("Groups")
    await expect(console.page.get_by_text("Operators of the day was deleted.")).to_be_visible()
    await expect(console.row("Operators of the day")).to_have_count(0)


async def test_members_are_added_and_removed(console: Console, admin: Api) -> None:
    here = console.organization_id
    group_id = await make(admin, "group", here, "Watchers")
    await make(admin, "applicationUser", here, "watcher-one")
    await console.open(f"groups/{group_id}", "Watchers")
    await console.button("Add members").click()
    dialog = console.dialog("Add members")
    field = dialog.get_by_role("combobox", name="People and application users")
    for text, name in [("watcher", "watcher-one"), ("turing", "Alan Turing")]:
        await field.fill(text)
        await console.page.get_by_role("option", name=name).click()
    await console.page.keyboard.press("Tab")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(console.row("Alan Turing")).to_contain_text("Person")
    await expect(console.row("watcher-one")).to_contain_text("Application user")
    assert await members(admin, group_id) == {"watcher-one", "Alan Turing"}

    await console.button("Remove watcher-one from the group").click()
    asked = console.dialog("Remove watcher-one from Watchers?")
    await expect(asked).to_contain_text("The group holds no permission")
    await asked.get_by_role("button", name="Remove").click()
    await expect(console.row("watcher-one")).to_have_count(0)
    assert await members(admin, group_id) == {"Alan Turing"}
    await console.row("Alan Turing").get_by_role("link").click()
    await expect(console.page).to_have_url(re.compile(rf"/console/{here}/people/user_\w+$"))


async def test_a_list_is_searched_and_sorted(console: Console, admin: Api) -> None:
    here = console.organization_id
    for number in range(1, 28):
        await make(admin, "group", here, f"Shift {number:02}")
    await console.open("groups?search=shift&order=NAME.ASC", "Groups")
    names = console.page.get_by_role("row").filter(has_text="Shift")
    await expect(names).to_have_count(25)
    await expect(names.first).to_contain_text("Shift 01")
    await console.button("Next").click()
    await expect(names).to_have_count(2)
    await console.button("Name").click()
    await expect(names.first).to_contain_text("Shift 27")
    await console.field("Search by name").fill("no such group")
    await expect(console.page.get_by_text("Nothing matches")).to_be_visible()


async def test_no_such_group(console: Console, admin: Api) -> None:
    group_id = await make(admin, "group", console.organization_id, "Soon gone")
    await admin.mutate("deleteGroup", "groupId", groupId=group_id)
    await console.open(f"groups/{group_id}", "Group")
    await expect(console.page.get_by_text("There is no such group")).to_be_visible()


@pytest.fixture
async def manager(browser: Browser, shown: Shown, admin: Api) -> AsyncIterator[Console]:
    """Who manages groups and is no administrator, at the console."""
    here = shown.server.organization_id
    user_id = await make(admin, "applicationUser", here, "manages-groups")
    for permission in MANAGER:
        await grant(admin, user_id, permission, here)
    made = await admin.mutate("generateToken", "fullToken", applicationUserId=user_id)
    context = await browser.new_context()
    context.set_default_timeout(15_000)
    console = Console(await context.new_page(), shown.server.url, here)
    await console.sign_in(made["fullToken"])
    await console.expect_page("Application users")
    yield console
    assert console.errors == []
    await context.close()
    await admin.mutate("deleteApplicationUser", "applicationUserId", applicationUserId=user_id)


async def test_a_manager_is_told_what_only_administrators_may(
    manager: Console, shown: Shown, admin: Api
) -> None:
    here = manager.organization_id
    free = await make(admin, "group", here, "Free to change")
    await join(admin, free, shown.acme.users["incident-bot"])
    await manager.open(f"groups/{free}", "Free to change")
    await expect(manager.button("Remove incident-bot from the group")).to_be_enabled()

    await manager.open(f"groups/{shown.acme.groups['Deployers']}", "Deployers")
    await expect(manager.row("terraform-ci")).to_be_visible()
    for name in ("Edit", "Delete", "Add members"):
        await expect(manager.button(name)).to_be_disabled()
    await expect(manager.button("Remove terraform-ci from the group")).to_have_count(0)
    await manager.button("Add members").focus()
    tip = manager.page.get_by_role("tooltip")
    await expect(tip).to_contain_text("only organization admins change who is in it")
    await expect(manager.page.get_by_text("Shown to organization admins")).to_be_visible()
    await expect(manager.button("Grant permissions")).to_have_count(0)
