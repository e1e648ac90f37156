"""From an HTTP request to a GraphQL one, by the GraphQL-over-HTTP specification.

Everything that a client can send ends here in a request that makes sense or in an HttpError; what
comes behind sees strings without lone surrogates, objects of bounded depth, and nothing else.
"""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import orjson
from starlette.requests import ClientDisconnect, Request

from app import token_format

MAX_BODY_BYTES = 64 * 1024
MAX_JSON_DEPTH = 32
MAX_JSON_LIST = 128
"""A list in a variable is read anew for each field that mentions it, on each item of a list."""
MAX_ID_LIST = 1024
"""Of ids, which only root fields take lists of: a little more than those accept, so that they and
not this say what is too long."""
_ID = re.compile(r"[a-z]{1,16}_[0-9A-Za-z]{1,64}")
MAX_ACCEPT = 4096
BODY_SECONDS = 10.0

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"
MediaType: TypeAlias = Literal["application/json", "application/graphql-response+json", "text/html"]


@dataclass(frozen=True)
class HttpError(Exception):
    """A request that GraphQL never sees; the message becomes the only error of the answer."""

    status: int
    message: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    code: str = "BAD_REQUEST"


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The parameters of a well-formed request."""

    query: str
    variables: dict[str, object]
    operation_name: str | None
    may_mutate: bool


def check_url(request: Request) -> None:
    """Raise HttpError 414 for a query string that is too long, 400 for one with a token in it."""
    raw: bytes = request.scope["query_string"]
    if len(raw) > MAX_BODY_BYTES:
        raise HttpError(414, f"The query string is longer than {MAX_BODY_BYTES} bytes.")
    if raw and token_format.is_in_query(raw):
        raise HttpError(
            400,
            "An access token is never sent in a URL, where logs and histories keep it: revoke it,"
            " and send another in the Authorization header, or in the body of a POST.",
        )


def asks_for_page(request: Request) -> bool:
    """Tell whether a person may have opened the address."""
    return request.method in ("GET", "HEAD") and "query" not in request.query_params


def negotiate(request: Request, *, html: bool) -> MediaType:
    """Return the media type to answer with. Raises HttpError 406 where none is acceptable.

    The page is preferred only by who names it: programs that accept anything get JSON.
    """
    accept = ",".join(request.headers.getlist("accept")).strip() or JSON
    if len(accept) > MAX_ACCEPT:
        raise HttpError(406, f"The header Accept is longer than {MAX_ACCEPT} bytes.")
    best: tuple[float, MediaType] = (0.0, JSON)
    for offer in accept.split(","):
        media, *parameters = (part.strip().lower() for part in offer.split(";"))
        found = _served(media, html=html)
        quality = _quality(parameters)
        if found is not None and quality > best[0]:
            best = (quality, found)
    if best[0] == 0.0:
        raise HttpError(406, f"The answer can be {GRAPHQL_JSON} or {JSON}; accept one of them.")
    return best[1]


def _served(media: str, *, html: bool) -> MediaType | None:
    match media:
        case "application/json" | "application/*" | "*/*":
            return JSON
        case "application/graphql-response+json":
            return GRAPHQL_JSON
        case "text/html" if html:
            return HTML
        case _:
            return None


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
        if name.strip() == "charset" and value.strip('" ') not in ("utf-8", "utf8"):
            return 0.0
    return 1.0


async def decode(request: Request) -> GraphQLRequest:
    """Return the GraphQL request. Raises HttpError."""
    if request.method == "GET":
        return _from_parameters(_query_parameters(request), may_mutate=False)
    if request.method == "POST":
        _check_content_type(request)
        body = _loads(await _body(request), "The body")
        if isinstance(body, list):
            raise HttpError(400, "Batches are not served: send one object a request.")
        if not isinstance(body, dict):
            raise HttpError(400, "The body is not a JSON object.")
        return _from_parameters(body, may_mutate=True)
    raise HttpError(405, "GraphQL is served by GET and POST.", {"Allow": "GET, POST"})


def _check_content_type(request: Request) -> None:
    header = request.headers.get("content-type", "")
    media, *parameters = (part.strip().lower() for part in header.split(";"))
    charset = [p.split("=", 1)[-1].strip('" ') for p in parameters if p.startswith("charset")]
    if media != JSON or any(name not in ("utf-8", "utf8") for name in charset):
        raise HttpError(415, "The body has to be application/json in UTF-8.", {"Accept-Post": JSON})
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HttpError(415, "The body has to come without Content-Encoding.")


async def _body(request: Request) -> bytes:
    too_long = HttpError(413, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    try:
        declared = int(request.headers.get("content-length", "0"))
    except ValueError:
        raise HttpError(400, "Content-Length is not a number.") from None
    if declared > MAX_BODY_BYTES:
        raise too_long
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise too_long
    except TimeoutError:
        raise HttpError(408, f"The body did not arrive within {BODY_SECONDS:g} seconds.") from None
    except ClientDisconnect:
        raise HttpError(400, "The connection ended before the body did.") from None
    return bytes(body)


def _query_parameters(request: Request) -> dict[str, object]:
    parameters: dict[str, object] = {}
    for name, value in request.query_params.multi_items():
        if name not in ("query", "operationName", "variables", "extensions"):
            continue
        if name in parameters:
            raise HttpError(400, f"The parameter {name} is given twice.")
        if "\ufffd" in value:
            raise HttpError(400, f"The parameter {name} is not UTF-8.")
        if name in ("variables", "extensions"):
            parameters[name] = _loads(value.encode(), f"The parameter {name}") if value else None
        elif name == "query" or value:
            parameters[name] = value
    return parameters


def _loads(raw: bytes, what: str) -> object:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise HttpError(
            400, f"{what} is not JSON in UTF-8 (a lone surrogate, as in \\ud800, is none)."
        ) from None
    if _has_longer_list(value):
        raise HttpError(
            400, f"{what} holds a list of more than {MAX_JSON_LIST} items, {MAX_ID_LIST} of ids."
        )
    if _is_deeper(value, MAX_JSON_DEPTH):
        raise HttpError(400, f"{what} is nested deeper than {MAX_JSON_DEPTH} levels.")
    return value


def _has_longer_list(value: object) -> bool:
    nodes: list[object] = [value]
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            if len(node) > MAX_JSON_LIST and not _is_list_of_ids(node):
                return True
            nodes += node
        elif isinstance(node, dict):
            nodes += node.values()
    return False


def _is_list_of_ids(items: list[object]) -> bool:
    return len(items) <= MAX_ID_LIST and all(
        isinstance(item, str) and _ID.fullmatch(item) for item in items
    )


def _is_deeper(value: object, depth: int) -> bool:
    level: list[object] = [value]
    for _ in range(depth):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return any(isinstance(item, dict | list) for item in level)


def _from_parameters(parameters: dict[str, object], *, may_mutate: bool) -> GraphQLRequest:
    query = parameters.get("query")
    if not isinstance(query, str) or not query:
        raise HttpError(400, "The parameter query is missing or not a string.")
    operation_name = parameters.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise HttpError(400, "The parameter operationName is not a string.")
    variables = parameters.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise HttpError(400, "The parameter variables is not an object.")
    extensions = parameters.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise HttpError(400, "The parameter extensions is not an object.")
    return GraphQLRequest(query, variables or {}, operation_name or None, may_mutate)
