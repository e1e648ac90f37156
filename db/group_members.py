"""Statements and rows of who is in which group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.keyset import Direction, Position, beyond
from db.pool import Connection


@dataclass(frozen=True, slots=True)
class Member:
    """A user in a group, and since when: a part of a row of ``group_member``."""

    group_id: UUID
    user_id: UUID
    create_time: datetime


LOCK_USERS_SQL = """
SELECT user_id
  FROM organization_user
 WHERE organization_id = $1 AND user_id = ANY ($2::uuid[]) AND state <> 'DELETED'
 ORDER BY user_id
   FOR NO KEY UPDATE
"""


async def lock_users(
    connection: Connection, organization_id: UUID, user_ids: Sequence[UUID]
) -> set[UUID]:
    """Keep others from users until the commit, and return those that are not deleted.

    For adding them to a group, which minting has to wait for and which waits for minting. Locked in
    the order of their ids, so that two that lock several never wait in a circle.
    """
    rows = await connection.fetch(LOCK_USERS_SQL, organization_id, user_ids)
    return {row["user_id"] for row in rows}


INSERT_SQL = """
INSERT INTO group_member (organization_id, group_id, user_id, created_by)
SELECT $1, $2, u.user_id, $4
  FROM unnest($3::uuid[]) AS u (user_id)
    ON CONFLICT DO NOTHING
RETURNING user_id
"""


async def insert(
    connection: Connection,
    organization_id: UUID,
    group_id: UUID,
    user_ids: Sequence[UUID],
    created_by: UUID | None,
) -> set[UUID]:
    """Put users into a group, and return those that were not in it."""
    rows = await connection.fetch(INSERT_SQL, organization_id, group_id, user_ids, created_by)
    return {row["user_id"] for row in rows}


DELETE_SQL = """
DELETE FROM group_member
 WHERE organization_id = $1 AND group_id = $2 AND user_id = ANY ($3::uuid[])
RETURNING user_id
"""


async def delete(
    connection: Connection, organization_id: UUID, group_id: UUID, user_ids: Sequence[UUID]
) -> set[UUID]:
    """Take users out of a group, and return those that were in it."""
    rows = await connection.fetch(DELETE_SQL, organization_id, group_id, user_ids)
    return {row["user_id"] for row in rows}


DELETE_ALL_SQL = """
DELETE FROM group_member
 WHERE organization_id = $1 AND group_id = $2
RETURNING user_id
"""


async def delete_all(connection: Connection, organization_id: UUID, group_id: UUID) -> list[UUID]:
    """Empty a group, and return who was in it."""
    rows = await connection.fetch(DELETE_ALL_SQL, organization_id, group_id)
    return [row["user_id"] for row in rows]


LEAVE_ALL_SQL = """
DELETE FROM group_member
 WHERE organization_id = $1 AND user_id = $2
RETURNING group_id
"""


async def leave_all(connection: Connection, organization_id: UUID, user_id: UUID) -> list[UUID]:
    """Take a user out of every group, and return those that it was in."""
    rows = await connection.fetch(LEAVE_ALL_SQL, organization_id, user_id)
    return [row["group_id"] for row in rows]


def _list_of_groups_sql(direction: Direction) -> str:
    return f"""
SELECT page.group_id, page.user_id, page.create_time
  FROM user_group g
 CROSS JOIN LATERAL (
       SELECT m.group_id, m.user_id, m.create_time
         FROM group_member m
        WHERE m.organization_id = $1 AND m.group_id = g.group_id
          AND (m.create_time, m.user_id) {beyond(direction)} ($2::timestamptz, $3::uuid)
        ORDER BY m.create_time {direction}, m.user_id {direction}
        LIMIT $4) page
 WHERE g.organization_id = $1 AND g.group_id = ANY ($5::uuid[])
"""


LIST_OF_GROUPS_SQL: dict[tuple[str, Direction], str] = {
    ("create_time", "ASC"): _list_of_groups_sql("ASC"),
    ("create_time", "DESC"): _list_of_groups_sql("DESC"),
}


async def list_pages_of_groups(
    connection: Connection,
    organization_id: UUID,
    group_ids: Sequence[UUID],
    direction: Direction,
    after: Position,
    limit: int,
) -> list[Member]:
    """Return the next ``limit`` members of each group, in order within a group."""
    rows = await connection.fetch(
        LIST_OF_GROUPS_SQL["create_time", direction],
        organization_id,
        after.key,
        after.id,
        limit,
        group_ids,
    )
    return [Member(*row) for row in rows]
