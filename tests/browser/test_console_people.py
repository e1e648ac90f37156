"""People at the console: adding, changing and removing them."""

import secrets

import httpx
import pytest
from playwright.async_api import Browser, Route, expect

from app import ids, organizations
from app.database import Database
from tests.api_client import Api, Organization
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.show import Shown
from tests.conftest import PEPPERS

pytestmark = needs_chromium


@pytest.fixture
def name() -> str:
    """A person whom no other test has."""
    return f"Grete {secrets.token_hex(4)}"


async def test_lists_people_and_finds_one(console: Console):
    await console.open("people", "People")
    await expect(console.row("ada@acme.example")).to_contain_text("Active")
    await expect(console.row("terraform-ci")).to_have_count(0)

    await console.field("Search by name").fill("turing")
    await expect(console.row("Alan Turing")).to_be_visible()
    await expect(console.row("Ada Lovelace")).to_have_count(0)
    await console.page.reload()
    await expect(console.row("Ada Lovelace")).to_have_count(0)

    await console.field("Search by name").fill("nobody of this name")
    await console.button("Clear the filters").click()
    await expect(console.row("Ada Lovelace")).to_be_visible()


async def test_adds_a_person_by_identity(console: Console, name: str):
    await console.open("people", "People")
    await console.button("Add person").click()
    dialog = console.dialog("Add person")
    await dialog.get_by_label("With the identity provider").check()
    await dialog.get_by_role("button", name="Add person").click()
    await expect(dialog.get_by_text("Say what they are called.")).to_be_visible()

    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_label("E-mail address").fill("grete@acme.example")
    await dialog.get_by_label("Subject").fill(name.replace(" ", "-"))
    # This service has no identity provider of its own: the API says so at the field.
    await dialog.get_by_role("button", name="Add person").click()
    await expect(dialog.get_by_text("this service has no identity provider")).to_be_visible()
    await dialog.get_by_label("Issuer").fill("https://login.acme.example")
    await dialog.get_by_role("button", name="Add person").click()
    await console.expect_page(name)
    await expect(console.page.get_by_text("grete@acme.example")).to_be_visible()


async def test_says_who_has_an_identity_already(console: Console, shown: Shown, name: str):
    await console.open("people", "People")
    await console.button("Add person").click()
    dialog = console.dialog("Add person")
    await dialog.get_by_label("With the identity provider").check()
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_label("E-mail address").fill("ada@acme.example")
    await dialog.get_by_label("Subject").fill("ada@acme.example")
    await dialog.get_by_label("Issuer").fill("https://login.acme.example")
    await dialog.get_by_label("Issuer").press("Enter")
    await dialog.get_by_role("link", name="Show the person").click()
    await console.expect_page("Ada Lovelace")
    assert console.page.url.endswith(shown.acme.people["Ada Lovelace"])


async def test_adds_a_person_with_a_first_token(console: Console, shown: Shown, name: str):
    await _add_with_token(console, name)
    secret = console.dialog(f"The first token of {name}")
    text = await secret.get_by_label("The token").inner_text()
    async with httpx.AsyncClient(base_url=shown.server.url) as client:
        viewer = await Api(client, text).query("{ viewer { memberships { user { name } } } }")
    assert viewer["viewer"]["memberships"][0]["user"]["name"] == name

    await secret.get_by_role("button", name="Close", exact=True).last.click()
    await secret.get_by_role("button", name="Close without copying").click()
    await expect(secret).to_have_count(0)
    await console.expect_page(name)
    assert text not in await console.page.content()
    assert text not in await console.stored()


async def test_a_lost_answer_adds_nobody_twice(console: Console, shown: Shown, name: str):
    """What the service did is not seen at first; the same form again says what became of it."""

    async def lose(route: Route) -> None:
        if "mutation AddOrganizationUser" not in (route.request.post_data or ""):
            await route.continue_()
            return
        await route.fetch()
        await route.abort()
        await console.page.unroute("**/graphql")

    await console.page.route("**/graphql", lose)
    await _add_with_token(console, name)
    await expect(console.page.get_by_text("Nothing is known to have changed")).to_be_visible()
    dialog = console.dialog("Add person")
    await expect(dialog.get_by_label("Name")).to_have_value(name)
    await dialog.get_by_role("button", name="Add person").click()

    await console.button("Remove and add again").click()
    secret = console.dialog(f"The first token of {name}")
    await expect(secret).to_be_visible()
    found = await shown.acme.organization.admin.query(
        """query($o: ID!, $s: String) {
            organizationUsers(organizationId: $o, filter: {search: $s}) { nodes { id } } }""",
        o=shown.server.organization_id,
        s=name,
    )
    assert len(found["organizationUsers"]["nodes"]) == 1
    assert [error for error in console.errors if "net::ERR_FAILED" not in error] == []
    console.errors.clear()


async def test_renames_deactivates_activates_and_removes(console: Console, shown: Shown, name: str):
    person_id = await _person(shown, name)
    await console.open(f"people/{person_id}", name)
    await console.button("Edit").click()
    dialog = console.dialog("Edit person")
    await dialog.get_by_label("Name").fill(f"{name} Hermann")
    await dialog.get_by_label("Name").press("Enter")
    name = f"{name} Hermann"
    await console.expect_page(name)

    await console.button("Deactivate").click()
    await console.dialog(f"Deactivate {name}").get_by_role("button", name="Deactivate").click()
    await expect(console.page.get_by_text("They are deactivated")).to_be_visible()
    await console.button("Activate").click()
    await console.dialog(f"Activate {name}").get_by_role("button", name="Activate").click()
    await expect(console.page.get_by_text("They are deactivated")).to_have_count(0)

    await console.button("Remove").click()
    dialog = console.dialog(f"Remove {name}")
    remove = dialog.get_by_role("button", name="Remove person")
    await expect(remove).to_be_disabled()
    await dialog.get_by_label(f"Type {name} to confirm").fill(name)
    await remove.click()
    await console.expect_page("People")
    await expect(console.page.get_by_text(f"{name} was removed.")).to_be_visible()
    await console.open(f"people/{person_id}", "Person")
    await expect(console.page.get_by_text("There is no such person")).to_be_visible()


async def test_shows_what_a_person_did(console: Console, shown: Shown):
    await console.open(f"people/{shown.acme.organization.admin_id}")
    done = console.page.get_by_role("table", name="What grace.hopper@acme.example did lately")
    await expect(done.get_by_role("row")).to_have_count(6)
    link = console.page.get_by_role("link", name="All in the audit log")
    await link.click()
    await console.expect_page("Audit log")
    assert console.page.url.endswith(f"actor={shown.acme.organization.admin_id}")


async def test_the_last_administrator_stays(browser: Browser, shown: Shown):
    organization = await _fresh(shown)
    console = await _signed_in(browser, organization, shown, organization.admin.token or "")
    await console.open(f"people/{organization.admin_id}")
    await expect(console.page.get_by_role("main").get_by_text("You", exact=True)).to_be_visible()
    await console.button("Deactivate").click()
    dialog = console.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("This is you")
    await dialog.get_by_role("button", name="Deactivate").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("the last active administrator")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(console.page.get_by_text("They are deactivated")).to_have_count(0)
    assert console.errors == []
    await console.page.context.close()


async def test_says_what_is_missing(browser: Browser, shown: Shown, name: str):
    """Who manages groups may see people, and is told why the rest is not theirs."""
    organization = await _fresh(shown)
    made = await organization.admin.query(
        """mutation($input: AddOrganizationUserInput!) { addOrganizationUser(input: $input) {
            ... on AddOrganizationUserWithTokenSuccess {
                fullToken organizationUser { id } } } }""",
        input={
            "organizationId": organization.id,
            "name": name,
            "email": "grete@acme.example",
            "withToken": True,
        },
    )
    added = made["addOrganizationUser"]
    await organization.admin.mutate(
        "grantPermissions",
        "granted",
        principalId=added["organizationUser"]["id"],
        resourceId=organization.id,
        permissions=["organization:groups:write"],
    )
    console = await _signed_in(browser, organization, shown, added["fullToken"])
    await console.open("people", "People")
    await console.button("Add person").focus()
    await expect(console.page.get_by_role("tooltip")).to_contain_text("organization:users:write")
    await expect(console.button("Add person")).to_be_disabled()
    await console.button("Add person").press("Enter")
    await expect(console.dialog("Add person")).to_have_count(0)
    assert console.errors == []
    await console.page.context.close()


async def _fresh(shown: Shown) -> Organization:
    database = await Database.open(shown.server.environment["DATABASE_URL"])
    made = await organizations.bootstrap(
        database, PEPPERS, name="Apart", admin_email="admin@apart.example"
    )
    await database.close()
    return Organization(
        ids.organization_id(made.organization_id),
        ids.member_id("user", made.organization_id, made.user_id),
        shown.acme.organization.admin.with_token(made.full_token),
    )


async def _signed_in(
    browser: Browser, organization: Organization, shown: Shown, token: str
) -> Console:
    context = await browser.new_context()
    console = Console(await context.new_page(), shown.server.url, organization.id)
    await console.sign_in(token)
    await console.expect_page()
    return console


async def _add_with_token(console: Console, name: str) -> None:
    await console.open("people", "People")
    await console.button("Add person").click()
    dialog = console.dialog("Add person")
    await dialog.get_by_label("With a first token").check()
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_label("E-mail address").fill("grete@acme.example")
    await dialog.get_by_role("button", name="Add person").click()


async def _person(shown: Shown, name: str) -> str:
    made = await shown.acme.organization.admin.mutate(
        "addOrganizationUser",
        "organizationUser { id }",
        organizationId=shown.server.organization_id,
        name=name,
        email="grete@acme.example",
        issuer="https://login.acme.example",
        subject=name,
    )
    return made["organizationUser"]["id"]
