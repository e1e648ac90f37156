"""Who is in a group: add, remove, list.

Whoever is added gets what the group holds, so that only administrators change who is in a group
that holds anything. Adding locks the users too: minting for one of them looks at what it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app import administrators, changes, groups, ids, paging
from app.access import GroupReader, GroupWriter
from app.audit import Action
from app.errors import NotFound
from app.groups import Group
from app.paging import Page, PageRequest
from db import group_members as rows
from db import users
from db.group_members import Member
from db.keyset import Position
from db.pool import Database

__all__ = ["Member", "MemberOrder"]

MISSING_USER = "There is no such user."

MemberOrder = Literal["create_time"]


@dataclass(frozen=True, slots=True)
class Changed:
    """A group, and how many users a call put into it or took out of it."""

    group: Group
    count: int


async def add(
    database: Database,
    writer: GroupWriter,
    group_id: UUID,
    members: Sequence[tuple[UUID, UUID]],
) -> Changed:
    """Put users into a group; who is in it already stays. All of them, or nothing changes.

    ``members`` are organizations and users of them. Raises NotFound, and Forbidden where the guard
    forbids it.
    """
    user_ids = [user_id for _, user_id in members]
    async with changes.begun(database, writer, lock=True) as change:
        connection, organization_id = change.connection, writer.organization_id
        group = await groups.existing(connection, organization_id, group_id)
        await groups.pass_guard(change, writer, group_id)
        _refuse_foreign(writer, members)
        live = await rows.lock_users(connection, organization_id, user_ids)
        if len(live) < len(user_ids):
            raise NotFound(MISSING_USER)
        added = await rows.insert(connection, organization_id, group_id, user_ids, writer.actor_id)
        for user_id in sorted(added):
            public_id = ids.member_id("user", organization_id, user_id)
            change.record(
                Action.GROUP_MEMBER_ADD,
                groups.target(group_id, user_id),
                after={"member": public_id},
            )
        if not added:
            change.record_nothing()
    return Changed(group, len(added))


async def remove(
    database: Database,
    writer: GroupWriter,
    group_id: UUID,
    members: Sequence[tuple[UUID, UUID]],
) -> Changed:
    """Take users out of a group; who is not in it stays outside. All of them, or nothing changes.

    ``members`` are organizations and users of them. Raises NotFound, LastAdministrator, and
    Forbidden where the guard forbids it.
    """
    user_ids = [user_id for _, user_id in members]
    async with changes.begun(database, writer, lock=True) as change:
        connection, organization_id = change.connection, writer.organization_id
        group = await groups.existing(connection, organization_id, group_id)
        holds = await groups.pass_guard(change, writer, group_id)
        _refuse_foreign(writer, members)
        found = await users.find(connection, organization_id, user_ids)
        if sum(user.state != "DELETED" for user in found) < len(user_ids):
            raise NotFound(MISSING_USER)
        removed = await rows.delete(connection, organization_id, group_id, user_ids)
        if removed and holds:
            await administrators.keep_administrator(change)
        for user_id in sorted(removed):
            public_id = ids.member_id("user", organization_id, user_id)
            change.record(
                Action.GROUP_MEMBER_REMOVE,
                groups.target(group_id, user_id),
                before={"member": public_id},
            )
        if not removed:
            change.record_nothing()
    return Changed(group, len(removed))


def _refuse_foreign(writer: GroupWriter, members: Sequence[tuple[UUID, UUID]]) -> None:
    """Raise NotFound where one of the users claims to be another organization's."""
    if any(organization_id != writer.organization_id for organization_id, _ in members):
        raise NotFound(MISSING_USER)


def page_request(first: int, after: str | None) -> PageRequest[MemberOrder]:
    """Check a request for a page of members, the latest first. Raises InvalidInput."""
    return paging.request("create_time", "DESC", first, after, text_key=False)


async def list_pages_of_groups(
    database: Database,
    reader: GroupReader,
    group_ids: Sequence[UUID],
    asked: PageRequest[MemberOrder],
) -> dict[UUID, Page[Member]]:
    """Return a page of members for each group, all in one statement."""
    async with database.tenant(reader.organization_id) as connection:
        found = await rows.list_pages_of_groups(
            connection,
            reader.organization_id,
            group_ids,
            asked.direction,
            asked.after,
            asked.first + 1,
        )
    by_group: dict[UUID, list[Member]] = {group_id: [] for group_id in group_ids}
    for member in found:
        by_group[member.group_id].append(member)
    return {
        group_id: paging.cut(
            members, asked, lambda member: Position(member.create_time, member.user_id)
        )
        for group_id, members in by_group.items()
    }
