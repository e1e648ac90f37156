"""Statements of people alone: found by identity, changed, removed.

Their rows, and what they have in common with application users, are in ``db.users``.
"""

from typing import Literal, TypeAlias
from uuid import UUID

from db.pool import Connection
from db.users import User

LiveState: TypeAlias = Literal["ACTIVE", "DEACTIVATED"]

FIND_ID_BY_IDENTITY_SQL = """
SELECT user_id
  FROM organization_user
 WHERE organization_id = $1 AND issuer = $2 AND subject = $3
   AND state <> 'DELETED'
"""


async def find_id_by_identity(
    connection: Connection, organization_id: UUID, issuer: str, subject: str
) -> UUID | None:
    """Return the live person that an identity provider calls ``subject``."""
    return await connection.fetchval(FIND_ID_BY_IDENTITY_SQL, organization_id, issuer, subject)


LOCK_SQL = """
SELECT organization_id, user_id, is_application_user, name, name_key, description, email,
       state, create_time, created_by, last_activity_time
  FROM organization_user
 WHERE organization_id = $1 AND user_id = $2
   AND NOT is_application_user AND state <> 'DELETED'
   FOR NO KEY UPDATE
"""


async def lock(connection: Connection, organization_id: UUID, user_id: UUID) -> User | None:
    """Return a live person and keep others from it until the commit."""
    row = await connection.fetchrow(LOCK_SQL, organization_id, user_id)
    return User(*row) if row else None


UPDATE_SQL = """
UPDATE organization_user
   SET name = $3, name_key = $4, state = $5
 WHERE organization_id = $1 AND user_id = $2
   AND NOT is_application_user AND state <> 'DELETED'
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
    state: LiveState,
) -> User:
    """Change a live person that is locked."""
    row = await connection.fetchrow(UPDATE_SQL, organization_id, user_id, name, name_key, state)
    assert row is not None
    return User(*row)


MARK_REMOVED_SQL = """
UPDATE organization_user
   SET state = 'DELETED', delete_time = clock_timestamp(), deleted_by = $3
 WHERE organization_id = $1 AND user_id = $2
   AND NOT is_application_user AND state <> 'DELETED'
"""


async def mark_removed(
    connection: Connection, organization_id: UUID, user_id: UUID, removed_by: UUID | None
) -> None:
    """Leave a tombstone of a live person; its identity is free again."""
    await connection.execute(MARK_REMOVED_SQL, organization_id, user_id, removed_by)
