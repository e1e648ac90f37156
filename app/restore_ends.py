"""Each kind of end that a restored database has forgotten, done again.

An act returns whether it changed anything: what has ended stays as it is, and what came to be after
the backup is not there. The organization is locked. ``app.restores`` says what is done and when.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from app import application_users, groups, ids, people, policies, policy_rules, resources
from app.access import ORGANIZATION_ADMIN
from app.administrators import keep_administrator
from app.audit import Action, Target
from app.changes import Change
from app.errors import InvalidInput
from app.policy_rules import Policy
from app.trail_ends import End, EndKind
from db import group_members, permissions, restores, webhooks
from db import groups as group_rows
from db import people as people_rows
from db import policies as policy_rows
from db import resources as resource_rows
from db import users as user_rows


class Kept(Exception):
    """Something cannot be ended again by itself; says why, and who is to do what."""


async def supersede_token(change: Change, end: End) -> bool:
    """Have a token be rotated again; its successor is lost."""
    overlap_end = datetime.fromisoformat(end.fields["overlapEndTime"])
    user_id = await restores.mark_superseded(
        change.connection, change.organization_id, end.target_id, end.event.event_time, overlap_end
    )
    if user_id is not None:
        change.record(
            Action.TOKEN_ROTATE,
            Target("TOKEN", end.target_id, user_id),
            after={"successorId": None, "overlapEndTime": overlap_end},
        )
    return user_id is not None


async def deactivate_token(change: Change, end: End) -> bool:
    """Deactivate a token for disuse again."""
    user_id = await restores.mark_unused(change.connection, change.organization_id, end.target_id)
    if user_id is not None:
        change.record(
            Action.TOKEN_DEACTIVATE,
            Target("TOKEN", end.target_id, user_id),
            before={"isDeactivated": False},
            after={"isDeactivated": True},
        )
    return user_id is not None


async def deactivate_user(change: Change, end: End) -> bool:
    """Deactivate a user, person or not. Raises LastAdministrator."""
    is_application_user = await restores.mark_user_deactivated(
        change.connection, change.organization_id, end.target_id
    )
    if is_application_user is None:
        return False
    target = application_users.target(end.target_id)
    action = Action.APPLICATION_USER_UPDATE
    if not is_application_user:
        await keep_administrator(change)
        target, action = people.target(end.target_id), Action.USER_UPDATE
    change.record(action, target, before={"state": "ACTIVE"}, after={"state": "DEACTIVATED"})
    return True


async def delete_user(change: Change, end: End) -> bool:
    """Leave a tombstone of a user, person or not. Raises LastAdministrator."""
    connection, organization_id = change.connection, change.organization_id
    user = await user_rows.lock_application_user(connection, organization_id, end.target_id)
    if user is not None:
        await application_users.end(change, user, None)
        return True
    person = await people_rows.lock(connection, organization_id, end.target_id)
    if person is None:
        return False
    holds = await permissions.holds_any(connection, organization_id, end.target_id)
    await people.end(change, person, None, holds_permission=holds)
    return True


async def remove_member(change: Change, end: End) -> bool:
    """Take a user out of a group. Raises LastAdministrator."""
    connection, organization_id, user_id = (
        change.connection,
        change.organization_id,
        _principal(end),
    )
    if not await group_members.delete(connection, organization_id, end.target_id, [user_id]):
        return False
    if await permissions.holds_any(connection, organization_id, end.target_id):
        await keep_administrator(change)
    change.record(
        Action.GROUP_MEMBER_REMOVE,
        groups.target(end.target_id, user_id),
        before={"member": ids.member_id("user", organization_id, user_id)},
    )
    return True


async def revoke_permission(change: Change, end: End) -> bool:
    """Take one permission on one resource from a user or group. Raises LastAdministrator."""
    connection, organization_id = change.connection, change.organization_id
    principal_id, resource_id, permission = _principal(end), end.target_id, end.permission
    held = await permissions.list_held(connection, organization_id, principal_id, resource_id)
    if permission is None or permission not in held:
        return False
    for is_group in (False, True):
        await permissions.lock_principal(
            connection, organization_id, principal_id, is_group=is_group
        )
    await permissions.delete(connection, organization_id, principal_id, resource_id, [permission])
    if permission == ORGANIZATION_ADMIN:
        await keep_administrator(change)
    change.record(
        Action.PERMISSION_REVOKE,
        Target(await _level(change, resource_id), resource_id, principal_id),
        before={"permissions": sorted(held)},
        after={"permissions": sorted(set(held) - {permission})},
    )
    return True


async def _level(change: Change, resource_id: UUID) -> Any:
    place = await resources.find_place(change.connection, change.organization_id, resource_id)
    return "ORGANIZATION" if place is None else place.kind


async def delete_group(change: Change, end: End) -> bool:
    """Remove a group with its grants and memberships. Raises LastAdministrator."""
    found = await group_rows.find(change.connection, change.organization_id, [end.target_id])
    for group in found:
        await groups.end(change, group)
    return bool(found)


async def delete_resource(change: Change, end: End) -> bool:
    """Remove a unit or project with all that is granted on it. Raises Kept."""
    connection, organization_id = change.connection, change.organization_id
    found = await resource_rows.find(connection, organization_id, [end.target_id])
    for resource in found:
        if await resource_rows.has_children(connection, organization_id, resource.resource_id):
            raise Kept("something is below it: move that away, then run this again")
        await resources.end(change, resource)
    return bool(found)


async def delete_webhook(change: Change, end: End) -> bool:
    """Remove an endpoint, so that no event leaves for it."""
    endpoint = await webhooks.mark_deleted(change.connection, change.organization_id, end.target_id)
    if endpoint is not None:
        change.record(
            Action.WEBHOOK_DELETE,
            Target("WEBHOOK_ENDPOINT", end.target_id),
            before={"url": endpoint.url},
        )
    return endpoint is not None


async def tighten_policy(change: Change, end: End) -> bool:
    """Set the policy that was set last, where it allows nothing that this one does not.

    Raises Kept where it does.
    """
    connection, organization_id = change.connection, change.organization_id
    known = policies.policy_of(await policy_rows.find(connection, organization_id))
    wanted = _overlaid(known, end.fields)
    if wanted == known:
        return False
    networks = wanted.allowed_networks
    try:
        policies.check(
            allowed_networks=None if networks is None else [str(each) for each in networks],
            longest_max_age_seconds=wanted.longest_max_age_seconds,
            expiry_required=wanted.expiry_required,
            deactivate_unused_after_days=wanted.deactivate_unused_after_days,
            revoke_unused_after_days=wanted.revoke_unused_after_days,
        )
    except InvalidInput as error:
        raise Kept(f"no policy can be like that: {error}") from None
    if not policy_rules.is_as_strict(wanted, known):
        raise Kept("it also loosens what this one forbids: set it with setOrganizationPolicy")
    await policy_rows.upsert(
        connection,
        organization_id,
        allowed_networks=wanted.allowed_networks,
        longest_max_age_seconds=wanted.longest_max_age_seconds,
        expiry_required=wanted.expiry_required,
        deactivate_unused_days=wanted.deactivate_unused_after_days,
        revoke_unused_days=wanted.revoke_unused_after_days,
        updated_by=None,
    )
    change.record(
        Action.POLICY_SET,
        Target("ORGANIZATION", organization_id),
        before=policies.fields(known),
        after=policies.fields(wanted),
    )
    return True


def _overlaid(known: Policy, fields: Mapping[str, Any]) -> Policy:
    """Return a policy with some fields as an event tells them."""
    told = policies.fields(known) | dict(fields)
    networks: Any = told["allowedNetworks"]
    longest: Any = told["longestMaxAgeSeconds"]
    deactivate: Any = told["deactivateUnusedAfterDays"]
    revoke: Any = told["revokeUnusedAfterDays"]
    return Policy(
        None if networks is None else tuple(ip_network(network) for network in networks),
        longest,
        bool(told["expiryRequired"]),
        deactivate,
        revoke,
    )


def _principal(end: End) -> UUID:
    if end.principal_id is None:
        raise RuntimeError("the event names nobody whose it was")
    return end.principal_id


ACTS: Mapping[EndKind, Callable[[Change, End], Awaitable[bool]]] = {
    "SUPERSEDE_TOKEN": supersede_token,
    "DEACTIVATE_TOKEN": deactivate_token,
    "DEACTIVATE_USER": deactivate_user,
    "REMOVE_MEMBER": remove_member,
    "REVOKE_PERMISSION": revoke_permission,
    "DELETE_USER": delete_user,
    "DELETE_GROUP": delete_group,
    "DELETE_RESOURCE": delete_resource,
    "DELETE_WEBHOOK": delete_webhook,
    "TIGHTEN_POLICY": tighten_policy,
}
