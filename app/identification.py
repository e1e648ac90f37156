"""Tokens that somebody has in hand: one that a service was shown, one that was found.

``app.verification`` tells whether a token is good; ``/introspect`` asks the same over plain HTTP.
"""

from dataclasses import dataclass, field
from uuid import UUID

from app import inputs, token_format, tokens
from app.access import AppUserReader, TokenVerifier
from app.addresses import Address
from app.addresses import parse as parse_address
from app.catalogue import Catalogue
from app.errors import Code
from app.tokens import Token
from app.verification import PresentedToken, Verifier
from db.pool import Database, DatabaseUnavailable
from db.presented import Refusal

__all__ = ["Identified", "Introspected", "Question", "Refusal"]


@dataclass(slots=True, eq=False)
class Question:
    """What a service asks about a token that it was shown."""

    token: str = field(repr=False)
    client_ip: Address | None
    """Where it was used from, None where the service does not say."""
    user_agent: str | None
    permission: str | None
    resource: tuple[UUID, UUID] | None
    """The organization that the resource's id names, and the resource; None: the organization."""


@dataclass(slots=True, eq=False)
class Introspected:
    """A token that is good."""

    token: PresentedToken
    permissions: tuple[str, ...]
    """What it may on the resource that was asked about, in alphabetical order."""
    scopes: tuple[str, ...]
    """All there are, where the token has none that narrow it."""
    allowed: bool | None
    """None where no permission was asked for."""


def question(
    catalogue: Catalogue,
    token: str,
    client_ip: str | None,
    user_agent: str | None,
    permission: str | None,
    resource: tuple[UUID, UUID] | None,
) -> Question:
    """Check a question. Raises InvalidInput."""
    problems = inputs.Problems()
    address = None
    if client_ip is not None:
        address = parse_address(client_ip)
        if address is None:
            problems.add(
                "clientIp", Code.INVALID_NETWORK, "clientIp is not an IPv4 or IPv6 address."
            )
    if permission is not None and permission not in catalogue.entries:
        problems.add(
            "permission",
            Code.UNKNOWN_VALUE,
            "permission is no role or permission; permissionCatalogue lists them.",
        )
    problems.raise_any()
    return Question(token, address, user_agent, permission, resource)


async def introspect(
    verifier: Verifier, catalogue: Catalogue, asker: TokenVerifier, asked: Question
) -> Introspected | None:
    """Return what a token may that is good, and note its use; None for any other text.

    So for a token of another organization, whose use is not noted. Raises DatabaseUnavailable.
    """
    presented = verifier.begin(asked.token, asked.resource[1] if asked.resource else None)
    if presented is not None and presented.organization_id != asker.organization_id:
        await verifier.decline(presented, asked.client_ip)
        return None
    found = await verifier.finish(
        presented, asked.client_ip, asked.user_agent, asker.origin.request_id
    )
    return found and introspected(catalogue, found, asked)


def introspected(catalogue: Catalogue, token: PresentedToken, asked: Question) -> Introspected:
    """Return what a token that is good may, where and as far as that was asked."""
    # A resource is foreign by the organization in its id, whatever else that names.
    is_foreign = asked.resource is not None and asked.resource[0] != token.organization_id
    permissions = () if is_foreign else catalogue.effective(token.granted, token.scopes)
    return Introspected(
        token,
        permissions,
        catalogue.scope_names if token.scopes is None else tuple(token.scopes),
        None if asked.permission is None else asked.permission in permissions,
    )


@dataclass(frozen=True, slots=True)
class Identified:
    """A token that a text belongs to."""

    token: Token
    secret_matches: bool | None
    """None where the text is not a whole token: there is nothing to compare."""
    refusal: Refusal | None
    """Why the token is not accepted, wherever it is used from; None where it is."""


async def identify(
    database: Database, verifier: Verifier, reader: AppUserReader, text: str
) -> Identified | None:
    """Return which token of the reader's organization a text is, or is the beginning of.

    None where there is none that the reader may know of. White space around the text is not part
    of it: such texts are pasted. Nothing is noted. Raises DatabaseUnavailable.
    """
    text = text.strip()
    recognized = token_format.recognize(text)
    if recognized is not None and recognized.organization_id != reader.organization_id:
        return None
    token_id = recognized.token_id if recognized else token_format.id_of_prefix(text)
    token = await tokens.find(database, reader, token_id) if token_id else None
    if token is None:
        return None
    answer = await verifier.look_ups.ask(token.organization_id, token.token_id, None)
    if isinstance(answer, DatabaseUnavailable):
        raise answer
    if answer is None:
        raise RuntimeError("a token that cannot be looked up")
    secret_matches = None
    if recognized is not None:
        secret_matches = token_format.matches(
            text, verifier.peppers, answer.secret_hmac, answer.pepper_version
        )
    return Identified(token, secret_matches, answer.refusal)
