"""Groups in GraphQL: the thing, who is in it, one of them, and lists."""

import asyncio
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID

from app import group_members, groups, ids, inputs, references
from app.access import GroupReader, GroupWriter
from app.api.connections import (
    After,
    Connection,
    First,
    PageInfo,
    at_most,
    connection_of,
    page_info,
)
from app.api.nodes import DIRECTIONS, ContextInfo, Node, OrderDirection
from app.api.scalars import Time
from app.api.users import User, load_user
from app.group_members import Member
from app.groups import Group as GroupRow
from app.groups import GroupFilter, GroupOrder
from app.paging import DEFAULT_FIRST, Page


@strawberry.type(description="A user in a group, with its cursor.")
class GroupMemberEdge:
    reader: strawberry.Private[GroupReader]
    user_id: strawberry.Private[UUID]
    cursor: str = strawberry.field(description="The place behind this item. Opaque.")
    join_time: Time = strawberry.field(description="When the user was added to the group.")

    @strawberry.field(description="The user, a person or an application user.")
    async def node(self, info: ContextInfo) -> User:
        return await _member(info, self.reader, self.user_id)


@strawberry.type(description="A page of the users in a group.")
class GroupMemberConnection:
    reader: strawberry.Private[GroupReader]
    page: strawberry.Private[Page[Member]]
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")

    @strawberry.field(description="The users, in order.")
    async def nodes(self, info: ContextInfo) -> list[User]:
        found = (_member(info, self.reader, member.user_id) for member in self.page.rows)
        return list(await asyncio.gather(*found))

    @strawberry.field(description="The users with their cursors, in order.")
    def edges(self) -> list[GroupMemberEdge]:
        return [
            GroupMemberEdge(
                reader=self.reader,
                user_id=member.user_id,
                cursor=self.page.cursor(index),
                join_time=Time(member.create_time),
            )
            for index, member in enumerate(self.page.rows)
        ]


@strawberry.type(
    description="Users that hold permissions together: what is granted to the group, each of its"
    " members holds. A group is in no other group."
)
class Group(Node):
    row: strawberry.Private[GroupRow]
    name: str = strawberry.field(description="What people call it.")
    description: str | None = strawberry.field(description="What it is for.")
    create_time: Time = strawberry.field(description="When it was created.")

    @strawberry.field(description="The organization that it belongs to.")
    def organization_id(self) -> ID:
        return ID(ids.organization_id(self.row.organization_id))

    @strawberry.field(
        description="Who created it; null for the operator of the service. Permission:"
        " `organization:groups:write`."
    )
    async def created_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(GroupReader, self.row.organization_id)
        return await load_user(info, reader, self.row.created_by)

    @strawberry.field(
        description="Who is in it, people and application users, the latest first; a deleted user"
        " is in no group. Permission: `organization:groups:write`."
    )
    async def members(
        self, info: ContextInfo, first: First = DEFAULT_FIRST, after: After = None
    ) -> GroupMemberConnection:
        reader = info.context.require(GroupReader, self.row.organization_id)
        asked = group_members.page_request(at_most(first), after)
        wanted = ((reader, asked), self.row.group_id)
        page = await info.context.loaders.members_of_groups.load(wanted)
        return GroupMemberConnection(reader=reader, page=page, page_info=page_info(page))

    @strawberry.field(
        description="It holds a permission, on whatever resource: only administrators change who is"
        " in it, or delete it. Permission: `organization:groups:write`."
    )
    async def holds_permissions(self, info: ContextInfo) -> bool:
        reader = info.context.require(GroupReader, self.row.organization_id)
        return bool(await info.context.loaders.holders.load((reader, self.row.group_id)))

    @strawberry.field(
        description="The caller may rename and describe it: it is an administrator, or the group"
        " holds no permission."
    )
    async def viewer_can_update(self, info: ContextInfo) -> bool:
        return await info.context.passes_guard(
            GroupWriter, self.row.organization_id, self.row.group_id
        )

    @strawberry.field(
        description="The caller may delete it: it is an administrator, or the group holds no"
        " permission. A deletion that would leave no administrator is refused all the same."
    )
    async def viewer_can_delete(self, info: ContextInfo) -> bool:
        return await self._passes_guard(info)

    @strawberry.field(
        description="The caller may add and remove members: it is an administrator, or the group"
        " holds no permission. A removal that would leave no administrator is refused all the same."
    )
    async def viewer_can_change_members(self, info: ContextInfo) -> bool:
        return await self._passes_guard(info)

    async def _passes_guard(self, info: ContextInfo) -> bool:
        return await info.context.passes_guard(
            GroupWriter, self.row.organization_id, self.row.group_id
        )

    @classmethod
    def of(cls, row: GroupRow) -> "Group":
        """Make the shape of a row."""
        return cls(
            row=row,
            id=ID(ids.member_id("group", row.organization_id, row.group_id)),
            name=row.name,
            description=row.description,
            create_time=Time(row.create_time),
        )


async def _member(info: ContextInfo, reader: GroupReader, user_id: UUID) -> User:
    user = await load_user(info, reader, user_id)
    if user is None:
        raise RuntimeError("a group has a member that is no user")
    return user


@strawberry.enum(description="What groups can be ordered by.")
class GroupOrderField(Enum):
    CREATE_TIME = strawberry.enum_value("CREATE_TIME", description="When it was created.")
    NAME = strawberry.enum_value("NAME", description="Its name, upper and lower case alike.")


_ORDERS: dict[GroupOrderField, GroupOrder] = {
    GroupOrderField.CREATE_TIME: "create_time",
    GroupOrderField.NAME: "name_key",
}


@strawberry.input(name="GroupOrder", description="How to order groups.")
class GroupOrderInput:
    field: GroupOrderField = strawberry.field(description="What to order by.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="Which end comes first."
    )


@strawberry.input(name="GroupFilter", description="Which groups to list; all without a field.")
class GroupFilterInput:
    search: str | None = strawberry.field(
        default=None, description="With this text in the name, upper and lower case alike."
    )
    member_id: ID | None = strawberry.field(
        default=None, description="Those that this user is in, a person or an application user."
    )


@strawberry.type
class GroupQueries:
    @strawberry.field(
        description="A group; null where there is none and where the caller does not belong to its"
        " organization. Permission: `organization:groups:write`."
    )
    async def group(
        self,
        info: ContextInfo,
        id: Annotated[ID, strawberry.argument(description="Its id (`group_…`).")],
    ) -> Group | None:
        return await find_group(info, id)

    @strawberry.field(
        description="The groups of an organization, the newest first. Permission:"
        " `organization:groups:write`."
    )
    async def groups(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        first: First = DEFAULT_FIRST,
        after: After = None,
        filter: Annotated[
            GroupFilterInput | None, strawberry.argument(description="Which to list.")
        ] = None,
        order_by: Annotated[
            GroupOrderInput | None, strawberry.argument(description="In which order.")
        ] = None,
    ) -> Connection[Group]:
        reader = info.context.require(
            GroupReader, references.organization("organizationId", organization_id)
        )
        by = order_by or GroupOrderInput(field=GroupOrderField.CREATE_TIME)
        asked = groups.page_request(
            _ORDERS[by.field], DIRECTIONS[by.direction], at_most(first), after
        )
        page = await groups.list_page(info.context.database, reader, _keep(reader, filter), asked)
        return connection_of(page, Group.of)


async def find_group(info: ContextInfo, public_id: str) -> Group | None:
    """Return a group by its public id, None where it is missing or foreign."""
    organization_id, group_id = references.group("id", public_id)
    reader = info.context.require_or_none(GroupReader, organization_id)
    found = await groups.find(info.context.database, reader, [group_id]) if reader else []
    return Group.of(found[0]) if found else None


def _keep(reader: GroupReader, wanted: GroupFilterInput | None) -> GroupFilter:
    if wanted is None:
        return GroupFilter()
    search = inputs.search("filter.search", wanted.search)
    return GroupFilter(
        search=inputs.name_key(search) if search else None,
        member_id=None if wanted.member_id is None else _member_id(reader, wanted.member_id),
    )


def _member_id(reader: GroupReader, public_id: str) -> UUID:
    organization_id, user_id = references.user("filter.memberId", public_id)
    # Answered like a user that does not exist: it is in no group here.
    return user_id if organization_id == reader.organization_id else UUID(int=0)
