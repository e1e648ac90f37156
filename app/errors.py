"""The closed list of failures that a caller can act on.

Everything else that is raised is a bug: it is logged with a request id and never shown. Messages
are written for the caller and hold nothing that the caller did not send or may not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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

    refused: tuple[UUID, Author] | None = None
    """Whom it refused, a member of this organization; set by who raises it, or on the way up."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def refusal(self) -> str | None:
        """What the audit trail says of it; None where nobody reached for more than they may.

        Each text is an event of its own, so it holds nothing that differs from call to call.
        """
        return None


class InvalidInput(Failure):
    """Input that breaks a rule; nothing was changed. Holds every problem that was found."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)

    @property
    def refusal(self) -> str | None:
        """Name the fields that ask for more than the token of the request has itself."""
        wider = [problem.path for problem in self.problems if problem.code is Code.EXCEEDS_CALLER]
        if not wider:
            return None
        return f"The token of this request has less itself than it asked for: {', '.join(wider)}."


class NotFound(Failure):
    """There is no such thing in an organization that the caller belongs to."""


class NameTaken(Failure):
    """Another thing of the kind has the name in the same place, perhaps in another case."""

    def __init__(
        self, name: str, thing: str = "application user", place: str = "of this organization"
    ) -> None:
        super().__init__(
            f"Another {thing} {place} is already called “{name}”"
            " (upper and lower case count as the same). Choose another name."
        )


class LimitReached(Failure):
    """The organization has as many application users as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This organization has reached its limit of {limit} application users. Delete one"
            " that is not needed, or ask the operator of this service for a higher limit with"
            " requestLimitIncrease."
        )
        self.limit = limit


class IdempotencyConflict(Failure):
    """The idempotency key was used before with other input."""

    def __init__(self) -> None:
        super().__init__(
            "This idempotencyKey was used before with other input. Repeat the first input to get"
            " its answer again, or use another key."
        )


class AlreadyRotated(Failure):
    """The token has a successor: it was rotated before, or at the same time by another caller."""

    def __init__(self, organization_id: UUID, successor_id: UUID) -> None:
        super().__init__(
            "This token was rotated before and has a successor; a token is rotated once. Rotate the"
            " successor, if you need another."
        )
        self.organization_id = organization_id
        self.successor_id = successor_id


class LastAdministrator(Failure):
    """The change would leave the organization without an administrator."""

    def __init__(self) -> None:
        super().__init__(
            "This would leave the organization without an administrator: an active person that"
            " holds role:organization:admin on it, directly or through a group. Make another"
            " person administrator first."
        )

    @property
    def refusal(self) -> str:
        """Return the message, which is always the same."""
        return self.message


class PolicyLocksOutCaller(Failure):
    """The policy would block the token that this very request was made with; nothing was set."""

    def __init__(
        self,
        reasons: Sequence[str],
        address: str | None,
        *,
        blocked: int,
        to_deactivate: int,
        to_revoke: int,
    ) -> None:
        super().__init__(
            "This policy would lock you out: it blocks the token of this very request"
            f" ({', '.join(reasons)}). Set it with a token that it lets through, from an address"
            " that it allows, or signed in as a person."
        )
        self.reasons = tuple(reasons)
        self.address = address
        self.blocked = blocked
        self.to_deactivate = to_deactivate
        self.to_revoke = to_revoke

    @property
    def refusal(self) -> str:
        """Return the message, which has a few reasons in it and nothing else."""
        return self.message


class AlreadyMember(Failure):
    """A live person of the organization has the identity."""

    def __init__(self, organization_id: UUID, user_id: UUID) -> None:
        super().__init__(
            "A person with this issuer and subject is in the organization already, perhaps"
            " deactivated."
        )
        self.organization_id = organization_id
        self.user_id = user_id


class LimitRequestPending(Failure):
    """Another request for a higher limit waits for its answer."""

    def __init__(
        self,
        organization_id: UUID,
        request_id: UUID,
        application_user_limit: int,
        create_time: datetime,
    ) -> None:
        super().__init__(
            f"A request for a limit of {application_user_limit} application users waits for the"
            " answer of the operator of this service; one at a time can."
        )
        self.organization_id = organization_id
        self.request_id = request_id
        self.application_user_limit = application_user_limit
        self.create_time = create_time


MISSING_ORGANIZATION = "There is no such organization."
"""Of a foreign one too."""

REFUSED = "The access token is refused."
"""What every refused credential is told, whatever the reason."""

TOO_MANY_REFUSED = "The access token is refused, as too many from this address were."
"""What it is told where there is no end of them. A good token from there is not refused."""


class Unauthenticated(Failure):
    """No credential, or one that is refused; every refused one gets the same text."""


class RateLimited(Failure):
    """The caller has sent as much as it may for the moment; nothing was run."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(f"{message} Try again in {retry_after_seconds} seconds.")
        self.retry_after_seconds = retry_after_seconds


class Forbidden(Failure):
    """The caller is known and may not do this; the organization's audit trail says so."""

    def __init__(
        self, message: str, organization_id: UUID | None = None, author: Author | None = None
    ) -> None:
        super().__init__(message)
        if organization_id and author:
            self.refused = organization_id, author

    @property
    def refusal(self) -> str:
        """Return the message, one of a few."""
        return self.message
