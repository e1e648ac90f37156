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
        kind = outcome.get("__typename", "") if isinstance(outcome, dict) else ""
        if kind.endswith("Error"):
            fields = (FieldProblem(**each) for each in outcome.get("fields", ()))
            raise Refused(kind, outcome["message"], tuple(fields))


def _body(response: httpx.Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    except ValueError:
        return None
    is_answer = isinstance(body, dict) and (isinstance(body.get("data"), dict) or "errors" in body)
    return body if is_answer else None


def _kind(response: httpx.Response) -> str:
    if "location" in response.headers:
        return f"leading to {response.headers['location']}"
    return response.headers.get("content-type", "without a content type")


def _failure(response: httpx.Response, error: Mapping[str, Any]) -> ClientError:
    extensions: Mapping[str, Any] = error.get("extensions") or {}
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
