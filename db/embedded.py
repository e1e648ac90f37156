"""The embedded PostgreSQL: start it, share it between processes, leave it.

Three lock files in the data folder order everything. `start.lock`: one starter or stopper at a
time. `users.lock`: every user holds it shared while it lives. `supervisor.lock`: the supervisor
holds it while it lives. The kernel gives all of them back on any death, SIGKILL included.
`db.embedded_supervisor` stops the server when no user is left.
"""

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from db.embedded_cluster import DATABASE, OWN_SERVER, OWNER, SERVING_ROLE, ensure_cluster
from db.embedded_files import (
    ENVIRONMENT,
    PORT,
    EmbeddedError,
    FileLock,
    Place,
    binaries,
    locate,
    run,
    tail,
)

__all__ = ["Embedded", "EmbeddedError", "dump_schema", "start"]

# Recovery after a crash counts into this.
PATIENCE = 120.0
LARGEST_LOG = 8 * 1024 * 1024

DEFAULTS = {
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True)
class Embedded:
    """A running server that this process uses, until `close` or the process ends."""

    owner_dsn: str
    """Superuser and owner of the database."""
    serving_dsn: str
    """The role of the service: it owns nothing, and row level security binds it."""
    created: bool
    """Whether this call made the cluster."""
    directory: Path
    _users: FileLock = field(repr=False)

    def close(self) -> None:
        """Stop using the server; the last user's leaving stops it. Harmless when repeated."""
        self._users.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def start(directory: Path, settings: Mapping[str, str] | None = None) -> Embedded:
    """Use the server of `directory`, which is made, started or joined as need be. Blocks.

    `settings` are further server settings for when this call starts the server; a server that
    runs keeps its own. Raises EmbeddedError.
    """
    if sys.platform == "win32":
        raise EmbeddedError(
            "The embedded PostgreSQL does not run on Windows. Set DATABASE_URL to a PostgreSQL "
            "of your own."
        )
    try:
        return _start(directory, settings or {})
    except OSError as error:
        raise EmbeddedError(
            f"The embedded PostgreSQL cannot use the folder {directory}: {error}. Set "
            f"APPUSERS_DATA_DIR to a folder that belongs to you. {OWN_SERVER}"
        ) from error


def dump_schema(dsn: str) -> str:
    """Describe the schema of a database as SQL that is the same on each call and machine."""
    dumped = run(
        [binaries() / "pg_dump", "--schema-only", "--no-owner", "--no-privileges", "-d", dsn], None
    )
    if dumped.returncode != 0:
        raise EmbeddedError(f"The schema cannot be dumped: {dumped.stderr.strip()}")
    return _without_noise(dumped.stdout)


def _start(directory: Path, settings: Mapping[str, str]) -> Embedded:
    deadline = time.monotonic() + PATIENCE
    directory.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    start_lock = FileLock(directory / "start.lock")
    users = FileLock(directory / "users.lock")
    created = False
    try:
        start_lock.take(deadline=deadline)
        # From here on no supervisor stops the server under this process: it would need both locks.
        users.take(shared=True, deadline=deadline)
        place = locate(directory)
        while not ((supervised := _is_supervised(place)) and _accepts(place)):
            if time.monotonic() > deadline:
                raise EmbeddedError(_explain(place, "does not accept connections"))
            if supervised:
                time.sleep(0.005)
                continue
            _stop_orphan(place)
            created |= ensure_cluster(place, settings)
            _launch(place, settings, deadline)
    except BaseException:
        users.close()
        raise
    finally:
        start_lock.close()
    return Embedded(
        owner_dsn=_dsn(place, OWNER),
        serving_dsn=_dsn(place, SERVING_ROLE),
        created=created,
        directory=place.directory,
        _users=users,
    )


def _dsn(place: Place, role: str) -> str:
    return f"postgresql://{role}@/{DATABASE}?host={quote(str(place.socket_folder))}&port={PORT}"


def _is_supervised(place: Place) -> bool:
    lock = FileLock(place.directory / "supervisor.lock")
    try:
        return not lock.try_take()
    finally:
        lock.close()


def _accepts(place: Place) -> bool:
    pid_lines = _pid_lines(place)
    if len(pid_lines) < 8 or pid_lines[7].strip() != "ready":
        return False
    # The file outlives a server that was killed; the socket does not listen then.
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(place.socket)) == 0


def _pid_lines(place: Place) -> list[str]:
    try:
        return place.pid_file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _stop_orphan(place: Place) -> None:
    """Stop a server whose supervisor was killed, so that the next one is its parent again."""
    lines = _pid_lines(place)
    if not lines or not lines[0].strip().isdecimal():
        # A crash of the machine can leave the file empty, and PostgreSQL would refuse to start.
        place.pid_file.unlink(missing_ok=True)
        return
    pid = int(lines[0])
    if not _is_server(pid, place):
        # After a restart of a container another process often has that id, and PostgreSQL would
        # refuse to start. No process ever has this one. Deleting the file instead would lose the
        # shared memory's key in it, by which PostgreSQL notices old backends that still write.
        # Root must not write here itself: the account could have put a link in its way.
        text = "\n".join([str(2**31 - 1), *lines[1:], ""])
        run(["/bin/sh", "-c", 'cat > "$1"', "sh", place.pid_file], place.account, text=text)
        return
    for number, patience in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not _is_server(pid, place):
                return
            time.sleep(0.01)
    raise EmbeddedError(_explain(place, f"(process {pid}) has lost its supervisor and won't stop"))


def _is_server(pid: int, place: Place) -> bool:
    """Tell whether a process is the server of this cluster, and no zombie of it."""
    if sys.platform == "linux":
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return arguments[0].endswith(b"/postgres") and os.fsencode(place.cluster) in arguments
    shown = run(["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], None)
    return f"/postgres -D {place.cluster} " in shown.stdout


def _launch(place: Place, settings: Mapping[str, str], deadline: float) -> None:
    """Start a supervisor, which starts the server, and wait until that is ready."""
    programs = binaries(place.account, place.home)
    final = {
        **DEFAULTS,
        **settings,
        # Whoever reaches the socket is let in: no setting may open another way.
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": str(place.socket_folder),
        "unix_socket_permissions": "0700",
    }
    command = [str(programs / "postgres"), "-D", str(place.cluster)]
    for name, value in final.items():
        command += ["-c", f"{name}={value}"]
    answer, report = os.pipe()
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    with contextlib.suppress(FileNotFoundError):
        if place.log.stat().st_size > LARGEST_LOG:
            place.log.replace(place.log.with_suffix(".log.1"))
    log = os.open(place.log, flags, 0o600)
    try:
        job = {
            "command": command,
            "environment": ENVIRONMENT,
            "pid_file": str(place.pid_file),
            "start_lock": str(place.directory / "start.lock"),
            "users_lock": str(place.directory / "users.lock"),
            "supervisor_lock": str(place.directory / "supervisor.lock"),
            "report_fd": report,
            "uid": place.account.uid if place.account else None,
            "gid": place.account.gid if place.account else None,
        }
        supervisor = Path(__file__).with_name("embedded_supervisor.py")
        subprocess.run(
            [sys.executable, "-I", "-S", str(supervisor), json.dumps(job)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            # house: some interpreters find their own library by this variable only.
            env={k: v for k, v in os.environ.items() if k == "LD_LIBRARY_PATH"} | ENVIRONMENT,
            pass_fds=(report,),
            # In a session of its own the terminal's Ctrl-C does not reach it.
            start_new_session=True,
            check=False,
        )
        os.close(report)
        report = -1
        # Not select(), which cannot wait for a descriptor beyond 1023.
        poll = select.poll()
        poll.register(answer, select.POLLIN)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise EmbeddedError(_explain(place, "is still not ready"))
        if os.read(answer, 16) != b"ready":
            raise EmbeddedError(_explain(place, "did not start"))
    finally:
        for fd in (answer, report, log):
            if fd >= 0:
                os.close(fd)


def _explain(place: Place, what: str) -> str:
    return (
        f"The embedded PostgreSQL of {place.directory} {what}. The end of {place.log}:\n"
        f"{tail(place.log.read_text(encoding='utf-8', errors='replace'))}\n"
        f"Mend what it names, then start again. {OWN_SERVER}"
    )


# Only what pg_dump sets for its own session: a function's body may well have a line `SET …`.
_NOISE = re.compile(
    r"^(?:SET (?:\w+_timeout|client_encoding|standard_conforming_strings|check_function_bodies"
    r"|xmloption|client_min_messages|row_security|default_tablespace|default_table_access_method)"
    r" = .*;|SELECT pg_catalog\.set_config\('search_path', '', false\);"
    r"|\\(?:un)?restrict .*|-- Dumped (?:from|by) .*"
    r"|--\n-- PostgreSQL database dump(?: complete)?\n--)\n",
    re.MULTILINE,
)


def _without_noise(dump: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", _NOISE.sub("", dump)).strip() + "\n"
