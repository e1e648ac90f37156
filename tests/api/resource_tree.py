"""Resources as tests make and look at them."""

import json
from typing import Any

from app import ids
from tests.api_client import Api, Organization
from tests.owner import Owner

SHOWN = (
    "resource { id kind name createTime parent { id } createdBy { id }"
    " viewerCanUpdate viewerCanDelete }"
)


async def create(
    organization: Organization, name: str, parent_id: str | None = None, **fields: Any
) -> dict[str, Any]:
    """Create a unit and return it, or the error."""
    made = await organization.admin.mutate(
        "createResource",
        SHOWN,
        **{
            "organizationId": organization.id,
            "kind": "ORGANIZATIONAL_UNIT",
            "name": name,
            "parentId": parent_id,
        }
        | fields,
    )
    return made.get("resource") or made


async def unit(organization: Organization, name: str, parent_id: str | None = None) -> str:
    """Create a unit and return its id."""
    return (await create(organization, name, parent_id))["id"]


async def project(organization: Organization, name: str, parent_id: str | None = None) -> str:
    """Create a project and return its id."""
    return (await create(organization, name, parent_id, kind="PROJECT"))["id"]


async def chain(organization: Organization, levels: int, name: str = "unit") -> list[str]:
    """Create units each in the one before it and return their ids, the uppermost first."""
    made: list[str] = []
    for level in range(levels):
        made.append(await unit(organization, f"{name} {level}", made[-1] if made else None))
    return made


async def update(organization: Organization, resource_id: str, **fields: Any) -> dict[str, Any]:
    """Change a resource and return it, or the error."""
    made = await organization.admin.mutate(
        "updateResource", SHOWN, resourceId=resource_id, **fields
    )
    return made.get("resource") or made


async def delete(organization: Organization, resource_id: str) -> dict[str, Any]:
    """Delete a resource and return what became of it."""
    return await organization.admin.mutate(
        "deleteResource", "resourceId revokedGrantCount", resourceId=resource_id
    )


async def find(api: Api, resource_id: str) -> dict[str, Any] | None:
    """Return a resource, None where there is none."""
    found = await api.query(
        f"query($id: ID!) {{ {SHOWN.replace(' {', '(id: $id) {', 1)} }}", id=resource_id
    )
    return found["resource"]


async def parents(organization: Organization) -> dict[str, str | None]:
    """Return the parent of each resource, up to a hundred."""
    found = await organization.admin.query(
        """query($o: ID!) { resources(organizationId: $o, first: 100) {
            nodes { id parent { id } } } }""",
        o=organization.id,
    )
    return {
        node["id"]: node["parent"] and node["parent"]["id"] for node in found["resources"]["nodes"]
    }


async def last_event(owner: Owner, resource_id: str) -> tuple[str, str, dict[str, Any]]:
    """Return the latest line of the trail about a resource: action, kind, and what changed."""
    found = ids.parse_resource_id(resource_id)
    assert found is not None
    row = await owner.connection.fetchrow(
        "SELECT action, target_kind, changes::text FROM audit_event"
        " WHERE organization_id = $1 AND target_id = $2 ORDER BY sequence DESC LIMIT 1",
        *found,
    )
    assert row is not None
    return row[0], row[1], json.loads(row[2])
