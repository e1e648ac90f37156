"""Statements of the sweep: tokens that nobody uses, and what the policy does to them.

A day is 24 hours. Each fragment below is a condition on a token ``t`` and a policy ``p``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.keyset import LAST_ID
from db.pool import Connection
from db.tokens import STATUS, TokenStatus

# Of a token that was never used, its beginning counts; of one that was activated again, that.
UNUSED_SINCE = "greatest(t.last_used_time, t.create_time, t.activate_time)"


def _unused_for(days: str) -> str:
    return f"{UNUSED_SINCE} <= now() - make_interval(hours => 24 * {days})"


# What has ended for good is left alone, and so is what people hold. A token whose user is
# deactivated goes on ageing: it could come back with its user.
_AGEING = """t.revoke_time IS NULL AND u.is_application_user
       AND coalesce(least(t.expiry_time, t.overlap_end_time), 'infinity') > now()"""
# Where a policy has both rules, a token has to be deactivated for as long as lies between them: a
# revocation is for ever, and whoever misses the token has that time to take it back.
REVOKE_DUE = f"""coalesce({_AGEING}
       AND {_unused_for("p.revoke_unused_days")}
       AND (p.deactivate_unused_days IS NULL
           OR t.deactivate_time <= now() - make_interval(
                  hours => 24 * (p.revoke_unused_days - p.deactivate_unused_days))), false)"""
DEACTIVATE_DUE = f"""coalesce({_AGEING} AND t.deactivate_time IS NULL
       AND {_unused_for("p.deactivate_unused_days")}, false)"""


@dataclass(frozen=True, slots=True)
class UnusedToken:
    """A token that the policy deactivates, or revokes where it was unused for longer.

    ``status`` is what it is before that.
    """

    token_id: UUID
    user_id: UUID
    is_to_revoke: bool
    last_used_time: datetime | None
    unused_since: datetime
    status: TokenStatus


HAS_WORK_SQL = """
SELECT EXISTS (
           SELECT FROM organization_policy p
            WHERE p.organization_id = $1
              AND (p.deactivate_unused_days IS NOT NULL OR p.revoke_unused_days IS NOT NULL)
       ) AS has_work
"""


async def has_work(connection: Connection, organization_id: UUID) -> bool:
    """Tell whether an organization's policy ends tokens for disuse at all."""
    return bool(await connection.fetchval(HAS_WORK_SQL, organization_id))


FIND_WINDOW_END_SQL = """
SELECT t.token_id
  FROM token t
 WHERE t.organization_id = $1 AND t.token_id > $2
 ORDER BY t.token_id
OFFSET $3
 LIMIT 1
"""


async def find_window_end(
    connection: Connection, organization_id: UUID, behind: UUID, size: int
) -> UUID:
    """Return the id up to which a statement looks at about ``size`` tokens; at the end, the last.

    Most tokens are in use: without a window a statement would read all of them for a few.
    """
    found = await connection.fetchval(FIND_WINDOW_END_SQL, organization_id, behind, size)
    return found or LAST_ID


LIST_UNUSED_SQL = f"""
SELECT t.token_id, t.user_id, {REVOKE_DUE} AS is_to_revoke, t.last_used_time,
       {UNUSED_SINCE} AS unused_since, {STATUS} AS status
  FROM organization_policy p
  JOIN token t ON t.organization_id = p.organization_id
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE p.organization_id = $1
   AND t.organization_id = $1 AND t.token_id > $2 AND t.token_id <= $3
   AND (({DEACTIVATE_DUE}) OR {REVOKE_DUE})
 ORDER BY t.token_id
 LIMIT $4
"""


async def list_unused(
    connection: Connection, organization_id: UUID, behind: UUID, end: UUID, at_most: int
) -> list[UnusedToken]:
    """Return the next tokens in a window of ids that the policy ends for disuse, by their ids."""
    rows = await connection.fetch(LIST_UNUSED_SQL, organization_id, behind, end, at_most)
    return [UnusedToken(*row) for row in rows]


# Everything is asked again of the row as it is once it is locked: a use, an activation or another
# policy since the look saves the token. Rows that somebody else has locked are skipped, not waited
# for: they are being used or ended, and a batch of uses that holds some of them might wait for
# others that this holds.
SWEEP_SQL = f"""
WITH due AS (
    SELECT t.token_id, {REVOKE_DUE} AS is_to_revoke, {UNUSED_SINCE} AS unused_since,
           {STATUS} AS status
      FROM organization_policy p
      JOIN token t ON t.organization_id = p.organization_id
      JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
     WHERE p.organization_id = $1
       AND t.organization_id = $1 AND t.token_id = ANY ($2)
       AND (({DEACTIVATE_DUE}) OR {REVOKE_DUE})
       FOR NO KEY UPDATE OF t SKIP LOCKED
)
UPDATE token t
   SET revoke_time = CASE WHEN due.is_to_revoke THEN clock_timestamp() END,
       deactivate_time = CASE
           WHEN due.is_to_revoke THEN t.deactivate_time
           ELSE clock_timestamp()
       END
  FROM due
 WHERE t.organization_id = $1 AND t.token_id = due.token_id
RETURNING t.token_id, t.user_id, due.is_to_revoke, t.last_used_time, due.unused_since, due.status
"""


async def sweep(
    connection: Connection, organization_id: UUID, token_ids: Sequence[UUID]
) -> list[UnusedToken]:
    """Deactivate or revoke those of the tokens whose time has come, and return what was done.

    Behind the organization's lock, so that each token is ended once.
    """
    rows = await connection.fetch(SWEEP_SQL, organization_id, token_ids)
    return [UnusedToken(*row) for row in rows]
