"""What a provider says of its endpoints, how long that is believed, and what is not believed."""

import asyncio
import json
from collections.abc import AsyncGenerator

import httpx
import pytest
from structlog.testing import capture_logs

from app import oidc_discovery
from app.oidc_discovery import Discovery
from app.sign_in import Endpoints, SignIn
from tests.unit.identity_provider import ISSUER, Clock
from tests.waiting import until

ENDPOINTS = Endpoints("https://login.idp.example/authorize", "https://api.idp.example:8443/token")


class Published:
    """What the provider answers; a test changes it."""

    def __init__(self) -> None:
        self.document: dict[str, object] = {
            "issuer": ISSUER,
            "authorization_endpoint": ENDPOINTS.authorization,
            "token_endpoint": ENDPOINTS.token,
        }
        self.is_away = False
        self.fetches = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url == f"{ISSUER}/.well-known/openid-configuration"
        self.fetches += 1
        await self.gate.wait()
        if self.is_away:
            raise httpx.ConnectError("the provider is away", request=request)
        return httpx.Response(200, text=json.dumps(self.document))


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(oidc_discovery, "time", clock)
    return clock


@pytest.fixture
async def discovery(published: Published, passing: Clock) -> AsyncGenerator[Discovery]:
    made = Discovery(ISSUER, httpx.MockTransport(published))
    yield made
    await made.close()


class TestFound:
    async def test_once_in_an_hour(
        self, discovery: Discovery, published: Published, passing: Clock
    ) -> None:
        assert await asyncio.gather(*(discovery.endpoints() for _ in range(8))) == [ENDPOINTS] * 8
        passing.now += oidc_discovery.FRESH_SECONDS - 1
        assert await discovery.endpoints() == ENDPOINTS
        assert published.fetches == 1
        published.document["token_endpoint"] = "https://idp.example/token"
        passing.now += 1
        moved = Endpoints(ENDPOINTS.authorization, "https://idp.example/token")

        async def is_found() -> bool:
            return await discovery.endpoints() == moved

        await until(is_found)
        assert published.fetches == 2


class TestSlow:
    async def test_is_not_waited_for_and_found_behind(
        self, discovery: Discovery, published: Published
    ) -> None:
        published.gate.clear()
        assert await asyncio.gather(*(discovery.endpoints() for _ in range(8))) == [None] * 8
        published.gate.set()
        assert await discovery.endpoints() == ENDPOINTS
        assert published.fetches == 1

    async def test_what_was_found_before_serves_meanwhile(
        self, discovery: Discovery, published: Published, passing: Clock
    ) -> None:
        await discovery.endpoints()
        published.gate.clear()
        passing.now += oidc_discovery.FRESH_SECONDS
        assert await discovery.endpoints() == ENDPOINTS
        # The control: it was asked again, and nobody waited for the answer.

        async def is_asked() -> bool:
            return published.fetches == 2

        await until(is_asked)


class TestSecrets:
    @pytest.mark.parametrize(
        ("listed", "found"),
        [
            (None, []),
            ("none", []),
            ([], []),
            (["none", "client_secret_basic"], []),
            (["client_secret_post", "private_key_jwt"], ["client_secret_post", "private_key_jwt"]),
            ([7, {}], ["7", "{}"]),
        ],
        ids=str,
    )
    def test_are_what_is_listed_without_none(self, listed: object, found: list[str]) -> None:
        document: dict[str, object] = {"token_endpoint_auth_methods_supported": listed}
        assert oidc_discovery.secret_methods(document) == found

    async def test_are_said_once(
        self, discovery: Discovery, published: Published, passing: Clock
    ) -> None:
        published.document["token_endpoint_auth_methods_supported"] = ["client_secret_basic"]
        with capture_logs() as said:
            for _ in range(3):
                discovery.begin()
                assert await discovery.endpoints() == ENDPOINTS
                passing.now += oidc_discovery.KEEP_SECONDS
        assert published.fetches == 3
        (line,) = said
        assert line["event"] == "oidc.lists_no_public_client"
        assert line["lists"] == ["client_secret_basic"]


class TestAway:
    async def test_is_asked_again_every_half_minute(
        self, discovery: Discovery, published: Published, passing: Clock
    ) -> None:
        published.is_away = True
        for _ in range(60):
            assert await discovery.endpoints() is None
            passing.now += 1
        assert published.fetches == 2
        published.is_away = False
        assert await discovery.endpoints() == ENDPOINTS

    async def test_what_it_said_is_believed_for_a_day(
        self, discovery: Discovery, published: Published, passing: Clock
    ) -> None:
        await discovery.endpoints()
        published.is_away = True
        passing.now += oidc_discovery.KEEP_SECONDS - 1
        assert await discovery.endpoints() == ENDPOINTS
        passing.now += 1
        assert await discovery.endpoints() is None


class TestNotBelieved:
    @pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint"])
    @pytest.mark.parametrize(
        "url",
        [
            None,
            7,
            "",
            "/token",
            "javascript:alert(1)//",
            "http://idp.example/token",
            "https://*/token",
            "https://*.example/token",
            "https://idp.example; script-src https:/token",
            "https://idp.example;script-src/token",
            "https://idp.example, default-src/token",
            "https://idp.example 'unsafe-inline'/token",
            "https://me:secret@idp.example/token",
            "https://idp.example:port/token",
            "https://[/token",
            "https://idp.example/\ud800",
        ],
    )
    async def test_an_endpoint_that_a_policy_cannot_name(
        self, discovery: Discovery, published: Published, name: str, url: object
    ) -> None:
        published.document[name] = url
        assert await discovery.endpoints() is None

    async def test_the_document_of_another_issuer(
        self, discovery: Discovery, published: Published
    ) -> None:
        published.document["issuer"] = "https://other.example"
        assert await discovery.endpoints() is None

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(500),
            httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
            httpx.Response(200, text="<html>"),
            httpx.Response(200, json=[]),
            httpx.Response(200, content=b"[" * 100_000),
            httpx.Response(200, content=b" " * 600_000),
        ],
        ids=lambda answer: f"{answer.status_code} {answer.content[:40]}",
    )
    async def test_strange_answers(self, passing: Clock, answer: httpx.Response) -> None:
        strange = Discovery(ISSUER, httpx.MockTransport(lambda _: answer))
        assert await strange.endpoints() is None
        await strange.close()


class TestSignIn:
    async def test_names_the_origins_of_issuer_and_token_endpoint(
        self, discovery: Discovery, published: Published
    ) -> None:
        page = SignIn(ISSUER, "console", "openid", "id_token", ("ES256",), discovery)
        assert await page.origins() == ["https://api.idp.example:8443", ISSUER]

    async def test_of_a_provider_that_is_away_the_issuer_alone(
        self, discovery: Discovery, published: Published
    ) -> None:
        published.is_away = True
        page = SignIn(f"{ISSUER}/a/tenant", "console", "openid", "id_token", ("ES256",), discovery)
        assert await page.origins() == [ISSUER]
