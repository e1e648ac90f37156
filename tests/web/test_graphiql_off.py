"""An operator who wants no page has none."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from app.web import pages
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import started

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FILES = sorted((pages._STATIC / "assets").iterdir())  # pyright: ignore[reportPrivateUsage]


@pytest.fixture(scope="module", params=[False, True], ids=["off", "on"])
async def client(
    urls: Urls, request: pytest.FixtureRequest
) -> AsyncGenerator[tuple[httpx.AsyncClient, bool]]:
    """A client of an application without the page, and with it as a control."""
    async with started(settings_for(urls, graphiql=request.param)) as running:
        yield (await running.caller()).client, request.param


async def test_a_browser_is_told(client: tuple[httpx.AsyncClient, bool]) -> None:
    browser, is_on = client
    for path in ("/graphql", "/"):
        answer = await browser.get(path, headers=BROWSER, follow_redirects=True)
        assert ("<html" in answer.text) is is_on
        if not is_on:
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
            assert "GraphiQL is switched off" in answer.text


async def test_files_are_not_served(client: tuple[httpx.AsyncClient, bool]) -> None:
    browser, is_on = client
    for path in ("assets/" + FILES[0].name, "LICENSES.txt"):
        answer = await browser.get(f"/static/{path}")
        assert answer.status_code == (200 if is_on else 404)


async def test_programs_are_served(client: tuple[httpx.AsyncClient, bool]) -> None:
    program, _ = client
    for answer in (
        await program.post("/graphql", json={"query": "{ __typename }"}),
        await program.get("/graphql?query={__typename}", headers=BROWSER),
    ):
        assert answer.json() == {"data": {"__typename": "Query"}}
