"""Statements and rows of webhook endpoints; what goes to them is in ``db.webhook_deliveries``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.keyset import Position
from db.pool import Connection


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """A row of ``webhook_endpoint``."""

    organization_id: UUID
    endpoint_id: UUID
    url: str
    description: str | None
    actions: list[str] | None
    """The actions that it is told of; None: all."""
    is_active: bool
    pepper_version: int
    key_number: int
    previous_pepper_version: int | None
    previous_key_end_time: datetime | None
    create_time: datetime
    created_by: UUID | None


_COLUMNS = """organization_id, endpoint_id, url, description, actions, is_active, pepper_version,
          key_number, previous_pepper_version, previous_key_end_time, create_time, created_by"""

INSERT_SQL = f"""
INSERT INTO webhook_endpoint
       (organization_id, endpoint_id, url, description, actions, pepper_version, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING {_COLUMNS}
"""


async def insert(
    connection: Connection,
    *,
    organization_id: UUID,
    endpoint_id: UUID,
    url: str,
    description: str | None,
    actions: Sequence[str] | None,
    pepper_version: int,
    created_by: UUID | None,
) -> WebhookEndpoint:
    """Add an active endpoint."""
    row = await connection.fetchrow(
        INSERT_SQL,
        organization_id,
        endpoint_id,
        url,
        description,
        actions,
        pepper_version,
        created_by,
    )
    assert row is not None
    return WebhookEndpoint(*row)


COUNT_SQL = """
SELECT count(*)
  FROM webhook_endpoint
 WHERE organization_id = $1 AND delete_time IS NULL
"""


async def count(connection: Connection, organization_id: UUID) -> int:
    """Return how many endpoints an organization has; exact behind the organization's lock."""
    return await connection.fetchval(COUNT_SQL, organization_id)


FIND_SQL = f"""
SELECT {_COLUMNS}
  FROM webhook_endpoint
 WHERE organization_id = $1 AND endpoint_id = $2 AND delete_time IS NULL
"""


async def find(
    connection: Connection, organization_id: UUID, endpoint_id: UUID
) -> WebhookEndpoint | None:
    """Return an endpoint, None where there is none."""
    row = await connection.fetchrow(FIND_SQL, organization_id, endpoint_id)
    return WebhookEndpoint(*row) if row else None


UPDATE_SQL = f"""
UPDATE webhook_endpoint
   SET url = $3, description = $4, actions = $5, is_active = $6
 WHERE organization_id = $1 AND endpoint_id = $2 AND delete_time IS NULL
RETURNING {_COLUMNS}
"""


async def update(
    connection: Connection,
    organization_id: UUID,
    endpoint_id: UUID,
    *,
    url: str,
    description: str | None,
    actions: Sequence[str] | None,
    is_active: bool,
) -> WebhookEndpoint:
    """Change an endpoint that is there."""
    row = await connection.fetchrow(
        UPDATE_SQL, organization_id, endpoint_id, url, description, actions, is_active
    )
    assert row is not None
    return WebhookEndpoint(*row)


ROTATE_KEY_SQL = f"""
UPDATE webhook_endpoint
   SET key_number = key_number + 1,
       previous_pepper_version = pepper_version,
       previous_key_end_time = now() + make_interval(secs => $4),
       pepper_version = $3
 WHERE organization_id = $1 AND endpoint_id = $2 AND delete_time IS NULL
RETURNING {_COLUMNS}
"""


async def rotate_key(
    connection: Connection,
    organization_id: UUID,
    endpoint_id: UUID,
    *,
    pepper_version: int,
    overlap_seconds: float,
) -> WebhookEndpoint | None:
    """Give an endpoint its next key; the one before signs beside it for a while.

    None where there is none.
    """
    row = await connection.fetchrow(
        ROTATE_KEY_SQL, organization_id, endpoint_id, pepper_version, overlap_seconds
    )
    return WebhookEndpoint(*row) if row else None


MARK_DELETED_SQL = f"""
UPDATE webhook_endpoint
   SET delete_time = now(), is_active = false
 WHERE organization_id = $1 AND endpoint_id = $2 AND delete_time IS NULL
RETURNING {_COLUMNS}
"""


async def mark_deleted(
    connection: Connection, organization_id: UUID, endpoint_id: UUID
) -> WebhookEndpoint | None:
    """Leave a tombstone; None where there was no endpoint."""
    row = await connection.fetchrow(MARK_DELETED_SQL, organization_id, endpoint_id)
    return WebhookEndpoint(*row) if row else None


LIST_SQL = f"""
SELECT {_COLUMNS}
  FROM webhook_endpoint
 WHERE organization_id = $1 AND delete_time IS NULL
   AND (create_time, endpoint_id) < ($2::timestamptz, $3::uuid)
 ORDER BY create_time DESC, endpoint_id DESC
 LIMIT $4
"""


async def list_page(
    connection: Connection, organization_id: UUID, after: Position, limit: int
) -> list[WebhookEndpoint]:
    """Return the next ``limit`` endpoints behind a position, the newest first."""
    rows = await connection.fetch(LIST_SQL, organization_id, after.key, after.id, limit)
    return [WebhookEndpoint(*row) for row in rows]
