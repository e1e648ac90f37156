"""Calls of ``appusers_organization_user_group``."""

from app.client import Client, every
from app.client.generated import (
    CreateGroupInput,
    DeleteGroupInput,
    GroupFields,
    GroupFilter,
    UpdateGroupInput,
)
from app.terraform.calls import lost_answers
from app.terraform.calls.base import Calls
from app.terraform.values import State, time


def described(group: GroupFields) -> State:
    """Return the attributes that the service knows."""
    return {
        "id": f"{group.organization_id}/{group.id}",
        "organization_id": group.organization_id,
        "group_id": group.id,
        "name": group.name,
        "description": group.description,
        "create_time": time(group.create_time),
    }


async def named(client: Client, organization_id: str, name: str) -> GroupFields | None:
    """Return the group that has a name, upper and lower case alike."""
    wanted = GroupFilter(search=name)
    pages = every(
        lambda after: client.groups(organization_id, first=100, after=after, filter_=wanted)
    )
    async for group in pages:
        if group.name.casefold() == name.casefold():
            return group
    return None


class GroupCalls(Calls):
    """Asks the service for it."""

    async def make(self, client: Client, planned: State) -> State:
        """Create it."""
        organization_id, name = planned["organization_id"], planned["name"]

        async def find_id() -> str | None:
            group = await named(client, organization_id, name)
            return group and f"{organization_id}/{group.id}"

        async with lost_answers.told(f"a group {name!r}", find_id):
            made = await client.create_group(
                CreateGroupInput(
                    organization_id=organization_id, name=name, description=planned["description"]
                )
            )
        self.provider.connection.remember(made.group.id, made.group.organization_id)
        return described(made.group)

    async def find(self, client: Client, current: State) -> State | None:
        """Read it."""
        return await self.adopt(client, current)

    async def change(self, client: Client, current: State, planned: State) -> None:
        """Rename and describe it."""
        changes = {
            name: planned[name]
            for name in ("name", "description")
            if planned[name] != current[name]
        }
        if changes:
            await client.update_group(UpdateGroupInput(group_id=current["group_id"], **changes))

    async def end(self, client: Client, current: State) -> None:
        """Delete it."""
        await client.delete_group(DeleteGroupInput(group_id=current["group_id"]))

    async def adopt(self, client: Client, given: State) -> State | None:
        """Read it."""
        group = await client.group(given["group_id"])
        if group is None:
            return None
        self.here(given, group.id, group.organization_id)
        return described(group)
