"""Bounds for clients that send much at once, or do not read what they get, over raw sockets."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.web import raw, transports
from app.web.protocol import MAX_WAITING
from app.web.raw import Answer
from tests.web.connections import Served, connected, echo, served

GET = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"
LARGE = b"x" * 8_000_000
"""More than the system takes off the server's hands."""


async def large(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with much, in one piece where that is taken."""
    await raw.send_answer(scope, send, Answer(200, LARGE), "an-id")


async def small(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with less than it takes to pause writing."""
    await raw.send_answer(scope, send, Answer(200, LARGE[:60_000]), "an-id")


class TestWaiting:
    async def test_as_many_as_may_are_answered(self) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(GET * (1 + MAX_WAITING))
            heads = [(await client.answer())[0] for _ in range(1 + MAX_WAITING)]
            assert not any(b"connection: close" in head for head in heads)
            await client.send(GET)
            await client.answer()

    async def test_those_behind_are_not_and_the_connection_ends(self) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(GET * 100)
            heads = [(await client.answer())[0] for _ in range(1 + MAX_WAITING)]
            assert [b"connection: close" in head for head in heads] == [False] * MAX_WAITING + [
                True
            ]
            assert await client.rest() == b""

    async def test_uvicorn_alone_takes_all(self) -> None:
        """The control of the test above."""
        async with served(echo, HttpToolsProtocol) as server, connected(server.port) as client:
            await client.send(GET * 100)
            for _ in range(100):
                await client.answer()


@asynccontextmanager
async def deaf(server: Served, request: bytes) -> AsyncGenerator[socket.socket]:
    """A client that sends and does not read."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    try:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client, ("127.0.0.1", server.port))
        await loop.sock_sendall(client, request)
        yield client
    finally:
        client.close()


CLOSE = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


LITTLE = pytest.mark.parametrize(
    ("request_", "ends"),
    [(CLOSE, False), (GET, False), (GET, True)],
    ids=["closed", "idle", "at its end"],
)


class TestNotReading:
    @pytest.mark.parametrize("request_", [GET * 3, CLOSE], ids=["waiting", "closed"])
    async def test_is_cut_off(self, request_: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transports, "WRITE_SECONDS", 0.3)
        async with served(large) as server, deaf(server, request_):
            await asyncio.wait_for(server.lost.get(), 10)

    @pytest.mark.parametrize("request_", [GET * 3, CLOSE], ids=["waiting", "closed"])
    async def test_uvicorn_alone_waits_for_ever(self, request_: bytes) -> None:
        """The control of the test above."""
        async with served(large, HttpToolsProtocol) as server, deaf(server, request_):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(server.lost.get(), 1)

    @LITTLE
    async def test_is_cut_off_with_little_left_to_send(
        self, request_: bytes, ends: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(transports, "WRITE_SECONDS", 0.3)
        async with served(small, send_buffer=4096) as server, deaf(server, request_) as client:
            if ends:
                client.shutdown(socket.SHUT_WR)
            await asyncio.wait_for(server.lost.get(), 10)

    @LITTLE
    async def test_uvicorn_alone_waits_for_ever_with_little_left_to_send(
        self, request_: bytes, ends: bool
    ) -> None:
        """The control of the test above."""
        async with (
            served(small, HttpToolsProtocol, send_buffer=4096) as server,
            deaf(server, request_) as client,
        ):
            if ends:
                client.shutdown(socket.SHUT_WR)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(server.lost.get(), 1)

    async def test_who_reads_late_is_served_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The deadline ends with what is read, and does not cut off what comes after it."""
        monkeypatch.setattr(transports, "WRITE_SECONDS", 0.5)
        async with served(large) as server, deaf(server, GET * 3) as client:
            await asyncio.sleep(0.2)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_000_000)
            loop, taken = asyncio.get_running_loop(), 0
            while taken < 3 * len(LARGE):
                got = await asyncio.wait_for(loop.sock_recv(client, 1_000_000), 10)
                assert got
                taken += len(got)
            await loop.sock_sendall(client, GET[:1])
            await asyncio.sleep(0.6)
            await loop.sock_sendall(client, GET[1:])
            assert await asyncio.wait_for(loop.sock_recv(client, 15), 10)
