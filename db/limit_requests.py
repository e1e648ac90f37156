"""Statements and rows of requests for a higher limit of application users."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from db.keyset import Position
from db.pool import Connection

LimitRequestState: TypeAlias = Literal["PENDING", "GRANTED", "DECLINED"]


@dataclass(frozen=True, slots=True)
class LimitRequest:
    """A row of ``limit_request``."""

    organization_id: UUID
    request_id: UUID
    application_user_limit: int
    reason: str | None
    state: LimitRequestState
    create_time: datetime
    created_by: UUID
    answer_time: datetime | None
    answered_limit: int | None


INSERT_SQL = """
INSERT INTO limit_request
       (organization_id, request_id, application_user_limit, reason, created_by)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (organization_id) WHERE state = 'PENDING' DO NOTHING
RETURNING organization_id, request_id, application_user_limit, reason, state, create_time,
          created_by, answer_time, answered_limit
"""


async def insert(
    connection: Connection,
    *,
    organization_id: UUID,
    request_id: UUID,
    application_user_limit: int,
    reason: str | None,
    created_by: UUID,
) -> LimitRequest | None:
    """Add a request; None where another one waits for its answer."""
    row = await connection.fetchrow(
        INSERT_SQL, organization_id, request_id, application_user_limit, reason, created_by
    )
    return LimitRequest(*row) if row else None


FIND_SQL = """
SELECT organization_id, request_id, application_user_limit, reason, state, create_time,
       created_by, answer_time, answered_limit
  FROM limit_request
 WHERE organization_id = $1 AND request_id = $2
"""


async def find(
    connection: Connection, organization_id: UUID, request_id: UUID
) -> LimitRequest | None:
    """Return a request in whatever state."""
    row = await connection.fetchrow(FIND_SQL, organization_id, request_id)
    return LimitRequest(*row) if row else None


FIND_PENDING_SQL = """
SELECT organization_id, request_id, application_user_limit, reason, state, create_time,
       created_by, answer_time, answered_limit
  FROM limit_request
 WHERE organization_id = $1 AND state = 'PENDING'
"""


async def find_pending(connection: Connection, organization_id: UUID) -> LimitRequest | None:
    """Return the request that waits for its answer: there is one at the most."""
    row = await connection.fetchrow(FIND_PENDING_SQL, organization_id)
    return LimitRequest(*row) if row else None


ANSWER_SQL = """
UPDATE limit_request
   SET state = CASE WHEN $2 >= application_user_limit THEN 'GRANTED' ELSE 'DECLINED' END,
       answer_time = clock_timestamp(), answered_limit = $2
 WHERE organization_id = $1 AND state = 'PENDING'
RETURNING organization_id, request_id, application_user_limit, reason, state, create_time,
          created_by, answer_time, answered_limit
"""


async def answer(
    connection: Connection, organization_id: UUID, answered_limit: int
) -> LimitRequest | None:
    """Answer the request that waits, if any does, by what the limit became."""
    row = await connection.fetchrow(ANSWER_SQL, organization_id, answered_limit)
    return LimitRequest(*row) if row else None


LIST_SQL = """
SELECT organization_id, request_id, application_user_limit, reason, state, create_time,
       created_by, answer_time, answered_limit
  FROM limit_request
 WHERE organization_id = $1
   AND (create_time, request_id) < ($2::timestamptz, $3::uuid)
 ORDER BY create_time DESC, request_id DESC
 LIMIT $4
"""


async def list_page(
    connection: Connection, organization_id: UUID, after: Position, limit: int
) -> list[LimitRequest]:
    """Return the next ``limit`` requests behind a position, the newest first."""
    rows = await connection.fetch(LIST_SQL, organization_id, after.key, after.id, limit)
    return [LimitRequest(*row) for row in rows]
