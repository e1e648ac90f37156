"""A mint whose answer nobody saw says so, and one that was not begun does not."""

import asyncio
import json

import pytest
import stamina

from tests.client.strangers import listening
from tests.remote.conftest import Commands

SAID = "A token may have been made that nobody has. `appusers token list` shows it.\n"
GENERATE = ("token", "generate", f"user_{'0' * 44}", "--never")
ROTATE = ("token", "rotate", f"token_{'0' * 44}", "--yes")


async def test_an_interruption(place: Commands) -> None:
    """At a server that takes a request and never answers it."""
    asked = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        writer.close()

    async with listening(silent) as (_, url):
        waiting = place.changed(APPUSERS_URL=url)
        process = await waiting.process(f"exec appusers {' '.join(GENERATE)}")
        await asyncio.wait_for(asked.wait(), 20)
        process.send_signal(2)
        out, err = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, out, err.decode()) == (130, b"", SAID)


@pytest.mark.parametrize("command", [GENERATE, ROTATE])
@pytest.mark.parametrize(
    ("status", "body", "code", "is_said"),
    [
        (500, {"errors": [{"message": "A bug.", "extensions": {"code": "INTERNAL"}}]}, 1, True),
        (503, {"errors": [{"message": "No.", "extensions": {"code": "UNAVAILABLE"}}]}, 7, True),
        (200, {"data": {"generateToken": {"new": 1}, "rotateToken": {"new": 1}}}, 1, True),
        (429, {"errors": [{"message": "Busy.", "extensions": {"code": "RATE_LIMITED"}}]}, 7, False),
        (403, {"errors": [{"message": "No.", "extensions": {"code": "FORBIDDEN"}}]}, 4, False),
    ],
)
async def test_an_answer(
    place: Commands,
    command: tuple[str, ...],
    status: int,
    body: dict[str, object],
    code: int,
    is_said: bool,
) -> None:
    sent = json.dumps(body).encode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 %d Said\r\nConnection: close\r\nRetry-After: 3600\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (status, len(sent), sent)
        )
        await writer.drain()
        writer.close()

    async with listening(serve) as (_, url):
        done = await place.changed(APPUSERS_URL=url)(*command, code=code)
    assert (SAID in done.err) == is_said
    assert done.out == ""


@pytest.mark.parametrize("is_begun", [True, False])
async def test_a_service_that_goes_away(place: Commands, is_begun: bool) -> None:
    """The last attempt reaches nobody; it counts whether one before it did."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        server.close()
        writer.close()

    async with listening(serve) as (server, url):
        if not is_begun:
            server.close()
        with stamina.set_testing(True, attempts=2):
            done = await place.changed(APPUSERS_URL=url)(*GENERATE, code=7)
    assert "cannot be reached" in done.err
    assert (SAID in done.err) == is_begun
