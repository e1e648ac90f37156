"""What a node writes to its log: where it serves, with how many workers, and of which bugs."""

import json
from pathlib import Path

from db.embedded_files import tail

READY = "Application startup complete."
"""What uvicorn says when a worker begins to serve."""
REWRITES = frozenset({"activity.kept", "activity.slow"})
UNHANDLED = "Exception in ASGI application"


class NodeLog:
    """The log of one process with its workers, JSON a line, read as it grows."""

    def __init__(self, path: Path, complaints: list[str], rewrites: list[str]) -> None:
        self.address: str | None = None
        self.ready = 0
        """How many workers have begun to serve, those that ended since included."""
        self._path = path
        self._complaints = complaints
        self._rewrites = rewrites
        self._offset = 0

    def read(self) -> None:
        """Take in what was written since the last time."""
        with self._path.open("rb") as file:
            file.seek(self._offset)
            fresh = file.read()
        complete = fresh[: fresh.rfind(b"\n") + 1]
        self._offset += len(complete)
        for line in complete.decode(errors="replace").splitlines():
            self._take(line)

    def _take(self, line: str) -> None:
        try:
            entry = json.loads(line)
        except ValueError:
            # Before there is a log, an interpreter that fails writes a traceback.
            return
        event = str(entry.get("event"))
        if event == "serve.started":
            self.address = entry["address"]
        elif event == READY:
            self.ready += 1
        elif event.endswith(".bug") or event.startswith(UNHANDLED):
            self._complaints.append(line)
        elif event in REWRITES:
            self._rewrites.append(line)

    def tail(self) -> str:
        """Return its end, for a message."""
        return tail(self._path.read_text(errors="replace"))
