"""The identity provider that other tests sign people in with refuses what a real one refuses."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from joserfc import jwt

from tests.issuer import KEY, Issuer, issuer_at_work
from tests.issuer_client import code_for, exchange

CLIENT = "a-page"
BACK = "http://127.0.0.1:9/back"


@pytest.fixture(scope="module")
async def issuer() -> AsyncGenerator[Issuer]:
    async with issuer_at_work(people=["ada", "<b>bob"], lifetime_seconds=300) as running:
        running.register(CLIENT, BACK)
        running.register("another", BACK)
        yield running


@pytest.fixture
async def endpoints(issuer: Issuer) -> dict[str, str]:
    """What it publishes."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{issuer.url}/.well-known/openid-configuration")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["code_challenge_methods_supported"] == ["S256"]
    return answer.json()


class TestTokens:
    async def test_are_two_jwts(self, issuer: Issuer, endpoints: dict[str, str]) -> None:
        code = await code_for(endpoints["authorization_endpoint"], CLIENT, BACK, "ada")
        assert code.answer.keys() == {"code", "state", "iss"}
        assert (code.answer["state"], code.answer["iss"]) == ("some-state", issuer.url)
        answer = await exchange(endpoints["token_endpoint"], code)
        assert answer.headers["access-control-allow-origin"] == "*"
        tokens = answer.json()
        identity, access = (
            jwt.decode(tokens[name], KEY, algorithms=["RS256"]).claims
            for name in ("id_token", "access_token")
        )
        assert (identity["aud"], identity["nonce"]) == (CLIENT, "some-nonce")
        assert access["aud"] == "application-users"
        assert identity["sub"] == access["sub"] == "ada"
        assert identity["exp"] - identity["iat"] == tokens["expires_in"] == 300


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"code_verifier": "another-verifier-of-43-characters-or-more-than"}, "invalid_grant"),
            ({"code_verifier": ""}, "invalid_grant"),
            ({"redirect_uri": "http://127.0.0.1:9/elsewhere"}, "invalid_grant"),
            ({"client_id": "another"}, "invalid_grant"),
            ({"client_id": "unknown"}, "invalid_client"),
            ({"code": "guessed"}, "invalid_grant"),
            ({"grant_type": "password"}, "unsupported_grant_type"),
        ],
    )
    async def test_a_code_of_somebody_elses(
        self, endpoints: dict[str, str], changes: dict[str, str], error: str
    ) -> None:
        code = await code_for(endpoints["authorization_endpoint"], CLIENT, BACK, "ada")
        answer = await exchange(endpoints["token_endpoint"], code, **changes)
        assert answer.status_code in (400, 401)
        assert answer.json() == {"error": error}

    async def test_a_code_the_second_time(self, endpoints: dict[str, str]) -> None:
        code = await code_for(endpoints["authorization_endpoint"], CLIENT, BACK, "ada")
        assert (await exchange(endpoints["token_endpoint"], code)).status_code == 200
        assert (await exchange(endpoints["token_endpoint"], code)).status_code == 400

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge": ""}, "invalid_request"),
            ({"state": ""}, "invalid_request"),
            ({"response_type": "token"}, "invalid_request"),
            ({"scope": "profile"}, "invalid_scope"),
            ({"decline": "1"}, "access_denied"),
        ],
    )
    async def test_requests(
        self, endpoints: dict[str, str], changes: dict[str, str], error: str
    ) -> None:
        endpoint = endpoints["authorization_endpoint"]
        refused = await code_for(endpoint, CLIENT, BACK, "ada", **changes)
        assert refused.answer["error"] == error
        assert "code" not in refused.answer

    @pytest.mark.parametrize(
        "changes", [{"client_id": "unknown"}, {"redirect_uri": "http://127.0.0.1:9/elsewhere"}]
    )
    async def test_a_stranger_is_not_redirected(
        self, endpoints: dict[str, str], changes: dict[str, str]
    ) -> None:
        query = {"client_id": CLIENT, "redirect_uri": BACK} | changes
        async with httpx.AsyncClient() as client:
            answer = await client.get(endpoints["authorization_endpoint"], params=query)
        assert answer.status_code == 400


async def test_who_is_not_named_is_asked(endpoints: dict[str, str]) -> None:
    query = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid",
        "state": 'a"><script>',
        "code_challenge": "x",
        "code_challenge_method": "S256",
        "login_hint": "a stranger",
    }
    async with httpx.AsyncClient() as client:
        answer = await client.get(endpoints["authorization_endpoint"], params=query)
    assert answer.status_code == 200
    assert '<button name="login_hint" value="ada">' in answer.text
    assert "&lt;b&gt;bob" in answer.text
    assert "<script>" not in answer.text
