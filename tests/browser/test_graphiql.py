"""GraphiQL in a real browser, against a real server: it works, and keeps the token to itself."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Protocol

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.browser.chromium import Visit, needs_chromium

PASTE = """
text => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true })
    );
}
"""

# Playwright's own way to wait for a condition evaluates strings, which the policy forbids.
UNTIL_DRAFT_IS_STORED = """
() => new Promise(resolve => {
    const look = () => localStorage["graphiql:tabState"]?.includes("appu_removed")
        ? resolve() : setTimeout(look, 50);
    look();
})
"""

pytestmark = needs_chromium


class LiveServer(Protocol):
    """What these tests need of the fixture `live_server`."""

    url: str
    token: str
    organization_id: str


class GraphiQL(Visit):
    """A page with GraphiQL."""

    async def open(self, url: str) -> None:
        await self.page.goto(f"{url}/graphql")
        await expect(self.page.locator(".graphiql-query-editor .view-lines")).to_be_visible()

    async def paste_token(self, token: str) -> None:
        await self.page.get_by_label("Access token", exact=True).fill(token)

    async def run(self, document: str) -> None:
        await self.page.locator(".graphiql-query-editor .view-lines").click()
        await self.page.keyboard.press("ControlOrMeta+A")
        # Pasted, because the editor completes brackets that are typed.
        await self.page.evaluate(PASTE, document)
        # The tab takes the operation's name once GraphiQL has parsed it; a run before that would
        # still name the operation that stood there.
        await expect(self.page.get_by_role("tab", name="Asked")).to_be_visible()
        await self.page.get_by_role("button", name=re.compile("Execute query")).click()

    async def expect_status(self, text: str) -> None:
        await expect(self.page.locator(".token [role=status]")).to_contain_text(text)


@pytest.fixture
async def visit(browser: Browser) -> AsyncIterator[GraphiQL]:
    """A fresh profile's first page."""
    page = await browser.new_page()
    yield GraphiQL(page)
    await page.context.close()


async def test_reads_the_schema_and_runs_a_query(visit: GraphiQL, live_server: LiveServer):
    await visit.open(live_server.url)
    await expect(visit.page).to_have_title("application-users · GraphiQL")
    await visit.paste_token(live_server.token)

    await visit.page.get_by_role("button", name="Show Documentation Explorer").click()
    reference = visit.page.locator(".graphiql-doc-explorer")
    await expect(reference.get_by_role("link", name="Query", exact=True)).to_be_visible()

    await visit.run(list_application_users(live_server.organization_id))
    answer = visit.page.locator(".graphiql-response .view-lines")
    await expect(answer).to_contain_text('"nodes"')
    await visit.expect_status("Sent with each request")

    # Monaco's workers are part of the page, and start when there is work: all come from our files.
    async with asyncio.timeout(30):
        while visit.workers() != {"editor", "graphql", "json"}:
            await visit.page.wait_for_timeout(50)
    assert visit.hosts() == {live_server.url.removeprefix("http://")}
    assert visit.errors == []


async def test_keeps_the_token_out_of_every_store(visit: GraphiQL, live_server: LiveServer):
    await visit.open(live_server.url)
    await visit.paste_token(live_server.token)
    # A token inside the document is the worst case: GraphiQL keeps documents between visits.
    query = list_application_users(live_server.organization_id)
    await visit.run(f"# {live_server.token}\n{query}")
    answer = visit.page.locator(".graphiql-response .view-lines")
    await expect(answer).to_contain_text('"nodes"')
    async with asyncio.timeout(10):
        await visit.page.evaluate(UNTIL_DRAFT_IS_STORED)
    assert live_server.token not in await visit.stored()

    await visit.page.reload()
    await expect(visit.page.locator(".graphiql-query-editor")).to_contain_text("appu_removed")
    await expect(visit.page.get_by_label("Access token", exact=True)).to_have_value("")
    assert live_server.token not in await visit.stored()
    assert not any(live_server.token in address for address in visit.addresses)


async def test_says_when_the_token_is_not_accepted(visit: GraphiQL, live_server: LiveServer):
    await visit.open(live_server.url)
    await visit.paste_token("not-a-token")
    await visit.run("query Asked { __typename }")
    await visit.expect_status("401: token not accepted.")
    await visit.paste_token(live_server.token)
    await visit.expect_status("Sent with each request")


async def test_shows_the_token_only_when_asked(visit: GraphiQL, live_server: LiveServer):
    await visit.open(live_server.url)
    await visit.paste_token(f"  Bearer {live_server.token}\n")
    field = visit.page.get_by_label("Access token", exact=True)
    await expect(field).to_have_value(live_server.token)
    await expect(field).to_have_attribute("type", "password")
    await visit.page.get_by_role("button", name="Show token").click()
    await expect(field).to_have_attribute("type", "text")
    await visit.page.get_by_role("button", name="Hide token").click()
    await expect(field).to_have_attribute("type", "password")
    await visit.page.get_by_role("button", name="Clear token").click()
    await expect(field).to_have_value("")


async def test_has_no_inline_script(live_server: LiveServer):
    async with httpx.AsyncClient() as client:
        response = await client.get(f"{live_server.url}/graphql", headers={"Accept": "text/html"})
    assert response.headers["content-type"].startswith("text/html")
    assert re.findall(r"<script(?![^>]*\ssrc=)|\son\w+=", response.text) == []


async def test_the_policy_is_in_force_and_seen(visit: GraphiQL, live_server: LiveServer):
    """The other tests' silence counts only if a breach would have been heard."""
    await visit.open(live_server.url)
    for breach in (
        "new Image().src = 'https://elsewhere.invalid/pixel.png'",
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
    ):
        visit.errors.clear()
        async with visit.page.expect_console_message():
            await visit.page.evaluate(breach)
        assert any("Content Security Policy" in error for error in visit.errors)


def list_application_users(organization_id: str) -> str:
    """A query that only a known caller gets an answer to."""
    field = f'applicationUsers(organizationId: "{organization_id}")'
    return f"query Asked {{ {field} {{ nodes {{ id }} }} }}"
