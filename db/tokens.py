"""Statements and rows of tokens: what administrators list, make and revoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, TypeAlias
from uuid import UUID

from db.keyset import Direction, Position, beyond
from db.pool import Connection

TokenStatus: TypeAlias = Literal["ACTIVE", "EXPIRED", "REVOKED", "DEACTIVATED"]
TokenOrder: TypeAlias = Literal["create_time", "last_used_time"]
Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Token:
    """A row of ``token`` with its status at the time of the statement; never the secret."""

    organization_id: UUID
    token_id: UUID
    user_id: UUID
    description: str | None
    max_age_seconds: int | None
    extend_when_used: bool
    ip_allowlist: list[str] | None
    scopes: list[str] | None
    create_time: datetime
    created_by: UUID | None
    expiry_time: datetime | None
    revoke_time: datetime | None
    revoked_by: UUID | None
    last_used_time: datetime | None
    last_ip: str | None
    last_user_agent: str | None
    status: TokenStatus


@dataclass(frozen=True, slots=True)
class TokenFilter:
    """What a list keeps; None keeps everything."""

    statuses: tuple[TokenStatus, ...] | None = None
    search: str | None = None
    """A part of the description, in any case."""
    token_id: UUID | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    expires_after: datetime | None = None
    expires_before: datetime | None = None
    used_after: datetime | None = None
    used_before: datetime | None = None
    never_used: bool | None = None


# Revoked is for ever, so it wins; a deactivated user may come back, so that is said last.
_STATUS = """CASE
           WHEN t.revoke_time IS NOT NULL THEN 'REVOKED'
           WHEN t.expiry_time <= now() THEN 'EXPIRED'
           WHEN u.state <> 'ACTIVE' THEN 'DEACTIVATED'
           ELSE 'ACTIVE'
       END"""

# Addresses and networks leave as text: asyncpg would build an object for each.
_COLUMNS = f"""t.organization_id, t.token_id, t.user_id, t.description, t.max_age_seconds,
       t.extend_when_used, t.ip_allowlist::text[] AS ip_allowlist, t.scopes, t.create_time,
       t.created_by, t.expiry_time, t.revoke_time, t.revoked_by, t.last_used_time,
       host(t.last_ip) AS last_ip, t.last_user_agent,
       {_STATUS} AS status"""

INSERT_SQL = f"""
WITH t AS (
    INSERT INTO token
           (organization_id, token_id, user_id, secret_hmac, pepper_version, description,
            max_age_seconds, extend_when_used, ip_allowlist, scopes, created_by, expiry_time,
            idempotency_key, idempotency_input)
    VALUES ($1, $2, $3, $4, $5, $6, $7::integer, $8, $9, $10, $11,
            now() + make_interval(secs => $7::integer), $12, $13)
        ON CONFLICT (organization_id, created_by, idempotency_key)
           WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING *
)
SELECT {_COLUMNS}
  FROM t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
"""


async def insert(
    connection: Connection,
    *,
    organization_id: UUID,
    token_id: UUID,
    user_id: UUID,
    secret_hmac: bytes,
    pepper_version: int,
    description: str | None,
    max_age_seconds: int | None,
    extend_when_used: bool,
    ip_allowlist: Sequence[Network] | None,
    scopes: Sequence[str] | None,
    created_by: UUID | None,
    idempotency_key: str | None,
    idempotency_input: bytes | None,
) -> Token | None:
    """Add a token that expires ``max_age_seconds`` from here; None where the key was used before.

    Waits for a concurrent insert with the same key and then sees its outcome.
    """
    row = await connection.fetchrow(
        INSERT_SQL,
        organization_id,
        token_id,
        user_id,
        secret_hmac,
        pepper_version,
        description,
        max_age_seconds,
        extend_when_used,
        ip_allowlist,
        scopes,
        created_by,
        idempotency_key,
        idempotency_input,
    )
    return Token(**row) if row else None


FIND_BY_IDEMPOTENCY_KEY_SQL = """
SELECT t.token_id, t.idempotency_input
  FROM token t
 WHERE t.organization_id = $1 AND t.created_by = $2 AND t.idempotency_key = $3
"""


async def find_by_idempotency_key(
    connection: Connection, organization_id: UUID, created_by: UUID, idempotency_key: str
) -> tuple[UUID, bytes] | None:
    """Return the id and the input digest of what was minted under a key, if anything was."""
    row = await connection.fetchrow(
        FIND_BY_IDEMPOTENCY_KEY_SQL, organization_id, created_by, idempotency_key
    )
    return (row["token_id"], row["idempotency_input"]) if row else None


FIND_SQL = f"""
SELECT {_COLUMNS}
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1 AND t.token_id = $2
"""


async def find(connection: Connection, organization_id: UUID, token_id: UUID) -> Token | None:
    """Return a token in whatever status, None where there is none."""
    row = await connection.fetchrow(FIND_SQL, organization_id, token_id)
    return Token(**row) if row else None


UPDATE_DESCRIPTION_SQL = """
UPDATE token
   SET description = $3
 WHERE organization_id = $1 AND token_id = $2
"""


async def update_description(
    connection: Connection, organization_id: UUID, token_id: UUID, description: str | None
) -> None:
    """Describe a token anew."""
    await connection.execute(UPDATE_DESCRIPTION_SQL, organization_id, token_id, description)


MARK_REVOKED_SQL = """
UPDATE token
   SET revoke_time = now(), revoked_by = $3
 WHERE organization_id = $1 AND token_id = $2
   AND revoke_time IS NULL
"""


async def mark_revoked(
    connection: Connection, organization_id: UUID, token_id: UUID, revoked_by: UUID
) -> None:
    """Revoke a token; the first revocation's time and actor stand."""
    await connection.execute(MARK_REVOKED_SQL, organization_id, token_id, revoked_by)


MARK_ALL_REVOKED_SQL = """
WITH dead AS (
    UPDATE token
       SET revoke_time = now(), revoked_by = $3
     WHERE organization_id = $1 AND user_id = $2
       AND revoke_time IS NULL
    RETURNING 1
)
SELECT count(*) FROM dead
"""


async def mark_all_revoked(
    connection: Connection, organization_id: UUID, user_id: UUID, revoked_by: UUID
) -> int:
    """Revoke every token of a user and return how many were not revoked before."""
    return await connection.fetchval(MARK_ALL_REVOKED_SQL, organization_id, user_id, revoked_by)


# Every number below is an argument of both list statements: $1 organization, $2 to $11 the filter,
# $12 and $13 the position, $14 the limit; $15 the users, where the list is by user.
_KEEP = f"""($2::text[] IS NULL OR {_STATUS} = ANY ($2))
   AND ($3::text IS NULL OR position(lower($3) IN lower(t.description)) > 0 OR t.token_id = $4)
   AND ($5::timestamptz IS NULL OR t.create_time >= $5)
   AND ($6::timestamptz IS NULL OR t.create_time < $6)
   AND ($7::timestamptz IS NULL OR t.expiry_time >= $7)
   AND ($8::timestamptz IS NULL OR t.expiry_time < $8)
   AND ($9::timestamptz IS NULL OR t.last_used_time >= $9)
   AND ($10::timestamptz IS NULL OR t.last_used_time < $10)
   AND ($11::boolean IS NULL OR (t.last_used_time IS NULL) = $11)"""


def _list_sql(key: str, direction: Direction) -> str:
    return f"""
SELECT {_COLUMNS}
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1
   AND {_KEEP}
   AND ({key}, t.token_id) {beyond(direction)} ($12::timestamptz, $13::uuid)
 ORDER BY {key} {direction}, t.token_id {direction}
 LIMIT $14
"""


def _list_of_users_sql(key: str, direction: Direction) -> str:
    return f"""
SELECT page.*
  FROM organization_user u
 CROSS JOIN LATERAL (
       SELECT {_COLUMNS}
         FROM token t
        WHERE t.organization_id = u.organization_id AND t.user_id = u.user_id
          AND t.organization_id = $1
          AND {_KEEP}
          AND ({key}, t.token_id) {beyond(direction)} ($12::timestamptz, $13::uuid)
        ORDER BY {key} {direction}, t.token_id {direction}
        LIMIT $14) page
 WHERE u.organization_id = $1 AND u.user_id = ANY ($15::uuid[])
"""


# A token that was never used sorts before every time: as if used at the beginning of time.
_NEVER = "coalesce(t.last_used_time, '0001-01-01T00:00:00Z'::timestamptz)"
LIST_SQL: dict[tuple[TokenOrder, Direction], str] = {
    ("create_time", "ASC"): _list_sql("t.create_time", "ASC"),
    ("create_time", "DESC"): _list_sql("t.create_time", "DESC"),
    ("last_used_time", "ASC"): _list_sql(_NEVER, "ASC"),
    ("last_used_time", "DESC"): _list_sql(_NEVER, "DESC"),
}
LIST_OF_USERS_SQL: dict[tuple[TokenOrder, Direction], str] = {
    ("create_time", "ASC"): _list_of_users_sql("t.create_time", "ASC"),
    ("create_time", "DESC"): _list_of_users_sql("t.create_time", "DESC"),
    ("last_used_time", "ASC"): _list_of_users_sql(_NEVER, "ASC"),
    ("last_used_time", "DESC"): _list_of_users_sql(_NEVER, "DESC"),
}


async def list_page(
    connection: Connection,
    organization_id: UUID,
    keep: TokenFilter,
    order: TokenOrder,
    direction: Direction,
    after: Position,
    limit: int,
) -> list[Token]:
    """Return the next ``limit`` tokens of an organization behind a position."""
    rows = await connection.fetch(
        LIST_SQL[order, direction],
        organization_id,
        *_filter_arguments(keep),
        after.key,
        after.id,
        limit,
    )
    return [Token(**row) for row in rows]


async def list_pages_of_users(
    connection: Connection,
    organization_id: UUID,
    user_ids: Sequence[UUID],
    keep: TokenFilter,
    order: TokenOrder,
    direction: Direction,
    after: Position,
    limit: int,
) -> list[Token]:
    """Return the next ``limit`` tokens of each user, in order within a user, in one statement."""
    rows = await connection.fetch(
        LIST_OF_USERS_SQL[order, direction],
        organization_id,
        *_filter_arguments(keep),
        after.key,
        after.id,
        limit,
        user_ids,
    )
    return [Token(**row) for row in rows]


def _filter_arguments(keep: TokenFilter) -> tuple[object, ...]:
    return (
        list(keep.statuses) if keep.statuses is not None else None,
        keep.search,
        keep.token_id,
        keep.created_after,
        keep.created_before,
        keep.expires_after,
        keep.expires_before,
        keep.used_after,
        keep.used_before,
        keep.never_used,
    )
