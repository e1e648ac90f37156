"""The end of a user, person or not: tokens, grants and memberships go with it."""

from dataclasses import dataclass
from uuid import UUID

from app import ids
from app.changes import Change
from db import groups, permissions, tokens


@dataclass(frozen=True, slots=True)
class Ended:
    """What a user had, as the audit event of its end tells."""

    revoked_token_count: int
    permissions: list[str]
    """Each as ``<permission> on <id of the resource>``."""
    group_ids: list[str]

    def before(self) -> dict[str, object]:
        """Return the fields that the event has of the time before."""
        return {"permissions": self.permissions, "groups": self.group_ids}

    def after(self) -> dict[str, object]:
        """Return the fields that the event has of the time after."""
        return {
            "state": "DELETED",
            "revokedTokenCount": self.revoked_token_count,
            "permissions": [],
            "groups": [],
        }


async def end(change: Change, user_id: UUID, ended_by: UUID) -> Ended:
    """Revoke every token of a user, take every grant and every membership."""
    connection, organization_id = change.connection, change.organization_id
    revoked = await tokens.mark_all_revoked(connection, organization_id, user_id, ended_by)
    grants = await permissions.delete_all(connection, organization_id, user_id)
    left = await groups.leave_all(connection, organization_id, user_id)
    return Ended(
        revoked,
        sorted(
            f"{grant.permission} on {ids.resource_id(organization_id, grant.resource_id)}"
            for grant in grants
        ),
        sorted(ids.member_id("group", organization_id, group_id) for group_id in left),
    )
