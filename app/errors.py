"""The closed list of failures that a caller can act on.

Everything else that is raised is a bug: it is logged with a request id and never shown. Messages
are written for the caller and hold nothing that the caller did not send or may not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from app.origins import Author


class Code(Enum):
    """What is wrong with one input field, for programs."""

    REQUIRED = "REQUIRED"
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    INVALID_CHARACTER = "INVALID_CHARACTER"
    INVALID_ID = "INVALID_ID"
    INVALID_CURSOR = "INVALID_CURSOR"
    INVALID_NETWORK = "INVALID_NETWORK"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    UNKNOWN_VALUE = "UNKNOWN_VALUE"
    DUPLICATE_VALUE = "DUPLICATE_VALUE"
    NOT_ALLOWED = "NOT_ALLOWED"
    EXCEEDS_CALLER = "EXCEEDS_CALLER"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One input field and what is wrong with it. The path is as the caller wrote it: ``a.b[3]``."""

    path: str
    code: Code
    message: str


class Failure(Exception):
    """An expected failure; ``message`` is for the caller."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(Failure):
    """Input that breaks a rule; nothing was changed. Holds every problem that was found."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class NotFound(Failure):
    """There is no such thing in an organization that the caller belongs to."""


class NameTaken(Failure):
    """Another live application user of the organization has the name, perhaps in another case."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Another application user of this organization is already called “{name}”"
            " (upper and lower case count as the same). Choose another name."
        )


class LimitReached(Failure):
    """The organization has as many application users as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This organization has reached its limit of {limit} application users. Delete one"
            " that is not needed, or ask the operator of this service to raise the limit."
        )
        self.limit = limit


class IdempotencyConflict(Failure):
    """The idempotency key was used before with other input."""

    def __init__(self) -> None:
        super().__init__(
            "This idempotencyKey was used before with other input. Repeat the first input to get"
            " its answer again, or use another key."
        )


REFUSED = "The access token is refused."
"""What every refused credential is told, whatever the reason."""


class Unauthenticated(Failure):
    """No credential, or one that is refused; every refused one gets the same text."""


class Forbidden(Failure):
    """The caller is known and may not do this; the organization's audit trail says so."""

    def __init__(
        self, message: str, organization_id: UUID | None = None, author: Author | None = None
    ) -> None:
        super().__init__(message)
        self.organization_id = organization_id
        self.author = author
