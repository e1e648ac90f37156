"""Introspection, RFC 7662: a resource server asks what a token is that it was shown.

The path of every request of a platform: the caller's own token and the one that it asks about are
one look-up, and nothing here is done twice.
"""

import asyncio
from collections.abc import Container, Sequence
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID

import orjson
from starlette.types import Receive, Scope, Send

from app import access, addresses, ids, metrics
from app.access import TOKENS_VERIFY, Principal, TokenVerifier
from app.addresses import Address
from app.audit import Action, Target
from app.authentication import Authenticator, Credential
from app.bounds import Network
from app.errors import Forbidden, Unauthenticated
from app.identification import Question, introspected
from app.rate_limits import RateLimit
from app.verification import Presented, PresentedToken, origin_of
from app.web import callers, forms, oauth_errors, raw
from app.web.oauth_errors import Refused, invalid_request
from app.web.outcomes import outcome
from app.web.raw import Answer, Fields

PATH = "/introspect"

_timings = metrics.timings(PATH)

_WANTED = frozenset({raw.X_REQUEST_ID}) | callers.HEADERS | forms.HEADERS

_METHOD_NOT_ALLOWED = oauth_errors.method_not_allowed("POST")
_INACTIVE = Answer(200, b'{"active":false}')
"""Whatever the reason: RFC 7662, section 2.2."""

PERSON_SECONDS = 5.0
"""Until it is known which person asks."""


@dataclass(frozen=True, slots=True)
class Introspection:
    """The ASGI application behind ``/introspect``."""

    authenticator: Authenticator
    issuer: str
    trusted_proxies: Sequence[Network]
    failures: RateLimit
    """Of callers whose own credential is refused. The tokens that they ask about are none."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begin = perf_counter()
        found = raw.fields(scope, _WANTED)
        request_id = raw.request_id(found)
        answer = await outcome(self._answer(scope, receive, found, request_id), PATH, request_id)
        await raw.send_answer(scope, send, answer, request_id)
        _timings.observe(answer.status, perf_counter() - begin)

    async def _answer(
        self, scope: Scope, receive: Receive, found: Fields, request_id: str
    ) -> Answer:
        if scope["method"] != "POST":
            return _METHOD_NOT_ALLOWED
        forms.check_query(scope["query_string"])
        forms.check_headers(found)
        text = callers.credential(found)
        question = self._question(await forms.read(receive, found))
        credential = self.authenticator.present(text)
        if credential.is_jwt:
            # The provider may have to be asked for its keys: the token's time begins afterwards.
            async with asyncio.timeout(PERSON_SECONDS):
                organization_ids = await self._of_person(scope, found, credential, request_id)
            presented = self._begin(question)
        else:
            # Both in one turn of the loop, so that they are one statement.
            presented = self._begin(question)
            organization_ids = await self._of_token(scope, found, credential, request_id)
        verifier = self.authenticator.verifier
        if presented is None:
            metrics.refused("MALFORMED")
            return _INACTIVE
        if presented.organization_id not in organization_ids:
            await verifier.decline(presented, question.client_ip)
            return _INACTIVE
        token = await verifier.finish(
            presented, question.client_ip, question.user_agent, request_id
        )
        return _INACTIVE if token is None else Answer(200, self._active(token, question))

    def _begin(self, question: Question) -> Presented | None:
        resource_id = question.resource[1] if question.resource else None
        return self.authenticator.verifier.begin(question.token, resource_id)

    def _question(self, body: bytes) -> Question:
        """Return what is asked. Raises Refused."""
        form = forms.parse(body, _PARAMETERS)
        if "access_token" in form:
            # Beside the one in the header: RFC 6750, section 2, has a client use one way alone.
            raise Refused(oauth_errors.TWO_CREDENTIALS)
        token = form.get("token")
        if token is None:
            raise Refused(invalid_request("The parameter token is missing."))
        permission, resource_id = form.get("permission"), form.get("resource_id")
        if permission is not None and permission not in self.authenticator.catalogue.entries:
            raise Refused(
                invalid_request("The permission is in no catalogue: see permissionCatalogue.")
            )
        resource = ids.parse_resource_id(resource_id) if resource_id is not None else None
        if resource_id is not None and resource is None:
            raise Refused(
                invalid_request("The resource_id is no id of a resource (org_... or resource_...).")
            )
        client_ip = _client_ip(form.get("client_ip"))
        return Question(token, client_ip, form.get("user_agent"), permission, resource)

    async def _of_token(
        self, scope: Scope, found: Fields, credential: Credential, request_id: str
    ) -> Container[UUID]:
        """Return where the token that asks may ask about tokens: in its organization.

        Raises Refused and DatabaseUnavailable.
        """
        address, user_agent = self._origin(scope, found)
        authenticator = self.authenticator
        token = await authenticator.verifier.finish(
            credential.presented, address, user_agent, request_id
        )
        if token is None:
            raise Refused(oauth_errors.refused(self.failures, address))
        # What ``access.NEEDS`` says of TokenVerifier, without a principal for each request.
        if TOKENS_VERIFY in authenticator.catalogue.effective(token.granted, token.scopes):
            return (token.organization_id,)
        origin = origin_of(address, user_agent, request_id)
        return self._organizations(authenticator.principal(token, origin))

    async def _of_person(
        self, scope: Scope, found: Fields, credential: Credential, request_id: str
    ) -> Container[UUID]:
        """Return where the person who asks may ask about tokens.

        Raises Refused and DatabaseUnavailable.
        """
        origin = self._origin(scope, found)
        try:
            principal = await self.authenticator.finish(credential, *origin, request_id)
        except Unauthenticated:
            raise Refused(oauth_errors.refused(self.failures, origin[0])) from None
        return self._organizations(principal)

    def _origin(self, scope: Scope, found: Fields) -> tuple[Address | None, str | None]:
        """Return the address and the program of who asks."""
        address = callers.address(scope, found, self.trusted_proxies)
        return address, callers.user_agent(found)

    def _organizations(self, principal: Principal) -> list[UUID]:
        """Return where the caller may ask about tokens. Raises Refused where that is nowhere."""
        found = [
            organization_id
            for organization_id in principal.memberships
            if access.may(principal, TokenVerifier, organization_id)
        ]
        if found:
            return found
        for organization_id in principal.memberships:
            try:
                access.require(principal, TokenVerifier, organization_id)
            except Forbidden as error:
                self._note(error)
        raise Refused(_NOWHERE)

    def _note(self, error: Forbidden) -> None:
        """Tell the organization of a member that reaches for what it may not."""
        if error.refused is not None:
            organization_id, author = error.refused
            self.authenticator.verifier.refusals.note(
                organization_id,
                author,
                Action.ACCESS_REQUEST,
                Target("ORGANIZATION", organization_id),
                f"introspect: {error.refusal}",
            )

    def _active(self, token: PresentedToken, question: Question) -> bytes:
        catalogue = self.authenticator.catalogue
        found = introspected(catalogue, token, question)
        organization_id = token.organization_id
        own_id = ids.organization_id(organization_id)
        user_id = ids.member_id("user", organization_id, token.user_id)
        end_seconds = token.end_seconds
        answer: dict[str, object] = {
            "active": True,
            "sub": user_id,
            "client_id": user_id,
            "username": token.user_name,
            "scope": " ".join(found.scopes),
            "token_type": "Bearer",
        }
        if end_seconds is not None:
            answer["exp"] = int(end_seconds)
        answer["iat"] = int(token.create_seconds)
        answer["iss"] = self.issuer
        answer["jti"] = ids.member_id("token", organization_id, token.token_id)
        answer["organization_id"] = own_id
        answer["resource_id"] = ids.resource_id(*question.resource) if question.resource else own_id
        answer["permissions"] = found.permissions
        if found.allowed is not None:
            answer["allowed"] = found.allowed
        return orjson.dumps(answer)


_PARAMETERS = frozenset(
    {
        *("token", "token_type_hint", "client_ip", "user_agent", "permission", "resource_id"),
        "access_token",
    }
)
_NOWHERE = oauth_errors.insufficient_scope(
    f"To introspect tokens takes {access.TOKENS_VERIFY} in their organization, and a token with"
    f" the scope {access.TOKENS_READ_SCOPE}."
)


def _client_ip(text: str | None) -> Address | None:
    if text is None:
        return None
    address = addresses.parse(text)
    if address is None:
        raise Refused(invalid_request("The client_ip is no IPv4 or IPv6 address."))
    return address
