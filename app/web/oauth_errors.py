"""What plain HTTP endpoints answer when they refuse: JSON and challenges of OAuth 2.0.

The body has the shape of RFC 6749, section 5.2, and the challenge is that of RFC 6750, section 3.
"""

import orjson

from app import rate_limits
from app.addresses import Address
from app.errors import REFUSED, TOO_MANY_REFUSED
from app.rate_limits import RateLimit
from app.web.raw import Answer

RETRY_AFTER_SECONDS = 1
TOO_MANY = "Too many requests from this address."

_BEARER = b"Bearer"


class Refused(Exception):
    """Ends a request with an answer, from wherever it is raised."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def error(status: int, code: str, description: str, *headers: tuple[bytes, bytes]) -> Answer:
    """Return a refusal. The description is for people and holds nothing that was sent.

    It is printable ASCII without quotation mark and backslash: RFC 6749, section 5.2.
    """
    body = orjson.dumps({"error": code, "error_description": description})
    return Answer(status, body, headers)


def invalid_request(description: str, status: int = 400) -> Answer:
    """Return the answer to a request that breaks a rule; 413 and 415 say which in their status."""
    return error(status, "invalid_request", description)


def method_not_allowed(*allowed: str) -> Answer:
    """Return the answer to a request with another method than these."""
    names = ", ".join(allowed)
    return error(405, "invalid_request", f"Send it by {names}.", (b"allow", names.encode()))


def slow_down(retry_after_seconds: int, description: str = TOO_MANY) -> Answer:
    """Return the answer to who asked too often."""
    retry_after = (b"retry-after", b"%d" % retry_after_seconds)
    return error(429, "slow_down", description, retry_after)


def refused(limit: RateLimit, address: Address | None) -> Answer:
    """Return the answer to a credential that is refused, and count it by its address.

    Which of the two it is depends on the address alone, whatever the reason.
    """
    wait = limit.seconds_to_wait(rate_limits.of_address(address))
    return slow_down(wait, TOO_MANY_REFUSED) if wait else INVALID_TOKEN


def challenge(code: str | None = None) -> tuple[bytes, bytes]:
    """Return the WWW-Authenticate header; without a code where no credential was sent."""
    value = _BEARER if code is None else _BEARER + b' error="%b"' % code.encode()
    return b"www-authenticate", value


NO_CREDENTIAL = error(
    401,
    "invalid_client",
    "Send an access token, as in: Authorization: Bearer <token>.",
    challenge(),
)

TWO_CREDENTIALS = error(
    400,
    "invalid_request",
    "Send one access token, as in: Authorization: Bearer <token>.",
    challenge("invalid_request"),
)

INVALID_TOKEN = error(401, "invalid_token", REFUSED, challenge("invalid_token"))
"""One answer for every credential that is refused, whatever the reason."""

TOKEN_IN_URL = invalid_request(
    "An access token does not belong in a URL, where logs keep it: revoke it, and send another"
    " in the Authorization header."
)

UNAVAILABLE = error(
    503,
    "temporarily_unavailable",
    "The service cannot reach its database. Try again.",
    (b"retry-after", b"%d" % RETRY_AFTER_SECONDS),
)

BUG = error(500, "server_error", "Something went wrong here. Quote the X-Request-Id to report it.")


def insufficient_scope(description: str) -> Answer:
    """Return the answer to a genuine token that may not do what is asked."""
    return error(403, "insufficient_scope", description, challenge("insufficient_scope"))
