"""What every request gets: an id, a line in the log, and headers that no answer should lack."""

import re
import time
from collections.abc import Sequence
from uuid import uuid4

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import metrics
from app.web import security_headers
from app.web.security_headers import HeaderFields

log = structlog.get_logger("http")

HEADER = "X-Request-Id"
_X_REQUEST_ID = HEADER.lower().encode()
MAX_PATH = 16
"""Enough to tell our own paths apart. A pasted secret does not fit."""
_ACCEPTED = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")


def shown(path: str) -> str:
    """Return a path as logs have it: short, and without a character that a terminal obeys."""
    return path[:MAX_PATH].encode("unicode_escape").decode()


def is_sane(request_id: str) -> bool:
    """Tell whether an id that somebody else gave a request may be repeated and logged."""
    return _ACCEPTED.fullmatch(request_id) is not None


class Templates:
    """The paths that there are: what metrics and traces have in place of what was sent."""

    def __init__(self, templates: Sequence[str]) -> None:
        self._exact = frozenset(templates)
        self._open = [path for path in templates if "{" in path]

    def __call__(self, path: str) -> str:
        """Return the template of a path."""
        if path in self._exact:
            return path
        found = (each for each in self._open if path.startswith(each.partition("{")[0]))
        return next(found, metrics.UNMATCHED)


class Requests:
    """ASGI middleware. The id of a proxy in front is kept where it has a sane shape."""

    def __init__(
        self,
        app: ASGIApp,
        templates: Sequence[str] = (),
        always: HeaderFields = security_headers.ALWAYS,
    ) -> None:
        """``templates`` are the paths that there are, and what metrics call them."""
        self.app = app
        self.always = always
        self._template = Templates(templates)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if is_sane(given) else uuid4().hex
        scope["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 0
        started = time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                sent = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    (_X_REQUEST_ID, request_id.encode()),
                    *(field for field in self.always if field[0] not in sent),
                ]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        except Exception:
            # Starlette, outside of this, logs it and answers.
            status = status or 500
            metrics.bug("http")
            raise
        finally:
            seconds = time.perf_counter() - started
            metrics.timings(self._template(scope["path"])).observe(status, seconds)
            # The path alone: a query string may hold a document, and people paste into those.
            log.debug(
                "http.request",
                method=scope["method"],
                path=shown(scope["path"]),
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )
            structlog.contextvars.unbind_contextvars("request_id")
