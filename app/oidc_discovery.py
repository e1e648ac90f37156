"""What an identity provider publishes of itself: OpenID Connect Discovery 1.0.

Its keys, and what they sign, are for ``app.oidc``.
"""

import asyncio
import json
import time
from typing import cast

import httpx
import structlog

from app.sign_in import Endpoints
from app.urls import safe_origin

log = structlog.get_logger("oidc")

FETCH_SECONDS = 2.0
PATIENCE_SECONDS = 0.3
"""How long somebody who signs in otherwise may wait for a provider."""
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
        self._looking_up: asyncio.Task[None] | None = None
        self._is_secret_said = False

    async def close(self) -> None:
        """Close the connections to the provider."""
        if self._looking_up is not None:
            self._looking_up.cancel()
        await self._client.aclose()

    def begin(self) -> None:
        """Look the endpoints up behind what is under way, where that is due.

        That is once in an hour, and while the provider is away, every half minute.
        """
        now = time.monotonic()
        is_due = now - self._found >= FRESH_SECONDS and now - self._tried >= RETRY_SECONDS
        if is_due and (self._looking_up is None or self._looking_up.done()):
            self._tried = now
            self._looking_up = asyncio.create_task(self._look_up(now))

    async def endpoints(self) -> Endpoints | None:
        """Return where people sign in and codes are taken, None where nobody knows, or not yet.

        Those that were found are believed for a day. Nobody waits for them longer than
        PATIENCE_SECONDS, and nobody at all where some are known.
        """
        self.begin()
        if self._known() is None and self._looking_up is not None:
            # What it began goes on for those who come later.
            await asyncio.wait([self._looking_up], timeout=PATIENCE_SECONDS)
        return self._known()

    def _known(self) -> Endpoints | None:
        return self._endpoints if time.monotonic() - self._found < KEEP_SECONDS else None

    async def _look_up(self, now: float) -> None:
        try:
            about = await self.document()
            self._endpoints, self._found = endpoints_of(about), now
        except NOT_FOUND as error:
            log.warning("oidc.not_discovered", issuer=self.issuer, error=repr(error))
            return
        methods = secret_methods(about)
        if methods and not self._is_secret_said:
            self._is_secret_said = True
            log.info(
                "oidc.lists_no_public_client",
                issuer=self.issuer,
                lists=methods,
                remedy="see that the console is registered there as a public client",
            )

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


def secret_methods(about: dict[str, object]) -> list[str]:
    """Return how clients prove who they are, of a document that lists no way without a secret.

    That is a hint and no more: several providers take public clients and do not list `none`.
    """
    listed = about.get("token_endpoint_auth_methods_supported")
    if not isinstance(listed, list):
        return []
    methods = [str(each)[:64] for each in cast("list[object]", listed)[:16]]
    return [] if "none" in methods else methods


def endpoints_of(about: dict[str, object]) -> Endpoints:
    """Return the endpoints that a document names. Raises one of NOT_FOUND."""
    found = Endpoints(str(about["authorization_endpoint"]), str(about["token_endpoint"]))
    # A browser is sent to the one, and its policy names the other.
    safe_origin(found.authorization)
    safe_origin(found.token)
    return found
