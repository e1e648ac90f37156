"""Statements of rotation: a token is superseded once, and has one successor."""

from collections.abc import Sequence
from uuid import UUID

from db.pool import Connection
from db.tokens import COLUMNS, RETURNED, Token

# Without an overlap the token ends in this very statement, which began before its end.
_COLUMNS = COLUMNS.replace("now()", "clock_timestamp()")

# One statement claims: of two at once the second waits for the first's row, looks at it again, and
# finds nothing to claim. clock_timestamp() is read then, not when the wait began.
SUPERSEDE_SQL = f"""
WITH t AS (
    UPDATE token
       SET supersede_time = clock_timestamp(),
           overlap_end_time = clock_timestamp() + make_interval(secs => $3::integer)
     WHERE organization_id = $1 AND token_id = $2
       AND supersede_time IS NULL
       AND revoke_time IS NULL
       AND deactivate_time IS NULL
       AND coalesce(expiry_time, 'infinity')
           > clock_timestamp() + make_interval(secs => $3::integer)
    RETURNING {RETURNED}
)
SELECT {_COLUMNS}
  FROM t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
"""


async def supersede(
    connection: Connection, organization_id: UUID, token_id: UUID, overlap_seconds: int
) -> Token | None:
    """Claim a token's rotation; it is accepted for ``overlap_seconds`` more.

    None where it was rotated before, is revoked, deactivated or expired, or would expire sooner.
    """
    row = await connection.fetchrow(SUPERSEDE_SQL, organization_id, token_id, overlap_seconds)
    return Token(*row) if row else None


FIND_SUCCESSORS_SQL = f"""
SELECT {COLUMNS}
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1 AND t.predecessor_id = ANY ($2::uuid[])
"""


async def find_successors(
    connection: Connection, organization_id: UUID, token_ids: Sequence[UUID]
) -> list[Token]:
    """Return the successors of those among these tokens that were rotated, in no order."""
    rows = await connection.fetch(FIND_SUCCESSORS_SQL, organization_id, token_ids)
    return [Token(*row) for row in rows]
