"""From a credential to a principal; every refusal is the same, whatever its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app import addresses, token_format, user_agents
from app.access import Membership, Principal
from app.activity import Activity
from app.addresses import Address
from app.audit import Action, Target
from app.bounds import TokenBounds
from app.catalogue import Catalogue
from app.errors import REFUSED, Unauthenticated
from app.origins import Author, Origin
from app.refusals import Refusals
from app.token_format import Peppers
from db import presented
from db.pool import Database
from db.presented import PresentedToken

NO_BEARER = "The Authorization header holds no bearer token, as in: Authorization: Bearer <token>."
TWO_CREDENTIALS = "Send one Authorization header, as in: Authorization: Bearer <token>."
TOKEN_BYTES = 256
JWT_BYTES = 8192


class MalformedCredential(Exception):
    """Two credentials, or one that is not ``Bearer``; RFC 6750 calls this ``invalid_request``."""


class People(Protocol):
    """What verifies a person's JWT: ``app.oidc``, where an issuer is configured."""

    async def identify(self, credential: str) -> tuple[str, str] | None:
        """Return (issuer, subject), None where the JWT is refused."""
        ...


@dataclass(frozen=True)
class Authenticator:
    """Recognizes who a request comes from."""

    database: Database
    peppers: Peppers
    activity: Activity
    refusals: Refusals
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
        credential = bearer(headers)
        if credential is None:
            return None
        origin = Origin(
            str(address) if address else None,
            user_agents.stored(user_agent) or None,
            request_id,
        )
        if credential.startswith(token_format.PREFIX) or self.people is None:
            return await self._token(credential, address, user_agent, origin)
        return await self._person(self.people, credential, origin)

    async def _token(
        self, credential: str, address: Address | None, user_agent: str | None, origin: Origin
    ) -> Principal:
        recognized = token_format.recognize(credential) if len(credential) <= TOKEN_BYTES else None
        if recognized is None:
            raise Unauthenticated(REFUSED)
        async with self.database.connection() as connection:
            found = await presented.find_tokens(
                connection, [recognized.organization_id], [recognized.token_id]
            )
        token = found[0] if found else None
        genuine = token_format.matches(
            credential,
            self.peppers,
            token.secret_hmac if token else None,
            token.pepper_version if token else None,
        )
        if token is None or not genuine:
            raise Unauthenticated(REFUSED)
        reason = token.refusal or (None if _allowed(token, address) else "NETWORK")
        if reason is not None:
            self._note(token, reason, origin)
            raise Unauthenticated(REFUSED)
        await self.activity.note(token, address, user_agent)
        return self._principal(token, origin)

    def _note(self, token: PresentedToken, reason: str, origin: Origin) -> None:
        """Tell the organization what the caller is not told.

        Of genuine tokens alone: with a wrong secret anybody could fill a trail.
        """
        action = (
            Action.SUPERSEDED_TOKEN_AUTHENTICATE
            if reason == "SUPERSEDED"
            else Action.TOKEN_AUTHENTICATE
        )
        self.refusals.note(
            token.organization_id,
            Author("USER", token.user_id, token.token_id, origin),
            action,
            Target("TOKEN", token.token_id, token.user_id),
            reason,
        )

    async def _person(self, people: People, credential: str, origin: Origin) -> Principal:
        identity = await people.identify(credential) if len(credential) <= JWT_BYTES else None
        if identity is None:
            raise Unauthenticated(REFUSED)
        async with self.database.connection() as connection:
            found = await presented.find_person(connection, *identity)
        if not found:
            raise Unauthenticated(REFUSED)
        for membership in found:
            self.activity.note_person(membership)
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

    def _principal(self, token: PresentedToken, origin: Origin) -> Principal:
        membership = Membership(
            token.organization_id,
            token.user_id,
            token.is_application_user,
            frozenset(token.permissions),
        )
        # In its overlap a token no longer keeps itself alive.
        ends = [end for end in (token.expiry_time, token.overlap_end_time) if end is not None]
        bounds = TokenBounds(
            token.token_id,
            None if token.scopes is None else frozenset(token.scopes),
            None if token.ip_allowlist is None else tuple(token.ip_allowlist),
            token.max_age_seconds,
            token.extend_when_used and token.overlap_end_time is None,
            min(ends, default=None),
            token.check_time,
        )
        return Principal({token.organization_id: membership}, self.catalogue, bounds, origin)


def bearer(headers: Sequence[str]) -> str | None:
    """Return the credential of an Authorization header, RFC 6750 section 2.1."""
    if not headers:
        return None
    if len(headers) > 1:
        raise MalformedCredential(TWO_CREDENTIALS)
    scheme, _, credential = headers[0].strip().partition(" ")
    credential = credential.strip()
    if scheme.lower() != "bearer" or not credential or " " in credential or "," in credential:
        raise MalformedCredential(NO_BEARER)
    return credential


def _allowed(token: PresentedToken, address: Address | None) -> bool:
    """Tell whether the token's own list and the policy's have the address, where there are such."""
    lists = [found for found in (token.ip_allowlist, token.policy_networks) if found is not None]
    return all(address is not None and addresses.inside(address, found) for found in lists)
