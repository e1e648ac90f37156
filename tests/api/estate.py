"""An organization with units, projects, groups and people, written past the service."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import orjson

from app import ids
from tests.api_client import Organization
from tests.db import rows
from tests.owner import ADMIN, Owner, organization_key

EVENTS_SQL = """
SELECT action, target_kind, target_id, principal_id, actor_user_id, changes::text
  FROM audit_event
 WHERE organization_id = $1 AND action LIKE 'principal:permission:%'
 ORDER BY sequence
"""


@dataclass(frozen=True)
class Estate:
    """What tests of permissions build; every id is public."""

    organization: Organization
    owner: Owner

    @property
    def key(self) -> UUID:
        return organization_key(self.organization.id)

    async def unit(self, parent: str | None = None) -> str:
        """Make an organizational unit, directly below the organization without a parent."""
        return await self._resource("ORGANIZATIONAL_UNIT", parent)

    async def project(self, parent: str | None = None) -> str:
        """Make a project."""
        return await self._resource("PROJECT", parent)

    async def _resource(self, kind: str, parent: str | None) -> str:
        found = ids.parse_resource_id(parent) if parent else None
        row = rows.resource(
            organization_id=self.key, kind=kind, parent_id=found[1] if found else None
        )
        await rows.insert(self.owner.connection, "resource", row)
        return ids.resource_id(self.key, UUID(str(row["resource_id"])))

    async def group(self, *members: str) -> str:
        """Make a group with these members."""
        row = rows.group(organization_id=self.key)
        await rows.insert(self.owner.connection, "user_group", row)
        public_id = ids.member_id("group", self.key, UUID(str(row["group_id"])))
        for member in members:
            await self.join(public_id, member)
        return public_id

    async def join(self, group: str, user: str) -> None:
        """Put a user into a group."""
        row = rows.membership(
            organization_id=self.key, group_id=principal(group)[1], user_id=principal(user)[1]
        )
        await rows.insert(self.owner.connection, "group_member", row)

    async def person(self) -> str:
        """Add a person without any permission."""
        row = rows.person(organization_id=self.key)
        await rows.insert(self.owner.connection, "organization_user", row)
        return ids.member_id("user", self.key, UUID(str(row["user_id"])))

    async def set_state(self, user: str, state: str) -> None:
        """Deactivate, activate or delete a user."""
        await self.owner.connection.execute(
            "UPDATE organization_user SET state = $3,"
            " delete_time = CASE WHEN $3 = 'DELETED' THEN now() END"
            " WHERE organization_id = $1 AND user_id = $2",
            *principal(user),
            state,
        )

    async def give(self, to: str, permission: str = ADMIN, on: str | None = None) -> None:
        """Grant, as the operator."""
        organization_id, principal_id = principal(to)
        resource = ids.parse_resource_id(on or self.organization.id)
        assert resource is not None
        row = rows.grant(
            organization_id=organization_id,
            principal_id=principal_id,
            is_group=to.startswith("group_"),
            resource_id=resource[1],
            permission=permission,
        )
        await rows.insert(self.owner.connection, "permission_grant", row)

    async def held(self, by: str, on: str | None = None) -> list[str]:
        """Return what is granted to a principal itself on a resource itself."""
        resource = ids.parse_resource_id(on or self.organization.id)
        assert resource is not None
        found = await self.owner.connection.fetch(
            "SELECT permission FROM permission_grant"
            " WHERE organization_id = $1 AND principal_id = $2 AND resource_id = $3",
            *principal(by),
            resource[1],
        )
        return sorted(row["permission"] for row in found)

    async def events(self) -> list[dict[str, Any]]:
        """Return the trail's events of permissions, the oldest first."""
        found = await self.owner.connection.fetch(EVENTS_SQL, self.key)
        return [
            {
                "action": row["action"].rpartition(":")[2],
                "kind": row["target_kind"],
                "target": row["target_id"],
                "principal": row["principal_id"],
                "actor": row["actor_user_id"],
                **orjson.loads(row["changes"])["permissions"],
            }
            for row in found
        ]

    async def act(self, verb: str, principal_id: str, on: str, *names: str) -> dict[str, Any]:
        """Run ``grantPermissions`` and the like as the administrator."""
        changed = {
            "grant": "permissions granted",
            "revoke": "permissions revoked",
            "set": "permissions granted revoked",
        }[verb]
        return await self.organization.admin.mutate(
            f"{verb}Permissions",
            changed,
            principalId=principal_id,
            resourceId=on,
            permissions=list(names),
        )


def principal(public_id: str) -> tuple[UUID, UUID]:
    """Return (organization, user or group) of a public id."""
    found = ids.parse_member_id("user", public_id) or ids.parse_member_id("group", public_id)
    assert found is not None
    return found


def resource_key(public_id: str) -> UUID:
    """Return the resource of a public id."""
    found = ids.parse_resource_id(public_id)
    assert found is not None
    return found[1]


def missing(kind: str, organization_id: str) -> str:
    """Return an id that nothing in the organization has."""
    return ids.member_id(kind, organization_key(organization_id), uuid4())  # pyright: ignore[reportArgumentType]
