"""What tests of groups and permissions make in the served organization, by its API."""

from typing import Any

from tests.api_client import Api

ADMIN = "role:organization:admin"

_GRANTS = """query($o: ID!, $p: ID!) {
    permissionGrants(organizationId: $o, filter: { principalId: $p }) {
        nodes { permission resourceId } } }"""
_MEMBERS = "query($g: ID!) { group(id: $g) { members { nodes { name } } } }"


async def make(admin: Api, what: str, organization_id: str, name: str, /, **fields: Any) -> str:
    """Create an ``applicationUser``, a ``group`` or a ``resource``, and return its id."""
    made = await admin.mutate(
        f"create{what[0].upper()}{what[1:]}",
        f"{what} {{ id }}",
        organizationId=organization_id,
        name=name,
        **fields,
    )
    return made[what]["id"]


async def join(admin: Api, group_id: str, *user_ids: str) -> None:
    """Put users into a group."""
    await admin.mutate("addGroupMembers", "addedCount", groupId=group_id, userIds=user_ids)


async def grant(admin: Api, principal_id: str, permission: str, resource_id: str) -> None:
    """Grant one role or permission."""
    await admin.mutate(
        "grantPermissions",
        "granted",
        principalId=principal_id,
        resourceId=resource_id,
        permissions=[permission],
    )


async def revoke(admin: Api, principal_id: str, permission: str, resource_id: str) -> None:
    """Revoke one role or permission."""
    await admin.mutate(
        "revokePermissions",
        "revoked",
        principalId=principal_id,
        resourceId=resource_id,
        permissions=[permission],
    )


async def grants(admin: Api, organization_id: str, principal_id: str) -> set[tuple[str, str]]:
    """Return what was granted to a principal itself, and on what."""
    data = await admin.query(_GRANTS, o=organization_id, p=principal_id)
    return {(one["permission"], one["resourceId"]) for one in data["permissionGrants"]["nodes"]}


async def members(admin: Api, group_id: str) -> set[str]:
    """Return the names of who is in a group."""
    group = (await admin.query(_MEMBERS, g=group_id))["group"]
    return {one["name"] for one in group["members"]["nodes"]}
