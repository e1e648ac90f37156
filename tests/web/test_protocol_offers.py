"""Offers of another protocol are declined, and nothing of the request is lost, over raw sockets."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeAlias

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.web.connections import Client, connected, echo, served

H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
WEBSOCKET = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
INNER = b"GET /inner HTTP/1.1\r\nHost: test\r\n\r\n"
GET = b"GET /next HTTP/1.1\r\nHost: test\r\n\r\n"


def post(*fields: bytes, path: bytes = b"/first", body: bytes = INNER) -> bytes:
    """A request with a body, which is a request itself."""
    head = b"POST %b HTTP/1.1\r\nHost: test\r\n" % path + b"".join(fields)
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(*fields: bytes) -> bytes:
    """The same, its length not said in advance."""
    head = b"POST /first HTTP/1.1\r\nHost: test\r\n" + b"".join(fields)
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n" % len(INNER) + INNER + b"\r\n0\r\n\r\n"


Cut: TypeAlias = Callable[[bytes], list[bytes]]


def in_one(request: bytes) -> list[bytes]:
    return [request]


def body_apart(request: bytes) -> list[bytes]:
    head, line, body = request.partition(b"\r\n\r\n")
    return [head + line, body[:5], body[5:]]


def end_of_head_apart(request: bytes) -> list[bytes]:
    head, line, body = request.partition(b"\r\n\r\n")
    return [head + line[:3], line[3:] + body]


CUTS = pytest.mark.parametrize("cut", [in_one, body_apart, end_of_head_apart])
OFFERS = pytest.mark.parametrize("offer", [H2C, WEBSOCKET])
REQUESTS = pytest.mark.parametrize("make", [post, chunked])


async def _both(client: Client) -> list[tuple[str, str]]:
    answers = [(await client.answer())[1] for _ in range(2)]
    return [(answer["path"], answer["body"]) for answer in answers]


@CUTS
@OFFERS
@REQUESTS
async def test_the_request_is_answered_and_the_connection_goes_on(
    make: Callable[..., bytes], offer: bytes, cut: Cut, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with served(echo) as server, connected(server.port) as client:
            await client.send(*cut(make(offer)), GET)
            assert await _both(client) == [("/first", INNER.decode()), ("/next", "")]
    assert caplog.records == []


@pytest.mark.parametrize("cut", [in_one, body_apart])
async def test_uvicorn_alone_loses_the_body(cut: Cut) -> None:
    """The control of the test above."""
    async with served(echo, HttpToolsProtocol) as server, connected(server.port) as client:
        await client.send(*cut(post(H2C)), GET)
        assert ("/first", INNER.decode()) not in await _both(client)


async def test_many_in_a_row_are_answered() -> None:
    async with served(echo) as server, connected(server.port) as client:
        await client.send(b"".join(post(H2C, path=b"/%d" % n) for n in range(20)) + GET)
        answers = [(await client.answer())[1] for _ in range(21)]
        assert [answer["path"] for answer in answers] == [*(f"/{n}" for n in range(20)), "/next"]
        assert {answer["body"] for answer in answers[:-1]} == {INNER.decode()}


async def test_other_fields_arrive() -> None:
    async with served(echo) as server, connected(server.port) as client:
        await client.send(post(b"A: 1\r\n", H2C, b"a: 2\r\nX-Upgrade: 3\r\nEmpty:\r\n"))
        names = dict((await client.answer())[1]["headers"])
        assert (names["x-upgrade"], names["empty"]) == ("3", "")
        assert "upgrade" not in names
        await client.send(post(b"A: 1\r\n", H2C, b"a: 2\r\n"))
        fields = (await client.answer())[1]["headers"]
        assert [value for name, value in fields if name == "a"] == ["1", "2"]


@pytest.mark.parametrize(
    "connection",
    [b"close, Upgrade", b"Upgrade, close", b"Upgrade\r\nConnection: close"],
)
@pytest.mark.parametrize("cut", [in_one, body_apart])
async def test_close_beside_it_is_kept(connection: bytes, cut: Cut) -> None:
    offer = b"Connection: %b\r\nUpgrade: h2c\r\n" % connection
    async with served(echo) as server, connected(server.port) as client:
        await client.send(*cut(post(offer) + GET))
        head, answer = await client.answer()
        assert b"connection: close" in head
        assert answer["body"] == INNER.decode()
        assert await client.rest() == b""


async def test_of_http_1_0_is_ignored() -> None:
    async with served(echo) as server, connected(server.port) as client:
        await client.send(post(H2C).replace(b"HTTP/1.1", b"HTTP/1.0", 1))
        head, answer = await client.answer()
        assert b"connection: close" in head
        assert answer["body"] == INNER.decode()
        assert await client.rest() == b""


async def test_what_is_wrong_otherwise_is_refused() -> None:
    async with served(echo) as server, connected(server.port) as client:
        await client.send(b"POST http:// HTTP/1.1\r\n" + H2C + b"\r\n")
        assert (await client.rest()).startswith(b"HTTP/1.1 400 ")


class TestConnect:
    @pytest.mark.parametrize("behind", [b"", GET])
    async def test_is_refused(self, behind: bytes) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(b"CONNECT test:1 HTTP/1.1\r\nHost: test\r\n\r\n" + behind)
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 400 ")
            assert answer.count(b"HTTP/1.1 ") == 1

    async def test_others_of_its_shape_pass(self) -> None:
        """The control of the test above."""
        async with served(echo) as server, connected(server.port) as client:
            await client.send(b"OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n")
            await asyncio.wait_for(client.answer(), 10)
