"""What the console asks the service for, one request behind the other's answer: two at the most."""

import asyncio

from playwright.async_api import Browser, Route, expect

from tests.browser.chromium import needs_chromium
from tests.browser.show import Shown
from tests.browser.visitors import visitor

pytestmark = needs_chromium


class Gate:
    """Lets the named operations through, and holds the others until it is opened."""

    def __init__(self, *names: str) -> None:
        self._names = set(names)
        self._opened = asyncio.Event()
        self.held: set[str] = set()

    async def __call__(self, route: Route) -> None:
        """Hold or let through one request."""
        name: str = (route.request.post_data_json or {})["operationName"]
        if name not in self._names:
            self.held.add(name)
            await self._opened.wait()
        await route.continue_()

    def open(self) -> None:
        """Let everything through."""
        self._opened.set()


async def test_the_list_waits_for_the_caller_alone(browser: Browser, shown: Shown) -> None:
    async with visitor(browser, shown.server) as guest:
        gate = Gate("Viewer", "ApplicationUsers")
        await guest.page.route("**/graphql", gate)
        await guest.sign_in(shown.server.token)
        # Nothing that the list is drawn from waits for what is held.
        await expect(guest.row("terraform-ci")).to_be_visible()
        await expect(guest.button("Create application user")).to_be_visible()
        assert gate.held == {"Organization"}
        gate.open()


async def test_the_tokens_of_a_user_wait_for_the_caller_alone(
    browser: Browser, shown: Shown
) -> None:
    async with visitor(browser, shown.server) as guest:
        await guest.sign_in(shown.server.token)
        await guest.expect_page("Application users")
        gate = Gate("Viewer", "ApplicationUserTokens")
        await guest.page.route("**/graphql", gate)
        user_id = shown.acme.users["terraform-ci"]
        await guest.page.goto(
            f"{guest.url}/console/{guest.organization_id}/application-users/{user_id}"
        )
        await expect(guest.row("Staging runner")).to_be_visible()
        assert gate.held == {"Organization", "ApplicationUser"}
        gate.open()
        await guest.expect_page("terraform-ci")


async def test_nothing_is_asked_before_the_caller_is_known(browser: Browser, shown: Shown) -> None:
    """The control: what is held is not drawn, and what waits for it is not asked for."""
    async with visitor(browser, shown.server) as guest:
        gate = Gate()
        await guest.page.route("**/graphql", gate)
        await guest.sign_in(shown.server.token)
        await expect(guest.page.get_by_role("status").filter(has_text="Loading")).to_be_attached()
        assert gate.held == {"Viewer"}
        gate.open()
        await expect(guest.row("terraform-ci")).to_be_visible()


async def test_a_link_loads_its_page_while_the_caller_is_asked_for(
    browser: Browser, shown: Shown
) -> None:
    async with visitor(browser, shown.server) as guest:
        await guest.sign_in(shown.server.token)
        await guest.expect_page("Application users")
        gate = Gate()
        await guest.page.route("**/graphql", gate)
        async with guest.page.expect_request("**/assets/audit-log-*.js"):
            await guest.page.goto(f"{guest.url}/console/{guest.organization_id}/audit-log")
        assert gate.held <= {"Viewer"}
        gate.open()
        await guest.expect_page("Audit log")
