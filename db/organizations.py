"""Statements and rows of organizations and their counters."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.pool import Connection


@dataclass(frozen=True, slots=True)
class Organization:
    """A row of ``organization``."""

    organization_id: UUID
    name: str
    application_user_limit: int
    application_user_count: int
    create_time: datetime


INSERT_SQL = """
INSERT INTO organization (organization_id, name)
VALUES ($1, $2)
RETURNING organization_id, name, application_user_limit, application_user_count, create_time
"""


async def insert(connection: Connection, organization_id: UUID, name: str) -> Organization:
    """Add an organization without users."""
    row = await connection.fetchrow(INSERT_SQL, organization_id, name)
    assert row is not None
    return Organization(*row)


FIND_SQL = """
SELECT organization_id, name, application_user_limit, application_user_count, create_time
  FROM organization
 WHERE organization_id = $1
"""


async def find(connection: Connection, organization_id: UUID) -> Organization | None:
    """Return an organization, None where it does not exist or is another tenant's."""
    row = await connection.fetchrow(FIND_SQL, organization_id)
    return Organization(*row) if row else None


LOCK_SQL = """
SELECT true
  FROM organization
 WHERE organization_id = $1
   FOR NO KEY UPDATE
"""


async def lock(connection: Connection, organization_id: UUID) -> None:
    """Take turns with whoever creates, renames or deletes in the organization.

    Locks are taken in one order everywhere, organization, user, tokens, so that none deadlock.
    """
    await connection.execute(LOCK_SQL, organization_id)


SHARE_SQL = """
SELECT true
  FROM organization
 WHERE organization_id = $1
   FOR SHARE
"""


async def share(connection: Connection, organization_id: UUID) -> None:
    """Wait for whoever holds ``lock``, and have them wait; others may share at the same time."""
    await connection.execute(SHARE_SQL, organization_id)


CLAIM_APPLICATION_USER_SQL = """
UPDATE organization
   SET application_user_count = application_user_count + 1
 WHERE organization_id = $1
   AND application_user_count < application_user_limit
RETURNING application_user_count
"""


async def claim_application_user(connection: Connection, organization_id: UUID) -> bool:
    """Count one more application user; False at the limit.

    The row lock makes the count exact under any concurrency, which counting rows is not.
    """
    return await connection.fetchval(CLAIM_APPLICATION_USER_SQL, organization_id) is not None


RELEASE_APPLICATION_USER_SQL = """
UPDATE organization
   SET application_user_count = application_user_count - 1
 WHERE organization_id = $1
"""


async def release_application_user(connection: Connection, organization_id: UUID) -> None:
    """Count one application user less."""
    await connection.execute(RELEASE_APPLICATION_USER_SQL, organization_id)


SET_LIMIT_SQL = """
UPDATE organization
   SET application_user_limit = $2
 WHERE organization_id = $1
RETURNING organization_id, name, application_user_limit, application_user_count, create_time
"""


async def set_limit(
    connection: Connection, organization_id: UUID, application_user_limit: int
) -> Organization | None:
    """Change how many application users an organization may have; None where it is missing."""
    row = await connection.fetchrow(SET_LIMIT_SQL, organization_id, application_user_limit)
    return Organization(*row) if row else None


LIST_IDS_SQL = """
SELECT organization_id
  FROM list_organization_ids($1, $2)
"""


async def list_ids(connection: Connection, behind: UUID, at_most: int) -> list[UUID]:
    """Return the next organizations in the order of their ids, whichever tenant this is."""
    rows = await connection.fetch(LIST_IDS_SQL, behind, at_most)
    return [row["organization_id"] for row in rows]
