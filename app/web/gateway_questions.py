"""What a gateway asks for beside the token: which organization, which permission, on what.

It stands in the gateway's configuration, so that whatever is wrong with it is an error and never
the looser question: an empty value is none that was left out, and an unknown name is a misspelled
one, which would otherwise let in everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qsl
from uuid import UUID

from app import ids
from app.catalogue import Catalogue
from app.web import oauth_errors
from app.web.oauth_errors import Refused

ANY = "any"
"""As organization_id: tokens of every organization are let in."""
OWN = "organization"
"""As resource_id: the organization of the token, whichever that is."""

NAMES = ("organization_id", "permission", "resource_id")
HEADERS = tuple(b"appusers-" + name.replace("_", "-").encode() for name in NAMES)
MAX_BYTES = 2048
"""Of a query or a header. The longest id has 53, the longest permission 255."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a token has to be and to hold."""

    organization_id: UUID | None
    """None: of any organization."""
    permission: str | None
    """None: it has to be good, and nothing else."""
    resource: tuple[UUID, UUID] | None
    """Organization and resource where the permission is to be held; None: the token's own
    organization."""


def of_query(query: bytes, known: Catalogue) -> Question:
    """Return the question of a query string. Raises Refused."""
    if len(query) > MAX_BYTES:
        _refuse(f"The query has at most {MAX_BYTES} bytes.")
    try:
        # Without a second encoding to get around: what is no UTF-8 is refused.
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict"
        )
    except ValueError:
        _refuse("The query is not form-urlencoded UTF-8.")
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in NAMES:
            _refuse(f"The query knows {', '.join(NAMES)}, and it has another parameter.")
        if name in found:
            _refuse(f"The query has {name} twice.")
        found[name] = value
    return _question(found, NAMES, known)


def of_headers(values: Sequence[Sequence[bytes]], known: Catalogue) -> Question:
    """Return the question of the fields named by HEADERS, the values of each in turn.

    A permission needs its resource here: clients send headers too, and one that names a project of
    its own may not decide where the gateway's permission is looked for. Raises Refused.
    """
    found: dict[str, str] = {}
    shown = [_shown(header) for header in HEADERS]
    for name, header, given in zip(NAMES, shown, values, strict=True):
        if len(given) > 1:
            _refuse(f"There are two headers {header}.")
        if given:
            if len(given[0]) > MAX_BYTES:
                _refuse(f"{header} has at most {MAX_BYTES} bytes.")
            found[name] = given[0].decode("latin-1")
    question = _question(found, shown, known)
    if question.permission is not None and "resource_id" not in found:
        _refuse(
            f"{shown[1]} comes with {shown[2]}: org_... or resource_..., or {OWN} for the"
            " token's own organization."
        )
    return question


def _question(found: dict[str, str], shown: Sequence[str], known: Catalogue) -> Question:
    organization_shown, permission_shown, resource_shown = shown
    for name, called in zip(NAMES, shown, strict=True):
        if found.get(name) == "":
            _refuse(f"{called} is empty; leave it out, if nothing is meant.")
    organization_id = _organization(organization_shown, found.get("organization_id"))
    permission = found.get("permission")
    if permission is not None and permission not in known.entries:
        _refuse(f"{permission_shown} is in no catalogue: see permissionCatalogue.")
    resource = _resource(resource_shown, found.get("resource_id"))
    if "resource_id" in found and permission is None:
        _refuse(f"{resource_shown} comes with {permission_shown}, which is asked for on it.")
    if resource and organization_id and resource[0] != organization_id:
        _refuse(f"{resource_shown} is not of the organization that {organization_shown} names.")
    return Question(organization_id, permission, resource)


def _organization(shown: str, value: str | None) -> UUID | None:
    if value == ANY:
        return None
    organization_id = ids.parse_organization_id(value) if value is not None else None
    if organization_id is None:
        _refuse(
            f"{shown} says whose tokens are let in: an organization's id (org_...), or {ANY} for"
            " those of every organization."
        )
    return organization_id


def _resource(shown: str, value: str | None) -> tuple[UUID, UUID] | None:
    if value is None or value == OWN:
        return None
    resource = ids.parse_resource_id(value)
    if resource is None:
        _refuse(f"{shown} is not a resource's id (resource_... or org_...), nor {OWN}.")
    return resource


def _shown(header: bytes) -> str:
    return header.decode().title()


def _refuse(description: str) -> NoReturn:
    raise Refused(oauth_errors.invalid_request(description))
