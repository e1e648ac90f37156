"""People: JWTs of an OpenID Connect provider, verified with joserfc against its published keys.

The key set is fetched when first needed; an unknown key id fetches it again at most once in 30
seconds; the last good set is kept for a bounded time when the provider is away.
"""

import asyncio
import time
from collections.abc import Sequence

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app import token_format
from app.oidc_discovery import NOT_FOUND, Discovery

log = structlog.get_logger("oidc")

REFRESH_SECONDS = 30.0
KEEP_SECONDS = 24 * 3600.0
LEEWAY_SECONDS = 30


class Provider:
    """One issuer. Its tokens are accepted for one audience, signed with fixed algorithms."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        algorithms: Sequence[str],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.discovery = Discovery(issuer, transport)
        self._issuer = issuer
        self._algorithms = list(algorithms)
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True, "allow_blank": False},
            exp={"essential": True},
        )
        self._keys: KeySet | None = None
        self._fetched = -KEEP_SECONDS
        self._tried = -REFRESH_SECONDS
        self._fetching = asyncio.Lock()

    async def identify(self, credential: str) -> tuple[str, str] | None:
        """Return (issuer, subject) of a valid JWT, None for any other text."""
        if credential.count(".") != 2:
            return None
        tried_with = self._fetched
        identity = self._verify(credential)
        if identity is None and await self._refresh(tried_with):
            identity = self._verify(credential)
        return identity

    async def close(self) -> None:
        """Close the connections to the provider."""
        await self.discovery.close()

    def _verify(self, credential: str) -> tuple[str, str] | None:
        if self._keys is None or time.monotonic() - self._fetched > KEEP_SECONDS:
            return None
        try:
            token = jwt.decode(credential, self._keys, algorithms=self._algorithms)
            self._claims.validate(token.claims)
        except (JoseError, ValueError, TypeError, RecursionError):
            return None
        subject = token.claims.get("sub")
        # PostgreSQL cannot hold a NUL and no person joins with a token for a subject, so nobody is
        # called that; what is looked for would stand in the log of its statements.
        if not isinstance(subject, str) or "\0" in subject or token_format.is_in(subject):
            return None
        return (self._issuer, subject)

    async def _refresh(self, tried_with: float) -> bool:
        """Fetch the keys unless that was just tried; True where there are new ones to try.

        ``tried_with`` is when the keys were fetched that did not verify.
        """
        async with self._fetching:
            if self._fetched > tried_with:
                # Another request fetched them while this one waited for its turn.
                return True
            if time.monotonic() - self._tried < REFRESH_SECONDS:
                return False
            self._tried = time.monotonic()
            try:
                about = await self.discovery.document()
                published = await self.discovery.fetch(str(about["jwks_uri"]))
                keys = KeySet.import_key_set(published)  # pyright: ignore[reportArgumentType]
            except (JoseError, *NOT_FOUND) as error:
                log.warning("oidc.keys_not_fetched", issuer=self._issuer, error=repr(error))
                return False
            self._keys, self._fetched = keys, time.monotonic()
            return True
