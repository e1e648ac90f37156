"""Every page of the console and its main dialogs, and how one gets there."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.acme import Acme
from tests.browser.console import Console

ROUTES = Path(__file__).parents[2] / "app" / "frontend" / "console" / "routes.tsx"

Step = Callable[[Console], Awaitable[None]]


@dataclass(frozen=True)
class Place:
    """A page of an organization, or a dialog on it."""

    name: str
    route: str
    """As ``routes.tsx`` has it; an address where it ends in nothing that varies."""
    parts: Callable[[Acme], dict[str, str]] = lambda _: {}
    """What stands for the route's parameters in the furnished organization."""
    steps: tuple[Step, ...] = ()
    """What opens the dialog."""
    query: str = ""

    def path(self, acme: Acme) -> str:
        """Return the address within the organization."""
        parts = self.parts(acme)
        path = re.sub(r"/?:(\w+)\??", lambda found: _part(found, parts), self.route)
        return path.removeprefix("/") + self.query

    async def open(self, console: Console, acme: Acme) -> None:
        """Go there, and wait until it is drawn."""
        await console.open(self.path(acme))
        await drawn(console.page)
        for step in self.steps:
            await step(console)
        await drawn(console.page)


def _part(found: re.Match[str], parts: dict[str, str]) -> str:
    value = parts.get(found[1])
    if value is None:
        assert found[0].endswith("?"), f"{found[1]} is missing"
        return ""
    return f"/{value}"


async def drawn(page: Page) -> None:
    """Wait until nothing on the page is an outline any more."""
    await expect(page.locator(".mantine-Skeleton-root, [aria-busy=true]")).to_have_count(0)


def press(name: str) -> Step:
    """Press the first button with a name; a dialog opens."""

    async def step(console: Console) -> None:
        await console.button(name).first.click()
        await expect(console.page.get_by_role("dialog")).to_be_visible()

    return step


def menu(button: str, item: str | None = None) -> Step:
    """Open a menu, and choose from it what opens a dialog."""

    async def step(console: Console) -> None:
        await console.page.get_by_role("button", name=button).first.click()
        found = console.page.get_by_role("menuitem")
        await expect(found.first).to_be_visible()
        if item:
            await found.filter(has_text=item).click()

    return step


def declared() -> set[str]:
    """Return the routes of the pages that the console has."""
    text = ROUTES.read_text(encoding="utf-8")
    found = re.findall(r'^  \["(/[^"]*)", ', text, re.MULTILINE)
    assert found
    return set(found)


USER = "/application-users/:userId/:tab?"
TOKEN = "/application-users/:userId/tokens/:tokenId"


def user(name: str, tab: str | None = None) -> Callable[[Acme], dict[str, str]]:
    """Return what stands for a user's page."""
    return lambda acme: {"userId": acme.users[name]} | ({"tab": tab} if tab else {})


def token(of: str, description: str) -> Callable[[Acme], dict[str, str]]:
    """Return what stands for a token's page."""
    return lambda acme: {"userId": acme.users[of], "tokenId": acme.tokens[description]}


async def limit_lifetimes(console: Console) -> None:
    """Type a policy that some tokens would not outlive."""
    await console.page.get_by_label("Limit how long a token lives").check()
    await console.field("Longest lifetime").fill("60")


WEBHOOK = "/webhooks/:webhookId"
GROUP = "/groups/:groupId"
PERSON = "/people/:userId"


def webhook(acme: Acme) -> dict[str, str]:
    """Return what stands for a webhook's page."""
    return {"webhookId": acme.webhooks[0]}


def group(acme: Acme) -> dict[str, str]:
    """Return what stands for a group's page."""
    return {"groupId": acme.groups["Deployers"]}


def person(acme: Acme) -> dict[str, str]:
    """Return what stands for a person's page."""
    return {"userId": acme.people["Ada Lovelace"]}


TERRAFORM = user("terraform-ci")
STAGING = "Actions for Staging runner"

PAGES = [
    Place("application-users", "/application-users"),
    Place("application-users-none", "/application-users", query="?search=nothing-is-called-so"),
    Place("application-user", USER, TERRAFORM),
    Place("application-user-activity", USER, user("terraform-ci", "activity")),
    Place("application-user-access", USER, user("terraform-ci", "access")),
    Place("application-user-empty", USER, user("customer-portal")),
    Place("token", TOKEN, token("terraform-ci", "Production runner")),
    Place("token-revoked", TOKEN, token("terraform-ci", "Laptop of Ada, 2025")),
    Place("groups", "/groups"),
    Place("group", GROUP, group),
    Place("people", "/people"),
    Place("person", PERSON, person),
    Place("audit-log", "/audit-log"),
    Place("policy", "/policy"),
    Place("webhooks", "/webhooks"),
    Place("webhook", WEBHOOK, webhook),
    Place("limits", "/limits"),
    Place("nowhere", "/nowhere"),
]


DIALOGS = [
    Place("create-user", "/application-users", steps=(press("Create application user"),)),
    Place("edit-user", USER, TERRAFORM, (press("Edit"),)),
    Place("deactivate-user", USER, TERRAFORM, (press("Deactivate"),)),
    Place("delete-user", USER, TERRAFORM, (press("Delete"),)),
    Place("generate-token", USER, TERRAFORM, (press("Generate token"),)),
    Place("token-actions", USER, TERRAFORM, (menu(STAGING),)),
    Place("revoke-token", USER, TERRAFORM, (menu(STAGING, "Revoke"),)),
    Place("rotate-token", USER, TERRAFORM, (menu(STAGING, "Rotate"),)),
    Place("revoke-all", USER, TERRAFORM, (press("Revoke all"),)),
    Place("create-group", "/groups", steps=(press("Create group"),)),
    Place("add-members", GROUP, group, (press("Add members"),)),
    Place("edit-group", GROUP, group, (press("Edit"),)),
    Place("delete-group", GROUP, group, (press("Delete"),)),
    Place("grant-permissions", USER, user("terraform-ci", "access"), (press("Grant permissions"),)),
    Place("add-person", "/people", steps=(press("Add person"),)),
    Place("edit-person", PERSON, person, (press("Edit"),)),
    Place("remove-person", PERSON, person, (press("Remove"),)),
    Place(
        "audit-event",
        "/audit-log",
        steps=(press("Asked for a higher limit"),),
        query="?actions=LIMIT_REQUEST",
    ),
    Place("audit-export", "/audit-log", steps=(press("Export"),)),
    Place("policy-preview", "/policy", steps=(limit_lifetimes, press("Review changes"))),
    Place("create-webhook", "/webhooks", steps=(press("Create webhook"),)),
    Place("edit-webhook", WEBHOOK, webhook, (press("Edit"),)),
    Place("rotate-signing-key", WEBHOOK, webhook, (press("Rotate signing key"),)),
    Place("delete-webhook", WEBHOOK, webhook, (press("Delete"),)),
    Place("account", "/limits", steps=(menu("Your account"),)),
]
