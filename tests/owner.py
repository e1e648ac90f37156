"""The database as its owner sees it: past every wall, for what no caller of the API can do."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from app import ids

ADMIN = "role:organization:admin"

# A request is a use of the token it comes with, so what a use moves is left out.
_SNAPSHOT_SQL = """
SELECT 'organization', to_jsonb(o)::text FROM organization o
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
SELECT 'user', (to_jsonb(u) - 'last_activity_time')::text FROM organization_user u
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
SELECT 'token', (to_jsonb(t) - 'last_used_time' - 'last_ip' - 'last_user_agent'
                 - CASE WHEN extend_when_used THEN 'expiry_time' ELSE '' END)::text
  FROM token t
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
SELECT 'grant', to_jsonb(g)::text FROM permission_grant g
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
SELECT 'resource', to_jsonb(r)::text FROM resource r
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
SELECT 'group', to_jsonb(g)::text FROM user_group g
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
SELECT 'member', to_jsonb(m)::text FROM group_member m
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
SELECT 'policy', to_jsonb(p)::text FROM organization_policy p
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
SELECT 'webhook', to_jsonb(w)::text FROM webhook_endpoint w
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
SELECT 'request', to_jsonb(q)::text FROM limit_request q
 WHERE organization_id = ANY ($1::uuid[])
 UNION ALL
-- Refusals are recorded, and change nothing.
SELECT 'event', to_jsonb(e)::text FROM audit_event e
 WHERE organization_id = ANY ($1::uuid[]) AND outcome = 'SUCCEEDED'
 ORDER BY 1, 2
"""


def user_key(public_id: str) -> tuple[UUID, UUID]:
    """Return (organization, user) of a public id."""
    found = ids.parse_member_id("user", public_id)
    assert found is not None
    return found


def token_key(public_id: str) -> tuple[UUID, UUID]:
    """Return (organization, token) of a public id."""
    found = ids.parse_member_id("token", public_id)
    assert found is not None
    return found


def organization_key(public_id: str) -> UUID:
    """Return the organization of a public id."""
    found = ids.parse_organization_id(public_id)
    assert found is not None
    return found


@dataclass(frozen=True)
class Owner:
    """Acts of the owner of the tables, in public ids."""

    connection: "asyncpg.Connection[Any]"

    async def grant(
        self, user_id: str, permission: str = ADMIN, resource_id: UUID | None = None
    ) -> None:
        """Give a user a permission on its organization, or on something in it."""
        organization_id, principal_id = user_key(user_id)
        await self.connection.execute(
            "INSERT INTO permission_grant (organization_id, principal_id, resource_id, permission)"
            " VALUES ($1, $2, $3, $4)",
            organization_id,
            principal_id,
            resource_id or organization_id,
            permission,
        )

    async def project(self, organization_id: str) -> UUID:
        """Add a project directly below an organization."""
        resource_id = uuid4()
        await self.connection.execute(
            "INSERT INTO resource (organization_id, resource_id, kind, name, name_key)"
            " VALUES ($1, $2, 'PROJECT', $3, $3)",
            organization_key(organization_id),
            resource_id,
            f"project-{resource_id}",
        )
        return resource_id

    async def take_grants(self, user_id: str) -> None:
        """Take all permissions from a user."""
        await self.connection.execute(
            "DELETE FROM permission_grant WHERE organization_id = $1 AND principal_id = $2",
            *user_key(user_id),
        )

    async def set_left(self, token_id: str, seconds: float) -> None:
        """Move a token's expiry to so many seconds from here; below 0 it is over."""
        await self.connection.execute(
            "UPDATE token SET expiry_time = clock_timestamp() + make_interval(secs => $3)"
            " WHERE organization_id = $1 AND token_id = $2",
            *token_key(token_id),
            seconds,
        )

    async def deactivate(self, token_id: str) -> None:
        """Have a token look as if nobody used it for too long."""
        await self.connection.execute(
            "UPDATE token SET deactivate_time = now() WHERE organization_id = $1 AND token_id = $2",
            *token_key(token_id),
        )

    async def token(self, token_id: str) -> dict[str, Any]:
        """Return a token's row."""
        row = await self.connection.fetchrow(
            "SELECT * FROM token WHERE organization_id = $1 AND token_id = $2",
            *token_key(token_id),
        )
        assert row is not None
        return dict(row)

    async def snapshot(self, *organization_ids: str) -> list[tuple[str, str]]:
        """Return every row of some organizations, but for what a mere use moves."""
        keys = [organization_key(public_id) for public_id in organization_ids]
        rows = await self.connection.fetch(_SNAPSHOT_SQL, keys)
        return [(row[0], row[1]) for row in rows]

    async def count(self, organization_id: str, kind: str) -> int:
        """Return how many rows of a kind (user, token, grant) an organization has."""
        rows = await self.snapshot(organization_id)
        return sum(
            1
            for found, text in rows
            if found == kind and (kind != "user" or json.loads(text)["is_application_user"])
        )
