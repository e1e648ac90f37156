"""What the service's answers mean."""

from collections.abc import Mapping
from typing import Any

import httpx

from app.client import errors
from app.client.errors import (
    ClientError,
    FieldProblem,
    NotTheService,
    Postponed,
    RateLimited,
    Refused,
    ServiceError,
    Unavailable,
    Unreadable,
)

CODES: Mapping[str, type[ServiceError]] = {
    "UNAUTHENTICATED": errors.Unauthenticated,
    "FORBIDDEN": errors.Forbidden,
    "INTERNAL": errors.ServiceFailed,
}
DEFAULT_RETRY_S = 1.0
AWAY = (Unavailable, "the service is away. Try again later.")
PROXIES: Mapping[int, tuple[type[Postponed], str]] = {
    429: (RateLimited, "too many requests. Try again later."),
    502: AWAY,
    503: AWAY,
    504: AWAY,
}


def check(response: httpx.Response) -> None:
    """Raise what an answer without data means."""
    body = _body(response)
    if body is None and response.status_code in PROXIES:
        # What stands in front of the service speaks for it.
        kind, why = PROXIES[response.status_code]
        message = f"{response.url} answered with status {response.status_code}: {why}"
        raise kind(message, None, _retry_after(response))
    if body is None and response.status_code >= 500:
        # It gave up on an answer, which does not say that nothing was done.
        raise errors.ServiceFailed(
            f"{response.url} answered with status {response.status_code}, {_kind(response)}."
        )
    # The service answers like this, too, where its API is not.
    if body is None or response.status_code in (404, 405):
        raise NotTheService(
            f"{response.url} answered with status {response.status_code}, {_kind(response)}:"
            " that is not the API of this service. Check the address."
        )
    if body.get("errors"):
        raise _failure(response, body["errors"][0])


def check_outcome(data: Mapping[str, Any]) -> None:
    """Raise why a mutation was refused, where it was."""
    for outcome in data.values():
        kind = outcome.get("__typename") if isinstance(outcome, dict) else None
        if isinstance(kind, str) and kind.endswith("Error"):
            raise _refusal(kind, outcome)


def _refusal(kind: str, outcome: Mapping[str, Any]) -> ClientError:
    try:
        fields = tuple(FieldProblem(**each) for each in outcome.get("fields", ()))
        return Refused(kind, outcome["message"], fields)
    except (KeyError, TypeError):
        return Unreadable("The service's answer is of another release than this client.")


def _body(response: httpx.Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    # Whoever answers may nest as deep as it likes.
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    errors = body.get("errors")
    if errors:
        is_answer = isinstance(errors, list) and isinstance(errors[0], dict)
    else:
        is_answer = isinstance(body.get("data"), dict)
    return body if is_answer else None


def _kind(response: httpx.Response) -> str:
    if "location" in response.headers:
        return f"leading to {response.headers['location']}"
    return response.headers.get("content-type", "without a content type")


def _failure(response: httpx.Response, error: Mapping[str, Any]) -> ClientError:
    given = error.get("extensions")
    extensions: Mapping[str, Any] = given if isinstance(given, dict) else {}
    code = extensions.get("code")
    message = str(error.get("message", "The service gave no reason."))
    request_id = extensions.get("requestId")
    if code in ("RATE_LIMITED", "UNAVAILABLE"):
        kind = RateLimited if code == "RATE_LIMITED" else Unavailable
        return kind(message, request_id, _retry_after(response))
    other = errors.BadRequest if response.status_code < 500 else errors.ServiceFailed
    return CODES.get(str(code), other)(message, request_id)


def _retry_after(response: httpx.Response) -> float:
    after = response.headers.get("retry-after", "")
    return float(after) if after.isdecimal() else DEFAULT_RETRY_S
