"""Whether the actor of a change still may act, asked in the transaction of the change."""

from dataclasses import dataclass
from uuid import UUID

from db.policies import EXPIRY_REQUIRED, lifetime
from db.pool import Connection


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an actor stands at this moment."""

    is_live: bool
    permissions: list[str]
    """What it is granted on the organization, directly and through groups, below its ceiling."""


# The networks of the token and of the policy are not asked for again: where the request comes from
# is settled when it is authenticated.
FIND_STANDING_SQL = f"""
SELECT u.state = 'ACTIVE'
           AND ($3::uuid IS NULL
               OR (t.revoke_time IS NULL AND t.deactivate_time IS NULL
                   AND coalesce(least(t.expiry_time, t.overlap_end_time), 'infinity')
                       > clock_timestamp()
                   AND NOT coalesce(u.is_application_user
                       AND ({EXPIRY_REQUIRED} OR {lifetime("clock_timestamp()")}), false)))
           AS is_live,
       ARRAY(SELECT DISTINCT g.permission
               FROM permission_grant g
              WHERE g.organization_id = $1
                AND g.principal_id = ANY (u.user_id || ARRAY(
                        SELECT m.group_id
                          FROM group_member m
                         WHERE m.organization_id = $1 AND m.user_id = $2))
                AND g.resource_id = $1
                AND (t.permission_ceiling IS NULL OR g.permission = ANY (t.permission_ceiling))
           ) AS permissions
  FROM organization_user u
  LEFT JOIN token t ON t.organization_id = $1 AND t.token_id = $3
  LEFT JOIN organization_policy p ON p.organization_id = $1
 WHERE u.organization_id = $1 AND u.user_id = $2
   AND ($3::uuid IS NULL OR t.user_id = $2)
"""


async def find_standing(
    connection: Connection, organization_id: UUID, user_id: UUID, token_id: UUID | None
) -> Standing | None:
    """Return where a user stands that acts with a token or signed in; None for no such pair."""
    row = await connection.fetchrow(FIND_STANDING_SQL, organization_id, user_id, token_id)
    return Standing(*row) if row else None
