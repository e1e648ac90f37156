"""Resources: the tree of organizational units and projects below an organization.

The organization is its root and no row of it. What is granted on a resource reaches all below it:
who holds what is not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args
from uuid import UUID

from uuid_utils.compat import uuid7

from app import changes, ids, inputs, paging
from app.access import OrgAdmin, OrgReader
from app.audit import Action, Target
from app.catalogue import Level
from app.changes import Change
from app.errors import Code, InvalidInput, NameTaken, NotFound
from app.inputs import KEEP, Unset
from app.paging import Page, PageRequest
from db import resources as rows
from db.keyset import Direction, Position
from db.pool import Connection, Database
from db.resources import Resource, ResourceFilter, ResourceKind, ResourceOrder

__all__ = ["KEEP", "Resource", "ResourceFilter", "ResourceKind", "ResourceOrder", "Unset"]

MISSING = "There is no such resource."
MISSING_PARENT = "There is no such parent."

KINDS: tuple[ResourceKind, ...] = get_args(ResourceKind)
MAX_DEPTH = 10
"""How many levels there are below the organization."""

_THINGS: dict[ResourceKind, str] = {
    "ORGANIZATIONAL_UNIT": "organizational unit",
    "PROJECT": "project",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is in the tree: its kind, and the ids from it up to the organization."""

    kind: Level
    path: list[UUID]

    @property
    def level(self) -> int:
        """How far below the organization it is, 0 for the organization itself."""
        return len(self.path) - 1


async def find_place(
    connection: Connection, organization_id: UUID, resource_id: UUID
) -> Place | None:
    """Return the place of a resource or of the organization, None where there is no such thing."""
    if resource_id == organization_id:
        return Place("ORGANIZATION", [organization_id])
    found = await rows.find(connection, organization_id, [resource_id])
    path = await rows.find_path(connection, organization_id, resource_id)
    return Place(found[0].kind, path) if found and path else None


async def create(
    database: Database,
    admin: OrgAdmin,
    *,
    kind: Level,
    name: str,
    parent: tuple[UUID, UUID] | None = None,
) -> Resource:
    """Add a unit or project below a unit or, without parent, below the organization.

    ``parent`` is an organization and what it owns. Raises InvalidInput, NameTaken and NotFound.
    """
    problems = inputs.Problems()
    name = inputs.name(problems, "name", name)
    below = _below(problems, kind)
    problems.raise_any()
    async with changes.begun(database, admin, lock=True) as change:
        connection, organization_id = change.connection, admin.organization_id
        place = await _parent(connection, organization_id, parent)
        _refuse_too_deep(place, 1)
        resource = await rows.insert(
            connection,
            organization_id=organization_id,
            resource_id=uuid7(),
            kind=below,
            parent_id=_parent_id(place),
            name=name,
            name_key=inputs.name_key(name),
            created_by=admin.actor_id,
        )
        if resource is None:
            raise _name_taken(below, name)
        change.record(Action.RESOURCE_CREATE, target(resource), after=_fields(resource))
    return resource


async def update(
    database: Database,
    admin: OrgAdmin,
    resource_id: UUID,
    *,
    name: str | Unset | None = KEEP,
    parent: tuple[UUID, UUID] | Unset | None = KEEP,
) -> Resource:
    """Rename and move, with all that is below. Raises InvalidInput, NameTaken and NotFound."""
    problems = inputs.Problems()
    new_name = None if isinstance(name, Unset) else inputs.name(problems, "name", name)
    problems.raise_any()
    async with changes.begun(database, admin, lock=True) as change:
        connection, organization_id = change.connection, admin.organization_id
        resource = await _existing(connection, organization_id, resource_id)
        wanted = resource if new_name is None else replace(resource, name=new_name)
        if not isinstance(parent, Unset):
            place = await _parent(connection, organization_id, parent)
            if resource_id in place.path:
                raise _refused_parent("parentId cannot be the unit itself or anything below it.")
            if _parent_id(place) != resource.parent_id:
                height = await rows.find_height(connection, organization_id, resource_id)
                _refuse_too_deep(place, height)
            wanted = replace(wanted, parent_id=_parent_id(place))
        if wanted == resource:
            change.record_nothing()
            return resource
        changed = await rows.update(
            connection,
            organization_id,
            resource_id,
            parent_id=wanted.parent_id,
            name=wanted.name,
            name_key=inputs.name_key(wanted.name),
        )
        if changed is None:
            raise _name_taken(wanted.kind, wanted.name)
        change.record(
            Action.RESOURCE_UPDATE,
            target(changed),
            before=_fields(resource),
            after=_fields(changed),
        )
    return changed


async def delete(database: Database, admin: OrgAdmin, resource_id: UUID) -> int:
    """Remove a resource that nothing is below, and every grant on it; return how many those were.

    Raises InvalidInput and NotFound.
    """
    async with changes.begun(database, admin, lock=True) as change:
        connection, organization_id = change.connection, admin.organization_id
        resource = await _existing(connection, organization_id, resource_id)
        if await rows.has_children(connection, organization_id, resource_id):
            raise inputs.invalid(
                "resourceId",
                Code.NOT_ALLOWED,
                "resourceId names a unit that has units or projects below it: delete them or move"
                " them away first.",
            )
        return await end(change, resource)


async def end(change: Change, resource: Resource) -> int:
    """Do what ``delete`` says to a resource that nothing is below, behind the organization's
    lock."""
    connection, organization_id = change.connection, change.organization_id
    grants = await rows.delete_grants(connection, organization_id, resource.resource_id)
    await rows.delete(connection, organization_id, resource.resource_id)
    permissions = sorted(
        f"{grant.permission} of "
        + ids.member_id("group" if grant.is_group else "user", organization_id, grant.principal_id)
        for grant in grants
    )
    change.record(
        Action.RESOURCE_DELETE,
        target(resource),
        before=_fields(resource) | {"permissions": permissions},
    )
    return len(grants)


def target(resource: Resource) -> Target:
    """Return a resource as audit events name it."""
    return Target(resource.kind, resource.resource_id)


def _fields(resource: Resource) -> dict[str, object]:
    organization_id, parent_id = resource.organization_id, resource.parent_id
    return {
        "name": resource.name,
        "parentId": ids.resource_id(organization_id, parent_id) if parent_id else None,
    }


def _below(problems: inputs.Problems, kind: Level) -> ResourceKind:
    """Return a kind that is a row; note the organization's, which is none."""
    if kind == "ORGANIZATION":
        problems.add(
            "kind",
            Code.NOT_ALLOWED,
            "kind cannot be ORGANIZATION: the organization is the root of its resources.",
        )
        return "ORGANIZATIONAL_UNIT"
    return kind


async def _existing(connection: Connection, organization_id: UUID, resource_id: UUID) -> Resource:
    """Return a resource. Raises NotFound."""
    found = await rows.find(connection, organization_id, [resource_id])
    if not found:
        raise NotFound(MISSING)
    return found[0]


async def _parent(
    connection: Connection, organization_id: UUID, parent: tuple[UUID, UUID] | None
) -> Place:
    """Return the place of what is to be a parent, None being the organization.

    Raises NotFound, and InvalidInput for a project.
    """
    owner, parent_id = parent or (organization_id, organization_id)
    # An id that names another organization is not looked for: it is missing here.
    place = (
        await find_place(connection, organization_id, parent_id)
        if owner == organization_id
        else None
    )
    if place is None:
        raise NotFound(MISSING_PARENT)
    if place.kind == "PROJECT":
        raise _refused_parent("parentId names a project, and nothing can be below a project.")
    return place


def _parent_id(place: Place) -> UUID | None:
    return None if place.kind == "ORGANIZATION" else place.path[0]


def _refuse_too_deep(parent: Place, height: int) -> None:
    if parent.level + height > MAX_DEPTH:
        raise _refused_parent(
            f"parentId is too deep: there are at most {MAX_DEPTH} levels below an organization,"
            f" and this would make {parent.level + height}."
        )


def _refused_parent(message: str) -> InvalidInput:
    return inputs.invalid("parentId", Code.NOT_ALLOWED, message)


def _name_taken(kind: ResourceKind, name: str) -> NameTaken:
    return NameTaken(name, _THINGS[kind], "with the same parent")


async def find(
    database: Database, reader: OrgReader, resource_ids: Sequence[UUID]
) -> list[Resource]:
    """Return the resources among these, in no order; never the organization."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.find(connection, reader.organization_id, resource_ids)


def page_request(
    order: ResourceOrder, direction: Direction, first: int, after: str | None
) -> PageRequest[ResourceOrder]:
    """Check a request for a page of resources. Raises InvalidInput."""
    return paging.request(order, direction, first, after, text_key=order == "name_key")


async def list_page(
    database: Database,
    reader: OrgReader,
    keep: ResourceFilter,
    asked: PageRequest[ResourceOrder],
) -> Page[Resource]:
    """Return a page of the organization's units and projects."""
    async with database.tenant(reader.organization_id) as connection:
        found = await rows.list_page(
            connection,
            reader.organization_id,
            keep,
            asked.order,
            asked.direction,
            asked.after,
            asked.first + 1,
        )
    return paging.cut(found, asked, lambda resource: _position(resource, asked.order))


def _position(resource: Resource, order: ResourceOrder) -> Position:
    key = resource.name_key if order == "name_key" else resource.create_time
    return Position(key, resource.resource_id)
