"""Organizations of their own beside the furnished one, and their administrators at the console."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx
from playwright.async_api import Browser

from app import ids, organizations
from app.database import Database
from tests.api_client import Api, Organization
from tests.browser.console import Console
from tests.browser.show import Shown
from tests.conftest import PEPPERS


@dataclass(frozen=True)
class Newcomer:
    """An administrator at the console of a fresh organization, and the same one over the API."""

    console: Console
    organization: Organization
    database: Database
    key: UUID

    async def set_limit(self, limit: int) -> None:
        """Set how many application users the organization may have, as the operator does."""
        await organizations.set_limit(self.database, self.key, limit)


@asynccontextmanager
async def newcomer(browser: Browser, shown: Shown) -> AsyncGenerator[Newcomer]:
    """Make an organization and sign in to it; nothing went wrong when they leave."""
    database = await Database.open(shown.server.environment["DATABASE_URL"])
    made = await organizations.bootstrap(
        database, PEPPERS, name="Newcomers", admin_email="ida.rhodes@newcomers.example"
    )
    public_id = ids.organization_id(made.organization_id)
    admin_id = ids.member_id("user", made.organization_id, made.user_id)
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(15_000)
    console = Console(await context.new_page(), shown.server.url, public_id)
    await console.sign_in(made.full_token)
    await console.expect_page("Application users")
    async with httpx.AsyncClient(base_url=shown.server.url) as client:
        place = Organization(public_id, admin_id, Api(client, made.full_token))
        yield Newcomer(console, place, database, made.organization_id)
    assert console.errors == []
    await context.close()
    await database.close()
