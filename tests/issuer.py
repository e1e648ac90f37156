"""An identity provider: a real one, reached over HTTP."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}, private=True)


@dataclass(frozen=True)
class Issuer:
    """An identity provider with one key."""

    url: str

    def sign(self, subject: str, **claims: object) -> str:
        """Return a JWT for a person."""
        now = int(time.time())
        standard = {"iss": self.url, "aud": "application-users", "exp": now + 60, "sub": subject}
        return jwt.encode({"alg": "RS256", "kid": "first"}, standard | claims, KEY)


@asynccontextmanager
async def issuer_at_work() -> AsyncGenerator[Issuer]:
    """Serve an identity provider."""

    async def about(request: Request) -> JSONResponse:
        base = str(request.base_url).rstrip("/")
        return JSONResponse({"issuer": base, "jwks_uri": f"{base}/keys"})

    async def keys(_request: Request) -> JSONResponse:
        return JSONResponse(KeySet([KEY]).as_dict(private=False))

    app = Starlette(
        routes=[Route("/.well-known/openid-configuration", about), Route("/keys", keys)]
    )
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    serving = asyncio.create_task(server.serve([socket]))
    yield Issuer(f"http://127.0.0.1:{socket.getsockname()[1]}")
    server.should_exit = True
    await serving
