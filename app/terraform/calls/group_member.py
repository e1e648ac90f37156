"""Calls of ``appusers_organization_user_group_member``."""

from app.client import Client, every
from app.client.generated import AddGroupMembersInput, GroupFilter, RemoveGroupMembersInput
from app.terraform.calls.base import Calls
from app.terraform.values import State


class GroupMemberCalls(Calls):
    """Asks the service for it."""

    async def make(self, client: Client, planned: State) -> State:
        """Put the user in; who is in it already stays."""
        await self.look_here(client, planned, planned["group_id"])
        await client.add_group_members(
            AddGroupMembersInput(group_id=planned["group_id"], user_ids=[planned["user_id"]])
        )
        return {"id": self.id_of(planned)}

    async def find(self, client: Client, current: State) -> State | None:
        """Look for the group among the user's, of which there are few."""
        return await self.adopt(client, current)

    async def end(self, client: Client, current: State) -> None:
        """Take the user out."""
        await client.remove_group_members(
            RemoveGroupMembersInput(group_id=current["group_id"], user_ids=[current["user_id"]])
        )

    async def adopt(self, client: Client, given: State) -> State | None:
        """Look for the group among the user's."""
        wanted = GroupFilter(member_id=given["user_id"])
        pages = every(
            lambda after: client.groups(
                given["organization_id"], first=100, after=after, filter_=wanted
            )
        )
        async for group in pages:
            if group.id == given["group_id"]:
                return {"id": self.id_of(given)}
        await self.look_here(client, given, given["group_id"])
        return None
