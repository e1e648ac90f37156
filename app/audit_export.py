"""A file that an audit trail is exported to, and taken up again where it ends."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from app import audit_lines, ids
from app.audit_chain import AuditEvent, Head, Progress
from app.audit_lines import Unreadable
from app.audit_trail import BATCH, head, list_until
from app.database import Database
from app.errors import Failure

BLOCK = 64 * 1024


class ExportRefused(Failure):
    """What was exported and the trail do not go together; nothing was written."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What a file holds already: up to which event, and whether a torn line was dropped."""

    end: Head | None
    was_torn: bool = False


class Writer(Protocol):
    """What an export is written to."""

    def write(self, data: bytes, /) -> object:
        """Write a line."""
        ...


@dataclass
class _Continued:
    """A file to write to behind its last event; it stays as it is until then."""

    file: BinaryIO
    length: int
    is_begun: bool = False

    def write(self, data: bytes, /) -> object:
        if not self.is_begun:
            self.file.truncate(self.length)
            self.file.seek(self.length)
            self.is_begun = True
        return self.file.write(data)


async def write(
    database: Database,
    organization_id: UUID,
    out: Writer,
    after: Head | int,
    *,
    progress: Progress = lambda _: None,
) -> tuple[int, Head]:
    """Write the events behind one, then the end of the chain; return how many, and the end.

    For the operator on the host. Raises NotFound, and ExportRefused where the trail does not go on
    from the event given.
    """
    end = await head(database, organization_id)
    start = after.sequence if isinstance(after, Head) else after
    if start > end.sequence:
        raise ExportRefused(
            f"The trail ends with event {end.sequence}, before event {start}: events were removed"
            " from it, or it is another trail. Run `appusers audit verify`."
        )
    count = 0
    async for event in list_until(database, organization_id, start, end.sequence):
        if count == 0 and isinstance(after, Head) and event.previous_hash != after.hash:
            raise ExportRefused(
                f"Event {event.sequence} does not follow event {start} as the file has it: one of"
                " the two was changed. Run `appusers audit verify`, and verify the file."
            )
        out.write(audit_lines.event_line(event))
        count += 1
        if count % BATCH == 0:
            progress(count)
    out.write(audit_lines.head_line(organization_id, end))
    return count, end


@contextmanager
def opened(path: Path, organization_id: UUID) -> Generator[tuple[Writer, Exported]]:
    """Open a file to write to behind its last event; make it, for its owner's eyes, if missing.

    With the first line written, the line of the chain's end is dropped, as another takes its place,
    and so is a line that an interruption left torn. Raises ExportRefused for a file of something
    else, and OSError.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        _lock(file)
        exported, length = _look(file, organization_id)
        yield _Continued(file, length), exported
        file.flush()
        os.fsync(file.fileno())


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ExportRefused("Another export is writing to this file.") from None


def _look(file: BinaryIO, organization_id: UUID) -> tuple[Exported, int]:
    """Return what a file holds and how much of it to keep."""
    size = file.seek(0, os.SEEK_END)
    ends, data, start = 0, b"", size
    # Two whole lines and what may be torn behind them.
    while start > 0 and ends < 3:
        start = max(0, start - BLOCK)
        file.seek(start)
        data = file.read(min(BLOCK, size - start - len(data))) + data
        ends = data.count(b"\n")
    *lines, torn = data.split(b"\n")
    if start > 0:
        lines = lines[1:]
    length = size - len(torn)
    exported = Exported(None, bool(torn))
    for line in reversed(lines):
        found = _read(line + b"\n", organization_id)
        if isinstance(found, AuditEvent):
            return Exported(Head(found.sequence, found.hash), bool(torn)), length
        exported = Exported(found, bool(torn))
        length -= len(line) + 1
    if torn and not lines and not torn.startswith(b'{"'):
        raise _not_ours()
    return exported, length


def _read(line: bytes, organization_id: UUID) -> AuditEvent | Head:
    try:
        found = audit_lines.read(line)
    except Unreadable:
        raise _not_ours() from None
    owner = found.organization_id if isinstance(found, AuditEvent) else found[0]
    if owner != organization_id:
        raise ExportRefused(
            f"The file holds the trail of another organization, {ids.organization_id(owner)}."
        )
    return found if isinstance(found, AuditEvent) else found[1]


def _not_ours() -> ExportRefused:
    return ExportRefused("The file exists and does not end like an exported audit trail.")
