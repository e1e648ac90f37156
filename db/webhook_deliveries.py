"""Statements and rows of the outbox: which event goes to which endpoint, and what became of it.

``append_audit_events`` writes it, in the transaction of the event. A row is due from its next
attempt's time on, unless somebody has leased it; without a next attempt it is done with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.pool import Connection

LIST_ORGANIZATIONS_TO_NOTIFY_SQL = """
SELECT organization_id
  FROM list_organizations_to_notify($1)
"""


async def list_organizations_to_notify(connection: Connection, at_most: int) -> list[UUID]:
    """Return organizations with deliveries that are due, who waits longest first."""
    rows = await connection.fetch(LIST_ORGANIZATIONS_TO_NOTIFY_SQL, at_most)
    return [row["organization_id"] for row in rows]


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that was due, and is leased."""

    organization_id: UUID
    endpoint_id: UUID
    sequence: int
    attempt_count: int
    url: str
    pepper_version: int
    key_number: int
    previous_pepper_version: int | None
    """None where no earlier key signs any more."""
    claim_time: datetime


_DUE = """d.next_attempt_time <= now()
       AND (d.lease_end_time IS NULL OR d.lease_end_time <= now())"""

# SKIP LOCKED keeps two workers that look at once apart, the lease one that looks later.
CLAIM_SQL = f"""
WITH due AS (
    SELECT d.endpoint_id, d.sequence, w.url, w.pepper_version, w.key_number,
           CASE WHEN w.previous_key_end_time > now() THEN w.previous_pepper_version END
               AS previous_pepper_version
      FROM webhook_delivery d
      JOIN webhook_endpoint w
        ON w.organization_id = $1 AND w.endpoint_id = d.endpoint_id
     WHERE d.organization_id = $1
       AND {_DUE}
       AND d.attempt_count < $3 AND w.is_active
     ORDER BY d.next_attempt_time
     LIMIT $2
       FOR NO KEY UPDATE OF d SKIP LOCKED
)
UPDATE webhook_delivery d
   SET attempt_count = d.attempt_count + 1, lease_end_time = now() + make_interval(secs => $4)
  FROM due
 WHERE d.organization_id = $1 AND d.endpoint_id = due.endpoint_id AND d.sequence = due.sequence
RETURNING d.organization_id, d.endpoint_id, d.sequence, d.attempt_count, due.url,
          due.pepper_version, due.key_number, due.previous_pepper_version, now() AS claim_time
"""


async def claim(
    connection: Connection,
    organization_id: UUID,
    *,
    at_most: int,
    attempts: int,
    lease_seconds: float,
) -> list[Claim]:
    """Lease what is due, and count the attempt.

    Nobody else gets what is leased until the lease ends, or ``mark_…`` ends it.
    """
    rows = await connection.fetch(CLAIM_SQL, organization_id, at_most, attempts, lease_seconds)
    return [Claim(*row) for row in rows]


GIVE_UP_SQL = f"""
WITH due AS (
    SELECT d.endpoint_id, d.sequence, w.is_active
      FROM webhook_delivery d
      JOIN webhook_endpoint w
        ON w.organization_id = $1 AND w.endpoint_id = d.endpoint_id
     WHERE d.organization_id = $1
       AND {_DUE}
       AND NOT (d.attempt_count < $3 AND w.is_active)
     LIMIT $2
       FOR NO KEY UPDATE OF d SKIP LOCKED
)
UPDATE webhook_delivery d
   SET lease_end_time = NULL, next_attempt_time = NULL,
       last_error = CASE
           WHEN NOT due.is_active THEN 'The endpoint is not active.'
           ELSE coalesce(d.last_error, 'The service was stopped during every attempt.')
       END
  FROM due
 WHERE d.organization_id = $1 AND d.endpoint_id = due.endpoint_id AND d.sequence = due.sequence
"""


async def give_up(
    connection: Connection, organization_id: UUID, *, at_most: int, attempts: int
) -> None:
    """End what is due and that ``claim`` never takes: nobody wants it, or it had its attempts."""
    await connection.execute(GIVE_UP_SQL, organization_id, at_most, attempts)


MARK_DELIVERED_SQL = """
UPDATE webhook_delivery
   SET lease_end_time = NULL, next_attempt_time = NULL, deliver_time = clock_timestamp(),
       last_status = $5, last_error = NULL
 WHERE organization_id = $1 AND endpoint_id = $2 AND sequence = $3
   AND attempt_count = $4 AND next_attempt_time IS NOT NULL
"""


async def mark_delivered(connection: Connection, claim: Claim, status: int) -> None:
    """End a delivery well, unless its lease ended and somebody else is at it."""
    await connection.execute(
        MARK_DELIVERED_SQL,
        claim.organization_id,
        claim.endpoint_id,
        claim.sequence,
        claim.attempt_count,
        status,
    )


MARK_FAILED_SQL = """
UPDATE webhook_delivery
   SET lease_end_time = NULL,
       next_attempt_time = clock_timestamp() + make_interval(secs => $7::double precision),
       last_status = $5, last_error = $6
 WHERE organization_id = $1 AND endpoint_id = $2 AND sequence = $3
   AND attempt_count = $4 AND next_attempt_time IS NOT NULL
"""


async def mark_failed(
    connection: Connection,
    claim: Claim,
    *,
    status: int | None,
    error: str,
    again_after: float | None,
) -> None:
    """End an attempt, unless somebody else is at the delivery; None: there is no further one."""
    await connection.execute(
        MARK_FAILED_SQL,
        claim.organization_id,
        claim.endpoint_id,
        claim.sequence,
        claim.attempt_count,
        status,
        error,
        again_after,
    )


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """A row of ``webhook_delivery`` with what its event was."""

    organization_id: UUID
    endpoint_id: UUID
    sequence: int
    action: str
    event_time: datetime
    attempt_count: int
    next_attempt_time: datetime | None
    deliver_time: datetime | None
    last_status: int | None
    last_error: str | None


# Each event is looked up by itself: joined below the limit, the planner would read the trail from
# its end instead, as far back as the page is.
LIST_OF_ENDPOINTS_SQL = """
SELECT page.organization_id, page.endpoint_id, page.sequence, said.action, said.event_time,
       page.attempt_count, page.next_attempt_time, page.deliver_time, page.last_status,
       page.last_error
  FROM unnest($2::uuid[]) AS w (endpoint_id)
 CROSS JOIN LATERAL (
       SELECT d.organization_id, d.endpoint_id, d.sequence, d.attempt_count,
              d.next_attempt_time, d.deliver_time, d.last_status, d.last_error
         FROM webhook_delivery d
        WHERE d.organization_id = $1 AND d.endpoint_id = w.endpoint_id AND d.sequence < $3
        ORDER BY d.sequence DESC
        LIMIT $4) page
 CROSS JOIN LATERAL (
       SELECT e.action, e.event_time
         FROM audit_event e
        WHERE e.organization_id = $1 AND e.sequence = page.sequence
        LIMIT 1) said
"""


async def list_of_endpoints(
    connection: Connection,
    organization_id: UUID,
    endpoint_ids: Sequence[UUID],
    before: int,
    limit: int,
) -> list[WebhookDelivery]:
    """Return the next ``limit`` deliveries of each endpoint, the latest event first."""
    rows = await connection.fetch(
        LIST_OF_ENDPOINTS_SQL, organization_id, endpoint_ids, before, limit
    )
    return [WebhookDelivery(*row) for row in rows]


PRUNE_SQL = """
WITH done AS (
    SELECT d.endpoint_id, d.sequence
      FROM webhook_endpoint w
      JOIN webhook_delivery d ON d.organization_id = $1 AND d.endpoint_id = w.endpoint_id
     WHERE w.organization_id = $1
       AND d.sequence <= (
               SELECT e.sequence
                 FROM audit_event e
                WHERE e.organization_id = $1
                  AND e.event_time < now() - make_interval(days => $2)
                ORDER BY e.event_time DESC, e.sequence DESC
                LIMIT 1)
       AND d.next_attempt_time IS NULL
     LIMIT $3
       FOR UPDATE OF d SKIP LOCKED
), gone AS (
    DELETE FROM webhook_delivery d
     USING done
     WHERE d.organization_id = $1
       AND d.endpoint_id = done.endpoint_id AND d.sequence = done.sequence
    RETURNING 1
)
SELECT count(*) FROM gone
"""


async def prune(
    connection: Connection, organization_id: UUID, *, older_than_days: int, at_most: int
) -> int:
    """Remove some deliveries of old events that are done with; return how many."""
    return await connection.fetchval(PRUNE_SQL, organization_id, older_than_days, at_most)
