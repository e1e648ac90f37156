"""What each failure of a call means, and what to do about it."""

import sys
import traceback

from tf.schema import Schema
from tf.utils import Diagnostics

from app.client import (
    BadRequest,
    ClientError,
    Forbidden,
    InvalidUrl,
    NotAnswered,
    NotTheService,
    RateLimited,
    Refused,
    ServiceFailed,
    Unauthenticated,
    Unavailable,
    Unreadable,
)
from app.terraform.diagnostics import Problem, add_error

FAILURES: tuple[tuple[type[ClientError], str, str], ...] = (
    (InvalidUrl, "The address is not that of a service", "Mend `url` of the provider."),
    (
        Unauthenticated,
        "The provider's token is not accepted",
        "It is unknown, expired, revoked or deactivated, or not accepted from this address."
        " Generate another one and put it where the provider has this one from: its `token`, or"
        " APPUSERS_TOKEN.",
    ),
    (
        Forbidden,
        "The provider's token may not do this",
        "Have an administrator grant the permission to the token's user, or use the token of one"
        " who has it.",
    ),
    (
        NotTheService,
        "Something else than the service answers",
        "Check `url` of the provider, and what stands between: a proxy or a sign-in page.",
    ),
    (
        NotAnswered,
        "The service does not answer",
        "Check `url` of the provider, and that the service runs.",
    ),
    (
        RateLimited,
        "The service has too many requests of this user",
        "It was asked again as often as it allows. Apply later, or with a smaller -parallelism.",
    ),
    (Unavailable, "The service, or its database, is away", "Apply again later."),
    (
        Unreadable,
        "The service is of another release than the provider",
        "Install the provider of the service's release: `appusers --version` says this one's.",
    ),
    (
        ServiceFailed,
        "The service met with an error of its own",
        "Its operator finds the request in the log.",
    ),
    (
        BadRequest,
        "The service does not understand the request",
        "An id is of another kind than is asked for, or provider and service are of different"
        " releases: `appusers --version` says this one's.",
    ),
)
REFUSALS = {
    "LimitReachedError": (
        "The limit of application users is reached",
        "Delete application users that nobody needs, or ask for a higher limit: in the console, or"
        " with the mutation `requestLimitIncrease`.",
    ),
    "NameTakenError": (
        "The name is taken",
        "Take another one, or import what has it: `terraform import` or an `import` block.",
    ),
    "NotFoundError": (
        "Something that this refers to does not exist",
        "An id is wrong, or what it named was deleted or belongs to an organization that the"
        " provider's token is not of.",
    ),
    "LastAdministratorError": (
        "The organization would be left without administrator",
        "Make somebody else administrator first.",
    ),
    "IdempotencyConflictError": ("The call was made before with other values", "Apply again."),
}


def report(diagnostics: Diagnostics, error: Exception, schema: Schema) -> None:
    """Add what an error means. A bug is named by its type alone: its text may hold anything."""
    if isinstance(error, Problem):
        add_error(diagnostics, error.summary, error.detail, error.attribute)
    elif isinstance(error, Refused):
        _refusal(diagnostics, error, {attribute.name for attribute in schema.attributes})
    elif isinstance(error, ClientError):
        summary, remedy = next(
            ((summary, remedy) for kind, summary, remedy in FAILURES if isinstance(error, kind)),
            ("The call to the service failed", ""),
        )
        add_error(diagnostics, summary, f"{error} {remedy}".strip())
    else:
        traceback.print_tb(error.__traceback__, file=sys.stderr)
        add_error(
            diagnostics,
            "The provider met with an error of its own",
            f"It is a {type(error).__name__}, and a bug; TF_LOG=debug shows where.",
        )


def _refusal(diagnostics: Diagnostics, error: Refused, known: set[str]) -> None:
    if not error.fields:
        summary, remedy = REFUSALS.get(error.kind, ("The service refuses this", ""))
        add_error(diagnostics, summary, f"{error.message} {remedy}".strip())
    for field in error.fields:
        name = _snake(field.path.partition(".")[0])
        name = {"application_user_id": "user_id"}.get(name, name)
        add_error(
            diagnostics,
            "The service refuses a value",
            field.message,
            name if name in known else None,
        )


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
