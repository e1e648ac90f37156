"""Processes that share an embedded PostgreSQL, and what can be seen of them from outside."""

import asyncio
import contextlib
import json
import os
import select
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg

from db import embedded
from db.embedded_files import FileLock

ROOT = os.geteuid() == 0
SETTINGS = {"fsync": "off"}
REPOSITORY = Path(embedded.__file__).parents[1]
# Starts, says what it got, and uses the server until its standard input ends.
USER = """
import json, pathlib, resource, sys
from db import embedded
options = json.loads(sys.argv[2])
if limit := options.get("largest_file"):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    server = embedded.start(pathlib.Path(sys.argv[1]), {"fsync": "off"})
except embedded.EmbeddedError as error:
    print(json.dumps({"error": str(error)}), flush=True)
else:
    print(json.dumps({"created": server.created, "dsn": server.owner_dsn}), flush=True)
    sys.stdin.read()
"""


class User:
    """A process that uses the server of a folder."""

    def __init__(self, folder: Path, path: str = "", **options: object) -> None:
        paths = filter(None, [path, str(REPOSITORY), os.environ.get("PYTHONPATH")])
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", USER, str(folder), json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,
        )

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def answers_within(self, seconds: float) -> bool:
        assert self.process.stdout
        return bool(select.select([self.process.stdout], [], [], seconds)[0])

    def leave(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        """Kill the process and what it started, short of the supervisor's own session."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def eventually(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)


def process(pid: int) -> tuple[str, int] | None:
    """The state and parent of a process; None when it has ended, zombie or not."""
    if sys.platform == "linux":
        try:
            shown = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
    else:
        command = ["ps", "-o", "stat=,ppid=", "-p", str(pid)]
        shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    return (shown[0], int(shown[1])) if shown and shown[0][0] != "Z" else None


def pids(folder: Path) -> tuple[int, int]:
    """The server and its supervisor."""
    server = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    found = process(server)
    assert found
    return server, found[1]


def has_ended(*ended: int) -> bool:
    return all(process(pid) is None for pid in ended)


def is_free(path: Path) -> bool:
    lock = FileLock(path)
    try:
        return lock.try_take()
    finally:
        lock.close()


def awaits(pid: int, lock: Path) -> bool:
    waiting = [
        line.split() for line in Path("/proc/locks").read_text().splitlines() if "->" in line
    ]
    inode = str(lock.stat().st_ino)
    return any(row[5] == str(pid) and row[6].endswith(f":{inode}") for row in waiting)


def query(dsn: str, sql: str) -> list[Any]:
    async def ask() -> list[Any]:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetch(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def copy_cluster(template: Path, folder: Path) -> None:
    folder.mkdir(mode=0o711 if ROOT else 0o700)
    subprocess.run(["cp", "-a", template, folder], check=True)


Join = Callable[..., User]
