"""Minting: how a token comes to be, at most once for each idempotency key.

``generate`` makes one from what a caller asks for; ``app.rotation`` makes one like another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Self
from uuid import UUID

from uuid_utils.compat import uuid7

from app import bounds, changes, guards, idempotency, inputs, policies, token_format
from app.access import Actor, AppUserWriter, OrgAdmin
from app.application_users import MISSING as MISSING_USER
from app.audit import Action, Target
from app.bounds import Block, Network
from app.catalogue import Catalogue
from app.changes import Change
from app.errors import Code, FieldProblem, NotFound
from app.guards import Guarded
from app.idempotency import Key
from app.token_format import Peppers
from db import organizations, permissions, users
from db import tokens as rows
from db.pool import Connection, Database
from db.tokens import Token
from db.users import User


@dataclass(frozen=True, slots=True)
class Generated:
    """A token, and its full text where this call made it: on a replay there is none to show."""

    token: Token
    full_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a token is made with, for good."""

    description: str | None
    max_age_seconds: int | None
    extend_when_used: bool
    ip_allowlist: Sequence[Network] | None
    scopes: Sequence[str] | None

    @classmethod
    def of(cls, token: Token) -> Self:
        """Return what another token like this one would be made with."""
        networks = token.ip_allowlist
        return cls(
            token.description,
            token.max_age_seconds,
            token.extend_when_used,
            None if networks is None else [ip_network(network) for network in networks],
            token.scopes,
        )


async def generate(
    database: Database,
    peppers: Peppers,
    catalogue: Catalogue,
    writer: AppUserWriter,
    user_id: UUID,
    *,
    description: str | None = None,
    max_age_seconds: int | None = None,
    extend_when_used: bool = False,
    ip_allowlist: Sequence[str] | None = None,
    scopes: Sequence[str] | None = None,
    idempotency_key: str | None = None,
) -> Generated:
    """Mint a token for an application user.

    Who is not administrator mints for users without any permission, and what it mints never carries
    one. The same idempotency key and input again return the first token without its text. Raises
    InvalidInput, NotFound, IdempotencyConflict and Forbidden.
    """
    problems = inputs.Problems()
    wanted = Settings(
        inputs.description(problems, "description", description),
        inputs.max_age_seconds(
            problems, "maxAgeSeconds", max_age_seconds, extend_when_used=extend_when_used
        ),
        extend_when_used,
        inputs.ip_allowlist(problems, "ipAllowlist", ip_allowlist),
        inputs.scopes(problems, "scopes", scopes, catalogue.scopes),
    )
    key = _key(inputs.idempotency_key(problems, "idempotencyKey", idempotency_key), user_id, wanted)
    problems.raise_any()
    async with changes.opened(database, writer) as change:
        # Looked up before the user, so that a replay is answered after its deletion, too.
        replayed = await idempotency.replay(change, writer, key)
        if replayed:
            await change.insist()
            return Generated(replayed, None)
        # Behind the replay: a caller nearer to its own end than at the first call still learns
        # what that call made.
        stay_inside(writer, wanted)
        user = await share_user(change, writer, user_id)
        if user is None:
            raise NotFound(MISSING_USER)
        if user.state != "ACTIVE":
            raise inputs.invalid(
                "applicationUserId",
                Code.NOT_ALLOWED,
                "This application user is deactivated; activate it before you generate a token.",
            )
        await permit(change, writer, user_id, wanted)
        made = await insert(change, peppers, writer, user_id, wanted, key)
        if made:
            return made
        # Another request with the key committed while this one waited for it.
        replayed = await idempotency.replay(change, writer, key)
        if replayed is None:
            raise RuntimeError("a token was in the way of the key and is not found by it")
        return Generated(replayed, None)


def _key(text: str | None, user_id: UUID, wanted: Settings) -> Key | None:
    return Key.of(
        text,
        "generateToken",
        str(user_id),
        wanted.description,
        wanted.max_age_seconds,
        wanted.extend_when_used,
        None if wanted.ip_allowlist is None else sorted(map(str, wanted.ip_allowlist)),
        wanted.scopes,
    )


def excess(actor: Actor, wanted: Settings) -> list[FieldProblem]:
    """Return what a token made so could do that the one of this request cannot."""
    networks = wanted.ip_allowlist
    return bounds.wider_than(
        actor.token,
        scopes=wanted.scopes,
        networks=None if networks is None else list(map(Block.of, networks)),
        max_age_seconds=wanted.max_age_seconds,
        extend_when_used=wanted.extend_when_used,
    )


def is_inside(actor: Actor, token: Token) -> bool:
    """Tell whether another token like this one could do nothing that this request's cannot."""
    texts = token.ip_allowlist if actor.token and actor.token.networks is not None else ()
    return not bounds.wider_than(
        actor.token,
        scopes=token.scopes,
        networks=None if texts is None else list(map(Block.read, texts)),
        max_age_seconds=token.max_age_seconds,
        extend_when_used=token.extend_when_used,
    )


def stay_inside(actor: Actor, wanted: Settings) -> None:
    """Raise InvalidInput where the token asked for could do more than the one asking for it."""
    problems = inputs.Problems()
    problems.extend(excess(actor, wanted))
    problems.raise_any()


async def share_user(change: Change, writer: AppUserWriter, user_id: UUID) -> User | None:
    """Return a live application user that stays as it is until the commit.

    For who is not administrator what the user holds stays, too: grants and memberships take the
    organization's row, and wait for this.
    """
    if not writer.is_admin:
        await organizations.share(change.connection, writer.organization_id)
    return await users.share_application_user(change.connection, writer.organization_id, user_id)


async def permit(
    change: Change, writer: AppUserWriter, user_id: UUID, wanted: Settings | None
) -> None:
    """Look at the actor again and at what guards minting for a user that ``share_user`` returned.

    ``wanted`` is None where a token comes back to life as it is. Raises Unauthenticated, Forbidden
    and InvalidInput.
    """
    await change.insist()
    if not writer.is_admin:
        holds = await permissions.holds_any(change.connection, writer.organization_id, user_id)
        guards.guard(writer, Guarded.MINT, holds_permission=holds)
    if wanted is not None:
        await policies.insist(
            change.connection,
            writer.organization_id,
            max_age_seconds=wanted.max_age_seconds,
            ip_allowlist=wanted.ip_allowlist,
        )


async def insert(
    change: Change,
    peppers: Peppers,
    writer: AppUserWriter | OrgAdmin,
    user_id: UUID,
    wanted: Settings,
    key: Key | None,
    predecessor: Token | None = None,
) -> Generated | None:
    """Add a token; None where the key was used in the meantime.

    What a token minted by no administrator carries is cut down to nothing, so that whatever its
    user is granted later is not for who minted it. A successor has its predecessor's ceiling.
    """
    token_id = uuid7()
    full_token = token_format.make(writer.organization_id, token_id)
    ceiling = predecessor.permission_ceiling if predecessor else None
    token = await rows.insert(
        change.connection,
        organization_id=writer.organization_id,
        token_id=token_id,
        user_id=user_id,
        secret_hmac=token_format.digest(full_token, peppers),
        pepper_version=peppers.current,
        description=wanted.description,
        max_age_seconds=wanted.max_age_seconds,
        extend_when_used=wanted.extend_when_used,
        ip_allowlist=wanted.ip_allowlist,
        scopes=wanted.scopes,
        created_by=writer.actor_id,
        idempotency_key=key.text if key else None,
        idempotency_input=key.asked if key else None,
        expiry_limit=writer.token.fixed_end if writer.token else None,
        permission_ceiling=ceiling if writer.is_admin else [],
        predecessor_id=predecessor.token_id if predecessor else None,
        family_id=(predecessor.family_id or predecessor.token_id) if predecessor else None,
    )
    if token is None:
        return None
    change.record(
        Action.TOKEN_GENERATE,
        Target("TOKEN", token.token_id, user_id),
        after=audit_fields(token),
    )
    return Generated(token, full_token)


def audit_fields(token: Token) -> dict[str, object]:
    """Return what a token was made with, as audit events tell it."""
    return {
        "description": token.description,
        "maxAgeSeconds": token.max_age_seconds,
        "extendWhenUsed": token.extend_when_used,
        "ipAllowlist": token.ip_allowlist,
        "scopes": token.scopes,
        "permissionCeiling": token.permission_ceiling,
    }


async def insert_by_operator(
    connection: Connection,
    peppers: Peppers,
    organization_id: UUID,
    user_id: UUID,
    *,
    description: str,
    max_age_seconds: int | None,
) -> tuple[Token, str]:
    """Mint a token that can do all that its user can; the caller says of it what is to be said."""
    token_id = uuid7()
    full_token = token_format.make(organization_id, token_id)
    token = await rows.insert(
        connection,
        organization_id=organization_id,
        token_id=token_id,
        user_id=user_id,
        secret_hmac=token_format.digest(full_token, peppers),
        pepper_version=peppers.current,
        description=description,
        max_age_seconds=max_age_seconds,
        extend_when_used=False,
        ip_allowlist=None,
        scopes=None,
        created_by=None,
        idempotency_key=None,
        idempotency_input=None,
    )
    if token is None:
        raise RuntimeError("a token without a key was in the way of another")
    return token, full_token
