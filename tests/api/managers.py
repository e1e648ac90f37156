"""Callers that hold ``organization:app_users:write`` and are no administrators."""

from uuid import UUID, uuid4

from app import ids
from tests.api_client import Api, Organization
from tests.owner import Owner, user_key

APP_USERS_WRITE = "organization:app_users:write"


async def manager(organization: Organization, owner: Owner, name: str = "manager") -> Api:
    """An application user that manages the others, with a token that an administrator minted."""
    user_id = await organization.user(name)
    _, full = await organization.token(user_id)
    await owner.grant(user_id, APP_USERS_WRITE)
    return organization.admin.with_token(full)


async def person_token(organization: Organization, owner: Owner) -> str:
    """Write a token of the organization's administrator, a person; return its id."""
    organization_id, user_id = user_key(organization.admin_id)
    token_id = uuid4()
    await owner.connection.execute(
        "INSERT INTO token (organization_id, token_id, user_id, secret_hmac, pepper_version,"
        "                   extend_when_used, description)"
        " VALUES ($1, $2, $3, decode(repeat('00', 32), 'hex'), 1, false, 'a person''s')",
        organization_id,
        token_id,
        user_id,
    )
    return ids.member_id("token", organization_id, token_id)


async def join_group(
    owner: Owner, user_id: str, name: str = "Deployers", permission: str | None = None
) -> UUID:
    """Put a user into a group of its own, which may hold a permission; return the group."""
    organization_id, member_id = user_key(user_id)
    group_id = uuid4()
    await owner.connection.execute(
        "INSERT INTO user_group (organization_id, group_id, name, name_key)"
        " VALUES ($1, $2, $3, $3)",
        organization_id,
        group_id,
        name,
    )
    await owner.connection.execute(
        "INSERT INTO group_member (organization_id, group_id, user_id) VALUES ($1, $2, $3)",
        organization_id,
        group_id,
        member_id,
    )
    if permission is not None:
        await owner.connection.execute(
            "INSERT INTO permission_grant"
            "       (organization_id, principal_id, is_group, resource_id, permission)"
            " VALUES ($1, $2, true, $1, $3)",
            organization_id,
            group_id,
            permission,
        )
    return group_id
