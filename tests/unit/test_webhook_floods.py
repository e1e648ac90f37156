"""A receiver that answers without end: no more of it is read than a head may take."""

import asyncio
from ipaddress import ip_network

import pytest

from app import webhook_connections
from app.webhook_connections import MOST_READ_BYTES, NotSent, Sender
from app.webhook_targets import TargetRules

LOCAL = TargetRules(allow_http=True, allowed_networks=(ip_network("127.0.0.0/8"),))
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"
FLOOD = 4 * MOST_READ_BYTES // len(INTERIM)


async def post_to_a_flood() -> int:
    """Return the status that a receiver gives behind very many interim answers."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(INTERIM * FLOOD + b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        return await Sender(LOCAL).post(f"http://127.0.0.1:{port}/", {}, b"")


class TestFlood:
    async def test_of_interim_answers_is_cut_off(self) -> None:
        with pytest.raises(NotSent, match="broke"):
            await post_to_a_flood()

    async def test_control_without_the_bound_all_of_it_is_read(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unbounded(stream: object) -> object:
            return stream

        monkeypatch.setattr(webhook_connections, "_BoundedStream", unbounded)
        assert await post_to_a_flood() == 204
