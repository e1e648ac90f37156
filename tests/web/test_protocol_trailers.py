"""Fields behind a body are not those in front of it, over raw sockets."""

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.web.protocol import MAX_HEADER_BYTES, BoundedProtocol
from tests.web.connections import connected, echo, served

HEAD = b"POST / HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 192.0.2.9\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n"
TRAILERS = b"X-Forwarded-For: 203.0.113.5\r\nAuthorization: Bearer x\r\n\r\n"
SENT = {
    "together": [CHUNKED + TRAILERS],
    "apart": [CHUNKED, TRAILERS],
    "each alone": [CHUNKED + TRAILERS[:20], TRAILERS[20:40], TRAILERS[40:]],
}


async def _fields(protocol: type[HttpToolsProtocol], parts: list[bytes]) -> list[list[str]]:
    async with served(echo, protocol) as server, connected(server.port) as client:
        await client.send(*parts)
        _, first = await client.answer()
        assert first["body"] == "body"
        await client.send(HEAD + b"\r\n")
        # The connection goes on, and the next has its own.
        _, second = await client.answer()
        assert second["headers"] == first["headers"][:2]
        return first["headers"]


@pytest.mark.parametrize("parts", SENT.values(), ids=SENT)
async def test_are_ignored(parts: list[bytes]) -> None:
    assert await _fields(BoundedProtocol, parts) == [
        ["host", "test"],
        ["x-forwarded-for", "192.0.2.9"],
        ["transfer-encoding", "chunked"],
    ]


async def test_uvicorn_alone_adds_them() -> None:
    """The control of the test above."""
    fields = await _fields(HttpToolsProtocol, SENT["together"])
    assert ["x-forwarded-for", "203.0.113.5"] in fields
    assert ["authorization", "Bearer x"] in fields


class TestTooLarge:
    @pytest.mark.parametrize("trailer", [b"a:b\r\n", b"a: " + b"b" * 4096 + b"\r\n", b"a" * 4096])
    async def test_are_refused_before_they_fill_memory(self, trailer: bytes) -> None:
        many = trailer * (2 * MAX_HEADER_BYTES // len(trailer))
        async with served(echo) as server, connected(server.port) as client:
            await client.send(CHUNKED, many)
            try:
                answer = await client.rest()
            except ConnectionResetError:
                return  # closed while we were still sending
            assert answer.startswith(b"HTTP/1.1 431 ")

    async def test_large_bodies_pass(self) -> None:
        """The control of the test above: what arrives is more, and is no trailer."""
        chunk = b"%x\r\n" % MAX_HEADER_BYTES + b"b" * MAX_HEADER_BYTES + b"\r\n"
        start = CHUNKED.removesuffix(b"0\r\n")
        async with served(echo) as server, connected(server.port) as client:
            await client.send(start, *[chunk] * 8, b"0\r\n\r\n")
            assert len((await client.answer())[1]["body"]) == 8 * MAX_HEADER_BYTES + 4
