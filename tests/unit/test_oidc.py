"""Which JWTs of people are accepted."""

import hmac
import time
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from app.oidc import Provider
from tests.unit.identity_provider import (
    CURVE,
    FIRST,
    ISSUER,
    WHO,
    Published,
    claims,
    encoded,
    sign,
)
from tests.unit.test_token_format import KNOWN


class TestAccepted:
    @pytest.mark.parametrize("key", [FIRST, CURVE], ids=["RSA", "elliptic curve"])
    async def test_by_either_algorithm(self, provider: Provider, key: RSAKey | ECKey) -> None:
        assert await provider.identify(sign(key)) == WHO

    @pytest.mark.parametrize(
        "changes",
        [
            {"aud": ["others", "us"]},
            {"email": "somebody@else.example"},
            {"nbf": 0, "iat": 0},
        ],
        ids=str,
    )
    async def test_claims(self, provider: Provider, changes: dict[str, Any]) -> None:
        assert await provider.identify(sign(**changes)) == WHO

    async def test_a_clock_that_is_a_little_ahead(self, provider: Provider) -> None:
        assert await provider.identify(sign(exp=int(time.time()) - 10)) == WHO
        assert await provider.identify(sign(exp=int(time.time()) - 60)) is None


class TestRefused:
    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "https://other.example"},
            {"iss": ISSUER + "/"},
            {"iss": [ISSUER]},
            {"iss": None},
            {"aud": "others"},
            {"aud": ["others"]},
            {"aud": []},
            {"aud": {}},
            {"aud": None},
            {"exp": 0},
            {"exp": None},
            {"exp": "tomorrow"},
            {"exp": True},
            {"nbf": 2**40},
            {"iat": 2**40},
            {"sub": ""},
            {"sub": None},
            {"sub": 7},
            {"sub": "a\0b"},
            {"sub": KNOWN},
        ],
        ids=str,
    )
    async def test_claims(self, provider: Provider, changes: dict[str, Any]) -> None:
        assert await provider.identify(sign(**changes)) is None

    @pytest.mark.parametrize("missing", ["iss", "aud", "exp", "sub"])
    async def test_missing_claims(self, provider: Provider, missing: str) -> None:
        kept = {name: value for name, value in claims().items() if name != missing}
        assert (
            await provider.identify(jwt.encode({"alg": "RS256", "kid": "first"}, kept, FIRST))
            is None
        )

    async def test_another_key_by_the_same_name(self, provider: Provider) -> None:
        thief = RSAKey.generate_key(2048, {"kid": "first"}, private=True)
        assert await provider.identify(sign(thief)) is None

    async def test_unsigned(self, provider: Provider) -> None:
        for algorithm in ("none", "None", "NONE", ""):
            header = encoded({"alg": algorithm, "kid": "first"})
            for signature in ("", "x"):
                assert await provider.identify(f"{header}.{encoded(claims())}.{signature}") is None

    async def test_the_public_key_as_a_shared_secret(self, provider: Provider) -> None:
        body = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{encoded(claims())}"
        for secret in (FIRST.as_pem(private=False), FIRST.as_pem(private=False).strip()):
            signature = encoded(hmac.digest(secret, body.encode(), "sha256"))
            assert await provider.identify(f"{body}.{signature}") is None

    async def test_an_algorithm_that_is_not_configured(self, provider: Provider) -> None:
        token = jwt.encode({"alg": "RS512", "kid": "first"}, claims(), FIRST, algorithms=["RS512"])
        assert await provider.identify(token) is None

    async def test_a_changed_claim(self, provider: Provider) -> None:
        header, _, signature = sign().split(".")
        assert await provider.identify(f"{header}.{encoded(claims(sub='eve'))}.{signature}") is None

    async def test_deep_claims(self, provider: Provider) -> None:
        deep = b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}"
        token = jws.serialize_compact({"alg": "RS256", "kid": "first"}, deep, FIRST)
        assert await provider.identify(token) is None

    async def test_strange_headers(self, provider: Provider) -> None:
        for header in (
            *(None, 1, "x", [], {}, b"\xff", b"[" * 500),
            *({"alg": found, "kid": "first"} for found in (None, [], {}, 5)),
            *({"alg": "RS256", "kid": found} for found in (None, [], {}, 5, "first\0")),
            {"alg": "RS256", "kid": "first", "crit": ["b64"], "b64": False},
            {"alg": "RS256", "kid": "first", "jwk": FIRST.as_dict(private=False)},
        ):
            token = f"{encoded(header)}.{encoded(claims())}.{encoded(b'x' * 256)}"
            assert await provider.identify(token) is None

    @given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=50))
    async def test_any_text(self, header: str, payload: str, signature: str) -> None:
        offline = Provider(ISSUER, "us", ["RS256"], httpx.MockTransport(Published()))
        try:
            for text in (
                f"{header}.{payload}.{signature}",
                header,
                f"{encoded(header)}.{payload}.",
            ):
                assert await offline.identify(text) is None
        finally:
            await offline.close()
