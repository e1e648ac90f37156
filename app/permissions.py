"""Grants: who was given which permission on which resource; given, taken, set and listed.

What they come to together for a principal is in ``app.authority``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from app import changes, inputs, paging
from app.access import ORGANIZATION_ADMIN, OrgAdmin, OrgReader
from app.administrators import keep_administrator
from app.audit import Action, Target
from app.catalogue import Catalogue, Level
from app.errors import Code, NotFound
from app.paging import Page, PageRequest
from app.resources import MISSING as MISSING_RESOURCE
from db import permission_pages, resources
from db import permissions as rows
from db.keyset import Position
from db.permission_pages import GrantFilter, GrantOrder, GrantPosition, ListedGrant
from db.pool import Connection, Database

__all__ = ["GrantFilter", "ListedGrant"]

MISSING_PRINCIPAL = "There is no such user or group."

_Names: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A principal, and the resource that it is given permissions on or loses them on."""

    principal_id: UUID
    is_group: bool
    resource_id: UUID


@dataclass(frozen=True, slots=True)
class Granted:
    """What a principal was granted on a resource itself, and what a change changed of that."""

    permissions: list[str]
    granted: list[str]
    revoked: list[str]


async def grant(
    database: Database,
    catalogue: Catalogue,
    admin: OrgAdmin,
    place: Place,
    permissions: Sequence[str],
) -> Granted:
    """Add permissions to those held. Raises InvalidInput and NotFound."""
    _check_length(permissions, least=1)
    return await _change(database, catalogue, admin, place, permissions, _Names.union)


async def revoke(
    database: Database,
    catalogue: Catalogue,
    admin: OrgAdmin,
    place: Place,
    permissions: Sequence[str],
) -> Granted:
    """Take permissions away. Raises InvalidInput, NotFound and LastAdministrator."""
    _check_length(permissions, least=1)
    return await _change(database, catalogue, admin, place, permissions, _Names.difference)


async def set_exactly(
    database: Database,
    catalogue: Catalogue,
    admin: OrgAdmin,
    place: Place,
    permissions: Sequence[str],
) -> Granted:
    """Leave these permissions and no others. Raises InvalidInput, NotFound, LastAdministrator."""
    _check_length(permissions, least=0)
    return await _change(database, catalogue, admin, place, permissions, lambda _held, given: given)


async def _change(
    database: Database,
    catalogue: Catalogue,
    admin: OrgAdmin,
    place: Place,
    permissions: Sequence[str],
    then: Callable[[_Names, _Names], _Names],
) -> Granted:
    """Make a principal hold on a resource what ``then`` says of what it holds and what is given."""
    organization_id = admin.organization_id
    principal_id, resource_id = place.principal_id, place.resource_id
    async with changes.begun(database, admin, lock=True) as change:
        connection = change.connection
        if not await rows.lock_principal(
            connection, organization_id, principal_id, is_group=place.is_group
        ):
            raise NotFound(MISSING_PRINCIPAL)
        level = await _level(connection, organization_id, resource_id)
        held = _Names(await rows.list_held(connection, organization_id, principal_id, resource_id))
        wanted = then(held, _check(catalogue, level, held, permissions))
        target = Target(level, resource_id, principal_id)
        granted, revoked, kept = sorted(wanted - held), sorted(held - wanted), wanted & held
        if revoked:
            await rows.delete(connection, organization_id, principal_id, resource_id, revoked)
            change.record(
                Action.PERMISSION_REVOKE, target, before=_fields(held), after=_fields(kept)
            )
        if granted:
            await rows.insert(
                connection,
                organization_id,
                principal_id,
                is_group=place.is_group,
                resource_id=resource_id,
                permissions=granted,
                created_by=admin.actor_id,
            )
            change.record(
                Action.PERMISSION_GRANT, target, before=_fields(kept), after=_fields(wanted)
            )
        if not granted and not revoked:
            change.record_nothing()
        if ORGANIZATION_ADMIN in revoked:
            await keep_administrator(change)
    return Granted(sorted(wanted), granted, revoked)


async def _level(connection: Connection, organization_id: UUID, resource_id: UUID) -> Level:
    """Return what kind of resource this is. Raises NotFound."""
    if resource_id == organization_id:
        return "ORGANIZATION"
    found = await resources.find(connection, organization_id, [resource_id])
    if not found:
        raise NotFound(MISSING_RESOURCE)
    return found[0].kind


def _fields(names: _Names) -> dict[str, object]:
    return {"permissions": sorted(names)}


def _check_length(permissions: Sequence[str], *, least: int) -> None:
    problems = inputs.Problems()
    if len(permissions) < least:
        problems.add(
            "permissions", Code.TOO_SHORT, "permissions cannot be empty; name one at least."
        )
    elif len(permissions) > inputs.LIST_LENGTH:
        problems.add(
            "permissions",
            Code.TOO_LONG,
            f"permissions has at most {inputs.LIST_LENGTH} names.",
        )
    problems.raise_any()


def _check(catalogue: Catalogue, level: Level, held: _Names, permissions: Sequence[str]) -> _Names:
    """Return the names that were given. Raises InvalidInput.

    A name that is held may be named whatever the catalogue says: an operator may have taken it out
    since, and what is held can always be taken away.
    """
    problems = inputs.Problems()
    seen: set[str] = set()
    for index, name in enumerate(permissions):
        where = f"permissions[{index}]"
        if name not in catalogue.entries and name not in held:
            problems.add(
                where,
                Code.UNKNOWN_VALUE,
                f"{where} is no role or permission; permissionCatalogue lists them.",
            )
        elif name in seen:
            problems.add(where, Code.DUPLICATE_VALUE, f"{where}: {name} is in the list already.")
        elif name not in held and not catalogue.may_be_granted_on(name, level):
            levels = ", ".join(sorted(catalogue.entries[name].levels))
            problems.add(
                where,
                Code.NOT_ALLOWED,
                f"{where}: {name} cannot be granted on a resource of kind {level}, only on"
                f" {levels}.",
            )
        seen.add(name)
    problems.raise_any()
    return _Names(seen)


def page_request(keep: GrantFilter, first: int, after: str | None) -> PageRequest[GrantOrder]:
    """Check a request for a page of grants. Raises InvalidInput."""
    return paging.request(keep.order, "ASC", first, after, text_key=True)


async def list_page(
    database: Database, reader: OrgReader, keep: GrantFilter, asked: PageRequest[GrantOrder]
) -> Page[ListedGrant]:
    """Return a page of the organization's grants. Raises InvalidInput for a forged cursor."""
    after = GrantPosition() if asked.is_first else _parse(asked.after)
    async with database.tenant(reader.organization_id) as connection:
        found = await permission_pages.list_page(
            connection, reader.organization_id, keep, after, asked.first + 1
        )
    return paging.cut(found, asked, _position)


def _position(grant: ListedGrant) -> Position:
    return Position(f"{grant.resource_id} {grant.permission}", grant.principal_id)


def _parse(position: Position) -> GrantPosition:
    resource_id, _, permission = str(position.key).partition(" ")
    try:
        return GrantPosition(position.id, UUID(resource_id), permission)
    except ValueError:
        raise inputs.invalid(
            "after",
            Code.INVALID_CURSOR,
            "after is not a cursor of this list; take it from pageInfo.endCursor.",
        ) from None
