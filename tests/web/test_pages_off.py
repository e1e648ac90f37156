"""An operator who wants no console, no GraphiQL, or neither, has none."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import httpx
import pytest

from app.web import pages
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import started

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FILES = sorted((pages.STATIC / "assets").iterdir())


@dataclass(frozen=True)
class Pages:
    """A client of an application, and which pages that has."""

    client: httpx.AsyncClient
    console: bool
    graphiql: bool

    async def shown(self, path: str) -> str | None:
        """Return where a browser gets a page, None where it gets a text that says why not."""
        answer = await self.client.get(path, headers=BROWSER, follow_redirects=True)
        if answer.status_code == 200:
            assert "<html" in answer.text
            return answer.url.path
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert "switched off" in answer.text
        return None


@pytest.fixture(
    scope="module",
    params=[(True, True), (True, False), (False, True), (False, False)],
    ids=["both", "console", "graphiql", "neither"],
)
async def some(urls: Urls, request: pytest.FixtureRequest) -> AsyncGenerator[Pages]:
    """An application with and without each page; what it has is the control."""
    console, graphiql = request.param
    async with started(settings_for(urls, console=console, graphiql=graphiql)) as running:
        yield Pages((await running.caller()).client, console, graphiql)


async def test_a_browser_is_told(some: Pages) -> None:
    for path in ("/console", "/console/", "/console/application-users"):
        assert await some.shown(path) == (path if some.console else None)
    assert await some.shown("/graphql") == ("/graphql" if some.graphiql else None)


async def test_the_first_page(some: Pages) -> None:
    graphiql = "/graphql" if some.graphiql else None
    assert await some.shown("/") == ("/console" if some.console else graphiql)


async def test_the_configuration(some: Pages) -> None:
    answer = await some.client.get("/console/configuration.json")
    assert answer.status_code == (200 if some.console else 404)


async def test_files(some: Pages) -> None:
    for path in ("assets/" + FILES[0].name, "LICENSES.txt"):
        answer = await some.client.get(f"/static/{path}")
        assert answer.status_code == (200 if some.console or some.graphiql else 404)


async def test_programs_are_served(some: Pages) -> None:
    for answer in (
        await some.client.post("/graphql", json={"query": "{ __typename }"}),
        await some.client.get("/graphql?query={__typename}", headers=BROWSER),
    ):
        assert answer.json() == {"data": {"__typename": "Query"}}
