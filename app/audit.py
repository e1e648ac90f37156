"""What the audit trail says: the actions, what they are done to, and what changed.

``app.changes`` writes it, in the transaction of the change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Literal, TypeAlias
from uuid import UUID

import orjson

from app import ids
from app.ids import MemberKind
from app.origins import Author

TargetKind: TypeAlias = Literal[
    "ORGANIZATION",
    "APPLICATION_USER",
    "ORGANIZATION_USER",
    "TOKEN",
    "GROUP",
    "ORGANIZATIONAL_UNIT",
    "PROJECT",
    "WEBHOOK_ENDPOINT",
    "LIMIT_REQUEST",
]
Outcome: TypeAlias = Literal["SUCCEEDED", "REFUSED"]


MOST_LISTED = 100


class Action(Enum):
    """What was done or refused, in three parts. A name is never reused for something else."""

    ORGANIZATION_CREATE = "installation:organization:create"
    APPLICATION_USER_CREATE = "organization:application_user:create"
    APPLICATION_USER_UPDATE = "organization:application_user:update"
    APPLICATION_USER_DELETE = "organization:application_user:delete"
    TOKEN_GENERATE = "application_user:token:generate"
    TOKEN_UPDATE = "application_user:token:update"
    TOKEN_ROTATE = "application_user:token:rotate"
    TOKEN_REVOKE = "application_user:token:revoke"
    FOUND_TOKEN_REVOKE = "application_user:found_token:revoke"
    TOKEN_DEACTIVATE = "application_user:token:deactivate"
    TOKEN_ACTIVATE = "application_user:token:activate"
    TOKEN_EXPIRE_SOON = "application_user:token:expire_soon"
    TOKEN_AUTHENTICATE = "application_user:token:authenticate"
    SUPERSEDED_TOKEN_AUTHENTICATE = "application_user:superseded_token:authenticate"
    USER_ADD = "organization:user:add"
    USER_UPDATE = "organization:user:update"
    USER_REMOVE = "organization:user:remove"
    GROUP_CREATE = "organization:group:create"
    GROUP_UPDATE = "organization:group:update"
    GROUP_DELETE = "organization:group:delete"
    GROUP_MEMBER_ADD = "group:member:add"
    GROUP_MEMBER_REMOVE = "group:member:remove"
    RESOURCE_CREATE = "organization:resource:create"
    RESOURCE_UPDATE = "organization:resource:update"
    RESOURCE_DELETE = "organization:resource:delete"
    PERMISSION_GRANT = "principal:permission:grant"
    PERMISSION_REVOKE = "principal:permission:revoke"
    POLICY_SET = "organization:policy:set"
    LIMIT_REQUEST = "organization:limit:request"
    LIMIT_SET = "organization:limit:set"
    LIMIT_ANSWER = "organization:limit:answer"
    WEBHOOK_CREATE = "organization:webhook:create"
    WEBHOOK_UPDATE = "organization:webhook:update"
    WEBHOOK_DELETE = "organization:webhook:delete"
    ACCESS_REQUEST = "organization:access:request"
    ORGANIZATION_RESTORE = "installation:organization:restore"


_KINDS: Mapping[str, MemberKind] = {
    "APPLICATION_USER": "user",
    "ORGANIZATION_USER": "user",
    "TOKEN": "token",
    "GROUP": "group",
    "ORGANIZATIONAL_UNIT": "resource",
    "PROJECT": "resource",
    "WEBHOOK_ENDPOINT": "webhook",
    "LIMIT_REQUEST": "request",
}


def event_id(organization_id: UUID, sequence: int) -> str:
    """Return the public id of an event."""
    return ids.member_id("event", organization_id, UUID(int=sequence))


def target_id(organization_id: UUID, kind: str, value: UUID) -> str:
    """Return the public id of what an event was about; of an unknown kind, the bare UUID."""
    if kind == "ORGANIZATION":
        return ids.organization_id(value)
    return ids.member_id(_KINDS[kind], organization_id, value) if kind in _KINDS else str(value)


def principal_id(organization_id: UUID, value: UUID | None, *, is_user: bool) -> str | None:
    """Return the public id of the user or group that the target is of."""
    if value is None:
        return None
    return ids.member_id("user" if is_user else "group", organization_id, value)


def actor_id(organization_id: UUID, value: UUID | None) -> str | None:
    """Return the public id of an acting user."""
    return None if value is None else ids.member_id("user", organization_id, value)


def actor_token_id(organization_id: UUID, value: UUID | None) -> str | None:
    """Return the public id of the token that somebody acted with."""
    return None if value is None else ids.member_id("token", organization_id, value)


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is done to; ``principal_id`` is the user or group whose it is, if any."""

    kind: TargetKind
    id: UUID
    principal_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the trail to be. ``reason``: why it was refused, None where it was not."""

    action: Action
    author: Author
    target: Target
    changes: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    reason: str | None = None


def difference(
    before: Mapping[str, object] | None, after: Mapping[str, object] | None
) -> dict[str, dict[str, object]]:
    """Return the fields that differ with both values; None for a thing that is not there.

    Values are what JSON has: text, numbers, truth values, lists, times in RFC 3339. Never a secret.
    """
    old, new = before or {}, after or {}
    return {
        name: {"before": _plain(old.get(name)), "after": _plain(new.get(name))}
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    }


def _plain(value: object) -> object:
    """Return a time as text, so that reading the JSON and writing it again gives the same bytes.

    Of a long list the beginning and the length: an event is read, sent and kept for ever.
    """
    if isinstance(value, list) and len(value) > MOST_LISTED:
        return [*value[:MOST_LISTED], f"… {len(value) - MOST_LISTED} more"]
    return value.isoformat() if isinstance(value, datetime) else value


def as_json(events: list[Event]) -> str:
    """Return events as ``append_audit_events`` takes them. The changes' text is what is hashed:
    keys in order, no white space."""
    rows = [_row(event) for event in events]
    return orjson.dumps(rows, default=_uuid, option=orjson.OPT_SORT_KEYS).decode()


def _uuid(value: object) -> str:
    """Serialize the driver's own kind of UUID, which orjson does not know."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in the audit trail")


def _row(event: Event) -> dict[str, object]:
    author, target = event.author, event.target
    return {
        "action": event.action.value,
        "outcome": "SUCCEEDED" if event.reason is None else "REFUSED",
        "actor_kind": author.kind,
        "actor_user_id": author.user_id,
        "actor_token_id": author.token_id,
        "ip": author.origin.address,
        "user_agent": author.origin.user_agent,
        "request_id": author.origin.request_id,
        "target_kind": target.kind,
        "target_id": target.id,
        "principal_id": target.principal_id,
        "changes": event.changes,
        "reason": event.reason,
    }
