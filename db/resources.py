"""Statements and rows of resources: units and projects, a tree below the organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import asyncpg

from db.keyset import Direction, Position, beyond
from db.permissions import Grant
from db.pool import Connection

ResourceKind: TypeAlias = Literal["ORGANIZATIONAL_UNIT", "PROJECT"]
ResourceOrder: TypeAlias = Literal["create_time", "name_key"]


@dataclass(frozen=True, slots=True)
class Resource:
    """A row of ``resource``; the organization itself is the root of its tree and no row."""

    organization_id: UUID
    resource_id: UUID
    kind: ResourceKind
    parent_id: UUID | None
    """None directly below the organization."""
    name: str
    name_key: str
    create_time: datetime
    created_by: UUID | None


@dataclass(frozen=True, slots=True)
class ResourceFilter:
    """What a list keeps; None keeps everything."""

    parent_id: UUID | None = None
    """What is directly below this one, or below the organization for the organization's id."""
    kinds: tuple[ResourceKind, ...] = ("ORGANIZATIONAL_UNIT", "PROJECT")
    search: str | None = None
    """A part of the name, normalized and case-folded like ``name_key``."""


INSERT_SQL = """
INSERT INTO resource
       (organization_id, resource_id, kind, parent_id, name, name_key, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
RETURNING organization_id, resource_id, kind, parent_id, name, name_key, create_time, created_by
"""


async def insert(
    connection: Connection,
    *,
    organization_id: UUID,
    resource_id: UUID,
    kind: ResourceKind,
    parent_id: UUID | None,
    name: str,
    name_key: str,
    created_by: UUID | None,
) -> Resource | None:
    """Add a resource; None where another one of its kind beside it has the name."""
    row = await connection.fetchrow(
        INSERT_SQL, organization_id, resource_id, kind, parent_id, name, name_key, created_by
    )
    return Resource(*row) if row else None


FIND_SQL = """
SELECT organization_id, resource_id, kind, parent_id, name, name_key, create_time, created_by
  FROM resource
 WHERE organization_id = $1 AND resource_id = ANY ($2::uuid[])
"""


async def find(
    connection: Connection, organization_id: UUID, resource_ids: Sequence[UUID]
) -> list[Resource]:
    """Return the resources that exist, in no order; never the organization."""
    rows = await connection.fetch(FIND_SQL, organization_id, resource_ids)
    return [Resource(*row) for row in rows]


FIND_PATH_SQL = """
WITH RECURSIVE path AS (
    SELECT r.resource_id, r.parent_id, 1 AS place
      FROM resource r
     WHERE r.organization_id = $1 AND r.resource_id = $2
     UNION ALL
    SELECT up.resource_id, up.parent_id, p.place + 1
      FROM path p
     CROSS JOIN LATERAL (
           SELECT r.resource_id, r.parent_id
             FROM resource r
            WHERE r.organization_id = $1 AND r.resource_id = p.parent_id
            -- The planner takes ten resources for each: it would rather read all there are.
            LIMIT 1) up
)
SELECT resource_id
  FROM path
 ORDER BY place
"""


async def find_path(
    connection: Connection, organization_id: UUID, resource_id: UUID
) -> list[UUID] | None:
    """Return the ids from a resource up to and including the organization.

    None where there is no such resource; the organization itself is asked about like one.
    """
    if resource_id == organization_id:
        return [organization_id]
    rows = await connection.fetch(FIND_PATH_SQL, organization_id, resource_id)
    return [*(row["resource_id"] for row in rows), organization_id] if rows else None


FIND_HEIGHT_SQL = """
WITH RECURSIVE below AS (
    SELECT r.resource_id, 1 AS level
      FROM resource r
     WHERE r.organization_id = $1 AND r.resource_id = $2
     UNION ALL
    SELECT r.resource_id, b.level + 1
      FROM below b
      JOIN resource r ON r.organization_id = $1 AND r.parent_id = b.resource_id
)
SELECT coalesce(max(level), 0) AS height
  FROM below
"""


async def find_height(connection: Connection, organization_id: UUID, resource_id: UUID) -> int:
    """Return how many levels a resource and what is below it take, 1 where that is nothing."""
    return await connection.fetchval(FIND_HEIGHT_SQL, organization_id, resource_id)


HAS_CHILDREN_SQL = """
SELECT EXISTS (
           SELECT FROM resource
            WHERE organization_id = $1 AND parent_id = $2) AS has_children
"""


async def has_children(connection: Connection, organization_id: UUID, resource_id: UUID) -> bool:
    """Tell whether anything is directly below a resource."""
    return bool(await connection.fetchval(HAS_CHILDREN_SQL, organization_id, resource_id))


UPDATE_SQL = """
UPDATE resource
   SET parent_id = $3, name = $4, name_key = $5
 WHERE organization_id = $1 AND resource_id = $2
RETURNING organization_id, resource_id, kind, parent_id, name, name_key, create_time, created_by
"""


async def update(
    connection: Connection,
    organization_id: UUID,
    resource_id: UUID,
    *,
    parent_id: UUID | None,
    name: str,
    name_key: str,
) -> Resource | None:
    """Rename and move a resource that exists; None where one of its kind there has the name.

    The transaction is broken after None: its only way on is to roll back.
    """
    try:
        row = await connection.fetchrow(
            UPDATE_SQL, organization_id, resource_id, parent_id, name, name_key
        )
    except asyncpg.UniqueViolationError:
        return None
    return Resource(*row) if row else None


DELETE_GRANTS_SQL = """
DELETE FROM permission_grant
 WHERE organization_id = $1 AND resource_id = $2
RETURNING principal_id, is_group, resource_id, permission
"""


async def delete_grants(
    connection: Connection, organization_id: UUID, resource_id: UUID
) -> list[Grant]:
    """Take every permission on a resource from whoever has it, and return them."""
    rows = await connection.fetch(DELETE_GRANTS_SQL, organization_id, resource_id)
    return [Grant(*row) for row in rows]


DELETE_SQL = """
DELETE FROM resource
 WHERE organization_id = $1 AND resource_id = $2
"""


async def delete(connection: Connection, organization_id: UUID, resource_id: UUID) -> None:
    """Remove a resource that has no children and that nothing is granted on."""
    await connection.execute(DELETE_SQL, organization_id, resource_id)


# For coalesce see db.token_pages.
def _list_sql(key: str, key_type: str, direction: Direction, *, of_parent: bool) -> str:
    below = "AND r.above_id = $7" if of_parent else ""
    return f"""
SELECT r.organization_id, r.resource_id, r.kind, r.parent_id, r.name, r.name_key, r.create_time,
       r.created_by
  FROM resource r
 WHERE r.organization_id = $1 {below}
   AND coalesce(
           r.kind = ANY ($2::text[]) AND ($3::text IS NULL OR position($3 IN r.name_key) > 0),
           false)
   AND ({key}, r.resource_id) {beyond(direction)} ($4::{key_type}, $5::uuid)
 ORDER BY {key} {direction}, r.resource_id {direction}
 LIMIT $6
"""


_KEYS: dict[ResourceOrder, tuple[str, str]] = {
    "create_time": ("r.create_time", "timestamptz"),
    "name_key": ("r.name_key", 'text COLLATE "C"'),
}
_DIRECTIONS: tuple[Direction, ...] = ("ASC", "DESC")
LIST_SQL: dict[tuple[ResourceOrder, Direction], str] = {
    (order, direction): _list_sql(*key, direction, of_parent=False)
    for order, key in _KEYS.items()
    for direction in _DIRECTIONS
}
LIST_CHILDREN_SQL: dict[tuple[ResourceOrder, Direction], str] = {
    (order, direction): _list_sql(*key, direction, of_parent=True)
    for order, key in _KEYS.items()
    for direction in _DIRECTIONS
}


async def list_page(
    connection: Connection,
    organization_id: UUID,
    keep: ResourceFilter,
    order: ResourceOrder,
    direction: Direction,
    after: Position,
    limit: int,
) -> list[Resource]:
    """Return the next ``limit`` resources behind a position."""
    of_parent = keep.parent_id is not None
    rows = await connection.fetch(
        (LIST_CHILDREN_SQL if of_parent else LIST_SQL)[order, direction],
        organization_id,
        list(keep.kinds),
        keep.search,
        after.key,
        after.id,
        limit,
        *([keep.parent_id] if of_parent else []),
    )
    return [Resource(*row) for row in rows]
