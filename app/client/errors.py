"""Why a call came to nothing. Each message is for people, and holds no credential."""

from dataclasses import dataclass


class ClientError(Exception):
    """Any failure of a call."""


class InvalidUrl(ClientError):
    """The address is none of a service, or would send the token unencrypted."""


class NotAnswered(ClientError):
    """Nobody answered in time at the address, or the connection broke."""


class Unreached(NotAnswered):
    """There was no connection: nothing was done."""


class Unreadable(ClientError):
    """The answer is none of this release: a mutation was done, and nobody has what it made."""


class NotTheService(ClientError):
    """Somebody else answered: a login page, a proxy, another path."""


class ServiceError(ClientError):
    """The service answered with an error in place of data."""

    def __init__(self, message: str, request_id: str | None = None) -> None:
        super().__init__(f"{message} (request {request_id})" if request_id else message)
        self.message = message
        self.request_id = request_id
        """What the service's log calls this request, where it said so."""


class Unauthenticated(ServiceError):
    """The token is unknown, expired, revoked, or not accepted from here."""


class Forbidden(ServiceError):
    """The token's user does not hold the permission that the message names."""


class BadRequest(ServiceError):
    """An argument is no id of the kind that is asked for, or the service is of another release."""


class Postponed(ServiceError):
    """The service asks to try again later."""

    def __init__(self, message: str, request_id: str | None, retry_after_s: float) -> None:
        super().__init__(message, request_id)
        self.retry_after_s = retry_after_s


class RateLimited(Postponed):
    """Too many requests of this caller; nothing was done."""


class Unavailable(Postponed):
    """The service, or its database, is away; a mutation may or may not have been done."""


class ServiceFailed(ServiceError):
    """The service met with an error of its own."""


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field of an input."""

    path: str
    """Within the input, for example ``name``."""
    code: str
    message: str


class Refused(ClientError):
    """A mutation was refused, and changed nothing.

    ``kind`` is the type of the result in the schema, for example ``NameTakenError``; ``fields`` are
    the problems of an ``InvalidInputError``.
    """

    def __init__(self, kind: str, message: str, fields: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.fields = fields


UNSURE = (NotAnswered, ServiceFailed, Unavailable, Unreadable)
"""After these nobody knows whether a mutation was done; after `Unreached` it was not."""
