"""From a credential to a principal; every refusal is the same, whatever its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app import token_format
from app.access import Membership, Principal
from app.addresses import Address
from app.bounds import TokenBounds
from app.catalogue import Catalogue
from app.errors import REFUSED, Unauthenticated
from app.origins import Origin
from app.verification import Presented, PresentedToken, Verifier, origin_of
from db import presented
from db.pool import Database

NO_BEARER = "The Authorization header holds no bearer token, as in: Authorization: Bearer <token>."
TWO_CREDENTIALS = "Send one Authorization header, as in: Authorization: Bearer <token>."
JWT_BYTES = 8192


class MalformedCredential(Exception):
    """Two credentials, or one that is not ``Bearer``; RFC 6750 calls this ``invalid_request``."""


class People(Protocol):
    """What verifies a person's JWT: ``app.oidc``, where an issuer is configured."""

    async def identify(self, credential: str) -> tuple[str, str] | None:
        """Return (issuer, subject), None where the JWT is refused."""
        ...


@dataclass(slots=True, eq=False)
class Credential:
    """What the Authorization header holds; the look-up of a token is under way."""

    text: str = field(repr=False)
    is_jwt: bool
    presented: Presented | None


@dataclass(frozen=True)
class Authenticator:
    """Recognizes who a request comes from."""

    database: Database
    verifier: Verifier
    people: People | None
    catalogue: Catalogue

    async def authenticate(
        self,
        headers: Sequence[str],
        address: Address | None,
        user_agent: str | None,
        request_id: str | None = None,
    ) -> Principal | None:
        """Return the principal of the Authorization headers, None where there is none.

        Raises MalformedCredential, Unauthenticated for every credential that is refused, and
        DatabaseUnavailable.
        """
        credential = self.begin(headers)
        if credential is None:
            return None
        return await self.finish(credential, address, user_agent, request_id)

    def begin(self, headers: Sequence[str]) -> Credential | None:
        """Start to look up who the Authorization headers are of; None where there is none.

        Raises MalformedCredential.
        """
        text = bearer(headers)
        return None if text is None else self.present(text)

    def present(self, text: str) -> Credential:
        """Start to look up who a credential is of."""
        if text.startswith(token_format.PREFIX) or self.people is None:
            return Credential(text, is_jwt=False, presented=self.verifier.begin(text))
        return Credential(text, is_jwt=True, presented=None)

    async def finish(
        self,
        credential: Credential,
        address: Address | None,
        user_agent: str | None,
        request_id: str | None = None,
    ) -> Principal:
        """Return the principal. Raises Unauthenticated and DatabaseUnavailable."""
        if self.people is not None and credential.is_jwt:
            origin = origin_of(address, user_agent, request_id)
            return await self._person(self.people, credential.text, origin)
        token = await self.verifier.finish(credential.presented, address, user_agent, request_id)
        if token is None:
            raise Unauthenticated(REFUSED)
        return self.principal(token, origin_of(address, user_agent, request_id))

    async def _person(self, people: People, credential: str, origin: Origin) -> Principal:
        identity = await people.identify(credential) if len(credential) <= JWT_BYTES else None
        if identity is None:
            raise Unauthenticated(REFUSED)
        async with self.database.connection() as connection:
            found = await presented.find_person(connection, *identity)
        if not found:
            raise Unauthenticated(REFUSED)
        for membership in found:
            self.verifier.activity.note_person(membership)
        return Principal(
            {
                membership.organization_id: Membership(
                    membership.organization_id,
                    membership.user_id,
                    is_application_user=False,
                    permissions=frozenset(membership.permissions),
                )
                for membership in found
            },
            self.catalogue,
            origin=origin,
        )

    def principal(self, token: PresentedToken, origin: Origin) -> Principal:
        """Return who a token that is good is of."""
        membership = Membership(
            token.organization_id,
            token.user_id,
            token.is_application_user,
            frozenset(token.permissions),
        )
        bounds = TokenBounds(
            token.token_id,
            None if token.scopes is None else frozenset(token.scopes),
            None if token.ip_allowlist is None else tuple(token.ip_allowlist),
            token.max_age_seconds,
            # In its overlap a token no longer keeps itself alive.
            token.extend_when_used and token.overlap_end_seconds is None,
            token.end_time,
            token.check_time,
        )
        return Principal({token.organization_id: membership}, self.catalogue, bounds, origin)


def bearer(headers: Sequence[str]) -> str | None:
    """Return the credential of an Authorization header, RFC 6750 section 2.1."""
    if not headers:
        return None
    if len(headers) > 1:
        raise MalformedCredential(TWO_CREDENTIALS)
    # Not strip(): to it, bytes of other languages' letters are white space, too.
    scheme, _, credential = headers[0].strip(" \t").partition(" ")
    credential = credential.strip(" \t")
    if scheme.lower() != "bearer" or not credential or " " in credential or "," in credential:
        raise MalformedCredential(NO_BEARER)
    return credential
