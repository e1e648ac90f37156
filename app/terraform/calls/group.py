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


def described(organization_id: str, group: GroupFields) -> State:
    """Return the attributes that the service knows."""
    return {
        "id": f"{organization_id}/{group.id}",
        "organization_id": organization_id,
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
        return described(organization_id, made.group)

    async def find(self, client: Client, current: State) -> State | None:
        """Read it."""
        group = await client.group(current["group_id"])
        return group and described(current["organization_id"], group)

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
        """Find it in its organization."""
        group = await client.group(given["group_id"])
        if group is None:
            return None
        found = await named(client, given["organization_id"], group.name)
        is_there = found is not None and found.id == group.id
        return described(given["organization_id"], group) if is_there else None
