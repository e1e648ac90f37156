"""Permissions in the console: granted, explained and revoked; never the last administrator's."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, expect

from tests.api_client import Api
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.estate import ADMIN, grant, grants, join, make, revoke
from tests.browser.show import Shown

pytestmark = needs_chromium

LOGS = "organization:event_logs:read"
LAST = "The organization would be without an administrator"


def section(console: Console, title: str) -> Locator:
    """Return a card of the page by its heading."""
    return console.page.get_by_role("region", name=title, exact=True)


async def test_a_permission_is_granted_explained_and_revoked(console: Console, admin: Api) -> None:
    here = console.organization_id
    user_id = await make(admin, "applicationUser", here, "granted-and-revoked")
    await console.open(f"application-users/{user_id}/access")
    effects, direct = (
        section(console, "Permissions in effect"),
        section(console, "Granted directly"),
    )
    await expect(effects).to_contain_text("No permissions here")

    await console.button("Grant permissions").click()
    dialog = console.dialog("Grant permissions")
    await dialog.get_by_role("button", name="Grant", exact=True).click()
    await expect(dialog).to_contain_text("Choose at least one role or permission.")
    await dialog.get_by_role("searchbox", name="Roles and permissions").fill(
        "audit log organization"
    )
    await dialog.get_by_role("checkbox", name="View the audit log").check()
    await expect(dialog).to_contain_text("Gives View the audit log on Acme Corporation at once")
    await dialog.get_by_role("button", name="Grant", exact=True).click()

    await expect(dialog).to_be_hidden()
    await expect(effects).to_contain_text("Directly, on Acme Corporation")
    await expect(effects.get_by_role("link", name="grace.hopper@acme.example")).to_be_visible()
    assert await grants(admin, here, user_id) == {(LOGS, here)}

    await direct.get_by_role("button", name="Revoke View the audit log on Acme Corporation").click()
    asked = console.dialog("Revoke this permission?")
    await expect(asked).to_contain_text("Read the organization's audit log.")
    await asked.get_by_role("button", name="Revoke").click()
    await expect(direct).to_contain_text("Nothing granted directly")
    await expect(effects).to_contain_text("No permissions here")
    assert await grants(admin, here, user_id) == set()


async def test_a_role_is_granted_on_a_project(console: Console, admin: Api) -> None:
    here = console.organization_id
    user_id = await make(admin, "applicationUser", here, "granted-on-a-project")
    unit_id = await make(admin, "resource", here, "Streams", kind="ORGANIZATIONAL_UNIT")
    project_id = await make(
        admin, "resource", here, "orders-production", kind="PROJECT", parentId=unit_id
    )
    await console.open(f"application-users/{user_id}/access")
    await console.button("Grant permissions").click()
    dialog = console.dialog("Grant permissions")
    # It can be granted on the organization alone, so it does not follow to the project.
    await dialog.get_by_role("checkbox", name="View billing").check()
    await dialog.get_by_role("combobox", name="On", exact=True).fill("orders")
    await console.page.get_by_role("option", name="orders-production").click()
    await expect(dialog.get_by_role("checkbox", name="View billing")).to_have_count(0)
    await dialog.get_by_role("checkbox", name="Read only").check()
    await dialog.get_by_role("button", name="Grant", exact=True).click()
    await expect(section(console, "Granted directly").get_by_role("row").nth(1)).to_contain_text(
        "orders-production"
    )
    assert await grants(admin, here, user_id) == {("read_only", project_id)}

    effects = section(console, "Permissions in effect")
    await expect(effects).to_contain_text("No permissions here")
    await effects.get_by_role("combobox", name="Permissions on").fill("orders")
    await console.page.get_by_role("option", name="orders-production").click()
    await expect(effects).to_contain_text("Directly, on orders-production")
    await effects.get_by_role("button", name="that it gives").click()
    await effects.get_by_role("button", name="Where View services comes from").click()
    explained = console.dialog("Where View services comes from")
    await expect(explained).to_contain_text("Directly, with Read only, on orders-production")
    # A link leads to the same resource.
    await console.page.reload()
    await expect(effects).to_contain_text("Directly, on orders-production")


async def test_what_comes_through_a_group_is_told_and_left(console: Console, admin: Api) -> None:
    here = console.organization_id
    user_id = await make(admin, "applicationUser", here, "through-a-group")
    group_id = await make(admin, "group", here, "Log readers")
    await grant(admin, group_id, LOGS, here)
    await console.open(f"application-users/{user_id}/access")
    groups = section(console, "Groups")
    await groups.get_by_role("button", name="Add to group").click()
    dialog = console.dialog("Add to group")
    await dialog.get_by_role("combobox", name="Group", exact=True).fill("log read")
    await console.page.get_by_role("option", name="Log readers").click()
    await expect(dialog).to_contain_text("Log readers holds permissions")
    await dialog.get_by_role("button", name="Add", exact=True).click()

    effects = section(console, "Permissions in effect")
    await expect(effects).to_contain_text("Through Log readers, on Acme Corporation")
    await expect(section(console, "Granted directly")).to_contain_text("Nothing granted directly")
    await groups.get_by_role("button", name="Remove from Log readers").click()
    await console.dialog("Remove from Log readers?").get_by_role("button", name="Remove").click()
    await expect(groups).to_contain_text("In no group")
    await expect(effects).to_contain_text("No permissions here")


async def test_more_grants_than_are_read_at_once_are_told(console: Console, admin: Api) -> None:
    here = console.organization_id
    user_id = await make(admin, "applicationUser", here, "of-many-grants")
    await grant(admin, user_id, LOGS, here)
    catalogue = (await admin.query("{ permissionCatalogue { name isRole levels } }"))[
        "permissionCatalogue"
    ]
    names = [
        entry["name"]
        for entry in catalogue
        if not entry["isRole"] and "ORGANIZATION" in entry["levels"]
    ]
    group_ids = [await make(admin, "group", here, f"Grantees {number}") for number in range(1, 5)]
    for group_id in group_ids:
        await admin.mutate(
            "grantPermissions",
            "granted",
            principalId=group_id,
            resourceId=here,
            permissions=names,
        )
        await join(admin, group_id, user_id)
    assert 1 + len(group_ids) * len(names) > 100

    await console.open(f"application-users/{user_id}/access")
    effects = section(console, "Permissions in effect")
    await effects.get_by_role("button", name=f"Show all {len(names)}").click()
    for number in (1, 4):
        told = effects.get_by_text(f"Through Grantees {number}, on Acme Corporation")
        await expect(told).to_have_count(len(names))
    await expect(effects.get_by_text("Directly, on Acme Corporation")).to_have_count(1)
    for group_id in group_ids:
        await admin.mutate("deleteGroup", "groupId", groupId=group_id)


@pytest.fixture
async def last_administrators(shown: Shown, admin: Api) -> AsyncIterator[str]:
    """A group through which alone the organization has an administrator, until the test ends."""
    organization = shown.acme.organization
    people = [organization.admin_id, shown.acme.people["Ada Lovelace"]]
    group_id = await make(admin, "group", organization.id, "Last administrators")
    await grant(admin, group_id, ADMIN, organization.id)
    await join(admin, group_id, organization.admin_id)
    for person in reversed(people):
        await revoke(admin, person, ADMIN, organization.id)
    yield group_id
    for person in people:
        await grant(admin, person, ADMIN, organization.id)
    await admin.mutate("deleteGroup", "groupId", groupId=group_id)


async def test_the_last_administrator_stays(
    console: Console, admin: Api, last_administrators: str
) -> None:
    await console.open(f"groups/{last_administrators}", "Last administrators")
    await console.button("Revoke Organization admin on Acme Corporation").click()
    await _is_refused(console.dialog("Revoke this permission?"), "Revoke")
    name = "grace.hopper@acme.example"
    await console.button(f"Remove {name} from the group").click()
    await _is_refused(console.dialog(f"Remove {name} from Last administrators?"), "Remove")
    await console.button("Delete").click()
    asked = console.dialog("Delete this group?")
    await expect(asked).to_contain_text("each loses: Organization admin")
    await asked.get_by_role("textbox").fill("Last administrators")
    await _is_refused(asked, "Delete group")
    here = console.organization_id
    assert await grants(admin, here, last_administrators) == {(ADMIN, here)}


async def _is_refused(dialog: Locator, button: str) -> None:
    await dialog.get_by_role("button", name=button).click()
    await expect(dialog.get_by_role("alert")).to_contain_text(LAST)
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_be_hidden()
