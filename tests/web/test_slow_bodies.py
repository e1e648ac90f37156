"""Bodies that do not arrive: connections are closed, over raw sockets."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import uvicorn

from app.web import protocol
from app.web.protocol import BoundedProtocol
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import started

HEAD = (
    b"POST %b HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer x\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\n"
)
PATHS = pytest.mark.parametrize("path", [b"/introspect", b"/revoke"])


@pytest.fixture(scope="module")
async def port(urls: Urls) -> AsyncGenerator[int]:
    """The application, served."""
    async with started(settings_for(urls)) as running:
        config = uvicorn.Config(
            running.app, port=0, http=BoundedProtocol, log_config=None, lifespan="off"
        )
        server = uvicorn.Server(config)
        socket = config.bind_socket()
        # From here on connections wait instead of being refused.
        socket.listen()
        serving = asyncio.create_task(server.serve([socket]))
        yield socket.getsockname()[1]
        server.should_exit = True
        await serving


async def answer(port: int, *parts: bytes) -> bytes:
    """Send parts, a while apart, and return what comes back until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answering = asyncio.create_task(reader.read())
    try:
        for part in parts:
            writer.write(part)
            await asyncio.wait([answering], timeout=0.1)
            if answering.done():
                break
        return await asyncio.wait_for(answering, 10)
    finally:
        writer.close()


@PATHS
@pytest.mark.parametrize("parts", [[], [b"token"], [b"t"] * 9])
async def test_are_not_waited_for(
    port: int, path: bytes, parts: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the byte either: the time is that of the whole."""
    monkeypatch.setattr(protocol, "BODY_SECONDS", 0.3)
    assert await answer(port, HEAD % path, *parts) == b""


@PATHS
async def test_in_two_pieces_is_answered(port: int, path: bytes) -> None:
    """The control of the test above."""
    status = b"401" if path == b"/introspect" else b"200"
    assert (await answer(port, HEAD % path, b"token", b"=junk")).startswith(b"HTTP/1.1 " + status)
