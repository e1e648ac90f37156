"""An identity provider: a real one, reached over HTTP by the service and by browsers."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.issuer_grants import Grants
from tests.waiting import until

KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}, private=True)
EC_KEY = ECKey.generate_key("P-256", {"kid": "second", "use": "sig"}, private=True)
KEYS = {"RS256": KEY, "ES256": EC_KEY}
API = "application-users"
"""The audience of its access tokens."""


@dataclass(frozen=True)
class Issuer:
    """An identity provider that signs in one way, and people who sign in by a click."""

    url: str
    algorithm: str = "RS256"
    grants: Grants = field(default_factory=Grants)
    secrets: list[str] = field(default_factory=lambda: ["none"])
    """How it says that its clients prove who they are."""
    is_reachable: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, what it publishes of itself does not arrive."""

    def sign(self, subject: str, **claims: object) -> str:
        """Return a JWT for a person."""
        now = int(time.time())
        standard = {"iss": self.url, "aud": API, "exp": now + 60, "sub": subject}
        key = KEYS[self.algorithm]
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, standard | claims, key)

    def register(self, client_id: str, *redirect_uris: str) -> None:
        """Make a public client known, and where its people are sent back to."""
        self.grants.clients[client_id] = redirect_uris

    async def about(self, _request: Request) -> JSONResponse:
        """Answer with what it publishes of itself."""
        await self.is_reachable.wait()
        answer = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "scopes_supported": ["openid"],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [self.algorithm],
            "token_endpoint_auth_methods_supported": self.secrets,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return JSONResponse(answer, headers={"Access-Control-Allow-Origin": "*"})

    async def keys(self, _request: Request) -> JSONResponse:
        """Answer with its public keys."""
        return JSONResponse(KeySet([*KEYS.values()]).as_dict(private=False))


@asynccontextmanager
async def issuer_at_work(
    people: Sequence[str] = (), lifetime_seconds: int = 60, algorithm: str = "RS256"
) -> AsyncGenerator[Issuer]:
    """Serve an identity provider with these people, whose tokens last as long, signed so."""
    app = Starlette()
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    issuer = Issuer(f"http://127.0.0.1:{socket.getsockname()[1]}", algorithm)
    issuer.is_reachable.set()
    issuer.grants.people = people
    issuer.grants.lifetime_seconds = lifetime_seconds
    app.routes.extend(
        [
            Route("/.well-known/openid-configuration", issuer.about),
            Route("/keys", issuer.keys),
            *issuer.grants.routes(issuer.url, issuer.sign),
        ]
    )
    serving = asyncio.create_task(server.serve([socket]))

    async def is_listening() -> bool:
        return server.started

    await until(is_listening)
    yield issuer
    server.should_exit = True
    await serving
