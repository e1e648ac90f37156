"""What an identity provider publishes of itself: OpenID Connect Discovery 1.0.

Its keys, and what they sign, are for ``app.oidc``.
"""

import asyncio
import json
import time

import httpx
import structlog

from app.sign_in import Endpoints
from app.urls import safe_origin

log = structlog.get_logger("oidc")

FETCH_SECONDS = 2.0
ANSWER_BYTES = 512 * 1024
FRESH_SECONDS = 3600.0
KEEP_SECONDS = 24 * 3600.0
RETRY_SECONDS = 30.0

NOT_FOUND = (
    *(httpx.HTTPError, httpx.InvalidURL, TimeoutError),
    # What JSON of another shape, or nested too deep, meets on its way.
    *(ValueError, TypeError, KeyError, AttributeError, RecursionError),
)
"""What ``document`` and ``fetch`` raise, and what reading their answers may."""


class Discovery:
    """The document of one issuer, fetched within bounds of time and length."""

    def __init__(self, issuer: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.issuer = issuer
        self._client = httpx.AsyncClient(
            timeout=FETCH_SECONDS, follow_redirects=False, transport=transport
        )
        self._endpoints: Endpoints | None = None
        self._found = -KEEP_SECONDS
        self._tried = -RETRY_SECONDS
        self._turn = asyncio.Lock()

    async def close(self) -> None:
        """Close the connections to the provider."""
        await self._client.aclose()

    async def endpoints(self) -> Endpoints | None:
        """Return where people sign in and codes are taken, None where nobody knows.

        They are looked up once in an hour, and while the provider is away, every half minute; those
        that were found are believed for a day.
        """
        async with self._turn:
            now = time.monotonic()
            if now - self._found >= FRESH_SECONDS and now - self._tried >= RETRY_SECONDS:
                self._tried = now
                try:
                    self._endpoints = _endpoints(await self.document())
                    self._found = now
                except NOT_FOUND as error:
                    log.warning("oidc.not_discovered", issuer=self.issuer, error=repr(error))
            return self._endpoints if now - self._found < KEEP_SECONDS else None

    async def document(self) -> dict[str, object]:
        """Fetch the document. Raises one of NOT_FOUND."""
        about = await self.fetch(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if about.get("issuer") != self.issuer:
            raise ValueError("the provider's metadata names another issuer")
        return about

    async def fetch(self, url: str) -> dict[str, object]:
        """Fetch an object of JSON. Raises one of NOT_FOUND."""
        body = bytearray()
        async with asyncio.timeout(FETCH_SECONDS), self._client.stream("GET", url) as answer:
            answer.raise_for_status()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > ANSWER_BYTES:
                    raise ValueError("the provider's answer is too long")
        found = json.loads(body)
        if not isinstance(found, dict):
            raise ValueError("the provider's answer is not an object")  # noqa: TRY004 (caught as one)
        return found


def _endpoints(about: dict[str, object]) -> Endpoints:
    found = Endpoints(str(about["authorization_endpoint"]), str(about["token_endpoint"]))
    # A browser is sent to the one, and its policy names the other.
    safe_origin(found.authorization)
    safe_origin(found.token)
    return found
