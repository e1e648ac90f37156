"""Statements and rows of groups. ``db.group_members`` has those of their members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import asyncpg

from db.keyset import Direction, Position, beyond
from db.pool import Connection

GroupOrder: TypeAlias = Literal["create_time", "name_key"]


@dataclass(frozen=True, slots=True)
class Group:
    """A row of ``user_group``."""

    organization_id: UUID
    group_id: UUID
    name: str
    name_key: str
    description: str | None
    create_time: datetime
    created_by: UUID | None


INSERT_SQL = """
INSERT INTO user_group (organization_id, group_id, name, name_key, description, created_by)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING
RETURNING organization_id, group_id, name, name_key, description, create_time, created_by
"""


async def insert(
    connection: Connection,
    *,
    organization_id: UUID,
    group_id: UUID,
    name: str,
    name_key: str,
    description: str | None,
    created_by: UUID | None,
) -> Group | None:
    """Add a group; None where another one of the organization has the name."""
    row = await connection.fetchrow(
        INSERT_SQL, organization_id, group_id, name, name_key, description, created_by
    )
    return Group(*row) if row else None


FIND_SQL = """
SELECT organization_id, group_id, name, name_key, description, create_time, created_by
  FROM user_group
 WHERE organization_id = $1 AND group_id = ANY ($2::uuid[])
"""


async def find(
    connection: Connection, organization_id: UUID, group_ids: Sequence[UUID]
) -> list[Group]:
    """Return the groups that exist, in no order."""
    return [Group(*row) for row in await connection.fetch(FIND_SQL, organization_id, group_ids)]


UPDATE_SQL = """
UPDATE user_group
   SET name = $3, name_key = $4, description = $5
 WHERE organization_id = $1 AND group_id = $2
RETURNING organization_id, group_id, name, name_key, description, create_time, created_by
"""


async def update(
    connection: Connection,
    organization_id: UUID,
    group_id: UUID,
    *,
    name: str,
    name_key: str,
    description: str | None,
) -> Group | None:
    """Rename and describe a group; None where there is none or another one has the name.

    The transaction is broken after None: its only way on is to roll back.
    """
    try:
        row = await connection.fetchrow(
            UPDATE_SQL, organization_id, group_id, name, name_key, description
        )
    except asyncpg.UniqueViolationError:
        return None
    return Group(*row) if row else None


DELETE_SQL = """
DELETE FROM user_group
 WHERE organization_id = $1 AND group_id = $2
"""


async def delete(connection: Connection, organization_id: UUID, group_id: UUID) -> None:
    """Remove a group that has no member and no grant any more."""
    await connection.execute(DELETE_SQL, organization_id, group_id)


def _list_sql(key: str, key_type: str, direction: Direction) -> str:
    return f"""
SELECT g.organization_id, g.group_id, g.name, g.name_key, g.description, g.create_time, g.created_by
  FROM user_group g
 WHERE g.organization_id = $1
   AND coalesce($2::text IS NULL OR position($2 IN g.name_key) > 0, false)
   AND ({key}, g.group_id) {beyond(direction)} ($3::{key_type}, $4::uuid)
 ORDER BY {key} {direction}, g.group_id {direction}
 LIMIT $5
"""


# From the side of the member, because a user is in few groups and an organization may have many.
def _list_of_member_sql(key: str, key_type: str, direction: Direction) -> str:
    return f"""
SELECT g.organization_id, g.group_id, g.name, g.name_key, g.description, g.create_time, g.created_by
  FROM group_member m
  JOIN user_group g ON g.organization_id = $1 AND g.group_id = m.group_id
 WHERE m.organization_id = $1 AND m.user_id = $6
   AND coalesce($2::text IS NULL OR position($2 IN g.name_key) > 0, false)
   AND ({key}, g.group_id) {beyond(direction)} ($3::{key_type}, $4::uuid)
 ORDER BY {key} {direction}, g.group_id {direction}
 LIMIT $5
"""


LIST_SQL: dict[tuple[GroupOrder, Direction], str] = {
    ("create_time", "ASC"): _list_sql("g.create_time", "timestamptz", "ASC"),
    ("create_time", "DESC"): _list_sql("g.create_time", "timestamptz", "DESC"),
    ("name_key", "ASC"): _list_sql("g.name_key", 'text COLLATE "C"', "ASC"),
    ("name_key", "DESC"): _list_sql("g.name_key", 'text COLLATE "C"', "DESC"),
}
LIST_OF_MEMBER_SQL: dict[tuple[GroupOrder, Direction], str] = {
    ("create_time", "ASC"): _list_of_member_sql("g.create_time", "timestamptz", "ASC"),
    ("create_time", "DESC"): _list_of_member_sql("g.create_time", "timestamptz", "DESC"),
    ("name_key", "ASC"): _list_of_member_sql("g.name_key", 'text COLLATE "C"', "ASC"),
    ("name_key", "DESC"): _list_of_member_sql("g.name_key", 'text COLLATE "C"', "DESC"),
}


@dataclass(frozen=True, slots=True)
class GroupFilter:
    """What a list keeps; None keeps everything."""

    search: str | None = None
    """A part of the name, normalized and case-folded like ``name_key``."""
    member_id: UUID | None = None


async def list_page(
    connection: Connection,
    organization_id: UUID,
    keep: GroupFilter,
    order: GroupOrder,
    direction: Direction,
    after: Position,
    limit: int,
) -> list[Group]:
    """Return the next ``limit`` groups behind a position."""
    arguments = (organization_id, keep.search, after.key, after.id, limit)
    if keep.member_id is None:
        rows = await connection.fetch(LIST_SQL[order, direction], *arguments)
    else:
        rows = await connection.fetch(
            LIST_OF_MEMBER_SQL[order, direction], *arguments, keep.member_id
        )
    return [Group(*row) for row in rows]
