"""Connections with too large or too slow headers, over raw sockets."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import uvicorn
from starlette.applications import Starlette

from app.web import health, protocol
from app.web.protocol import MAX_HEADER_BYTES, BoundedProtocol


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    """A served application."""
    app = Starlette(routes=health.routes())
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, http=BoundedProtocol, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    serving = asyncio.create_task(server.serve([socket]))
    yield socket.getsockname()[1]
    server.should_exit = True
    await serving


async def _answer(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


START = b"GET /healthz HTTP/1.1\r\nHost: test\r\n"


class TestTooLarge:
    @pytest.mark.parametrize("header", [b"a:b\r\n", b"a: " + b"b" * 4096 + b"\r\n"])
    async def test_is_refused_before_it_fills_memory(self, port: int, header: bytes) -> None:
        many = header * (2 * MAX_HEADER_BYTES // len(header))
        try:
            answer = await _answer(port, START, many)
        except ConnectionResetError:
            return  # closed while we were still sending
        assert answer.startswith(b"HTTP/1.1 431 ")

    @pytest.mark.parametrize(
        "whole",
        [
            START + b"a: " + b"b" * (MAX_HEADER_BYTES + 10),
            START + b"a:b\r\n" * (MAX_HEADER_BYTES // 5) + b"a:b",
            b"GET /healthz?" + b"a" * MAX_HEADER_BYTES + b" HTTP/1.1\r\nHost: test",
        ],
        ids=["one", "many", "the request line"],
    )
    async def test_so_are_those_that_come_whole(self, port: int, whole: bytes) -> None:
        answer = await _answer(port, whole + b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 431 ")

    async def test_large_ones_within_the_bound_pass(self, port: int) -> None:
        large = b"a: " + b"b" * (MAX_HEADER_BYTES // 2) + b"\r\n"
        answer = await _answer(port, START, large, b"Connection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")

    async def test_each_request_of_a_connection_counts_anew(self, port: int) -> None:
        large = START + b"a: " + b"b" * (MAX_HEADER_BYTES // 2) + b"\r\n"
        answer = await _answer(port, *[large + b"\r\n"] * 3, large + b"Connection: close\r\n\r\n")
        assert answer.count(b"HTTP/1.1 200 ") == 4


class TestHost:
    """RFC 9112, section 3.2: a request names one host."""

    @pytest.mark.parametrize(
        ("head", "status"),
        [
            (b"GET /healthz HTTP/1.1\r\n", 400),
            (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n", 400),
            (b"GET /healthz HTTP/1.0\r\nHost: a\r\nhost: b\r\n", 400),
            (b"GET /healthz HTTP/2.0\r\nHost: a\r\n", 400),
            (b"GET /healthz HTTP/1.1\r\nHost:\r\n", 200),
            (b"GET /healthz HTTP/1.0\r\nHost: a\r\n", 200),
            (b"GET /healthz HTTP/1.0\r\n", 200),
        ],
    )
    async def test_table(self, port: int, head: bytes, status: int) -> None:
        answer = await _answer(port, head + b"Connection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 %d " % status)


class TestTooSlow:
    @pytest.mark.parametrize("sent", [b"", START])
    async def test_is_closed(self, port: int, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
        monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.1)
        assert await _answer(port, sent) == b""

    async def test_a_second_request_of_a_connection_is_closed(
        self, port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.1)
        answer = await _answer(port, START + b"\r\n", START)
        assert answer.count(b"HTTP/1.1 ") == 1
