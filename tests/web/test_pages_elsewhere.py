"""Pages of other origins: which may call, and that none can act for whoever looks at it."""

import json
from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.api_client import Organization
from tests.conftest import settings_for
from tests.owner import Owner
from tests.postgres import Urls
from tests.service import Service, started

LISTED = "https://admin.example.com"
OTHERS = [
    "https://evil.example",
    "null",
    "http://admin.example.com",
    "https://admin.example.com:8443",
    "https://admin.example.com.evil.example",
    "https://evil-admin.example.com",
    "https://ADMIN.example.com.",
    "*",
    "",
]
PATHS = [
    "/graphql",
    "/introspect",
    "/verify",
    "/revoke",
    "/credentials/revoke",
    "/healthz",
    "/metrics",
    "/",
]
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


def allowed(answer: httpx.Response) -> list[str]:
    """Return the fields that let a page elsewhere do something."""
    return [name for name in answer.headers if name.startswith("access-control-")]


@pytest.fixture(scope="module")
async def listing(urls: Urls) -> AsyncGenerator[Service]:
    """An application that lists one origin."""
    async with started(settings_for(urls, allowed_origins=LISTED)) as running:
        yield running


@pytest.fixture(scope="module")
async def closed(urls: Urls) -> AsyncGenerator[Service]:
    """An application that lists none."""
    async with started(settings_for(urls)) as running:
        yield running


@pytest.mark.parametrize("path", PATHS)
class TestNone:
    async def test_is_let_in_by_default(self, closed: Service, path: str) -> None:
        client = (await closed.caller()).client
        for origin in (LISTED, *OTHERS):
            assert allowed(await client.options(path, headers=PREFLIGHT | {"Origin": origin})) == []
            for method in ("GET", "POST"):
                answer = await client.request(method, path, headers={"Origin": origin})
                assert allowed(answer) == []

    async def test_is_let_in_beside_those_listed(self, listing: Service, path: str) -> None:
        client = (await listing.caller()).client
        for origin in OTHERS:
            preflight = await client.options(path, headers=PREFLIGHT | {"Origin": origin})
            assert "access-control-allow-origin" not in preflight.headers
            assert preflight.status_code >= 400
            answer = await client.post(path, headers={"Origin": origin})
            assert "access-control-allow-origin" not in answer.headers


class TestListed:
    async def test_may_send_a_token_and_read_the_answer(
        self, listing: Service, organization: Organization
    ) -> None:
        """The control of the tests above."""
        client = (await listing.caller()).client
        preflight = await client.options("/graphql", headers=PREFLIGHT | {"Origin": LISTED})
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == LISTED
        assert "Authorization" in preflight.headers["access-control-allow-headers"]
        answer = await client.post(
            "/graphql",
            json={"query": "{ viewer { token { id } } }"},
            headers={"Origin": LISTED, "Authorization": f"Bearer {organization.admin.token}"},
        )
        assert answer.json()["data"]["viewer"]["token"]
        assert answer.headers["access-control-allow-origin"] == LISTED
        assert answer.headers["vary"].endswith("Origin")
        # A browser keeps to itself what it would add by itself: cookies, passwords, certificates.
        assert "access-control-allow-credentials" not in preflight.headers
        assert "access-control-allow-credentials" not in answer.headers
        exposed = set(answer.headers["access-control-expose-headers"].split(", "))
        assert exposed == {"X-Request-Id", "Retry-After", "WWW-Authenticate"}


CREATE = """mutation { createApplicationUser(input: {organizationId: "ORG", name: "forged"}) {
    __typename } }"""
SIMPLE = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "text/plain; charset=utf-8, application/json",
    "text/plain; application/json",
    "",
]
"""What a form or a script of another origin sends without asking first."""


class TestMutation:
    """Even with a token: what a browser sends without a preflight is never a mutation."""

    @pytest.mark.parametrize("content_type", [*SIMPLE, None])
    async def test_is_refused_in_a_type_that_needs_no_preflight(
        self,
        closed: Service,
        organization: Organization,
        owner: Owner,
        content_type: str | None,
    ) -> None:
        before = await owner.snapshot(organization.id)
        body = json.dumps({"query": CREATE.replace("ORG", organization.id)}).encode()
        answer = await self.send(closed, organization, body, content_type)
        assert answer.status_code == 415
        assert await owner.snapshot(organization.id) == before

    async def test_is_refused_by_get(
        self, closed: Service, organization: Organization, owner: Owner
    ) -> None:
        before = await owner.snapshot(organization.id)
        client = (await closed.caller()).client
        headers = {"Authorization": f"Bearer {organization.admin.token}"}
        query = {"query": CREATE.replace("ORG", organization.id)}
        answer = await client.get("/graphql", params=query, headers=headers)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "POST"
        for method in ("HEAD", "PUT", "DELETE", "PATCH"):
            answer = await client.request(method, "/graphql", params=query, headers=headers)
            assert answer.status_code == 405
        assert await owner.snapshot(organization.id) == before

    async def test_is_run_as_json(
        self, closed: Service, organization: Organization, owner: Owner
    ) -> None:
        """The control of the tests above."""
        before = await owner.snapshot(organization.id)
        body = json.dumps({"query": CREATE.replace("ORG", organization.id)}).encode()
        answer = await self.send(closed, organization, body, "application/json")
        assert answer.json()["data"]["createApplicationUser"]["__typename"].endswith("Success")
        assert await owner.snapshot(organization.id) != before

    async def send(
        self, closed: Service, organization: Organization, body: bytes, content_type: str | None
    ) -> httpx.Response:
        client = (await closed.caller()).client
        headers = {"Authorization": f"Bearer {organization.admin.token}", "Origin": OTHERS[0]}
        if content_type is not None:
            headers["Content-Type"] = content_type
        return await client.post("/graphql", content=body, headers=headers)
