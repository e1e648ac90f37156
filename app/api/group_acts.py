"""Acts on groups in GraphQL: create, rename and describe, delete, add and remove members."""

from typing import Annotated, Union

import strawberry
from strawberry import ID, UNSET

from app import group_members, groups, references
from app.access import GroupWriter
from app.api.errors import (
    InvalidInputError,
    LastAdministratorError,
    NameTakenError,
    NotFoundError,
)
from app.api.groups import Group
from app.api.nodes import ContextInfo
from app.errors import MISSING_ORGANIZATION
from app.groups import KEEP, MISSING


@strawberry.input(description="A new group.")
class CreateGroupInput:
    organization_id: ID = strawberry.field(description="The organization it will belong to.")
    name: str = strawberry.field(
        description="1 to 255 characters; no other group of the organization may have it, upper and"
        " lower case counting as the same."
    )
    description: str | None = strawberry.field(
        default=None, description="What it is for, at most 1000 characters."
    )


@strawberry.type(description="The group was created.")
class CreateGroupSuccess:
    group: Group = strawberry.field(
        description="The new group; it has no members and no permissions yet."
    )


@strawberry.input(description="Changes to a group; a field left out stays as it is.")
class UpdateGroupInput:
    group_id: ID = strawberry.field(description="The group to change.")
    name: str | None = strawberry.field(default=UNSET, description="Its new name; cannot be null.")
    description: str | None = strawberry.field(
        default=UNSET, description="Its new description; null clears it."
    )


@strawberry.type(description="The group was changed.")
class UpdateGroupSuccess:
    group: Group = strawberry.field(description="As it is now.")


@strawberry.input(description="The group to delete, for good.")
class DeleteGroupInput:
    group_id: ID = strawberry.field(description="The group to delete.")


@strawberry.type(description="The group is gone, and what its members held through it.")
class DeleteGroupSuccess:
    group_id: ID = strawberry.field(description="The id; it is never given again.")


@strawberry.input(description="Users to put into a group.")
class AddGroupMembersInput:
    group_id: ID = strawberry.field(description="The group.")
    user_ids: list[ID] = strawberry.field(
        description="1 to 1000 people and application users of the organization. Where one of them"
        " is missing or deleted, none is added."
    )


@strawberry.type(description="The users are in the group.")
class AddGroupMembersSuccess:
    group: Group = strawberry.field(description="The group.")
    added_count: int = strawberry.field(
        description="How many this added; who was in the group before does not count."
    )


@strawberry.input(description="Users to take out of a group.")
class RemoveGroupMembersInput:
    group_id: ID = strawberry.field(description="The group.")
    user_ids: list[ID] = strawberry.field(
        description="1 to 1000 people and application users of the organization. Where one of them"
        " is missing or deleted, none is removed."
    )


@strawberry.type(description="The users are not in the group.")
class RemoveGroupMembersSuccess:
    group: Group = strawberry.field(description="The group.")
    removed_count: int = strawberry.field(
        description="How many this removed; who was not in the group does not count."
    )


CreateGroupResult = Annotated[
    Union[CreateGroupSuccess, InvalidInputError, NotFoundError, NameTakenError],
    strawberry.union("CreateGroupResult", description="What became of `createGroup`."),
]
UpdateGroupResult = Annotated[
    Union[UpdateGroupSuccess, InvalidInputError, NotFoundError, NameTakenError],
    strawberry.union("UpdateGroupResult", description="What became of `updateGroup`."),
]
DeleteGroupResult = Annotated[
    Union[DeleteGroupSuccess, InvalidInputError, NotFoundError, LastAdministratorError],
    strawberry.union("DeleteGroupResult", description="What became of `deleteGroup`."),
]
AddGroupMembersResult = Annotated[
    Union[AddGroupMembersSuccess, InvalidInputError, NotFoundError],
    strawberry.union("AddGroupMembersResult", description="What became of `addGroupMembers`."),
]
RemoveGroupMembersResult = Annotated[
    Union[RemoveGroupMembersSuccess, InvalidInputError, NotFoundError, LastAdministratorError],
    strawberry.union(
        "RemoveGroupMembersResult", description="What became of `removeGroupMembers`."
    ),
]


@strawberry.type
class GroupMutations:
    @strawberry.mutation(
        description="Creates a group. It starts without members and permissions. Permission:"
        " `organization:groups:write`."
    )
    async def create_group(
        self,
        info: ContextInfo,
        input: Annotated[CreateGroupInput, strawberry.argument(description="The group.")],
    ) -> CreateGroupResult:
        writer = info.context.require(
            GroupWriter,
            references.organization("organizationId", input.organization_id),
            MISSING_ORGANIZATION,
        )
        row = await groups.create(
            info.context.database, writer, name=input.name, description=input.description
        )
        return CreateGroupSuccess(group=Group.of(row))

    @strawberry.mutation(
        description="Renames or describes a group. Permission: `organization:groups:write`; for a"
        " group that holds a permission `role:organization:admin`."
    )
    async def update_group(
        self,
        info: ContextInfo,
        input: Annotated[UpdateGroupInput, strawberry.argument(description="The changes.")],
    ) -> UpdateGroupResult:
        organization_id, group_id = references.group("groupId", input.group_id)
        writer = info.context.require(GroupWriter, organization_id, MISSING)
        row = await groups.update(
            info.context.database,
            writer,
            group_id,
            name=KEEP if input.name is UNSET else input.name,
            description=KEEP if input.description is UNSET else input.description,
        )
        return UpdateGroupSuccess(group=Group.of(row))

    @strawberry.mutation(
        description="Deletes a group for good, with its memberships and with what it was granted."
        " Its name becomes free. Permission: `organization:groups:write`; for a group that holds a"
        " permission `role:organization:admin`."
    )
    async def delete_group(
        self,
        info: ContextInfo,
        input: Annotated[DeleteGroupInput, strawberry.argument(description="Which one.")],
    ) -> DeleteGroupResult:
        organization_id, group_id = references.group("groupId", input.group_id)
        writer = info.context.require(GroupWriter, organization_id, MISSING)
        await groups.delete(info.context.database, writer, group_id)
        return DeleteGroupSuccess(group_id=input.group_id)

    @strawberry.mutation(
        description="Puts users into a group, all or none: each holds what the group holds from the"
        " answer on. Who is in it already stays. Permission: `organization:groups:write`; for a"
        " group that holds a permission `role:organization:admin`."
    )
    async def add_group_members(
        self,
        info: ContextInfo,
        input: Annotated[
            AddGroupMembersInput, strawberry.argument(description="The group and the users.")
        ],
    ) -> AddGroupMembersResult:
        organization_id, group_id = references.group("groupId", input.group_id)
        writer = info.context.require(GroupWriter, organization_id, MISSING)
        members = references.several("user", "userIds", input.user_ids)
        done = await group_members.add(info.context.database, writer, group_id, members)
        return AddGroupMembersSuccess(group=Group.of(done.group), added_count=done.count)

    @strawberry.mutation(
        description="Takes users out of a group, all or none: what they held through it alone ends"
        " with the answer. Who is not in it stays outside. Permission: `organization:groups:write`;"
        " for a group that holds a permission `role:organization:admin`."
    )
    async def remove_group_members(
        self,
        info: ContextInfo,
        input: Annotated[
            RemoveGroupMembersInput, strawberry.argument(description="The group and the users.")
        ],
    ) -> RemoveGroupMembersResult:
        organization_id, group_id = references.group("groupId", input.group_id)
        writer = info.context.require(GroupWriter, organization_id, MISSING)
        members = references.several("user", "userIds", input.user_ids)
        done = await group_members.remove(info.context.database, writer, group_id, members)
        return RemoveGroupMembersSuccess(group=Group.of(done.group), removed_count=done.count)
