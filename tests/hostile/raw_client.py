"""Bytes to a server as they are, without a client that would mend them."""

import contextlib
import select
import socket
import time

from tests.hostile.worker import SECONDS, Answer, Worker

PATIENCE = 0.25


def send(worker: Worker, request: bytes) -> Answer:
    """Send bytes, end the sending side where that is waited for, and read until the server closes.

    Status 0 where nothing was answered: what is no HTTP may be met with a closed connection.
    """
    cpu, clock = worker.cpu_milliseconds(), time.monotonic()
    received = bytearray()
    with socket.create_connection(("127.0.0.1", worker.port), SECONDS) as connection:
        # Who refuses early closes while we still send.
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
            # A whole request is answered before its client ends; half of one has no other end.
            if not select.select([connection], [], [], PATIENCE)[0]:
                connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while chunk := connection.recv(65536):
                received += chunk
    return _answer(bytes(received), worker.cpu_milliseconds() - cpu, time.monotonic() - clock)


def _answer(received: bytes, milliseconds: float, seconds: float) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    words = first.split(b" ")
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("content-length", "").isdigit():
        # Behind the first answer there may be another one, to what follows the first request.
        body = body[: int(headers["content-length"])]
    return Answer(status, headers, body, milliseconds, seconds)
