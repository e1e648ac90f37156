"""``/.well-known/oauth-authorization-server``: what clients find out by themselves, RFC 8414."""

import httpx
import pytest

from app import catalogue
from tests.api_client import Api
from tests.conftest import LiveServer, settings_for
from tests.postgres import Urls
from tests.service import started
from tests.web.answers import assert_error

PATH = "/.well-known/oauth-authorization-server"
ISSUER = "https://tokens.example.com"


@pytest.fixture
async def public(urls: Urls) -> httpx.Response:
    """What an application answers that is reached at an origin of its own."""
    async with started(settings_for(urls, public_url=ISSUER)) as running:
        return await (await running.caller()).client.get(PATH)


class TestMetadata:
    async def test_every_member(self, public: httpx.Response) -> None:
        assert public.status_code == 200
        assert public.headers["content-type"] == "application/json"
        assert public.json() == {
            "issuer": ISSUER,
            "introspection_endpoint": f"{ISSUER}/introspect",
            "introspection_endpoint_auth_methods_supported": ["Bearer"],
            "revocation_endpoint": f"{ISSUER}/revoke",
            "revocation_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": list(catalogue.load().scopes),
            "response_types_supported": [],
            "grant_types_supported": [],
        }

    async def test_is_kept_by_caches(self, public: httpx.Response) -> None:
        assert public.headers["cache-control"] == "public, max-age=3600"
        assert public.headers["x-content-type-options"] == "nosniff"

    async def test_by_get_and_head_alone(self, api: Api) -> None:
        assert (await api.client.head(PATH)).status_code == 200
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            answer = await api.client.request(method, PATH)
            assert_error(answer, 405, "invalid_request", "GET, HEAD")
            assert answer.headers["allow"] == "GET, HEAD"

    async def test_whoever_the_host_header_names(self, api: Api) -> None:
        answer = await api.client.get(PATH, headers={"Host": "evil.example"})
        assert "evil.example" not in answer.text


class TestServed:
    async def test_the_issuer_is_where_it_listens(self, live_server: LiveServer) -> None:
        """At port 0 too, where only the system says which port it is."""
        async with httpx.AsyncClient(base_url=live_server.url) as client:
            found = (await client.get(PATH)).json()
            assert found["issuer"] == live_server.url
            told = await client.post(
                found["introspection_endpoint"],
                data={"token": live_server.token},
                headers={"Authorization": f"Bearer {live_server.token}"},
            )
            assert told.json()["iss"] == live_server.url
            given_back = await client.post(found["revocation_endpoint"], data={"token": "junk"})
            assert (given_back.status_code, given_back.content) == (200, b"")
