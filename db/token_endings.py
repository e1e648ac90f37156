"""Statements that end tokens, or take back the end that can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.pool import Connection
from db.tokens import STATUS, TokenStatus

SHARE_USERS_SQL = """
SELECT u.user_id
  FROM organization_user u
 WHERE u.organization_id = $1
   AND u.user_id IN (
           SELECT t.user_id
             FROM token t
            WHERE t.organization_id = $1 AND t.token_id = ANY ($2::uuid[]))
 ORDER BY u.user_id
   FOR SHARE OF u
"""


async def share_users(
    connection: Connection, organization_id: UUID, token_ids: Sequence[UUID]
) -> None:
    """Keep the users of some tokens as they are until the commit.

    Who is about to lock several tokens does this first: whoever else locks several has their users'
    rows, all of them, taken in the order of their ids.
    """
    await connection.execute(SHARE_USERS_SQL, organization_id, token_ids)


@dataclass(frozen=True, slots=True)
class Locked:
    """A token that nobody else can change until the commit."""

    token_id: UUID
    user_id: UUID
    is_application_user: bool
    status: TokenStatus


LOCK_SEVERAL_SQL = f"""
SELECT t.token_id, t.user_id, u.is_application_user, {STATUS} AS status
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1 AND t.token_id = ANY ($2::uuid[])
 ORDER BY t.token_id
   FOR NO KEY UPDATE OF t
"""


async def lock_several(
    connection: Connection, organization_id: UUID, token_ids: Sequence[UUID]
) -> list[Locked]:
    """Return the tokens that exist, in the order of their ids, and keep others from them."""
    rows = await connection.fetch(LOCK_SEVERAL_SQL, organization_id, token_ids)
    return [Locked(*row) for row in rows]


LOCK_ALL_SQL = f"""
SELECT t.token_id, t.user_id, u.is_application_user, {STATUS} AS status
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1 AND t.user_id = $2
   AND t.revoke_time IS NULL
 ORDER BY t.token_id
   FOR NO KEY UPDATE OF t
"""


async def lock_all(connection: Connection, organization_id: UUID, user_id: UUID) -> list[Locked]:
    """Return a user's tokens that are not revoked, in the order of their ids, and keep others from
    them."""
    return [Locked(*row) for row in await connection.fetch(LOCK_ALL_SQL, organization_id, user_id)]


# Revocations go by clock_timestamp(): now() is when the transaction began, and while it waited for
# a lock the token may have been used, rightly, which must not look like a use after its end.
MARK_SEVERAL_REVOKED_SQL = """
UPDATE token
   SET revoke_time = clock_timestamp(), revoked_by = $3
 WHERE organization_id = $1 AND token_id = ANY ($2::uuid[])
   AND revoke_time IS NULL
RETURNING token_id
"""


async def mark_several_revoked(
    connection: Connection,
    organization_id: UUID,
    token_ids: Sequence[UUID],
    revoked_by: UUID | None,
) -> set[UUID]:
    """Revoke tokens that are locked and return those that were not revoked before."""
    rows = await connection.fetch(MARK_SEVERAL_REVOKED_SQL, organization_id, token_ids, revoked_by)
    return {row["token_id"] for row in rows}


MARK_SEVERAL_REVOKED_BY_HOLDERS_SQL = """
UPDATE token
   SET revoke_time = clock_timestamp(), revoked_by = user_id
 WHERE organization_id = $1 AND token_id = ANY ($2::uuid[])
   AND revoke_time IS NULL
RETURNING token_id
"""


async def mark_several_revoked_by_holders(
    connection: Connection, organization_id: UUID, token_ids: Sequence[UUID]
) -> set[UUID]:
    """Revoke tokens that are locked, each by its own user, and return those that were not revoked
    before."""
    rows = await connection.fetch(MARK_SEVERAL_REVOKED_BY_HOLDERS_SQL, organization_id, token_ids)
    return {row["token_id"] for row in rows}


MARK_ACTIVE_SQL = """
UPDATE token
   SET deactivate_time = NULL, activate_time = clock_timestamp()
 WHERE organization_id = $1 AND token_id = $2
   AND deactivate_time IS NOT NULL
   AND revoke_time IS NULL
   AND coalesce(least(expiry_time, overlap_end_time), 'infinity') > clock_timestamp()
RETURNING true
"""


async def mark_active(connection: Connection, organization_id: UUID, token_id: UUID) -> bool:
    """Take back a deactivation; disuse counts from here.

    False where there is none to take back, or the token is over for good.
    """
    return bool(await connection.fetchval(MARK_ACTIVE_SQL, organization_id, token_id))
