"""The end of tokens, and of a user, person or not: tokens, grants and memberships go with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app import ids
from app.audit import Action, Target
from app.changes import Change
from db import group_members, permissions, token_endings
from db.token_endings import Locked

MAX_NAMED = 5000
"""Tokens of a user that the trail names one by one as they end: an event takes a fraction of a
millisecond, and a request has a few seconds."""


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


async def revoke(change: Change, tokens: Sequence[Locked], ended_by: UUID | None) -> int:
    """Revoke tokens that are locked, an event for each; return how many were not revoked before."""
    revoked = await token_endings.mark_several_revoked(
        change.connection, change.organization_id, [token.token_id for token in tokens], ended_by
    )
    for token in tokens:
        if token.token_id in revoked:
            change.record(
                Action.TOKEN_REVOKE,
                Target("TOKEN", token.token_id, token.user_id),
                before={"status": token.status},
                after={"status": "REVOKED"},
            )
    return len(revoked)


async def revoke_all(change: Change, user_id: UUID, ended_by: UUID | None) -> int:
    """Revoke every token of a user that is locked; return how many were not revoked before.

    Where they are too many to name, one event says how many; their rows tell who ended them.
    """
    connection, organization_id = change.connection, change.organization_id
    locked = await token_endings.lock_all(connection, organization_id, user_id)
    if len(locked) <= MAX_NAMED:
        return await revoke(change, locked, ended_by)
    token_ids = [token.token_id for token in locked]
    await token_endings.mark_several_revoked(connection, organization_id, token_ids, ended_by)
    change.record(
        Action.TOKEN_REVOKE,
        Target(
            "APPLICATION_USER" if locked[0].is_application_user else "ORGANIZATION_USER", user_id
        ),
        after={"revokedTokenCount": len(locked)},
    )
    return len(locked)


async def end(change: Change, user_id: UUID, ended_by: UUID | None) -> Ended:
    """Revoke every token of a user that is locked, take every grant and every membership.

    The user is marked as ended behind this: the events tell what its tokens were before.
    """
    connection, organization_id = change.connection, change.organization_id
    revoked = await revoke_all(change, user_id, ended_by)
    grants = await permissions.delete_all(connection, organization_id, user_id)
    left = await group_members.leave_all(connection, organization_id, user_id)
    return Ended(
        revoked,
        sorted(
            f"{grant.permission} on {ids.resource_id(organization_id, grant.resource_id)}"
            for grant in grants
        ),
        sorted(ids.member_id("group", organization_id, group_id) for group_id in left),
    )
