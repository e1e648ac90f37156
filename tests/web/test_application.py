"""The application as a whole: what is in front of its middleware, and when it answers."""

import httpx
import pytest

from app.asgi import create_app
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import started

ORIGIN = "https://admin.example.com"
IN_FRONT = ["/introspect", "/verify", "/verify/path"]
BEHIND = ["/graphql", "/revoke", "/credentials/revoke", "/readyz"]


class TestNotStarted:
    @pytest.mark.parametrize("path", [*IN_FRONT, *BEHIND])
    async def test_says_what_is_missing(self, urls: Urls, path: str) -> None:
        app = create_app(settings_for(urls))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            with pytest.raises(RuntimeError, match="run its lifespan"):
                await client.post(path)
            assert (await client.get("/healthz")).status_code == 200

    @pytest.mark.parametrize("path", [*IN_FRONT, *BEHIND])
    async def test_so_it_does_after_the_stop(self, urls: Urls, path: str) -> None:
        app = create_app(settings_for(urls))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            async with app.router.lifespan_context(app):
                assert (await client.post(path)).status_code != 500
            with pytest.raises(RuntimeError, match="run its lifespan"):
                await client.post(path)


class TestBrowsers:
    """RFC 7009 has browsers revoke their tokens; nobody introspects from one."""

    @pytest.mark.parametrize("path", ["/revoke", "/credentials/revoke"])
    async def test_elsewhere_may_revoke(self, urls: Urls, path: str) -> None:
        async with started(settings_for(urls, allowed_origins=ORIGIN)) as running:
            client = (await running.caller()).client
            preflight = await client.options(
                path,
                headers={
                    "Origin": ORIGIN,
                    "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "content-type",
                },
            )
            assert preflight.headers["access-control-allow-origin"] == ORIGIN
            answer = await client.post(path, headers={"Origin": ORIGIN})
            assert answer.status_code == 415
            assert answer.headers["access-control-allow-origin"] == ORIGIN
            other = await client.post(path, headers={"Origin": "https://evil.example"})
            assert "access-control-allow-origin" not in other.headers

    @pytest.mark.parametrize("path", IN_FRONT)
    async def test_elsewhere_do_not_ask(self, urls: Urls, path: str) -> None:
        async with started(settings_for(urls, allowed_origins=ORIGIN)) as running:
            client = (await running.caller()).client
            answer = await client.post(path, headers={"Origin": ORIGIN})
            assert "access-control-allow-origin" not in answer.headers
