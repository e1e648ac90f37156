"""Groups as tests make, fill and look at them."""

import json
from collections.abc import Sequence
from typing import Any

from app import ids
from app.access import GROUPS_WRITE
from tests.api_client import Api, Organization
from tests.owner import Owner, user_key

SHOWN = """id name description createTime createdBy { id } members { nodes { id } }
    holdsPermissions viewerCanUpdate viewerCanDelete viewerCanChangeMembers"""
APP_USERS_WRITE = "organization:app_users:write"


async def create(
    organization: Organization, name: str = "team", api: Api | None = None, **fields: Any
) -> dict[str, Any]:
    """Create a group and return it, or the error."""
    made = await (api or organization.admin).mutate(
        "createGroup",
        f"group {{ {SHOWN} }}",
        **{"organizationId": organization.id, "name": name} | fields,
    )
    return made.get("group") or made


async def group(organization: Organization, *user_ids: str, name: str = "team") -> str:
    """Create a group with members and return its id."""
    group_id = (await create(organization, name))["id"]
    if user_ids:
        await add(organization.admin, group_id, user_ids)
    return group_id


async def grant(
    organization: Organization,
    principal_id: str,
    permission: str = APP_USERS_WRITE,
    resource_id: str | None = None,
) -> None:
    """Give a user or group a permission, on the organization where no resource is named."""
    made = await organization.admin.mutate(
        "grantPermissions",
        "granted",
        principalId=principal_id,
        resourceId=resource_id or organization.id,
        permissions=[permission],
    )
    assert made.get("granted") == [permission], made


async def manager(organization: Organization, owner: Owner, name: str = "manager") -> Api:
    """Return a caller who may manage groups and is not administrator."""
    user_id = await organization.user(name)
    await owner.grant(user_id, GROUPS_WRITE)
    _, full = await organization.token(user_id)
    return organization.admin.with_token(full)


async def add(api: Api, group_id: str, user_ids: Sequence[str]) -> dict[str, Any]:
    """Add members and return what became of it; of a success how many."""
    return await api.mutate(
        "addGroupMembers", "addedCount", groupId=group_id, userIds=list(user_ids)
    )


async def remove(api: Api, group_id: str, user_ids: Sequence[str]) -> dict[str, Any]:
    """Remove members and return what became of it; of a success how many."""
    return await api.mutate(
        "removeGroupMembers", "removedCount", groupId=group_id, userIds=list(user_ids)
    )


async def find(api: Api, group_id: str) -> dict[str, Any] | None:
    """Return a group, None where there is none."""
    found = await api.query(f"query($id: ID!) {{ group(id: $id) {{ {SHOWN} }} }}", id=group_id)
    return found["group"]


async def members(organization: Organization, group_id: str) -> set[str]:
    """Return who is in a group, up to a hundred."""
    found = await organization.admin.query(
        "query($id: ID!) { group(id: $id) { members(first: 100) { nodes { id } } } }", id=group_id
    )
    return {node["id"] for node in found["group"]["members"]["nodes"]}


async def people(organization: Organization, owner: Owner, count: int) -> list[str]:
    """Add people past the service and return their ids."""
    organization_id, _ = user_key(organization.admin_id)
    rows = await owner.connection.fetch(
        """
        INSERT INTO organization_user
               (organization_id, user_id, is_application_user, name, name_key, email)
        SELECT $1, gen_random_uuid(), false, 'person ' || n, 'person ' || n, 'p@acme.example'
          FROM generate_series(1, $2::integer) AS n
        RETURNING user_id
        """,
        organization_id,
        count,
    )
    return [ids.member_id("user", organization_id, row["user_id"]) for row in rows]


async def delete_user(organization: Organization, user_id: str) -> None:
    """Delete an application user."""
    made = await organization.admin.mutate(
        "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
    )
    assert made["__typename"] == "DeleteApplicationUserSuccess"


async def events(owner: Owner, group_id: str) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Return the trail's lines about a group: action, the user whose place it is, what changed."""
    found = ids.parse_member_id("group", group_id)
    assert found is not None
    rows = await owner.connection.fetch(
        "SELECT action, principal_id, changes::text FROM audit_event"
        " WHERE organization_id = $1 AND target_id = $2 AND target_kind = 'GROUP'"
        "   AND outcome = 'SUCCEEDED'"
        " ORDER BY sequence",
        *found,
    )
    return [
        (
            row["action"],
            row["principal_id"] and ids.member_id("user", found[0], row["principal_id"]),
            json.loads(row["changes"]),
        )
        for row in rows
    ]


def anybody(**_facts: bool) -> bool:
    """Stand in for the guard, and let everybody pass."""
    return True
