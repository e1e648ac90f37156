"""Statements and rows of grants: which principal holds which permission on which resource."""

from dataclasses import dataclass
from uuid import UUID

from db.pool import Connection


@dataclass(frozen=True, slots=True)
class Grant:
    """A row of ``permission_grant``: to a user, or to a group and so to its members."""

    principal_id: UUID
    is_group: bool
    resource_id: UUID
    permission: str


INSERT_SQL = """
INSERT INTO permission_grant
       (organization_id, principal_id, is_group, resource_id, permission, created_by)
SELECT $1, $2, $3, $4, p.permission, $6
  FROM unnest($5::text[]) AS p (permission)
    ON CONFLICT DO NOTHING
RETURNING permission
"""


async def insert(
    connection: Connection,
    organization_id: UUID,
    principal_id: UUID,
    *,
    is_group: bool,
    resource_id: UUID,
    permissions: list[str],
    created_by: UUID | None,
) -> list[str]:
    """Give a principal permissions on a resource; return those that it did not have there."""
    rows = await connection.fetch(
        INSERT_SQL, organization_id, principal_id, is_group, resource_id, permissions, created_by
    )
    return [row["permission"] for row in rows]


LOCK_USER_SQL = """
SELECT true
  FROM organization_user
 WHERE organization_id = $1 AND user_id = $2
   AND state <> 'DELETED'
   FOR NO KEY UPDATE
"""
LOCK_GROUP_SQL = """
SELECT true
  FROM user_group
 WHERE organization_id = $1 AND group_id = $2
   FOR NO KEY UPDATE
"""


async def lock_principal(
    connection: Connection, organization_id: UUID, principal_id: UUID, *, is_group: bool
) -> bool:
    """Keep minting for a user, and changes of a user or group, out until the commit.

    False where there is no such user or group, or it is deleted.
    """
    sql = LOCK_GROUP_SQL if is_group else LOCK_USER_SQL
    return bool(await connection.fetchval(sql, organization_id, principal_id))


LIST_HELD_SQL = """
SELECT permission
  FROM permission_grant
 WHERE organization_id = $1 AND principal_id = $2 AND resource_id = $3
"""


async def list_held(
    connection: Connection, organization_id: UUID, principal_id: UUID, resource_id: UUID
) -> list[str]:
    """Return what a principal itself was granted on a resource itself, in no order."""
    rows = await connection.fetch(LIST_HELD_SQL, organization_id, principal_id, resource_id)
    return [row["permission"] for row in rows]


DELETE_SQL = """
DELETE FROM permission_grant
 WHERE organization_id = $1 AND principal_id = $2 AND resource_id = $3
   AND permission = ANY ($4::text[])
"""


async def delete(
    connection: Connection,
    organization_id: UUID,
    principal_id: UUID,
    resource_id: UUID,
    permissions: list[str],
) -> None:
    """Take permissions on a resource from a principal."""
    await connection.execute(DELETE_SQL, organization_id, principal_id, resource_id, permissions)


DELETE_ALL_SQL = """
DELETE FROM permission_grant
 WHERE organization_id = $1 AND principal_id = $2
RETURNING principal_id, is_group, resource_id, permission
"""


async def delete_all(
    connection: Connection, organization_id: UUID, principal_id: UUID
) -> list[Grant]:
    """Take every permission from a principal, on whatever resource, and return what it had."""
    rows = await connection.fetch(DELETE_ALL_SQL, organization_id, principal_id)
    return [Grant(*row) for row in rows]


HOLDS_ANY_SQL = """
SELECT EXISTS (
           SELECT FROM permission_grant g
            WHERE g.organization_id = $1
              AND g.principal_id = ANY ($2::uuid || ARRAY(
                      SELECT m.group_id
                        FROM group_member m
                       WHERE m.organization_id = $1 AND m.user_id = $2))) AS holds_any
"""


async def holds_any(connection: Connection, organization_id: UUID, principal_id: UUID) -> bool:
    """Tell whether a user, directly or through a group, or a group holds any permission at all.

    Behind a lock that grants and memberships wait for, the answer stands until the commit.
    """
    return bool(await connection.fetchval(HOLDS_ANY_SQL, organization_id, principal_id))


HAS_ADMINISTRATOR_SQL = """
SELECT EXISTS (
           SELECT FROM permission_grant g
             LEFT JOIN group_member m
               ON m.organization_id = $1 AND m.group_id = g.group_id
             JOIN organization_user u
               ON u.organization_id = $1 AND u.user_id = coalesce(g.user_id, m.user_id)
            WHERE g.organization_id = $1 AND g.resource_id = $1
              AND g.permission = 'role:organization:admin'
              AND u.state = 'ACTIVE' AND NOT u.is_application_user) AS has_administrator
"""


async def has_administrator(connection: Connection, organization_id: UUID) -> bool:
    """Tell whether an active person is administrator, directly or through a group."""
    return bool(await connection.fetchval(HAS_ADMINISTRATOR_SQL, organization_id))
