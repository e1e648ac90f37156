"""The console's page: at which addresses it is answered, and under which policy."""

import re
from collections.abc import AsyncGenerator

import httpx
import pytest
from starlette.applications import Starlette

from app.web import console, pages
from app.web.console import Console

PAGE = (pages.STATIC / "console" / "index.html").read_text()


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    """A client of an application that has the pages and nothing else."""
    app = Starlette(routes=[*console.routes(Console(None)), *pages.routes()])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def nonce_of(answer: httpx.Response) -> str:
    """Return the nonce of an answer's policy."""
    (nonce,) = re.findall(r"'nonce-([^']*)'", answer.headers["content-security-policy"])
    return nonce


class TestPolicy:
    async def test_is_strict(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/console")
        assert answer.headers["content-security-policy"].split("; ") == [
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce_of(answer)}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"

    async def test_is_kept_by_no_cache(self, client: httpx.AsyncClient) -> None:
        assert (await client.get("/console")).headers["cache-control"] == "no-store"


class TestNonce:
    async def test_is_fresh_and_long(self, client: httpx.AsyncClient) -> None:
        found = {nonce_of(await client.get("/console")) for _ in range(50)}
        assert len(found) == 50
        # Of 128 bits, in the characters of RFC 4648 that the policy's grammar has.
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", nonce) for nonce in found)

    async def test_stands_wherever_the_build_left_room(self, client: httpx.AsyncClient) -> None:
        assert PAGE.count('nonce="__CSP_NONCE__"') == PAGE.count("__CSP_NONCE__") >= 1
        answer = await client.get("/console")
        nonce = nonce_of(answer)
        assert answer.text == PAGE.replace("__CSP_NONCE__", nonce)
        assert f'<meta property="csp-nonce" nonce="{nonce}"' in answer.text


class TestPage:
    async def test_has_no_inline_script_and_only_files_of_its_own(
        self, client: httpx.AsyncClient
    ) -> None:
        answer = await client.get("/console")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        inline = r"<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|<style|javascript:"
        assert not re.search(inline, answer.text)
        addresses = re.findall(r'\s(?:src|href)="([^"]*)"', answer.text)
        assert addresses
        for address in addresses:
            assert address.startswith("/static/assets/")
            assert (await client.get(address)).status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/console/",
            "/console/application-users",
            "/console/application-users/user_2f/tokens",
            "/console/signed-in?code=abc.def&state=x",
            "/console/a.b/c",
        ],
    )
    async def test_is_answered_at_every_address_of_a_page(
        self, client: httpx.AsyncClient, path: str
    ) -> None:
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.text == PAGE.replace("__CSP_NONCE__", nonce_of(answer))


class TestNotFound:
    @pytest.mark.parametrize(
        "path",
        ["index.html", "main.js", "assets/main.js", ".env", "../web/pages.py", "%2e%2e", "a/.git"],
    )
    async def test_what_has_the_name_of_a_file(self, client: httpx.AsyncClient, path: str) -> None:
        answer = await client.get(f"/console/{path}")
        assert answer.status_code == 404
        assert answer.text in ("Not found.\n", "Not Found")

    async def test_the_page_as_a_file(self, client: httpx.AsyncClient) -> None:
        assert (await client.get("/static/console/index.html")).status_code == 404

    async def test_neighbours(self, client: httpx.AsyncClient) -> None:
        assert (await client.get("/consoles")).status_code == 404
        assert (await client.post("/console")).status_code == 405


async def test_without_a_provider_none_is_offered(client: httpx.AsyncClient) -> None:
    answer = await client.get("/console/configuration.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"oidc": None}
