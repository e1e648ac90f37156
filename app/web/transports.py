"""One system call for an answer: its head waits for its body, and both are written together.

And an end to waiting for clients that do not read.
"""

import asyncio
from typing import Any

WRITE_SECONDS = 15.0
"""For a client to read what it was sent, from when writing is paused or the connection closed."""


class JoinedWrites(asyncio.Transport):
    """A transport that joins what is written in the same turn of the event loop in two pieces.

    uvicorn writes the head and the body of an answer apart; to write costs as much as a tenth of
    all that a verification does.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Hold the first piece until the second, or until the loop's next turn."""
        if self._held is None:
            self._held = bytes(data)
            self._loop.call_soon(self._flush)
            return
        held, self._held = self._held, None
        self._transport.write(held + data)

    def write_whole(self, data: bytes) -> None:
        """Write an answer that is in one piece, behind what is held."""
        self._flush()
        self._transport.write(data)

    def _flush(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.write(held)

    def close(self) -> None:
        """Write what is held, then close; abort where the client does not read it."""
        self._flush()
        # A closed transport waits for the client for ever, and keeps its file descriptor.
        if self._transport.get_write_buffer_size():
            self.begin_deadline()
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._held = None
        self._transport.abort()

    def begin_deadline(self) -> None:
        """Abort in WRITE_SECONDS, unless that is under way already."""
        if self._deadline is None:
            self._deadline = self._loop.call_later(WRITE_SECONDS, self.abort)

    def end_deadline(self) -> None:
        """Do not abort."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def is_closing(self) -> bool:
        """Tell whether it is closed, or is about to be."""
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what is known of the connection."""
        return self._transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Let what comes wait at the system."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Take what comes again."""
        self._transport.resume_reading()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand what comes to another protocol."""
        self._transport.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Return who is handed what comes."""
        return self._transport.get_protocol()
