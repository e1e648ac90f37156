"""Ids that callers send: each becomes the organization and what it owns, or is refused."""

from uuid import UUID

from app import ids
from app.errors import Code
from app.ids import MemberKind
from app.inputs import invalid

NAMES: dict[MemberKind, str] = {
    "user": "a user",
    "token": "a token",
    "group": "a group",
    "resource": "a resource",
    "event": "an audit event",
    "webhook": "a webhook endpoint",
    "request": "a limit request",
}


def organization(path: str, value: str) -> UUID:
    """Return the organization of a public id. Raises InvalidInput."""
    parsed = ids.parse_organization_id(value)
    if parsed is None:
        raise invalid(path, Code.INVALID_ID, f"{path} is not an organization's id (org_…).")
    return parsed


def member(kind: MemberKind, path: str, value: str) -> tuple[UUID, UUID]:
    """Return (organization, what it owns) of a public id. Raises InvalidInput."""
    parsed = ids.parse_member_id(kind, value)
    if parsed is None:
        hint = " The id is not the token itself." if kind == "token" else ""
        raise invalid(path, Code.INVALID_ID, f"{path} is not {NAMES[kind]}'s id ({kind}_…).{hint}")
    return parsed


def user(path: str, value: str) -> tuple[UUID, UUID]:
    """Return (organization, user). Raises InvalidInput."""
    return member("user", path, value)


def token(path: str, value: str) -> tuple[UUID, UUID]:
    """Return (organization, token). Raises InvalidInput."""
    return member("token", path, value)


def group(path: str, value: str) -> tuple[UUID, UUID]:
    """Return (organization, group). Raises InvalidInput."""
    return member("group", path, value)


def resource(path: str, value: str) -> tuple[UUID, UUID]:
    """Return (organization, resource); twice the same for the organization itself.

    Raises InvalidInput.
    """
    parsed = ids.parse_resource_id(value)
    if parsed is None:
        raise invalid(
            path, Code.INVALID_ID, f"{path} is not a resource's id (resource_… or org_…)."
        )
    return parsed


def principal(path: str, value: str) -> tuple[UUID, UUID, bool]:
    """Return (organization, user or group, whether it is a group). Raises InvalidInput."""
    for kind in ("user", "group"):
        parsed = ids.parse_member_id(kind, value)
        if parsed is not None:
            return (*parsed, kind == "group")
    raise invalid(
        path, Code.INVALID_ID, f"{path} is neither a user's nor a group's id (user_…, group_…)."
    )
