"""What a command ends with: one message on standard error, and a code that scripts can rely on."""

from enum import IntEnum
from typing import TYPE_CHECKING

import click

from app.remote.text import plain

if TYPE_CHECKING:
    from app.client.errors import ClientError, Refused


class Exit(IntEnum):
    """The exit codes. They are part of the interface: none changes its meaning."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    CREDENTIAL = 3
    PERMISSION = 4
    NOT_FOUND = 5
    REFUSED = 6
    AWAY = 7
    INTERRUPTED = 130


MEANINGS: dict[Exit, str] = {
    Exit.DONE: "done",
    Exit.FAILED: "failed for another reason, or not confirmed",
    Exit.USAGE: "wrong usage: arguments, options, settings, the form of the address",
    Exit.CREDENTIAL: "no credential, or one that is not accepted: unknown, expired, revoked",
    Exit.PERMISSION: "the credential's holder lacks the permission that the message names",
    Exit.NOT_FOUND: "there is no such user, token, group, resource or profile",
    Exit.REFUSED: "refused: invalid input, a name that is taken, a limit that is reached, …",
    Exit.AWAY: "the service did not answer, or asked to come back later, after the retries",
    Exit.INTERRUPTED: "interrupted by Ctrl-C",
}

PARAMETERS = {
    "application_user_id": "user",
    "group_id": "group",
    "ip_allowlist": "allow",
    "max_age_seconds": "max_age",
    "overlap_seconds": "overlap",
    "principal_id": "principal",
    "resource_id": "resource",
    "scopes": "scope",
    "token_id": "token",
    "token_ids": "tokens",
    "user_ids": "users",
}
"""What commands call a field of an input that has another name there."""


class Failure(click.ClickException):
    """Ends the command with a message, which may hold what others wrote, and a code."""

    def __init__(self, message: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(plain(message))
        # A class variable to click's own types, and read from the instance by click.
        self.exit_code = code  # pyright: ignore[reportAttributeAccessIssue]


def failure(error: "ClientError") -> Failure:
    """Return what a failed call of the client ends a command with."""
    from app.client import errors

    match error:
        case errors.Unauthenticated():
            code = Exit.CREDENTIAL
        case errors.Forbidden():
            code = Exit.PERMISSION
        case errors.Refused(kind="NotFoundError"):
            code = Exit.NOT_FOUND
        case errors.Refused():
            return Failure(_refusal(error), Exit.REFUSED)
        case errors.BadRequest():
            code = Exit.REFUSED
        case errors.Postponed() | errors.NotAnswered():
            code = Exit.AWAY
        case errors.InvalidUrl():
            code = Exit.USAGE
        case _:
            code = Exit.FAILED
    return Failure(str(error), code)


def _refusal(refused: "Refused") -> str:
    if not refused.fields:
        return refused.message
    return "\n".join(f"{_parameter(each.path)}: {each.message}" for each in refused.fields)


def _parameter(path: str) -> str:
    """Return an input field's name on the command line, as ``--max-age``."""
    field = path.partition("[")[0]
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in field)
    wanted = PARAMETERS.get(snake, snake)
    context = click.get_current_context(silent=True)
    for parameter in context.command.params if context else ():
        if parameter.name == wanted:
            option = max(parameter.opts, key=len)
            return option if isinstance(parameter, click.Option) else option.upper()
    return path
