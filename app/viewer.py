"""What a principal may know of itself, whatever it was granted."""

from dataclasses import dataclass
from uuid import UUID

from app.access import Membership, Principal
from db import organizations, tokens, users
from db.organizations import Organization
from db.pool import Database
from db.tokens import Token
from db.users import User

__all__ = ["ViewerMembership", "memberships", "token", "user"]


@dataclass(frozen=True, slots=True)
class ViewerMembership:
    """A membership with the rows it stands for."""

    membership: Membership
    organization: Organization
    user: User


async def memberships(database: Database, principal: Principal) -> list[ViewerMembership]:
    """Return the principal's own place in each of its organizations."""
    found: list[ViewerMembership] = []
    for membership in principal.memberships.values():
        async with database.tenant(membership.organization_id) as connection:
            organization = await organizations.find(connection, membership.organization_id)
            own = await users.find(connection, membership.organization_id, [membership.user_id])
        if organization and own:
            found.append(ViewerMembership(membership, organization, own[0]))
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
