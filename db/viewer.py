"""What a principal is in an organization: one row, whatever it was granted."""

from dataclasses import dataclass
from uuid import UUID

from db.pool import Connection
from db.users import User


@dataclass(frozen=True, slots=True)
class Member(User):
    """A user with the name of its organization."""

    organization_name: str


FIND_SQL = """
SELECT u.organization_id, u.user_id, u.is_application_user, u.name, u.name_key, u.description,
       u.email, u.state, u.create_time, u.created_by, u.last_activity_time,
       o.name AS organization_name
  FROM organization_user u
  JOIN organization o ON o.organization_id = $1
 WHERE u.organization_id = $1 AND u.user_id = $2
"""


async def find(connection: Connection, organization_id: UUID, user_id: UUID) -> Member | None:
    """Return a user, a deleted one too, with the name of its organization."""
    row = await connection.fetchrow(FIND_SQL, organization_id, user_id)
    return Member(*row) if row else None
