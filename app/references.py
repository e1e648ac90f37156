"""Ids that callers send: each becomes the organization and what it owns, or is refused."""

from collections.abc import Container, Sequence
from uuid import UUID

from app import ids, inputs
from app.errors import Code, InvalidInput
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

MAX_IDS = 1000
"""How many things one call names at the most."""
MAX_PROBLEMS = 20
"""Reported of one list: an answer should not be larger than what it answers."""


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


def several(kind: MemberKind, path: str, values: Sequence[str]) -> list[tuple[UUID, UUID]]:
    """Return (organization, what it owns) of each of 1 to 1000 ids, none of them twice.

    Raises InvalidInput with the first twenty that are wrong.
    """
    problems = inputs.Problems()
    if not values:
        problems.add(path, Code.TOO_SHORT, f"{path} names at least one.")
    elif len(values) > MAX_IDS:
        problems.add(path, Code.TOO_LONG, f"{path} has at most {MAX_IDS} ids.")
    problems.raise_any()
    # A dictionary for its order and its look-ups.
    found: dict[tuple[UUID, UUID], None] = {}
    for index, value in enumerate(values):
        where = f"{path}[{index}]"
        try:
            parsed = member(kind, where, value)
            if parsed in found:
                raise invalid(where, Code.DUPLICATE_VALUE, f"{where} is in the list already.")
            found[parsed] = None
        except InvalidInput as refused:
            problems.extend(refused.problems)
            if index + 1 - len(found) == MAX_PROBLEMS:
                break
    problems.raise_any()
    return list(found)


def of_one_organization(
    found: Sequence[tuple[UUID, UUID]], own: Container[UUID]
) -> tuple[UUID, list[UUID] | None]:
    """Return the organization of what ``several`` found, and what it owns.

    Ids of several organizations have one of the caller's ``own``, if there is one, and None for
    what it owns: that is to be answered like an id that is missing there.
    """
    organizations = dict.fromkeys(organization_id for organization_id, _ in found)
    organization_id = next((known for known in organizations if known in own), found[0][0])
    if len(organizations) > 1:
        return organization_id, None
    return organization_id, [owned for _, owned in found]


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
