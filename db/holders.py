"""Which of many users and groups hold a permission; for one of them see ``db.permissions``."""

from collections.abc import Sequence
from uuid import UUID

from db.pool import Connection

LIST_SQL = """
SELECT u.user_id
  FROM unnest($2::uuid[]) AS u (user_id)
 WHERE EXISTS (
           SELECT FROM permission_grant g
            WHERE g.organization_id = $1 AND g.principal_id = u.user_id)
    OR EXISTS (
           SELECT FROM group_member m
             JOIN permission_grant g
               ON g.organization_id = $1 AND g.principal_id = m.group_id
            WHERE m.organization_id = $1 AND m.user_id = u.user_id)
"""


async def list_holders(
    connection: Connection, organization_id: UUID, user_ids: Sequence[UUID]
) -> set[UUID]:
    """Return the users and groups among these that hold a permission, directly or through one."""
    rows = await connection.fetch(LIST_SQL, organization_id, user_ids)
    return {row["user_id"] for row in rows}
