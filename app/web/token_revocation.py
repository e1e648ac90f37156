"""Revocation by whoever holds a token: RFC 7009, and lists of tokens that somebody found.

To hold a token is the only credential. What is answered does not tell whether there was one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import orjson
from starlette.types import Receive, Scope, Send

from app import presented_revocations, rate_limits
from app.addresses import Address
from app.bounds import Network
from app.database import Database
from app.origins import Origin
from app.rate_limits import RateLimit
from app.verification import Verifier, origin_of
from app.web import callers, forms, oauth_errors, raw
from app.web.oauth_errors import Refused, invalid_request
from app.web.outcomes import outcome
from app.web.raw import Answer, Fields

PATH = "/revoke"
LIST_PATH = "/credentials/revoke"

MAX_LIST_BYTES = 128 * 1024
MAX_CREDENTIALS = 1000
JSON = b"application/json"

_WANTED = callers.HEADERS | forms.HEADERS
_PARAMETERS = frozenset({"token", "token_type_hint"})

_METHOD_NOT_ALLOWED = oauth_errors.method_not_allowed("POST")
_DONE = Answer(200)
_LIST_DONE = Answer(200, b"{}")


@dataclass(frozen=True, slots=True)
class TokenRevocation:
    """The ASGI application behind ``/revoke`` and ``/credentials/revoke``."""

    database: Database
    verifier: Verifier
    trusted_proxies: Sequence[Network]
    failures: RateLimit
    """Of texts that end no token."""
    lists: RateLimit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answering = self._revoke_list if scope["path"] == LIST_PATH else self._revoke
        answer = await outcome(answering(scope, receive), scope["path"], scope["request_id"])
        await raw.response(answer)(scope, receive, send)

    async def _revoke(self, scope: Scope, receive: Receive) -> Answer:
        found = _fields(scope)
        forms.check_headers(found)
        form = forms.parse(await forms.read(receive, found), _PARAMETERS)
        token = form.get("token")
        if token is None:
            raise Refused(invalid_request("The parameter token is missing."))
        address = callers.address(scope, found, self.trusted_proxies)
        origin = _origin(scope, found, address)
        if await presented_revocations.give_back(self.database, self.verifier, token, origin):
            return _DONE
        # Looked up all the same: whoever guesses from here, its holder ends a token at once.
        wait = self.failures.seconds_to_wait(rate_limits.of_address(address))
        return oauth_errors.slow_down(wait) if wait else _DONE

    async def _revoke_list(self, scope: Scope, receive: Receive) -> Answer:
        found = _fields(scope)
        forms.check_headers(found, JSON)
        address = callers.address(scope, found, self.trusted_proxies)
        wait = self.lists.seconds_to_wait(rate_limits.of_address(address))
        if wait:
            raise Refused(oauth_errors.slow_down(wait))
        credentials = _credentials(await forms.read(receive, found, MAX_LIST_BYTES))
        origin = _origin(scope, found, address)
        await presented_revocations.report(self.database, self.verifier, credentials, origin)
        return _LIST_DONE


def _fields(scope: Scope) -> Fields:
    """Return the header fields. Raises Refused for another method, or a token in the URL."""
    if scope["method"] != "POST":
        raise Refused(_METHOD_NOT_ALLOWED)
    forms.check_query(scope["query_string"])
    return raw.fields(scope, _WANTED)


def _origin(scope: Scope, found: Fields, address: Address | None) -> Origin:
    return origin_of(address, callers.user_agent(found), scope["request_id"])


def _credentials(body: bytes) -> Sequence[str]:
    """Return the list of a body like ``{"credentials": ["appu_…"]}``. Raises Refused."""
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused(invalid_request("The body is not JSON in UTF-8.")) from None
    listed = (
        cast("dict[str, object]", document).get("credentials")
        if isinstance(document, dict)
        else None
    )
    if not isinstance(listed, list):
        raise Refused(invalid_request("The body is not an object with a list called credentials."))
    credentials = cast("list[object]", listed)
    if not 1 <= len(credentials) <= MAX_CREDENTIALS:
        raise Refused(invalid_request(f"The list credentials takes 1 to {MAX_CREDENTIALS} tokens."))
    for number, credential in enumerate(credentials):
        if not isinstance(credential, str):
            raise Refused(invalid_request(f"credentials[{number}] is not a string."))
    return cast("list[str]", credentials)
