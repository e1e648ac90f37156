"""Answers that are written in one piece are what uvicorn itself would have sent."""

import asyncio
import re
from collections.abc import AsyncGenerator
from unittest.mock import Mock

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from app.web import protocol, raw
from app.web.protocol import BoundedProtocol
from app.web.raw import Answer

ANSWERS = {
    "/json": Answer(200, b'{"active":false}'),
    "/empty": Answer(200, headers=((b"appusers-user-id", b"user_1"),)),
    "/refused": Answer(401, b"{}", ((b"www-authenticate", b"Bearer"),)),
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as the endpoints that every request goes through do."""
    if scope["path"] == "/late":
        while (await receive()).get("more_body"):
            pass
    await raw.send_answer(scope, send, ANSWERS.get(scope["path"], ANSWERS["/json"]), "an-id")


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=BoundedProtocol,
        log_config=None,
        lifespan="off",
        access_log=False,
    )

    server = uvicorn.Server(config)
    socket = config.bind_socket()
    serving = asyncio.create_task(server.serve([socket]))
    yield socket.getsockname()[1]
    server.should_exit = True
    await serving


async def sent(port: int, request: bytes) -> bytes:
    """All that comes back until the server closes; the date and the order of fields left out."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        answer = await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()
    # Of several answers each head by itself.
    pieces = re.split(rb"(?=HTTP/1\.1 )", re.sub(rb"date: [^\r]+", b"date: some", answer))
    heads = [piece.partition(b"\r\n\r\n") for piece in pieces if piece]
    return b"|".join(
        b"\r\n".join([lines[0], *sorted(lines[1:]), b"", body])
        for lines, body in ((head.split(b"\r\n"), body) for head, _, body in heads)
    )


def request(path: str, *fields: bytes, method: bytes = b"GET", version: bytes = b"1.1") -> bytes:
    start = b"%b %b HTTP/%b" % (method, path.encode(), version)
    return b"\r\n".join([start, b"Host: test", *fields, b"", b""])


CLOSE = b"Connection: close"
REQUESTS = {
    "JSON": request("/json", CLOSE),
    "an empty body": request("/empty", CLOSE),
    "further fields": request("/refused", CLOSE),
    "HEAD": request("/json", CLOSE, method=b"HEAD"),
    "HTTP/1.0": request("/json", version=b"1.0"),
    "one after the other": request("/json") + request("/empty") + request("/refused", CLOSE),
    "a body that nobody waits for": request(
        "/json", CLOSE, b"Expect: 100-continue", b"Content-Length: 2", method=b"POST"
    )
    + b"{}",
    "a body that is waited for": request(
        "/late", CLOSE, b"Expect: 100-continue", b"Content-Length: 2", method=b"POST"
    )
    + b"{}",
}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> "asyncio.Queue[bool]":
    """Whether each answer was written in one piece."""
    seen: asyncio.Queue[bool] = asyncio.Queue()
    send_whole = protocol._send_whole  # pyright: ignore[reportPrivateUsage]

    def watched(*arguments: object) -> bool:
        is_whole = send_whole(*arguments)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        seen.put_nowait(is_whole)
        return is_whole

    monkeypatch.setattr(protocol, "_send_whole", watched)
    return seen


@pytest.mark.parametrize("name", REQUESTS)
async def test_they_are_what_uvicorn_sends(
    port: int, name: str, written: "asyncio.Queue[bool]", monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = await sent(port, REQUESTS[name])
    assert {written.get_nowait() for _ in range(written.qsize())} == {True}
    monkeypatch.setattr(protocol, "_send_whole", Mock(return_value=False))
    assert ours == await sent(port, REQUESTS[name])
    assert ours.startswith(b"HTTP/1.1 ")


async def test_who_does_not_read_is_waited_for(
    port: int, written: "asyncio.Queue[bool]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what is to be sent piles up, the answers go the way that waits."""
    monkeypatch.setitem(ANSWERS, "/large", Answer(200, b"x" * 1_000_000))
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    try:
        writer.write(request("/large") * 20)
        async with asyncio.timeout(10):
            while await written.get():
                pass
            taken = 0
            while taken < 20_000_000:
                taken += len(await reader.read(1_000_000))
    finally:
        writer.close()
