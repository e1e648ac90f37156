"""Forward-auth: a gateway asks with each request of a client whether to let it through.

For nginx (auth_request), Envoy (ext_authz over HTTP), Traefik (ForwardAuth) and Caddy
(forward_auth). The credential is the client's own; what it has to be good for is the gateway's
configuration. It answers in the terms of RFC 6750, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes
from uuid import UUID

import structlog
from starlette.types import Receive, Scope, Send

from app import addresses, ids, token_format
from app.authentication import MalformedCredential, bearer
from app.bounds import Network
from app.catalogue import Catalogue
from app.database import DatabaseUnavailable
from app.verification import PresentedToken, Verifier
from app.web import gateway_questions, oauth_errors, raw
from app.web.gateway_questions import HEADERS, Question
from app.web.oauth_errors import Refused
from app.web.raw import Answer, Fields

log = structlog.get_logger("verify")

PATH = "/verify"
PREFIX = PATH + "/"
"""Envoy sends the client's own path, method and query behind it."""

_AUTHORIZATION = b"authorization"
_FORWARDED_FOR = b"x-forwarded-for"
_USER_AGENT = b"user-agent"
_WANTED = frozenset({raw.X_REQUEST_ID, _AUTHORIZATION, _FORWARDED_FOR, _USER_AGENT, *HEADERS})

_METHOD_NOT_ALLOWED = oauth_errors.method_not_allowed("GET", "HEAD")
_NOT_HELD = oauth_errors.insufficient_scope(
    "The access token does not have the permission that this needs."
)
_QUESTIONS = 1024
"""Gateways ask few different ones; each is read once."""
_IDENTITIES = 4096
"""Of integrations at work. Writing three ids out costs microseconds, on every request."""


@dataclass(frozen=True)
class ForwardAuth:
    """The ASGI application behind ``/verify`` and everything below it."""

    verifier: Verifier
    catalogue: Catalogue
    trusted_proxies: Sequence[Network]
    _questions: "_Questions" = field(init=False, repr=False)
    _all_scopes: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_questions", _Questions(self.catalogue))
        object.__setattr__(self, "_all_scopes", " ".join(self.catalogue.scopes))

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        found = raw.fields(scope, _WANTED)
        request_id = raw.request_id(found)
        try:
            answer = await self._answer(scope, found, request_id)
        except Refused as refused:
            answer = refused.answer
        except DatabaseUnavailable as error:
            log.warning("verify.unavailable", reason=repr(error), request_id=request_id)
            answer = oauth_errors.UNAVAILABLE
        except Exception:
            log.exception("verify.bug", request_id=request_id)
            answer = oauth_errors.BUG
        await raw.send_answer(scope, send, answer, request_id)

    async def _answer(self, scope: Scope, found: Fields, request_id: str) -> Answer:
        # A wrong question is the gateway's mistake, whoever its client is: it comes first.
        question = self._question(scope, found)
        presented = self.verifier.begin(
            _credential(found), question.resource[1] if question.resource else None
        )
        address = addresses.of_client(
            scope["client"][0] if scope["client"] else None,
            raw.texts(found, _FORWARDED_FOR),
            self.trusted_proxies,
        )
        if presented is not None and question.organization_id not in (
            None,
            presented.organization_id,
        ):
            # It takes as long as every other refusal, and is no use of the token.
            await self.verifier.identify(presented)
            return oauth_errors.INVALID_TOKEN
        user_agent = raw.first_text(found, _USER_AGENT)
        token = await self.verifier.finish(presented, address, user_agent, request_id)
        if token is None:
            return oauth_errors.INVALID_TOKEN
        if not self._holds(token, question):
            return _NOT_HELD
        scope_text = self._all_scopes if token.scopes is None else " ".join(token.scopes)
        return _identity(token.organization_id, token.user_id, token.token_id, scope_text)

    def _question(self, scope: Scope, found: Fields) -> Question:
        """Return what the gateway asks for. Raises Refused."""
        query: bytes = scope["query_string"]
        if scope["path"] == PATH:
            if scope["method"] not in ("GET", "HEAD"):
                raise Refused(_METHOD_NOT_ALLOWED)
            if query:
                return self._questions.of_query(query)
        elif query and _holds_token(query):
            raise Refused(oauth_errors.TOKEN_IN_URL)
        return self._questions.of_headers(
            *(tuple(found[name]) if name in found else () for name in HEADERS)
        )

    def _holds(self, token: PresentedToken, question: Question) -> bool:
        if question.permission is None:
            return True
        if question.resource is not None and question.resource[0] != token.organization_id:
            return False
        return question.permission in self.catalogue.effective(token.permissions, token.scopes)


@lru_cache(_IDENTITIES)
def _identity(organization_id: UUID, user_id: UUID, token_id: UUID, scope: str) -> Answer:
    """Return the answer that says who it is. Whether it is, was looked up."""
    user = ids.member_id("user", organization_id, user_id)
    token = ids.member_id("token", organization_id, token_id)
    return Answer(
        200,
        headers=(
            (b"appusers-user-id", user.encode()),
            (b"appusers-organization-id", ids.organization_id(organization_id).encode()),
            (b"appusers-token-id", token.encode()),
            (b"appusers-scope", scope.encode()),
        ),
    )


class _Questions:
    """The questions of the gateways in front, read once each."""

    def __init__(self, known: Catalogue) -> None:
        def of_headers(*values: tuple[bytes, ...]) -> Question:
            return gateway_questions.of_headers(values, known)

        def of_query(query: bytes) -> Question:
            if _holds_token(query):
                raise Refused(oauth_errors.TOKEN_IN_URL)
            return gateway_questions.of_query(query, known)

        self.of_headers = lru_cache(_QUESTIONS)(of_headers)
        self.of_query = lru_cache(_QUESTIONS)(of_query)


def _credential(found: Fields) -> str:
    """Return the client's credential. Raises Refused.

    Another scheme, like Basic, is no credential (RFC 6750, section 3): a client without one is to
    be told which to get, and nginx makes an error of its own of every other status than 401.
    """
    values = raw.texts(found, _AUTHORIZATION)
    if len(values) > 1:
        raise Refused(oauth_errors.TWO_CREDENTIALS)
    try:
        credential = bearer(values)
    except MalformedCredential:
        credential = None
    if credential is None:
        raise Refused(oauth_errors.NO_CREDENTIAL)
    return credential


def _holds_token(query: bytes) -> bool:
    """Tell whether a query has a token, or the parameter that RFC 6750, section 2.3, has for it."""
    text = unquote_to_bytes(query).decode("latin-1")
    return token_format.is_in(text) or any(
        pair.partition("=")[0] == "access_token" for pair in text.split("&")
    )
