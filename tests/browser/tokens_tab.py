"""The tokens of an application user that a test made for itself, and what it does with them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Locator, Route

from tests.api_client import Api, Organization
from tests.browser.console import Console
from tests.waiting import until

PROGRAM = "Terraform/1.9.5 (+https://www.terraform.io)"
USE = "query($id: ID!) { token(id: $id) { lastUsedTime usedSinceRotation } }"


@dataclass
class TokensTab:
    """The tab of one application user, and the same user over the API."""

    console: Console
    organization: Organization
    user_id: str

    async def open(self, search: str = "") -> None:
        """Open it by its address."""
        await self.console.open(f"application-users/{self.user_id}/tokens{search}")

    async def open_token(self, token_id: str) -> None:
        """Open the page of a token."""
        await self.console.open(f"application-users/{self.user_id}/tokens/{token_id}")

    async def generate(self, description: str) -> Locator:
        """Open the dialog for a new token, describe the token, and return the dialog."""
        await self.console.button("Generate token").first.click()
        dialog = self.console.dialog("Generate token")
        await dialog.get_by_label("Description", exact=True).fill(description)
        return dialog

    async def choose(self, description: str, act: str) -> None:
        """Choose what to do with a token from the menu of its row."""
        await self.console.button(f"Actions for {description}").click()
        await self.console.page.get_by_role("menuitem", name=act).click()

    @asynccontextmanager
    async def lost_answers(self, mutation: str) -> AsyncGenerator[None]:
        """Lose the answers to a mutation, once the service has given them."""

        async def lose(route: Route) -> None:
            if f"mutation {mutation}(" in (route.request.post_data or ""):
                await route.fetch()
                await route.abort()
            else:
                await route.continue_()

        await self.console.page.route("**/graphql", lose)
        yield
        await self.console.page.unroute("**/graphql", lose)
        # The browser says of what was lost that it was.
        assert self.console.errors
        assert all("net::ERR_FAILED" in error for error in self.console.errors)
        self.console.errors.clear()

    async def accepts(self, text: str) -> bool:
        """Return whether the text of a token is accepted; a use as any other where it is."""
        admin = self.organization.admin
        answer = await Api(admin.client, text).run(
            "{ viewer { token { id } } }", headers={"User-Agent": PROGRAM}
        )
        return answer.response.is_success

    async def use(self, token_id: str, text: str) -> None:
        """Use a token, and wait until that shows."""
        assert await self.accepts(text)
        await until(lambda: self._is_used(token_id))

    async def _is_used(self, token_id: str) -> bool:
        token = (await self.organization.admin.query(USE, id=token_id))["token"]
        return token["lastUsedTime"] is not None and token["usedSinceRotation"] is not False
