"""Plain ASGI for the endpoints that every request of a platform goes through.

They run in front of Starlette and its middleware, which would cost more than the answer: what
every answer of this service has, they send themselves.
"""

import itertools
import logging
import os
from collections.abc import Container
from dataclasses import dataclass
from typing import TypeAlias

import structlog
from starlette.responses import Response
from starlette.types import Scope, Send

from app.web import requests, security_headers

log = structlog.get_logger("http")
_root = logging.getLogger()

Fields: TypeAlias = dict[bytes, list[bytes]]
"""Header fields by lower-case name, with their values in order."""

X_REQUEST_ID = requests.HEADER.lower().encode()

_PROCESS = os.urandom(10).hex()
_numbers = itertools.count(1)
"""Random bits for every request would take longer, and nobody need be unable to guess an id."""

_JSON = (b"content-type", b"application/json")
_HEAD = b"content-length: %d\r\nx-request-id: %b\r\n"

WHOLE = "appusers.response.whole"
"""The extension of ASGI by which a server takes an answer in one piece: ``send`` is called with the
status, the lines of the head and the body, and says whether it did. ``app.web.protocol`` has it."""


_ALWAYS = security_headers.FOR_PROGRAMS
_REST = security_headers.lines(_ALWAYS)
_REST_JSON = _REST + security_headers.lines((_JSON,))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer but for the headers that all have; ``body`` is JSON, or empty."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()


def response(answer: Answer) -> Response:
    """Return an answer for an endpoint behind Starlette's middleware, which adds the rest."""
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    media_type = "application/json" if answer.body else None
    return Response(answer.body, answer.status, headers, media_type)


def fields(scope: Scope, wanted: Container[bytes]) -> Fields:
    """Return the header fields of these names in one pass, without those that were not sent."""
    found: Fields = {}
    for name, value in scope["headers"]:
        if name in wanted:
            if name in found:
                found[name].append(value)
            else:
                found[name] = [value]
    return found


def texts(found: Fields, name: bytes) -> list[str]:
    """Return the values of a header field as text, a character for each byte."""
    return [value.decode("latin-1") for value in found.get(name, ())]


def first_text(found: Fields, name: bytes) -> str | None:
    """Return the first value of a header field, None where it was not sent."""
    values = found.get(name)
    return values[0].decode("latin-1") if values else None


def request_id(found: Fields) -> str:
    """Return the id that a proxy gave the request where it has a sane shape, else a fresh one.

    ``found`` has to come from ``fields`` with X_REQUEST_ID among the wanted.
    """
    given = first_text(found, X_REQUEST_ID)
    if given is not None and requests.is_sane(given):
        return given
    return f"{_PROCESS}{next(_numbers):012x}"


async def send_answer(scope: Scope, send: Send, answer: Answer, request_id: str) -> None:
    """Send an answer with what all have, its length and request id among it."""
    body = answer.body
    if _root.level <= logging.DEBUG:
        # The path alone: a query string may hold a credential.
        path = requests.shown(scope["path"])
        method, status = scope["method"], answer.status
        log.debug("http.request", method=method, path=path, status=status, request_id=request_id)
    extensions = scope.get("extensions")
    if extensions is not None and WHOLE in extensions:
        head = _HEAD % (len(body), request_id.encode()) + (_REST_JSON if body else _REST)
        if answer.headers:
            head += b"".join([b"%b: %b\r\n" % field for field in answer.headers])
        if extensions[WHOLE]["send"](answer.status, head, body):
            return
    headers = [
        (b"content-length", b"%d" % len(body)),
        (X_REQUEST_ID, request_id.encode()),
        *_ALWAYS,
        *answer.headers,
    ]
    if body:
        headers.append(_JSON)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
