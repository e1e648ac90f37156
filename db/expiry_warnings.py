"""Which tokens expire soon and were not warned of, and that they were."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.pool import Connection


@dataclass(frozen=True, slots=True)
class ExpiringToken:
    """A token with the warning that it is given."""

    token_id: UUID
    user_id: UUID
    days: int
    expiry_time: datetime


# The nearest of the thresholds that have come. A day is 24 hours.
_DAYS = """CASE
               WHEN t.expiry_time <= now() + interval '24 hours' THEN 1
               WHEN t.expiry_time <= now() + interval '168 hours' THEN 7
               WHEN t.expiry_time <= now() + interval '720 hours' THEN 30
           END"""

# A sliding token that is used lives max_age_seconds more; what a token that expires mints may have
# less than that from the start.
_BIRTH = "greatest(t.create_time, t.expiry_time - make_interval(secs => t.max_age_seconds))"

# Everything is asked again of the row as it is once it is locked, in the order in which uses are
# written: of two workers the second finds the first one's warning.
WARN_SQL = f"""
WITH due AS (
    SELECT t.token_id, {_DAYS} AS days
      FROM token t
      JOIN organization_user u ON u.organization_id = $1 AND u.user_id = t.user_id
     WHERE t.organization_id = $1
       AND t.expiry_time IS NOT NULL AND t.revoke_time IS NULL
       AND t.expiry_time > now() AND t.expiry_time <= now() + interval '720 hours'
       AND t.supersede_time IS NULL AND t.deactivate_time IS NULL
       AND u.is_application_user AND u.state = 'ACTIVE'
       AND coalesce(t.warned_days, 2147483647) > {_DAYS}
       AND t.expiry_time - {_BIRTH} > make_interval(hours => 24 * {_DAYS})
     ORDER BY t.token_id
     LIMIT $2
       FOR NO KEY UPDATE OF t
)
UPDATE token t
   SET warned_days = due.days
  FROM due
 WHERE t.organization_id = $1 AND t.token_id = due.token_id
RETURNING t.token_id, t.user_id, due.days, t.expiry_time
"""


async def warn(connection: Connection, organization_id: UUID, at_most: int) -> list[ExpiringToken]:
    """Note the warnings that are due for some live tokens of application users; return them."""
    rows = await connection.fetch(WARN_SQL, organization_id, at_most)
    return [ExpiringToken(*row) for row in rows]


# What is being used at this moment is looked at the next time: batches of uses hold several rows.
FORGET_SQL = """
WITH extended AS (
    SELECT t.token_id
      FROM token t
     WHERE t.organization_id = $1
       AND t.expiry_time IS NOT NULL AND t.revoke_time IS NULL
       AND t.extend_when_used AND t.warned_days IS NOT NULL
       AND t.expiry_time > now() + make_interval(hours => 24 * t.warned_days)
       FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE token t
   SET warned_days = NULL
  FROM extended
 WHERE t.organization_id = $1 AND t.token_id = extended.token_id
"""


async def forget(connection: Connection, organization_id: UUID) -> None:
    """Forget the warnings of tokens that were used since: those come anew."""
    await connection.execute(FORGET_SQL, organization_id)
