"""Statements for a database that was restored from a backup: what ended since is ended again."""

from datetime import datetime
from uuid import UUID

from db.pool import Connection


def _list_minted_sql(condition: str) -> str:
    return f"""
SELECT token_id
  FROM token
 WHERE organization_id = $1 AND token_id > $2
   AND revoke_time IS NULL AND create_time <= $3
   AND coalesce(least(expiry_time, overlap_end_time), 'infinity') > now()
   AND {condition}
 ORDER BY token_id
 LIMIT $4
"""


# A user's own are found by another index than all of them.
LIST_MINTED_UNTIL_SQL = {
    "all": _list_minted_sql("true"),
    "user": _list_minted_sql("user_id = $5"),
}


async def list_minted_until(
    connection: Connection,
    organization_id: UUID,
    behind: UUID,
    until: datetime,
    user_id: UUID | None,
    at_most: int,
) -> list[UUID]:
    """Return the next live tokens that were made until a time, of one user or of all."""
    statement = LIST_MINTED_UNTIL_SQL["all" if user_id is None else "user"]
    of = () if user_id is None else (user_id,)
    rows = await connection.fetch(statement, organization_id, behind, until, at_most, *of)
    return [row["token_id"] for row in rows]


# What was rotated without an overlap ended before its event was written.
MARK_SUPERSEDED_SQL = """
UPDATE token
   SET supersede_time = least($3::timestamptz, $4::timestamptz), overlap_end_time = $4
 WHERE organization_id = $1 AND token_id = $2
   AND supersede_time IS NULL AND revoke_time IS NULL
RETURNING user_id
"""


async def mark_superseded(
    connection: Connection,
    organization_id: UUID,
    token_id: UUID,
    rotate_time: datetime,
    overlap_end_time: datetime,
) -> UUID | None:
    """Have a token be rotated, whose successor is not there; return its user.

    None where it was rotated or revoked before, or is missing.
    """
    return await connection.fetchval(
        MARK_SUPERSEDED_SQL, organization_id, token_id, rotate_time, overlap_end_time
    )


MARK_UNUSED_SQL = """
UPDATE token
   SET deactivate_time = clock_timestamp()
 WHERE organization_id = $1 AND token_id = $2
   AND deactivate_time IS NULL AND revoke_time IS NULL
RETURNING user_id
"""


async def mark_unused(connection: Connection, organization_id: UUID, token_id: UUID) -> UUID | None:
    """Deactivate a token and return its user; None where it is so, is revoked, or is missing."""
    return await connection.fetchval(MARK_UNUSED_SQL, organization_id, token_id)


MARK_USER_DEACTIVATED_SQL = """
UPDATE organization_user
   SET state = 'DEACTIVATED'
 WHERE organization_id = $1 AND user_id = $2 AND state = 'ACTIVE'
RETURNING is_application_user
"""


async def mark_user_deactivated(
    connection: Connection, organization_id: UUID, user_id: UUID
) -> bool | None:
    """Deactivate an active user and tell whether it is an application user; None for no such."""
    return await connection.fetchval(MARK_USER_DEACTIVATED_SQL, organization_id, user_id)
