"""GraphQL over HTTP: one endpoint, from the request to the bytes of the answer."""

import asyncio
from collections.abc import Awaitable, Callable, Container, Sequence
from dataclasses import dataclass
from typing import cast

import orjson
import structlog
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from app import addresses, metrics, rate_limits, token_format
from app.access import Principal
from app.addresses import Address
from app.api import refused
from app.api.context import Context
from app.api.decoder import (
    GRAPHQL_JSON,
    HTML,
    JSON,
    GraphQLRequest,
    HttpError,
    MediaType,
    asks_for_page,
    check_url,
    decode,
    negotiate,
)
from app.api.failures import UNAVAILABLE, top_level
from app.api.schema import schema
from app.api.validation import MAX_ERRORS
from app.authentication import Authenticator, MalformedCredential
from app.bounds import Network
from app.catalogue import Catalogue
from app.database import Database, DatabaseUnavailable
from app.errors import TOO_MANY_REFUSED, RateLimited, Unauthenticated
from app.rate_limits import Allowance, RateLimit
from app.token_format import Peppers
from app.webhook_targets import PUBLIC_HTTPS, TargetRules

log = structlog.get_logger("graphql")

DEADLINE_SECONDS = 5.0
CONNECTIONS = 2
"""For one request at a time: its root fields run side by side, and others want to be served too."""
MAX_MESSAGE = 500
RETRY_AFTER_SECONDS = 1

_QUERIES = frozenset({OperationType.QUERY})
_QUERIES_AND_MUTATIONS = frozenset({OperationType.QUERY, OperationType.MUTATION})


@dataclass(frozen=True)
class GraphQLEndpoint:
    """The ASGI application behind ``/graphql``."""

    database: Database
    peppers: Peppers
    catalogue: Catalogue
    authenticator: Authenticator
    trusted_proxies: Sequence[Network]
    failures: RateLimit
    """Of credentials that are refused, by address."""
    mutations: RateLimit
    """By user."""
    anonymous_mutations: RateLimit
    """By address, apart: whoever has many addresses fills no buckets that users are in."""
    page: Callable[[Request], Awaitable[Response]]
    """Serves the browser that asks for HTML without a query."""
    issuer: str | None = None
    """The identity provider that signs people in, None where there is none."""
    webhook_rules: TargetRules = PUBLIC_HTTPS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        media: MediaType = JSON
        try:
            check_url(request)
            media = negotiate(request, html=asks_for_page(request))
            if media == HTML:
                return await self.page(request)
            async with asyncio.timeout(DEADLINE_SECONDS) as deadline:
                asked = await self._decode(request, deadline)
                address = addresses.of_client(
                    request.client.host if request.client else None,
                    request.headers.getlist("x-forwarded-for"),
                    self.trusted_proxies,
                )
                principal = await self._authenticate(request, address)
                allowed = self._allowance(principal, address)
                return await self._execute(request, media, asked, principal, allowed)
        except HttpError as error:
            return _refusal(error, media)
        except (DatabaseUnavailable, TimeoutError) as error:
            log.warning("graphql.unavailable", reason=repr(error))
            return _unavailable(media)
        except Exception as error:  # noqa: BLE001 (clients of GraphQL read JSON, of bugs too)
            wrapped = GraphQLError(str(error), original_error=error)
            return _answer(ExecutionResult(None, [wrapped]), media, _request_id(request))

    async def _decode(self, request: Request, deadline: asyncio.Timeout) -> GraphQLRequest:
        """Decode on the client's time: a slow body has a bound of its own."""
        deadline.reschedule(None)
        asked = await decode(request)
        deadline.reschedule(asyncio.get_running_loop().time() + DEADLINE_SECONDS)
        return asked

    async def _authenticate(self, request: Request, address: Address | None) -> Principal | None:
        try:
            return await self.authenticator.authenticate(
                request.headers.getlist("authorization"),
                address,
                request.headers.get("user-agent"),
                _request_id(request),
            )
        except MalformedCredential as error:
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_request"'}
            raise HttpError(400, str(error), challenge) from None
        except Unauthenticated as error:
            # Whichever comes of it depends on the address alone, whatever the reason.
            wait = self.failures.seconds_to_wait(rate_limits.of_address(address))
            if wait:
                raise RateLimited(TOO_MANY_REFUSED, wait) from None
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise HttpError(401, error.message, challenge, "UNAUTHENTICATED") from None

    def _allowance(self, principal: Principal | None, address: Address | None) -> Allowance:
        """Return whose mutations a request's are: the user's, with whatever token it comes."""
        if principal is None:
            return Allowance(self.anonymous_mutations, rate_limits.of_address(address))
        # A person is a user in each of its organizations, and the same caller in all of them.
        user_id = min(membership.user_id for membership in principal.memberships.values())
        return Allowance(self.mutations, user_id.bytes)

    async def _execute(
        self,
        request: Request,
        media: MediaType,
        asked: GraphQLRequest,
        principal: Principal | None,
        mutations: Allowance,
    ) -> Response:
        context = Context(
            self.database.share(CONNECTIONS),
            self.peppers,
            self.catalogue,
            principal,
            self.authenticator.verifier,
            mutations,
            self.issuer,
            self.webhook_rules,
        )
        try:
            result = await schema.execute(
                asked.query,
                variable_values=asked.variables,
                context_value=context,
                operation_name=asked.operation_name,
                allowed_operation_types=_QUERIES_AND_MUTATIONS if asked.may_mutate else _QUERIES,
            )
        except InvalidOperationTypeError:
            if asked.may_mutate:
                raise HttpError(400, "Subscriptions are not served.") from None
            raise HttpError(405, "Mutations are served by POST.", {"Allow": "POST"}) from None
        except CannotGetOperationTypeError:
            raise HttpError(
                400, "The document has no operation of this name, or several and no operationName."
            ) from None
        finally:
            # Whatever became of the rest: a deadline takes back none of them.
            for name, failure in context.failures:
                refused.note(self.authenticator.verifier.refusals, name, failure)
        refused.note_errors(self.authenticator.verifier.refusals, result.errors or [])
        return _answer(result, media, _request_id(request))


def _request_id(request: Request) -> str:
    return str(request.scope.get("request_id", "none"))


def _answer(result: ExecutionResult, media: MediaType, request_id: str) -> Response:
    errors = result.errors or []
    formatted: list[dict[str, object]] = []
    codes: set[str] = set()
    retry_after: object = None
    for error in errors[:MAX_ERRORS]:
        shown, bug = top_level(error, request_id)
        extensions = cast("dict[str, object]", shown["extensions"])
        retry_after = extensions.get("retryAfterSeconds", retry_after)
        if bug:
            _log_bug(error)
        elif extensions["code"] == "UNAVAILABLE":
            log.warning("graphql.unavailable", reason=repr(error.original_error), path=error.path)
        # It quotes what was sent, and an answer is logged by many a client.
        shown["message"] = token_format.hide(str(shown["message"]))[:MAX_MESSAGE]
        code = str(extensions["code"])
        codes.add(code)
        metrics.GRAPHQL_ERRORS.labels(code).inc()
        formatted.append(shown)
    body: dict[str, object] = {}
    if formatted:
        body["errors"] = formatted
    # A document that never ran has no data, not even null: its errors point at no field.
    never_ran = result.data is None and errors and all(error.path is None for error in errors)
    if not never_ran:
        body["data"] = result.data
    if retry_after is not None:
        return _json(body, media, 429, {"Retry-After": str(retry_after)})
    status, headers = _status(codes, has_data=result.data is not None)
    if status == 200 and never_ran and media == GRAPHQL_JSON:
        status = 400
    return _json(body, media, status, headers)


def _status(codes: Container[str], *, has_data: bool) -> tuple[int, dict[str, str]]:
    if "UNAVAILABLE" in codes:
        return 503, {"Retry-After": str(RETRY_AFTER_SECONDS)}
    if "INTERNAL" in codes and not has_data:
        return 500, {}
    if "UNAUTHENTICATED" in codes:
        return 401, {"WWW-Authenticate": "Bearer"}
    return 200, {}


def _log_bug(error: GraphQLError) -> None:
    raised = error.original_error
    metrics.bug("graphql")
    log.error(
        "graphql.bug",
        path=error.path,
        exc_info=(type(raised), raised, raised.__traceback__) if raised else None,
    )


def _refusal(error: HttpError, media: MediaType) -> Response:
    metrics.GRAPHQL_ERRORS.labels(error.code).inc()
    body: dict[str, object] = {
        "errors": [{"message": error.message, "extensions": {"code": error.code}}]
    }
    return _json(body, media, error.status, error.headers)


def _unavailable(media: MediaType) -> Response:
    error = HttpError(503, UNAVAILABLE, {"Retry-After": str(RETRY_AFTER_SECONDS)}, "UNAVAILABLE")
    return _refusal(error, media)


def _json(
    body: dict[str, object], media: MediaType, status: int, headers: dict[str, str]
) -> Response:
    return Response(
        orjson.dumps(body, option=orjson.OPT_UTC_Z),
        status_code=status,
        media_type=f"{JSON if media == HTML else media}; charset=utf-8",
        headers={"Cache-Control": "no-store", "Vary": "Accept, Authorization", **headers},
    )
