"""What a principal may know of itself, whatever it was granted."""

from dataclasses import dataclass
from uuid import UUID

from app.access import Membership, Principal
from db import tokens, users
from db import viewer as rows
from db.pool import Database
from db.tokens import Token
from db.users import User
from db.viewer import Member

__all__ = ["ViewerMembership", "memberships", "token", "user"]


@dataclass(frozen=True, slots=True)
class ViewerMembership:
    """A membership with the row it stands for."""

    membership: Membership
    user: Member


async def memberships(database: Database, principal: Principal) -> list[ViewerMembership]:
    """Return the principal's own place in each of its organizations.

    Each is a tenant of its own, and so one statement. Only the operator makes organizations: a
    person is in as few as they made.
    """
    found: list[ViewerMembership] = []
    for membership in principal.memberships.values():
        async with database.tenant(membership.organization_id) as connection:
            own = await rows.find(connection, membership.organization_id, membership.user_id)
        if own:
            found.append(ViewerMembership(membership, own))
    return found


async def user(database: Database, principal: Principal, organization_id: UUID) -> User | None:
    """Return the principal's own user in one of its organizations."""
    membership = principal.memberships[organization_id]
    async with database.tenant(organization_id) as connection:
        own = await users.find(connection, organization_id, [membership.user_id])
    return own[0] if own else None


async def token(database: Database, principal: Principal) -> Token | None:
    """Return the token that the request was made with, None for a person signed in."""
    if principal.token is None:
        return None
    (organization_id,) = principal.memberships
    async with database.tenant(organization_id) as connection:
        return await tokens.find(connection, organization_id, principal.token.token_id)
