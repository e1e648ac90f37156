"""Minting: how a token comes to be, at most once for each idempotency key."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from app import bounds, changes, guards, inputs, token_format
from app.access import AppUserWriter
from app.application_users import MISSING as MISSING_USER
from app.audit import Action, Target
from app.bounds import Network
from app.catalogue import Catalogue
from app.changes import Change
from app.errors import Code, IdempotencyConflict, NotFound
from app.guards import Guarded
from app.token_format import Peppers
from db import permissions, users
from db import tokens as rows
from db.pool import Connection, Database
from db.tokens import Token

BOOTSTRAP_DESCRIPTION = "First administrator, made by bootstrap"


@dataclass(frozen=True, slots=True)
class Generated:
    """A token, and its full text where this call made it: on a replay there is none to show."""

    token: Token
    full_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Wanted:
    description: str | None
    max_age_seconds: int | None
    extend_when_used: bool
    ip_allowlist: list[Network] | None
    scopes: list[str] | None
    idempotency_key: str | None

    def digest(self, user_id: UUID) -> bytes:
        """Return what two inputs have in common exactly when they ask for the same token."""
        asked = [
            "generateToken",
            str(user_id),
            self.description,
            self.max_age_seconds,
            self.extend_when_used,
            None if self.ip_allowlist is None else sorted(map(str, self.ip_allowlist)),
            self.scopes,
        ]
        return hashlib.sha256(orjson.dumps(asked)).digest()


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
    wanted = _check(
        catalogue,
        description=description,
        max_age_seconds=max_age_seconds,
        extend_when_used=extend_when_used,
        ip_allowlist=ip_allowlist,
        scopes=scopes,
        idempotency_key=idempotency_key,
    )
    async with changes.opened(database, writer) as change:
        connection, organization_id = change.connection, writer.organization_id
        if wanted.idempotency_key is not None:
            # Looked up before the user, so that a replay is answered after its deletion, too.
            replayed = await _replay(change, writer, user_id, wanted)
            if replayed:
                await change.insist()
                return replayed
        # Behind the replay: a caller nearer to its own end than at the first call still learns
        # what that call made.
        _stay_inside(writer, wanted)
        user = await users.share_application_user(connection, organization_id, user_id)
        if user is None:
            raise NotFound(MISSING_USER)
        if user.state != "ACTIVE":
            raise inputs.invalid(
                "applicationUserId",
                Code.NOT_ALLOWED,
                "This application user is deactivated; activate it before you generate a token.",
            )
        await change.insist()
        if not writer.is_admin:
            holds = await permissions.holds_any(connection, organization_id, user_id)
            guards.guard(writer, Guarded.MINT, holds_permission=holds)
        made = await _insert(connection, peppers, writer, user_id, wanted)
        if made:
            change.record(
                Action.TOKEN_GENERATE,
                Target("TOKEN", made.token.token_id, user_id),
                after=settings_of(made.token),
            )
            return made
        # Another request with the key committed while this one waited for it.
        replayed = await _replay(change, writer, user_id, wanted)
        if replayed is None:
            raise RuntimeError("a token was in the way of the key and is not found by it")
        return replayed


def _check(
    catalogue: Catalogue,
    *,
    description: str | None,
    max_age_seconds: int | None,
    extend_when_used: bool,
    ip_allowlist: Sequence[str] | None,
    scopes: Sequence[str] | None,
    idempotency_key: str | None,
) -> _Wanted:
    problems = inputs.Problems()
    wanted = _Wanted(
        inputs.description(problems, "description", description),
        inputs.max_age_seconds(
            problems, "maxAgeSeconds", max_age_seconds, extend_when_used=extend_when_used
        ),
        extend_when_used,
        inputs.ip_allowlist(problems, "ipAllowlist", ip_allowlist),
        inputs.scopes(problems, "scopes", scopes, catalogue.scopes),
        inputs.idempotency_key(problems, "idempotencyKey", idempotency_key),
    )
    problems.raise_any()
    return wanted


def _stay_inside(writer: AppUserWriter, wanted: _Wanted) -> None:
    """Raise InvalidInput where the token asked for could do more than the one asking for it."""
    problems = inputs.Problems()
    problems.extend(
        bounds.wider_than(
            writer.token,
            scopes=wanted.scopes,
            networks=wanted.ip_allowlist,
            max_age_seconds=wanted.max_age_seconds,
            extend_when_used=wanted.extend_when_used,
        )
    )
    problems.raise_any()


async def _insert(
    connection: Connection,
    peppers: Peppers,
    writer: AppUserWriter,
    user_id: UUID,
    wanted: _Wanted,
) -> Generated | None:
    token_id = uuid7()
    full_token = token_format.make(writer.organization_id, token_id)
    key = wanted.idempotency_key
    token = await rows.insert(
        connection,
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
        idempotency_key=key,
        idempotency_input=wanted.digest(user_id) if key is not None else None,
        expiry_limit=writer.token.fixed_end if writer.token else None,
        permission_ceiling=None if writer.is_admin else [],
    )
    return Generated(token, full_token) if token else None


async def _replay(
    change: Change, writer: AppUserWriter, user_id: UUID, wanted: _Wanted
) -> Generated | None:
    if wanted.idempotency_key is None:
        return None
    used = await rows.find_by_idempotency_key(
        change.connection, writer.organization_id, writer.actor_id, wanted.idempotency_key
    )
    if used is None:
        return None
    token_id, asked = used
    if asked != wanted.digest(user_id):
        raise IdempotencyConflict
    token = await rows.find(change.connection, writer.organization_id, token_id)
    change.record_nothing()
    return Generated(token, None) if token else None


def settings_of(token: Token) -> dict[str, object]:
    """Return what a token was made with, as audit events tell it."""
    return {
        "description": token.description,
        "maxAgeSeconds": token.max_age_seconds,
        "extendWhenUsed": token.extend_when_used,
        "ipAllowlist": token.ip_allowlist,
        "scopes": token.scopes,
        "permissionCeiling": token.permission_ceiling,
    }


async def insert_first(
    connection: Connection, peppers: Peppers, organization_id: UUID, user_id: UUID
) -> str:
    """Mint the first administrator's token, in the transaction that makes the organization."""
    token_id = uuid7()
    full_token = token_format.make(organization_id, token_id)
    await rows.insert(
        connection,
        organization_id=organization_id,
        token_id=token_id,
        user_id=user_id,
        secret_hmac=token_format.digest(full_token, peppers),
        pepper_version=peppers.current,
        description=BOOTSTRAP_DESCRIPTION,
        max_age_seconds=None,
        extend_when_used=False,
        ip_allowlist=None,
        scopes=None,
        created_by=None,
        idempotency_key=None,
        idempotency_input=None,
    )
    return full_token
