"""Requests with exactly these header fields, from exactly this peer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from tests.service import Service

Fields: TypeAlias = Sequence[tuple[str, str]]
Sending: TypeAlias = Callable[[str, bytes, str, Fields, bytes], Awaitable[int]]
"""From a peer: method, target, header fields, body; the status of the answer."""


def in_process(service: Service) -> Sending:
    """Return what asks the application itself, as if from any socket."""

    async def send(peer: str, method: bytes, target: str, fields: Fields, body: bytes) -> int:
        path, _, query = target.partition("?")
        scope: dict[str, object] = {
            "type": "http",
            "method": method.decode(),
            "path": path,
            "query_string": query.encode(),
            "headers": [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in fields],
            "client": (peer, 50000),
            "http_version": "1.1",
            "scheme": "http",
            "server": ("test", 80),
        }
        status: list[int] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])

        await service.app(scope, receive, sent)  # pyright: ignore[reportArgumentType]
        return status[0]

    return send


def over_tcp(port: int) -> Sending:
    """Return what asks by a connection from a loopback address."""

    async def send(peer: str, method: bytes, target: str, fields: Fields, body: bytes) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(peer, 0))
        try:
            head = [b"%b %b HTTP/1.1" % (method, target.encode())]
            sent = [*fields, ("Connection", "close"), ("Content-Length", str(len(body)))]
            head += [f"{name}: {value}".encode("latin-1") for name, value in sent]
            writer.write(b"\r\n".join([*head, b"", body]))
            return int((await asyncio.wait_for(reader.read(), 10)).split()[1])
        finally:
            writer.close()

    return send
