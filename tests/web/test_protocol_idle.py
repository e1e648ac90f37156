"""What keeps a connection open between requests: none but the next request, over raw sockets."""

import asyncio
from contextlib import suppress

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.web.connections import KEEP_ALIVE_SECONDS, connected, echo, served

GET = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"
BODY = b"POST /early HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n"
LONGER = 2 * KEEP_ALIVE_SECONDS


class TestClosed:
    @pytest.mark.parametrize("sent", [b"", b"\r\n", b"\r\n\r\n\r\n", b"\n"])
    async def test_where_no_request_begins(self, sent: bytes) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(GET)
            await client.answer()
            await client.send(sent)
            assert await client.rest() == b""

    async def test_uvicorn_alone_waits_for_ever(self) -> None:
        """The control of the test above."""
        async with served(echo, HttpToolsProtocol) as server, connected(server.port) as client:
            await client.send(GET)
            await client.answer()
            await client.send(b"\r\n")
            with pytest.raises(TimeoutError):
                await client.rest(LONGER)

    async def test_line_breaks_buy_no_time(self) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(GET)
            await client.answer()
            with suppress(ConnectionError):
                await client.send(*[b"\r\n"] * 100)
            assert server.lost.qsize() == 1

    async def test_where_the_body_came_after_the_answer(self) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(BODY)
            await client.answer()
            await client.send(b"body\r\n")
            assert await client.rest() == b""


class TestOpen:
    """What has begun has its own time, which is longer."""

    @pytest.mark.parametrize("cut", [1, len(GET) - 1])
    async def test_for_a_request_that_has_begun(self, cut: int) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(GET)
            await client.answer()
            await client.send(b"\r\n" + GET[:cut])
            await asyncio.sleep(LONGER)
            await client.send(GET[cut:])
            await client.answer()

    async def test_for_a_request_that_began_before_the_answer(self) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(GET + GET[:9])
            await client.answer()
            await asyncio.sleep(LONGER)
            await client.send(GET[9:])
            await client.answer()

    async def test_for_a_body_that_is_answered_already(self) -> None:
        async with served(echo) as server, connected(server.port) as client:
            await client.send(BODY + b"bo")
            await client.answer()
            await asyncio.sleep(LONGER)
            await client.send(b"dy")
            await client.send(GET)
            await client.answer()

    async def test_for_an_answer_that_takes_longer(self) -> None:
        """Though it was asked for, and line breaks sent, while that before it was not sent yet."""
        asked = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbo"
        async with served(echo) as server, connected(server.port) as client:
            await client.send(GET + asked)
            await client.answer()
            await asyncio.sleep(LONGER)
            await client.send(b"dy\r\n")
            assert (await client.answer())[1]["body"] == "body"
