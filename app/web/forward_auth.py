"""Forward-auth: a gateway asks with each request of a client whether to let it through.

For nginx (auth_request), Envoy (ext_authz over HTTP), Traefik (ForwardAuth) and Caddy
(forward_auth). The credential is the client's own; what it has to be good for is the gateway's
configuration. It answers in the terms of RFC 6750, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from time import perf_counter
from uuid import UUID

from starlette.types import Receive, Scope, Send

from app import ids, metrics, token_format
from app.addresses import Address
from app.audit import Action, Target
from app.bounds import Network
from app.catalogue import Catalogue
from app.verification import PresentedToken, Verifier
from app.web import callers, gateway_questions, oauth_errors, raw
from app.web.gateway_questions import HEADERS, Question
from app.web.oauth_errors import Refused
from app.web.outcomes import outcome
from app.web.raw import Answer, Fields

PATH = "/verify"
PREFIX = PATH + "/"
"""Envoy sends the client's own path, method and query behind it."""

_timings = metrics.timings(PATH)

_WANTED = frozenset({raw.X_REQUEST_ID, *HEADERS}) | callers.HEADERS

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
        begin = perf_counter()
        found = raw.fields(scope, _WANTED)
        request_id = raw.request_id(found)
        answer = await outcome(self._answer(scope, found, request_id), PATH, request_id)
        await raw.send_answer(scope, send, answer, request_id)
        _timings.observe(answer.status, perf_counter() - begin)

    async def _answer(self, scope: Scope, found: Fields, request_id: str) -> Answer:
        # A wrong question is the gateway's mistake, whoever its client is: it comes first.
        question = self._question(scope, found)
        verifier = self.verifier
        presented = verifier.begin(
            callers.credential(found), question.resource[1] if question.resource else None
        )
        if presented is None:
            metrics.refused("MALFORMED")
            return oauth_errors.INVALID_TOKEN
        origin = (
            callers.address(scope, found, self.trusted_proxies),
            callers.user_agent(found),
        )
        if question.organization_id not in (None, presented.organization_id):
            await verifier.decline(presented, origin[0])
            return oauth_errors.INVALID_TOKEN
        token = await verifier.check(presented, *origin, request_id)
        if token is None:
            return oauth_errors.INVALID_TOKEN
        if not self._holds(token, question):
            self._note(token, question, *origin, request_id)
            metrics.ACTIVE.add()
            return _NOT_HELD
        await verifier.use(presented, token, *origin)
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
        elif token_format.is_in(scope["path"]) or (query and token_format.is_in_query(query)):
            raise Refused(oauth_errors.TOKEN_IN_URL)
        return self._questions.of_headers(
            *(tuple(found[name]) if name in found else () for name in HEADERS)
        )

    def _holds(self, token: PresentedToken, question: Question) -> bool:
        if question.permission is None:
            return True
        if question.resource is not None and question.resource[0] != token.organization_id:
            return False
        return question.permission in self.catalogue.effective(token.granted, token.scopes)

    def _note(
        self,
        token: PresentedToken,
        question: Question,
        address: Address | None,
        user_agent: str | None,
        request_id: str,
    ) -> None:
        """Tell the organization of a client that reaches for what it may not."""
        self.verifier.note_refusal(
            token,
            Action.ACCESS_REQUEST,
            Target("ORGANIZATION", token.organization_id),
            f"verify: lacks {question.permission}",
            address,
            user_agent,
            request_id,
        )


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
            if token_format.is_in_query(query):
                raise Refused(oauth_errors.TOKEN_IN_URL)
            return gateway_questions.of_query(query, known)

        self.of_headers = lru_cache(_QUESTIONS)(of_headers)
        self.of_query = lru_cache(_QUESTIONS)(of_query)
