"""Failures as clients see them: members of result unions, and codes of top-level errors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError
from strawberry import ID

from app import errors, ids
from app.api.errors import (
    AlreadyMemberError,
    Error,
    FieldError,
    IdempotencyConflictError,
    InvalidInputCode,
    InvalidInputError,
    LastAdministratorError,
    LimitReachedError,
    LimitRequestPendingError,
    NameTakenError,
    NotFoundError,
    PolicyBlockReason,
    PolicyLocksOutCallerError,
)
from app.api.nodes import ContextInfo
from app.api.rotation import AlreadyRotatedError
from app.api.scalars import Time
from app.database import DatabaseUnavailable

UNAVAILABLE = (
    "The service cannot answer at the moment. Try again shortly; repeat generateToken or"
    " rotateToken with the same idempotencyKey, so that nothing is made twice."
)


def _already_member(failure: errors.AlreadyMember) -> AlreadyMemberError:
    user_id = ids.member_id("user", failure.organization_id, failure.user_id)
    return AlreadyMemberError(message=failure.message, organization_user_id=ID(user_id))


def _limit_request_pending(failure: errors.LimitRequestPending) -> LimitRequestPendingError:
    request_id = ids.member_id("request", failure.organization_id, failure.request_id)
    return LimitRequestPendingError(
        message=failure.message,
        limit_increase_request_id=ID(request_id),
        application_user_limit=failure.application_user_limit,
        create_time=Time(failure.create_time),
    )


def _invalid_input(failure: errors.InvalidInput) -> InvalidInputError:
    return InvalidInputError(
        message=failure.message,
        fields=[
            FieldError(path=p.path, code=InvalidInputCode[p.code.name], message=p.message)
            for p in failure.problems
        ],
    )


def _locks_out(failure: errors.PolicyLocksOutCaller) -> PolicyLocksOutCallerError:
    return PolicyLocksOutCallerError(
        message=failure.message,
        reasons=[PolicyBlockReason[reason] for reason in failure.reasons],
        address=failure.address,
        blocked_token_count=failure.blocked,
        deactivated_token_count=failure.to_deactivate,
        revoked_token_count=failure.to_revoke,
    )


@dataclass(frozen=True)
class _Handler:
    """Strawberry's ExceptionHandler: where a field's union has ``error_type``, it serves it."""

    exception_type: type[errors.Failure]
    error_type: type[Error]
    make: Callable[[Any], Error]

    def handle(self, exception: errors.Failure, *, info: ContextInfo, **_context: object) -> Error:
        """Return the union member for a failure, which is in no answer's ``errors`` then."""
        info.context.failures.append((info.field_name, exception))
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
    _Handler(
        errors.LastAdministrator,
        LastAdministratorError,
        lambda failure: LastAdministratorError(message=failure.message),
    ),
    _Handler(
        errors.AlreadyRotated,
        AlreadyRotatedError,
        lambda failure: AlreadyRotatedError(
            message=failure.message,
            organization_id=failure.organization_id,
            successor_id=failure.successor_id,
        ),
    ),
    _Handler(errors.PolicyLocksOutCaller, PolicyLocksOutCallerError, _locks_out),
    _Handler(errors.AlreadyMember, AlreadyMemberError, _already_member),
    _Handler(errors.LimitRequestPending, LimitRequestPendingError, _limit_request_pending),
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
    message = error.message
    extensions = _extensions(raised)
    bug = extensions is None
    if extensions is None:
        message = f"Something went wrong on our side. The request id is {request_id}."
        extensions = {"code": "INTERNAL", "requestId": request_id}
    elif extensions["code"] == "UNAVAILABLE":
        message = UNAVAILABLE
    formatted: dict[str, object] = {"message": message}
    if error.locations:
        formatted["locations"] = [
            {"line": place.line, "column": place.column} for place in error.locations
        ]
    if error.path:
        formatted["path"] = error.path
    formatted["extensions"] = extensions
    return formatted, bug


def _extensions(raised: Exception | None) -> dict[str, object] | None:
    """Return what programs are told of what was raised, None of a bug.

    Without anything that was raised, the document itself is wrong.
    """
    match raised:
        case errors.Unauthenticated():
            return {"code": "UNAUTHENTICATED"}
        case errors.Forbidden():
            return {"code": "FORBIDDEN"}
        case errors.RateLimited():
            return {"code": "RATE_LIMITED", "retryAfterSeconds": raised.retry_after_seconds}
        case DatabaseUnavailable() | TimeoutError():
            return {"code": "UNAVAILABLE"}
        case errors.InvalidInput():
            fields = [
                {"path": p.path, "code": p.code.value, "message": p.message}
                for p in raised.problems
            ]
            return {"code": "BAD_REQUEST", "fields": fields}
        case None | errors.Failure():
            return {"code": "BAD_REQUEST"}
        case _:
            return None
