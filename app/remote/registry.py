"""Which commands there are over the API."""

import click

from app.remote import audit, completion, endings, minting, viewer
from app.remote.groups import group
from app.remote.permissions import permission
from app.remote.profile_commands import profile
from app.remote.tokens import token
from app.remote.users import user

COMMANDS: dict[str, click.Command] = {
    "user": user,
    "token": token,
    "group": group,
    "permission": permission,
    "whoami": viewer.whoami,
    "profile": profile,
    "completion": completion.completion,
}
# Their verbs join a group of another file.
VERBS = (minting.generate, minting.rotate, endings.revoke, endings.revoke_all)


def register(main: click.Group, trail: click.Group) -> None:
    """Add the commands to a program, and `list` to its group of the audit trail."""
    for name, command in COMMANDS.items():
        main.add_command(command, name)
    trail.add_command(audit.list_events)
