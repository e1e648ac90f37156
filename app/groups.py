"""Groups: create, rename, describe, delete, list. ``app.group_members`` has who is in them.

A group hands what it is granted to its members. Who may manage groups but is not administrator
keeps away from those that hold a permission: the guard in ``app.guards``.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from app import administrators, changes, guards, ids, inputs, paging
from app.access import GroupReader, GroupWriter, Reader
from app.audit import Action, Target
from app.changes import Change
from app.errors import NameTaken, NotFound
from app.guards import Guarded
from app.inputs import KEEP, Unset
from app.paging import Page, PageRequest
from db import group_members, permissions
from db import groups as rows
from db.groups import Group, GroupFilter, GroupOrder
from db.keyset import Direction, Position
from db.pool import Connection, Database

__all__ = ["KEEP", "Group", "GroupFilter", "GroupOrder", "Unset"]

MISSING = "There is no such group."


async def create(
    database: Database, writer: GroupWriter, *, name: str, description: str | None
) -> Group:
    """Add a group without members and permissions. Raises InvalidInput and NameTaken."""
    problems = inputs.Problems()
    name = inputs.name(problems, "name", name)
    description = inputs.description(problems, "description", description)
    problems.raise_any()
    async with changes.begun(database, writer, lock=True) as change:
        group = await rows.insert(
            change.connection,
            organization_id=writer.organization_id,
            group_id=uuid7(),
            name=name,
            name_key=inputs.name_key(name),
            description=description,
            created_by=writer.actor_id,
        )
        if group is None:
            raise NameTaken(name, "group")
        change.record(Action.GROUP_CREATE, target(group.group_id), after=_fields(group))
    return group


async def update(
    database: Database,
    writer: GroupWriter,
    group_id: UUID,
    *,
    name: str | Unset | None = KEEP,
    description: str | Unset | None = KEEP,
) -> Group:
    """Rename and describe. Raises InvalidInput, NameTaken, NotFound and Forbidden."""
    problems = inputs.Problems()
    new_name = None if isinstance(name, Unset) else inputs.name(problems, "name", name)
    if not isinstance(description, Unset):
        description = inputs.description(problems, "description", description)
    problems.raise_any()
    async with changes.begun(database, writer, lock=True) as change:
        connection, organization_id = change.connection, writer.organization_id
        group = await existing(connection, organization_id, group_id)
        wanted = replace(
            group,
            name=group.name if new_name is None else new_name,
            description=group.description if isinstance(description, Unset) else description,
        )
        if wanted == group:
            change.record_nothing()
            return group
        # Whoever grants goes by the name.
        await pass_guard(change, writer, group_id)
        changed = await rows.update(
            connection,
            organization_id,
            group_id,
            name=wanted.name,
            name_key=inputs.name_key(wanted.name),
            description=wanted.description,
        )
        if changed is None:
            raise NameTaken(wanted.name, "group")
        change.record(
            Action.GROUP_UPDATE, target(group_id), before=_fields(group), after=_fields(changed)
        )
    return changed


async def delete(database: Database, writer: GroupWriter, group_id: UUID) -> None:
    """Remove a group for good, with its grants and memberships.

    Raises NotFound, LastAdministrator, and Forbidden where the guard forbids it.
    """
    async with changes.begun(database, writer, lock=True) as change:
        connection, organization_id = change.connection, writer.organization_id
        group = await existing(connection, organization_id, group_id)
        await pass_guard(change, writer, group_id)
        await end(change, group)


async def end(change: Change, group: Group) -> None:
    """Do what ``delete`` says behind the organization's lock. Raises LastAdministrator."""
    connection, organization_id = change.connection, change.organization_id
    grants = await permissions.delete_all(connection, organization_id, group.group_id)
    left = await group_members.delete_all(connection, organization_id, group.group_id)
    await rows.delete(connection, organization_id, group.group_id)
    if grants:
        await administrators.keep_administrator(change)
    gone: dict[str, object] = {
        "permissions": sorted(
            f"{grant.permission} on {ids.resource_id(organization_id, grant.resource_id)}"
            for grant in grants
        ),
        "members": sorted(ids.member_id("user", organization_id, user) for user in left),
    }
    change.record(Action.GROUP_DELETE, target(group.group_id), before=_fields(group) | gone)


async def existing(connection: Connection, organization_id: UUID, group_id: UUID) -> Group:
    """Return a group, which stays as it is behind the organization's lock. Raises NotFound."""
    found = await rows.find(connection, organization_id, [group_id])
    if not found:
        raise NotFound(MISSING)
    return found[0]


async def pass_guard(change: Change, writer: GroupWriter, group_id: UUID) -> bool:
    """Raise Forbidden where the group's members and its end are not the writer's affair.

    Returns whether the group holds a permission. The organization has to be locked, as grants lock
    it too: otherwise a group that holds nothing here may hold something at the commit.
    """
    holds = await permissions.holds_any(change.connection, writer.organization_id, group_id)
    guards.guard(writer, Guarded.GROUP, holds_permission=holds)
    return holds


def target(group_id: UUID, user_id: UUID | None = None) -> Target:
    """Return a group, or the place of a user in it, as audit events name it."""
    return Target("GROUP", group_id, user_id)


def _fields(group: Group) -> dict[str, object]:
    return {"name": group.name, "description": group.description}


async def find(database: Database, reader: Reader, group_ids: Sequence[UUID]) -> list[Group]:
    """Return the groups of the reader's organization among these, in no order."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.find(connection, reader.organization_id, group_ids)


def page_request(
    order: GroupOrder, direction: Direction, first: int, after: str | None
) -> PageRequest[GroupOrder]:
    """Check a request for a page of groups. Raises InvalidInput."""
    return paging.request(order, direction, first, after, text_key=order == "name_key")


async def list_page(
    database: Database, reader: GroupReader, keep: GroupFilter, asked: PageRequest[GroupOrder]
) -> Page[Group]:
    """Return a page of the organization's groups."""
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
    return paging.cut(found, asked, lambda group: _position(group, asked.order))


def _position(group: Group, order: GroupOrder) -> Position:
    keys: dict[GroupOrder, datetime | str] = {
        "create_time": group.create_time,
        "name_key": group.name_key,
    }
    return Position(keys[order], group.group_id)
