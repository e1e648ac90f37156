"""``appusers group``: groups, and who is in them."""

from typing import TYPE_CHECKING

import click

from app.remote import confirmation, look_ups, text
from app.remote.confirmation import YES
from app.remote.connection import Session, remote
from app.remote.sections import Group
from app.remote.text import say
from app.remote.values import LIMIT, page

if TYPE_CHECKING:
    from app.client.generated import GroupMembersGroupMembers
    from app.client.generated.fragments import GroupFields

GROUP = click.argument("group", metavar="GROUP")
USERS = click.argument("users", metavar="USER...", nargs=-1, required=True)


@click.group(cls=Group)
def group() -> None:
    """Groups. GROUP and USER are an id (group_…, user_…) or a name."""


@group.command("list")
@click.option("--search", metavar="TEXT", help="With this text in the name.")
@click.option("--member", metavar="USER", help="That this user is in.")
@LIMIT
@remote
async def list_groups(session: Session, search: str | None, member: str | None, limit: int) -> None:
    """List groups, the newest first."""
    from app.client import every
    from app.client.generated import GroupFilter

    member_id = await look_ups.user(session, member) if member is not None else None
    chosen = GroupFilter(search=search, member_id=member_id)
    organization = await session.organization()
    await session.output.several(
        every(
            lambda after: session.client.groups(
                organization, first=page(limit), after=after, filter_=chosen
            )
        ),
        {
            "NAME": lambda each: each.name,
            "HOLDS PERMISSIONS": lambda each: each.holds_permissions,
            "CREATED": lambda each: text.since(each.create_time),
            "DESCRIPTION": lambda each: each.description,
            "ID": lambda each: each.id,
        },
        limit,
        "No groups.",
    )


@group.command()
@GROUP
@remote
async def show(session: Session, group: str) -> None:
    """Show a group."""
    group_id = await look_ups.group(session, group)
    _print(session, look_ups.there(await session.client.group(group_id), f"group {group}"))


@group.command()
@GROUP
@LIMIT
@remote
async def members(session: Session, group: str, limit: int) -> None:
    """List who is in a group, who joined latest first."""
    from app.client import every

    group_id = await look_ups.group(session, group)

    async def members(after: str | None) -> "Members":
        found = await session.client.group_members(group_id, first=page(limit), after=after)
        return Members(look_ups.there(found, f"group {group}").members)

    await session.output.several(
        every(members),
        {
            "NAME": lambda each: each.node.name,
            "KIND": lambda each: "application user" if each.node.is_application_user else "person",
            "STATE": lambda each: each.node.state.value,
            "JOINED": lambda each: text.since(each.join_time),
            "ID": lambda each: each.node.id,
        },
        limit,
        "Nobody is in the group.",
    )


class Members:
    """A page of members, each with the time that it joined."""

    def __init__(self, page: "GroupMembersGroupMembers") -> None:
        self.nodes = page.edges
        self.page_info = page.page_info


@group.command()
@click.argument("name")
@click.option("--description", metavar="TEXT", help="What it is for.")
@remote
async def create(session: Session, name: str, description: str | None) -> None:
    """Create a group."""
    from app.client.generated import CreateGroupInput

    made = await session.client.create_group(
        CreateGroupInput(
            organization_id=await session.organization(), name=name, description=description
        )
    )
    _print(session, made.group)


@group.command()
@GROUP
@click.option("--name", help="Its new name.")
@click.option("--description", metavar="TEXT", help="Its new description; '' clears it.")
@remote
async def update(session: Session, group: str, name: str | None, description: str | None) -> None:
    """Rename or describe a group; what is left out stays as it is."""
    from app.client.generated import UpdateGroupInput

    changes: dict[str, str | None] = {}
    if name is not None:
        changes["name"] = name
    if description is not None:
        changes["description"] = description or None
    if not changes:
        raise click.UsageError("Give --name or --description.")
    group_id = await look_ups.group(session, group)
    changed = await session.client.update_group(
        UpdateGroupInput.model_validate({"group_id": group_id, **changes})
    )
    _print(session, changed.group)


@group.command()
@GROUP
@YES
@remote
async def delete(session: Session, group: str, yes: bool) -> None:
    """Delete a group, for good: its members lose what it was granted."""
    from app.client.generated import DeleteGroupInput

    confirmation.require(yes=yes)
    group_id = await look_ups.group(session, group)
    if not yes:
        found = look_ups.there(await session.client.group(group_id), f"group {group}")
        if found.holds_permissions:
            say("It holds permissions, and its members would lose them.")
        confirmation.ask(f"Delete the group {group} for good?")
    ended = await session.client.delete_group(DeleteGroupInput(group_id=group_id))
    if session.output.as_json:
        session.output.json({"groupId": ended.group_id})
        return
    say(f"Deleted the group {group}.")


@group.command()
@GROUP
@USERS
@remote
async def add(session: Session, group: str, users: tuple[str, ...]) -> None:
    """Put people and application users into a group: all of them, or none."""
    from app.client.generated import AddGroupMembersInput

    group_id = await look_ups.group(session, group)
    ids = [await look_ups.user(session, each) for each in users]
    added = await session.client.add_group_members(
        AddGroupMembersInput(group_id=group_id, user_ids=ids)
    )
    if session.output.as_json:
        session.output.json({"groupId": group_id, "addedCount": added.added_count})
        return
    say(f"Added {added.added_count} of {len(ids)} to {group}.")


@group.command()
@GROUP
@USERS
@remote
async def remove(session: Session, group: str, users: tuple[str, ...]) -> None:
    """Take people and application users out of a group: all of them, or none."""
    from app.client.generated import RemoveGroupMembersInput

    group_id = await look_ups.group(session, group)
    ids = [await look_ups.user(session, each) for each in users]
    removed = await session.client.remove_group_members(
        RemoveGroupMembersInput(group_id=group_id, user_ids=ids)
    )
    if session.output.as_json:
        session.output.json({"groupId": group_id, "removedCount": removed.removed_count})
        return
    say(f"Removed {removed.removed_count} of {len(ids)} from {group}.")


def _print(session: Session, found: "GroupFields") -> None:
    session.output.one(
        found,
        {
            "Id": found.id,
            "Name": found.name,
            "Description": found.description,
            "Holds permissions": found.holds_permissions,
            "Created": text.moment(found.create_time),
        },
    )
