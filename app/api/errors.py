"""Failures as clients see them: members of result unions, and codes of top-level errors."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLError

from app import errors
from app.database import DatabaseUnavailable

UNAVAILABLE = (
    "The service cannot answer at the moment. Try again shortly; repeat generateToken with the same"
    " idempotencyKey, so that nothing is made twice."
)


@strawberry.enum(description="What is wrong with an input field, for programs.")
class InvalidInputCode(Enum):
    REQUIRED = strawberry.enum_value("REQUIRED", description="It cannot be null.")
    TOO_SHORT = strawberry.enum_value("TOO_SHORT", description="It is empty.")
    TOO_LONG = strawberry.enum_value("TOO_LONG", description="It has too many characters or items.")
    INVALID_CHARACTER = strawberry.enum_value(
        "INVALID_CHARACTER", description="It holds a character that is not allowed there."
    )
    INVALID_ID = strawberry.enum_value(
        "INVALID_ID", description="It has not the shape of such a thing's id."
    )
    INVALID_CURSOR = strawberry.enum_value(
        "INVALID_CURSOR", description="It is not a cursor of this list in this order."
    )
    INVALID_NETWORK = strawberry.enum_value(
        "INVALID_NETWORK", description="It is not an IPv4 or IPv6 network, or has host bits set."
    )
    OUT_OF_RANGE = strawberry.enum_value(
        "OUT_OF_RANGE", description="It is smaller or larger than allowed."
    )
    UNKNOWN_VALUE = strawberry.enum_value(
        "UNKNOWN_VALUE", description="It is none of the known values."
    )
    DUPLICATE_VALUE = strawberry.enum_value(
        "DUPLICATE_VALUE", description="It is in the list already."
    )
    NOT_ALLOWED = strawberry.enum_value(
        "NOT_ALLOWED", description="It is not possible in this state or with these other fields."
    )
    EXCEEDS_CALLER = strawberry.enum_value(
        "EXCEEDS_CALLER", description="It is more than the token of this request has itself."
    )


@strawberry.interface(description="Why a mutation changed nothing.")
class Error:
    message: str = strawberry.field(description="The reason, for people; its wording may change.")


@strawberry.type(description="One input field that breaks a rule.")
class FieldError:
    path: str = strawberry.field(
        description="Where it is below `input`, for example `ipAllowlist[3]`."
    )
    code: InvalidInputCode = strawberry.field(description="What is wrong with it, for programs.")
    message: str = strawberry.field(description="What is wrong with it, for people.")


@strawberry.type(description="The input breaks a rule; nothing was changed.")
class InvalidInputError(Error):
    fields: list[FieldError] = strawberry.field(
        description="Every problem that was found, one or more."
    )


@strawberry.type(
    description="There is no such thing, or it belongs to an organization that the caller does not"
    " belong to: the two are answered alike."
)
class NotFoundError(Error):
    pass


@strawberry.type(
    description="Another application user of the organization has the name; upper and lower case"
    " count as the same. The names of deleted ones are free."
)
class NameTakenError(Error):
    pass


@strawberry.type(
    description="The organization has as many application users as it may have. The operator of"
    " the service can raise the limit."
)
class LimitReachedError(Error):
    limit: int = strawberry.field(description="The most application users it may have.")


@strawberry.type(
    description="The `idempotencyKey` was used before with other input; nothing was made."
)
class IdempotencyConflictError(Error):
    pass


def _invalid_input(failure: errors.InvalidInput) -> InvalidInputError:
    return InvalidInputError(
        message=failure.message,
        fields=[
            FieldError(path=p.path, code=InvalidInputCode[p.code.name], message=p.message)
            for p in failure.problems
        ],
    )


@dataclass(frozen=True)
class _Handler:
    """Strawberry's ExceptionHandler: where a field's union has ``error_type``, it serves it."""

    exception_type: type[errors.Failure]
    error_type: type[Error]
    make: Callable[[Any], Error]

    def handle(self, exception: Exception, **_context: object) -> Error:
        """Return the union member for a failure."""
        return self.make(exception)


HANDLERS = [
    _Handler(errors.InvalidInput, InvalidInputError, _invalid_input),
    _Handler(
        errors.NotFound, NotFoundError, lambda failure: NotFoundError(message=failure.message)
    ),
    _Handler(
        errors.NameTaken, NameTakenError, lambda failure: NameTakenError(message=failure.message)
    ),
    _Handler(
        errors.LimitReached,
        LimitReachedError,
        lambda failure: LimitReachedError(message=failure.message, limit=failure.limit),
    ),
    _Handler(
        errors.IdempotencyConflict,
        IdempotencyConflictError,
        lambda failure: IdempotencyConflictError(message=failure.message),
    ),
]
"""What turns a failure that a service raised into a member of the mutation's result union."""


def top_level(error: GraphQLError, request_id: str) -> tuple[dict[str, object], bool]:
    """Return an error of the answer's ``errors`` and whether it hides a bug.

    A failure that no union member is there for, as in a query, keeps its text. Whatever else a
    resolver raised is a bug: the caller gets the request id, the log gets the rest.
    """
    raised = error.original_error
    while isinstance(raised, GraphQLError):
        raised = raised.original_error
    extensions: dict[str, object]
    message = error.message
    bug = False
    match raised:
        case None:
            extensions = {"code": "BAD_REQUEST"}
        case errors.Unauthenticated():
            extensions = {"code": "UNAUTHENTICATED"}
        case errors.Forbidden():
            extensions = {"code": "FORBIDDEN"}
        case DatabaseUnavailable() | TimeoutError():
            message = UNAVAILABLE
            extensions = {"code": "UNAVAILABLE"}
        case errors.InvalidInput():
            fields = [
                {"path": p.path, "code": p.code.value, "message": p.message}
                for p in raised.problems
            ]
            extensions = {"code": "BAD_REQUEST", "fields": fields}
        case errors.Failure():
            extensions = {"code": "BAD_REQUEST"}
        case _:
            bug = True
            message = f"Something went wrong on our side. The request id is {request_id}."
            extensions = {"code": "INTERNAL", "requestId": request_id}
    formatted: dict[str, object] = {"message": message}
    if error.locations:
        formatted["locations"] = [
            {"line": place.line, "column": place.column} for place in error.locations
        ]
    if error.path:
        formatted["path"] = error.path
    formatted["extensions"] = extensions
    return formatted, bug
