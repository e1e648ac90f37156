"""Statements and rows of groups and their members."""

from uuid import UUID

from db.pool import Connection

LEAVE_ALL_SQL = """
DELETE FROM group_member
 WHERE organization_id = $1 AND user_id = $2
RETURNING group_id
"""


async def leave_all(connection: Connection, organization_id: UUID, user_id: UUID) -> list[UUID]:
    """Take a user out of every group, and return those that it was in."""
    rows = await connection.fetch(LEAVE_ALL_SQL, organization_id, user_id)
    return [row["group_id"] for row in rows]
