"""Whether the actor of a change still may act, asked in the transaction of the change."""

from uuid import UUID

from db.pool import Connection

IS_LIVE_SQL = """
SELECT u.state = 'ACTIVE'
       AND ($3::uuid IS NULL OR EXISTS (
           SELECT FROM token t
            WHERE t.organization_id = $1 AND t.token_id = $3
              AND t.revoke_time IS NULL
              AND (t.expiry_time IS NULL OR t.expiry_time > clock_timestamp()))) AS is_live
  FROM organization_user u
 WHERE u.organization_id = $1 AND u.user_id = $2
"""


async def is_live(
    connection: Connection, organization_id: UUID, user_id: UUID, token_id: UUID | None
) -> bool:
    """Tell whether a user is active and the token that it acts with, if any, still accepted."""
    return bool(await connection.fetchval(IS_LIVE_SQL, organization_id, user_id, token_id))
