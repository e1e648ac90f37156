"""``appusers user``: the application users of an organization."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from app.remote import confirmation, look_ups, text
from app.remote.confirmation import YES
from app.remote.connection import Session, remote
from app.remote.sections import Group
from app.remote.text import say
from app.remote.values import AGO, LIMIT, page

if TYPE_CHECKING:
    from app.client.generated import OrganizationUsersOrganizationUsersNodes
    from app.client.generated.fragments import ApplicationUserFields

USER = click.argument("user", metavar="USER")
STATES = click.Choice(["ACTIVE", "DEACTIVATED", "DELETED"], case_sensitive=False)


@click.group(cls=Group)
def user() -> None:
    """Application users. USER is an id (user_…) or a name."""


@user.command("list")
@click.option("--search", metavar="TEXT", help="With this text in the name.")
@click.option("--state", "states", type=STATES, multiple=True, help="In this state; many.")
@click.option("--unused-for", type=AGO, help="Not active for so long: 90d, or since a time.")
@click.option("--never-used", is_flag=True, help="Never active.")
@click.option("--everybody", is_flag=True, help="People, too.")
@LIMIT
@remote
async def list_users(
    session: Session,
    search: str | None,
    states: tuple[str, ...],
    unused_for: datetime | None,
    never_used: bool,
    everybody: bool,
    limit: int,
) -> None:
    """List application users, the newest first; without --state, all but deleted ones."""
    from app.client import every
    from app.client.generated import ApplicationUserFilter, OrganizationUserFilter, UserState

    organization = await session.organization()
    chosen = {
        "search": search,
        "states": [UserState(each) for each in states] or None,
        "last_activity_before": unused_for,
        "never_active": never_used or None,
    }
    client, first = session.client, page(limit)
    if everybody:
        users = OrganizationUserFilter.model_validate(chosen)
        await session.output.several(
            every(
                lambda after: client.organization_users(
                    organization, first=first, after=after, filter_=users
                )
            ),
            {
                "NAME": lambda each: each.name,
                "KIND": _kind,
                "STATE": lambda each: each.state.value,
                "LAST ACTIVE": lambda each: text.since(each.last_activity_time),
                "ID": lambda each: each.id,
            },
            limit,
            "No users.",
        )
        return
    narrowed = ApplicationUserFilter.model_validate(chosen)
    await session.output.several(
        every(
            lambda after: client.application_users(
                organization, first=first, after=after, filter_=narrowed
            )
        ),
        {
            "NAME": lambda each: each.name,
            "STATE": lambda each: each.state.value,
            "TOKENS": lambda each: each.live_token_count,
            "LAST ACTIVE": lambda each: text.since(each.last_activity_time),
            "CREATED": lambda each: text.since(each.create_time),
            "ID": lambda each: each.id,
        },
        limit,
        "No application users.",
    )


def _kind(each: "OrganizationUsersOrganizationUsersNodes") -> str:
    return "application user" if each.is_application_user else "person"


@user.command()
@USER
@remote
async def show(session: Session, user: str) -> None:
    """Show an application user."""
    user_id = await look_ups.application_user(session, user)
    found = await session.client.application_user(user_id)
    _print(session, look_ups.there(found, f"application user {user}"))


@user.command()
@click.argument("name")
@click.option("--description", metavar="TEXT", help="What it is for.")
@remote
async def create(session: Session, name: str, description: str | None) -> None:
    """Create an application user."""
    from app.client.generated import CreateApplicationUserInput

    made = await session.client.create_application_user(
        CreateApplicationUserInput(
            organization_id=await session.organization(), name=name, description=description
        )
    )
    _print(session, made.application_user)


@user.command()
@USER
@click.option("--name", help="Its new name.")
@click.option("--description", metavar="TEXT", help="Its new description; '' clears it.")
@remote
async def update(session: Session, user: str, name: str | None, description: str | None) -> None:
    """Rename or describe an application user; what is left out stays as it is."""
    changes: dict[str, str | None] = {}
    if name is not None:
        changes["name"] = name
    if description is not None:
        changes["description"] = description or None
    if not changes:
        raise click.UsageError("Give --name or --description.")
    await _change(session, user, **changes)


@user.command()
@USER
@remote
async def deactivate(session: Session, user: str) -> None:
    """Refuse an application user's tokens at once, until it is activated again."""
    await _change(session, user, state="DEACTIVATED")


@user.command()
@USER
@remote
async def activate(session: Session, user: str) -> None:
    """Accept a deactivated application user's tokens again."""
    await _change(session, user, state="ACTIVE")


@user.command()
@USER
@YES
@remote
async def delete(session: Session, user: str, yes: bool) -> None:
    """Delete an application user and end all its tokens, for good."""
    from app.client.generated import DeleteApplicationUserInput

    confirmation.require(yes=yes)
    user_id = await look_ups.application_user(session, user)
    if not yes:
        preview = await session.client.deletion_preview(user_id)
        confirmation.show(look_ups.there(preview, f"application user {user}"))
        confirmation.ask(f"Delete {user} for good?")
    ended = await session.client.delete_application_user(
        DeleteApplicationUserInput(application_user_id=user_id)
    )
    if session.output.as_json:
        session.output.json(
            {
                "applicationUserId": ended.application_user_id,
                "revokedTokenCount": ended.revoked_token_count,
            }
        )
        return
    say(f"Deleted {user}, with {text.count(ended.revoked_token_count, 'live token')}.")


async def _change(session: Session, user: str, **changes: str | None) -> None:
    from app.client.generated import UpdateApplicationUserInput

    user_id = await look_ups.application_user(session, user)
    changed = await session.client.update_application_user(
        UpdateApplicationUserInput.model_validate({"application_user_id": user_id, **changes})
    )
    _print(session, changed.application_user)


def _print(session: Session, found: "ApplicationUserFields") -> None:
    session.output.one(
        found,
        {
            "Id": found.id,
            "Name": found.name,
            "Description": found.description,
            "State": found.state.value,
            "E-mail": found.email,
            "Created": text.moment(found.create_time),
            "Last active": text.moment(found.last_activity_time),
            "Live tokens": found.live_token_count,
        },
    )
