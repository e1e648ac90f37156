"""Statements and rows of an organization's users: people and application users in one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import asyncpg

from db.keyset import Direction, Position, beyond
from db.pool import Connection

UserState: TypeAlias = Literal["ACTIVE", "DEACTIVATED", "DELETED"]
UserOrder: TypeAlias = Literal["create_time", "name_key", "last_activity_time"]


@dataclass(frozen=True, slots=True)
class User:
    """A row of ``organization_user``."""

    organization_id: UUID
    user_id: UUID
    is_application_user: bool
    name: str
    name_key: str
    description: str | None
    email: str
    state: UserState
    create_time: datetime
    created_by: UUID | None
    last_activity_time: datetime | None


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What a list keeps; None keeps everything."""

    is_application_user: bool | None = None
    states: tuple[UserState, ...] = ("ACTIVE", "DEACTIVATED")
    search: str | None = None
    """A part of the name, normalized and case-folded like ``name_key``."""
    created_after: datetime | None = None
    created_before: datetime | None = None
    active_after: datetime | None = None
    active_before: datetime | None = None
    never_active: bool | None = None


INSERT_SQL = """
INSERT INTO organization_user
       (organization_id, user_id, is_application_user, name, name_key, description, email,
        issuer, subject, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT DO NOTHING
RETURNING organization_id, user_id, is_application_user, name, name_key, description, email,
          state, create_time, created_by, last_activity_time
"""


async def insert(
    connection: Connection,
    *,
    organization_id: UUID,
    user_id: UUID,
    is_application_user: bool,
    name: str,
    name_key: str,
    description: str | None,
    email: str,
    issuer: str | None,
    subject: str | None,
    created_by: UUID | None,
) -> User | None:
    """Add a user; None where a live application user has the name or a live person the identity."""
    row = await connection.fetchrow(
        INSERT_SQL,
        organization_id,
        user_id,
        is_application_user,
        name,
        name_key,
        description,
        email,
        issuer,
        subject,
        created_by,
    )
    return User(*row) if row else None


FIND_SQL = """
SELECT organization_id, user_id, is_application_user, name, name_key, description, email,
       state, create_time, created_by, last_activity_time
  FROM organization_user
 WHERE organization_id = $1 AND user_id = ANY ($2::uuid[])
"""


async def find(
    connection: Connection, organization_id: UUID, user_ids: Sequence[UUID]
) -> list[User]:
    """Return the users that exist, in no order, deleted ones too."""
    return [User(*row) for row in await connection.fetch(FIND_SQL, organization_id, user_ids)]


SHARE_APPLICATION_USER_SQL = """
SELECT organization_id, user_id, is_application_user, name, name_key, description, email,
       state, create_time, created_by, last_activity_time
  FROM organization_user
 WHERE organization_id = $1 AND user_id = $2
   AND is_application_user AND state <> 'DELETED'
   FOR SHARE
"""


async def share_application_user(
    connection: Connection, organization_id: UUID, user_id: UUID
) -> User | None:
    """Return a live application user that nobody can change or delete until the commit.

    For minting: several may mint at once, and a deletion or a grant waits for all of them.
    """
    row = await connection.fetchrow(SHARE_APPLICATION_USER_SQL, organization_id, user_id)
    return User(*row) if row else None


LOCK_APPLICATION_USER_SQL = """
SELECT organization_id, user_id, is_application_user, name, name_key, description, email,
       state, create_time, created_by, last_activity_time
  FROM organization_user
 WHERE organization_id = $1 AND user_id = $2
   AND is_application_user AND state <> 'DELETED'
   FOR NO KEY UPDATE
"""


async def lock_application_user(
    connection: Connection, organization_id: UUID, user_id: UUID
) -> User | None:
    """Return a live application user and keep others from it until the commit."""
    row = await connection.fetchrow(LOCK_APPLICATION_USER_SQL, organization_id, user_id)
    return User(*row) if row else None


UPDATE_SQL = """
UPDATE organization_user
   SET name = $3, name_key = $4, description = $5, state = $6
 WHERE organization_id = $1 AND user_id = $2
   AND is_application_user AND state <> 'DELETED'
RETURNING organization_id, user_id, is_application_user, name, name_key, description, email,
          state, create_time, created_by, last_activity_time
"""


async def update(
    connection: Connection,
    organization_id: UUID,
    user_id: UUID,
    *,
    name: str,
    name_key: str,
    description: str | None,
    state: UserState,
) -> User | None:
    """Change a live application user that is locked; None where another one has the name.

    The transaction is broken after None: its only way on is to roll back.
    """
    try:
        row = await connection.fetchrow(
            UPDATE_SQL, organization_id, user_id, name, name_key, description, state
        )
    except asyncpg.UniqueViolationError:
        return None
    return User(*row) if row else None


MARK_DELETED_SQL = """
UPDATE organization_user
   SET state = 'DELETED', delete_time = clock_timestamp(), deleted_by = $3
 WHERE organization_id = $1 AND user_id = $2
   AND is_application_user AND state <> 'DELETED'
RETURNING true
"""


async def mark_deleted(
    connection: Connection, organization_id: UUID, user_id: UUID, deleted_by: UUID | None
) -> bool:
    """Leave a tombstone of a live application user; False where there is none."""
    return bool(await connection.fetchval(MARK_DELETED_SQL, organization_id, user_id, deleted_by))


# Every number below is an argument of both statements: $1 organization, $2 to $9 the filter. For
# coalesce see db.token_pages.
_KEEP = """($5::timestamptz IS NULL OR u.create_time >= $5)
   AND ($6::timestamptz IS NULL OR u.create_time < $6)
   AND coalesce(
           u.state = ANY ($3::text[])
           AND ($2::boolean IS NULL OR u.is_application_user = $2)
           AND ($4::text IS NULL OR position($4 IN u.name_key) > 0)
           AND ($7::timestamptz IS NULL OR u.last_activity_time >= $7)
           AND ($8::timestamptz IS NULL OR u.last_activity_time < $8)
           AND ($9::boolean IS NULL OR (u.last_activity_time IS NULL) = $9),
           false)"""

COUNT_SQL = f"""
SELECT count(*)
  FROM organization_user u
 WHERE u.organization_id = $1
   AND {_KEEP}
"""


async def count(connection: Connection, organization_id: UUID, keep: UserFilter) -> int:
    """Return how many users a filter keeps."""
    return await connection.fetchval(COUNT_SQL, organization_id, *_filter_arguments(keep))


def _list_sql(key: str, key_type: str, direction: Direction) -> str:
    return f"""
SELECT u.organization_id, u.user_id, u.is_application_user, u.name, u.name_key, u.description,
       u.email, u.state, u.create_time, u.created_by, u.last_activity_time
  FROM organization_user u
 WHERE u.organization_id = $1
   AND {_KEEP}
   AND ({key}, u.user_id) {beyond(direction)} ($10::{key_type}, $11::uuid)
 ORDER BY {key} {direction}, u.user_id {direction}
 LIMIT $12
"""


# A user that was never active sorts before every time: as if active at the beginning of time,
# which asyncpg sends as -infinity: any other value would not equal the position behind such a row.
_NEVER = "coalesce(u.last_activity_time, '-infinity'::timestamptz)"
LIST_SQL: dict[tuple[UserOrder, Direction], str] = {
    ("create_time", "ASC"): _list_sql("u.create_time", "timestamptz", "ASC"),
    ("create_time", "DESC"): _list_sql("u.create_time", "timestamptz", "DESC"),
    ("name_key", "ASC"): _list_sql("u.name_key", 'text COLLATE "C"', "ASC"),
    ("name_key", "DESC"): _list_sql("u.name_key", 'text COLLATE "C"', "DESC"),
    ("last_activity_time", "ASC"): _list_sql(_NEVER, "timestamptz", "ASC"),
    ("last_activity_time", "DESC"): _list_sql(_NEVER, "timestamptz", "DESC"),
}


async def list_page(
    connection: Connection,
    organization_id: UUID,
    keep: UserFilter,
    order: UserOrder,
    direction: Direction,
    after: Position,
    limit: int,
) -> list[User]:
    """Return the next ``limit`` users behind a position."""
    rows = await connection.fetch(
        LIST_SQL[order, direction],
        organization_id,
        *_filter_arguments(keep),
        after.key,
        after.id,
        limit,
    )
    return [User(*row) for row in rows]


def _filter_arguments(keep: UserFilter) -> tuple[object, ...]:
    return (
        keep.is_application_user,
        list(keep.states),
        keep.search,
        keep.created_after,
        keep.created_before,
        keep.active_after,
        keep.active_before,
        keep.never_active,
    )
