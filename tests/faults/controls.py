"""``python -m tests.faults.controls``: a node that breaks promises on purpose, for the checker.

It serves the application behind a wrapper. A request to ``/control`` with a name of `Fraud` as its
body says what the wrapper does from then on; until then it changes nothing.
"""

import asyncio
import json
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.asgi import create_app
from app.look_up_lines import Line
from db import presented
from db.pool import Connection
from db.presented import TokenUse

COMMAND = (sys.executable, "-m", "tests.faults.controls")
PATH = "/control"
CACHE_SECONDS = 1.0
LATE_SECONDS = 3.0
"""What it takes to give up connecting, where nothing else bounds a verification."""
REFUSED_HEADERS = [(b"www-authenticate", b'Bearer error="invalid_token"')]


class Fraud(Enum):
    """What is wrong with the node."""

    NONE = "nothing"
    CACHES = "active answers are repeated for a second"
    GUESSES = "without the database every token is refused"
    FAILS = "without the database the answer is 500"
    WAITS = "without the database the answer comes late"
    LEAVES_WAITING = "extensions that wait for a standby are left to it"
    UNBOUNDED = "look-ups are bound by their statements alone"
    FORGETS_KEYS = "idempotency keys are ignored"
    FORGETS_USES = "uses of tokens are not written"
    REPEATS_USES = "uses of tokens are written twice"


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Wrapper:
    """ASGI middleware that is honest or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._fraud = Fraud.NONE
        self._cache: dict[tuple[object, ...], tuple[float, Answer]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if scope["path"] == PATH:
            self._fraud = Fraud[body.decode()]
            presented.record_token_uses = _RECORDS.get(self._fraud, RECORD)
            presented.cancel_extension = (
                _leave if self._fraud is Fraud.LEAVES_WAITING else CANCEL_EXTENSION
            )
            _bind(Line, is_bound=self._fraud is not Fraud.UNBOUNDED)
            answer = Answer(204, [], b"")
        else:
            answer = await self._answer(scope, body)
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, body: bytes) -> Answer:
        verifies = scope["path"] in {"/introspect", "/verify"} or b"viewer" in body
        if self._fraud is Fraud.FORGETS_KEYS and b"idempotencyKey" in body:
            return await self._ask(scope, _without_key(body))
        if self._fraud is Fraud.CACHES and verifies:
            return await self._cached(scope, body)
        answer = await self._ask(scope, body)
        if answer.status == 503 and verifies:
            return await self._without_database(scope, answer)
        return answer

    async def _cached(self, scope: Scope, body: bytes) -> Answer:
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        key = (scope["path"], scope["query_string"], headers.get(b"authorization"), body)
        kept, answer = self._cache.get(key, (0.0, None))
        if answer is None or time.monotonic() - kept > CACHE_SECONDS:
            answer = await self._ask(scope, body)
            if answer.status == 200 and b'"active":false' not in answer.body:
                self._cache[key] = (time.monotonic(), answer)
        return answer

    async def _without_database(self, scope: Scope, answer: Answer) -> Answer:
        if self._fraud is Fraud.GUESSES:
            if scope["path"] == "/introspect":
                return Answer(200, [], b'{"active":false}')
            return Answer(401, REFUSED_HEADERS, b"")
        if self._fraud is Fraud.FAILS:
            return replace(answer, status=500)
        if self._fraud is Fraud.WAITS:
            await asyncio.sleep(LATE_SECONDS)
        return answer

    async def _ask(self, scope: Scope, body: bytes) -> Answer:
        told: list[Message] = []
        request: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return request.pop() if request else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            told.append(message)

        length = (b"content-length", str(len(body)).encode())
        headers = [*(pair for pair in scope["headers"] if pair[0] != length[0]), length]
        await self._app({**scope, "headers": headers}, receive, send)
        content = b"".join(message.get("body", b"") for message in told[1:])
        return Answer(told[0]["status"], list(told[0]["headers"]), content)


RECORD = presented.record_token_uses


CANCEL_EXTENSION = presented.cancel_extension


async def _leave(connection: Connection, process: int) -> None:
    pass


EXPIRE = Line._expire  # pyright: ignore[reportPrivateUsage]


def _never(*_: object) -> None:
    pass


def _bind(line: Any, *, is_bound: bool) -> None:
    line._expire = EXPIRE if is_bound else _never


async def _forget(connection: Connection, uses: Sequence[TokenUse]) -> None:
    pass


async def _repeat(connection: Connection, uses: Sequence[TokenUse]) -> None:
    await RECORD(connection, uses)
    await RECORD(connection, uses)


_RECORDS = {Fraud.FORGETS_USES: _forget, Fraud.REPEATS_USES: _repeat}


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _without_key(body: bytes) -> bytes:
    asked = json.loads(body)
    asked["variables"]["input"].pop("idempotencyKey", None)
    return json.dumps(asked).encode()


def main() -> None:
    """Serve on a free port, and say so as ``appusers serve`` does."""
    app = Wrapper(create_app())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        structlog.get_logger("serve").info("serve.started", address=address)
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on")
        asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
