"""An identity provider that lives in the test, with a clock that a test moves."""

import asyncio
import base64
import json
import time
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

ISSUER = "https://idp.example"
FIRST = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}, private=True)
SECOND = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"}, private=True)
CURVE = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"}, private=True)


class Published:
    """What the provider answers; a test changes it."""

    def __init__(self) -> None:
        self.keys: list[Key] = [FIRST, CURVE]
        self.issuer = ISSUER
        self.is_away = False
        self.fetches = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await self.gate.wait()
        if self.is_away:
            raise httpx.ConnectError("the provider is away", request=request)
        if request.url.path == "/.well-known/openid-configuration":
            self.fetches += 1
            return httpx.Response(200, json={"issuer": self.issuer, "jwks_uri": f"{ISSUER}/keys"})
        assert request.url == f"{ISSUER}/keys"
        return httpx.Response(200, json=KeySet(self.keys).as_dict(private=False))


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": ISSUER, "aud": "us", "exp": now + 60, "sub": "ada"} | changes


def sign(key: RSAKey | ECKey = FIRST, /, **changes: Any) -> str:
    algorithm = "RS256" if isinstance(key, RSAKey) else "ES256"
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims(**changes), key)


def encoded(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


WHO = (ISSUER, "ada")
