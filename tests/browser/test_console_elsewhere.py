"""An address that names what another organization of the same person has."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest
from playwright.async_api import Browser, expect

from app import ids, organizations
from app.asgi import create_app
from app.database import Database
from tests.api_client import Api, Organization
from tests.browser.chromium import needs_chromium
from tests.browser.console import Console
from tests.browser.visitors import WIDE
from tests.conftest import PEPPERS, settings_for
from tests.issuer import issuer_at_work
from tests.postgres import Urls
from tests.web.connections import served

pytestmark = needs_chromium

HERE, THERE = "Acme", "Analytical Engines"
LATEST = """query($o: ID!) { auditEvents(organizationId: $o, first: 1) { nodes { id } } }"""


@dataclass(frozen=True)
class Place:
    """A served console, one of whose people administers two organizations."""

    here: Organization
    there: Organization
    url: str


@pytest.fixture(scope="module")
async def place(urls: Urls, database: Database) -> AsyncGenerator[Place]:
    async with issuer_at_work() as issuer:
        app = create_app(settings_for(urls, oidc_issuer=issuer.url))
        async with app.router.lifespan_context(app), served(app) as server:
            url = f"http://127.0.0.1:{server.port}"
            async with httpx.AsyncClient(base_url=url) as client:
                grace = Api(client, issuer.sign("grace", exp=4_000_000_000))
                made = [
                    await organizations.bootstrap(
                        database,
                        PEPPERS,
                        name=name,
                        admin_email="g@acme.example",
                        admin_identity=(issuer.url, "grace"),
                    )
                    for name in (HERE, THERE)
                ]
                here, there = (
                    Organization(
                        ids.organization_id(each.organization_id),
                        ids.member_id("user", each.organization_id, each.user_id),
                        grace,
                    )
                    for each in made
                )
                yield Place(here, there, url)


@pytest.fixture
async def guest(browser: Browser, place: Place) -> AsyncGenerator[Console]:
    """That person, in the first organization."""
    context = await browser.new_context(viewport=WIDE)
    context.set_default_timeout(15_000)
    console = Console(await context.new_page(), place.url, place.here.id)
    await console.sign_in(place.here.admin.token or "")
    await console.expect_page("Application users")
    yield console
    assert console.errors == []
    await context.close()


async def a_user(there: Organization) -> str:
    return f"application-users/{await there.user('of the other')}"


async def a_token(there: Organization) -> str:
    user_id = await there.user("with a token")
    token_id, _ = await there.token(user_id)
    return f"application-users/{user_id}/tokens/{token_id}"


async def a_group(there: Organization) -> str:
    made = await there.admin.mutate(
        "createGroup", "group { id }", organizationId=there.id, name="Of the other"
    )
    return f"groups/{made['group']['id']}"


async def a_person(there: Organization) -> str:
    return f"people/{there.admin_id}"


async def a_webhook(there: Organization) -> str:
    made = await there.admin.mutate(
        "createWebhookEndpoint",
        "webhookEndpoint { id }",
        organizationId=there.id,
        url="https://hooks.other.example/",
    )
    return f"webhooks/{made['webhookEndpoint']['id']}"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_user, "There is no such application user"),
        (a_token, "There is no such token here"),
        (a_group, "There is no such group"),
        (a_person, "There is no such person"),
        (a_webhook, "There is no such webhook"),
    ],
)
async def test_is_not_shown_as_this_ones_and_leads_there(
    guest: Console, place: Place, make: Callable[[Organization], Awaitable[str]], said: str
) -> None:
    path = await make(place.there)
    nothing = guest.page.get_by_role("heading", name=said, exact=True)
    await guest.open(path)
    await expect(nothing).to_be_visible()
    assert HERE in await guest.page.title()
    await guest.page.get_by_role("main").get_by_role("link", name=THERE, exact=True).click()
    # The control: where it belongs, it is shown.
    await expect(guest.page).to_have_url(f"{place.url}/console/{place.there.id}/{path}")
    await expect(guest.page.get_by_text(re.compile("^(Created|Joined)$")).first).to_be_visible()
    await expect(nothing).to_have_count(0)
    assert THERE in await guest.page.title()


async def test_an_event_is_none_of_this_ones_trail(guest: Console, place: Place) -> None:
    (event,) = (await place.there.admin.query(LATEST, o=place.there.id))["auditEvents"]["nodes"]
    path = f"audit-log?event={event['id']}"
    await guest.open(path)
    drawer = guest.page.get_by_role("dialog")
    await expect(drawer).to_contain_text("There is no such event here")
    await drawer.get_by_role("link", name=THERE, exact=True).click()
    await guest.page.goto(f"{place.url}/console/{place.there.id}/{path}")
    await expect(drawer).to_contain_text("Outcome")


async def test_of_what_is_nowhere_no_way_is_shown(guest: Console, place: Place) -> None:
    """The control: who belongs to two organizations is led to the other only where it is there."""
    user_id = await place.here.user("deleted")
    await place.here.admin.mutate(
        "deleteApplicationUser", "revokedTokenCount", applicationUserId=user_id
    )
    await guest.open(f"application-users/{user_id}")
    nothing = guest.page.get_by_role("heading", name="There is no such application user")
    await expect(nothing).to_be_visible()
    await expect(guest.page.get_by_text("It belongs to")).to_have_count(0)
