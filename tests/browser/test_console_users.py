"""Application users in the console: made, changed, stopped and deleted."""

import re

from playwright.async_api import Browser, Locator, expect

from tests.api_client import Api, Organization
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.newcomers import newcomer
from tests.browser.show import Shown

pytestmark = needs_chromium

USER = "query($id: ID!) { applicationUser(id: $id) { name description state } }"


async def found(admin: Api, user_id: str) -> dict[str, str] | None:
    """Return an application user as the API has it."""
    return (await admin.query(USER, id=user_id))["applicationUser"]


async def is_accepted(admin: Api, token: str) -> bool:
    """Tell whether a token opens the API."""
    answer = await admin.with_token(token).run("{ viewer { token { id } } }")
    return answer.response.status_code == 200


def organization_of(shown: Shown, admin: Api) -> Organization:
    """Return the furnished organization, whose own client is closed by now."""
    return Organization(shown.server.organization_id, shown.acme.organization.admin_id, admin)


def name_of(console: Console) -> Locator:
    """Return the field for a name; its label has a star behind it, which only eyes see."""
    return console.page.get_by_role("textbox", name="Name", exact=True)


async def test_is_created(console: Console, admin: Api) -> None:
    await console.button("Create application user").click()
    await expect(name_of(console)).to_be_focused()
    await console.button("Create").click()
    await expect(console.page.get_by_text("Give it a name.")).to_be_visible()

    await console.field("Description").fill("Ships logs. Ask #platform.")
    await name_of(console).fill("Terraform-CI")
    await console.page.keyboard.press("Enter")
    await expect(name_of(console)).to_have_attribute("aria-invalid", "true")
    await expect(console.field("Description")).to_have_value("Ships logs. Ask #platform.")

    await name_of(console).fill("log-shipper")
    await console.page.keyboard.press("Enter")
    await console.expect_page("log-shipper")
    await expect(console.page).to_have_title(re.compile("^log-shipper · Acme Corporation"))
    made = await found(admin, console.page.url.rsplit("/", 1)[-1])
    assert made == {
        "name": "log-shipper",
        "description": "Ships logs. Ask #platform.",
        "state": "ACTIVE",
    }


async def test_the_first_one_is_explained(browser: Browser, shown: Shown) -> None:
    async with newcomer(browser, shown) as here:
        console = here.console
        await expect(console.page.get_by_text("No application users yet")).to_be_visible()
        await expect(console.page.get_by_text("a member of your organization")).to_be_visible()
        await console.button("Create application user").last.click()
        await name_of(console).fill("first")
        await console.button("Create").click()
        await console.expect_page("first")
        await console.page.get_by_role("link", name="Application users").first.click()
        await expect(console.row("first")).to_contain_text("Active")


async def test_at_the_limit_it_is_named(browser: Browser, shown: Shown) -> None:
    async with newcomer(browser, shown) as here:
        console = here.console
        await here.organization.user("only-one")
        await here.set_limit(1)
        await console.open("application-users", "Application users")
        await expect(console.page.get_by_role("link", name=re.compile("^1 of 1"))).to_be_visible()
        await console.button("Create application user").click()
        dialog = console.dialog("Create application user")
        await expect(dialog).to_contain_text("reached its limit of 1")
        await dialog.get_by_role("link", name="Request more").click()
        await console.expect_page("Limits")
        await expect(console.dialog("Request a higher limit")).to_be_visible()


async def test_the_limit_that_others_reached_meanwhile(browser: Browser, shown: Shown) -> None:
    async with newcomer(browser, shown) as here:
        console = here.console
        await console.button("Create application user").first.click()
        await here.set_limit(0)
        await name_of(console).fill("too-late")
        await console.button("Create").click()
        dialog = console.dialog("Create application user")
        await expect(dialog).to_contain_text("reached its limit of 0")
        await expect(name_of(console)).to_have_value("too-late")


async def test_is_edited(console: Console, shown: Shown, admin: Api) -> None:
    user_id = await organization_of(shown, admin).user("to-edit", description="Old words.")
    await console.open(f"application-users/{user_id}", "to-edit")
    await console.button("Edit").click()
    await name_of(console).fill("grafana-reader")
    await console.button("Save").click()
    await expect(name_of(console)).to_have_attribute("aria-invalid", "true")
    await name_of(console).fill("edited")
    await console.field("Description").fill("")
    await console.button("Save").click()
    await console.expect_page("edited")
    await expect(console.page.get_by_text("Old words.")).to_be_hidden()
    assert await found(admin, user_id) == {"name": "edited", "description": None, "state": "ACTIVE"}
    await expect(console.button("Edit")).to_be_focused()


async def test_is_deactivated_and_activated(console: Console, shown: Shown, admin: Api) -> None:
    place = organization_of(shown, admin)
    user_id = await place.user("to-stop")
    _, token = await place.token(user_id, description="Its only token")
    await console.open(f"application-users/{user_id}", "to-stop")
    await console.button("Deactivate").click()
    asked = console.dialog("Deactivate this application user?")
    await expect(asked).to_contain_text("1 token stops working at once")
    await expect(asked).to_contain_text("Its only token")
    assert await is_accepted(admin, token)
    await asked.get_by_role("button", name="Deactivate").click()
    await expect(console.page.get_by_text("Its tokens are refused")).to_be_visible()
    assert not await is_accepted(admin, token)

    await console.button("Activate").click()
    await (
        console.dialog("Activate this application user?")
        .get_by_role("button", name="Activate")
        .click()
    )
    await expect(console.button("Deactivate")).to_be_visible()
    await expect(console.page.get_by_text("Its tokens are refused")).to_be_hidden()
    assert await is_accepted(admin, token)


async def test_is_deleted(console: Console, shown: Shown, admin: Api) -> None:
    place = organization_of(shown, admin)
    user_id = await place.user("to-delete")
    _, token = await place.token(user_id, description="Goes with it")
    await add_to_group(admin, shown.acme.groups["Readers"], user_id)
    address = f"application-users/{user_id}"
    await console.open(address, "to-delete")
    await console.button("Delete").click()
    asked = console.dialog("Delete this application user?")
    await expect(asked).to_contain_text("1 token stops working at once")
    await expect(asked).to_contain_text("Goes with it")
    await expect(asked).to_contain_text("Readers")
    confirm = asked.get_by_role("button", name="Delete")
    await expect(confirm).to_be_disabled()
    await asked.get_by_role("textbox").fill("to-delet")
    await expect(confirm).to_be_disabled()
    await asked.get_by_role("textbox").fill("to-delete")
    await console.page.keyboard.press("Enter")

    await console.expect_page("Application users")
    await expect(console.page.get_by_text("to-delete was deleted")).to_be_visible()
    await expect(console.page.get_by_text("1 token was revoked with it.")).to_be_visible()
    await expect(console.row("terraform-ci")).to_be_visible()
    await expect(console.row("to-delete")).to_be_hidden()
    assert not await is_accepted(admin, token)
    await console.open(address)
    await expect(console.page.get_by_text("There is no such application user")).to_be_visible()
    await console.page.get_by_role("link", name="All application users").click()
    await console.expect_page("Application users")


async def test_a_link_leads_to_a_tab(console: Console, shown: Shown) -> None:
    user_id = shown.acme.users["terraform-ci"]
    await console.open(f"application-users/{user_id}/access", "terraform-ci")
    tab = console.page.get_by_role("tab", name="Access")
    await expect(tab).to_have_attribute("aria-selected", "true")
    await console.page.get_by_role("tab", name="Tokens").click()
    await expect(console.page).to_have_url(re.compile(f"/{user_id}/tokens$"))
    await console.page.go_back()
    await expect(tab).to_have_attribute("aria-selected", "true")


async def test_an_address_of_nobody(console: Console, shown: Shown) -> None:
    user_id = shown.acme.users["terraform-ci"]
    for address in ("user_nonsense", user_id[:-1] + ("1" if user_id[-1] != "1" else "2")):
        await console.open(f"application-users/{address}")
        await expect(console.page.get_by_text("There is no such application user")).to_be_visible()


async def add_to_group(admin: Api, group_id: str, user_id: str) -> None:
    made = await admin.mutate("addGroupMembers", "addedCount", groupId=group_id, userIds=[user_id])
    assert made["addedCount"] == 1
