"""The process between the users of an embedded PostgreSQL and the server: last one out, lights out.

`db.embedded` runs this file by its path, without site-packages: standard library only, nothing of
this package. It is the server's parent, blocks until no user is left however they ended, and stops
the server. It ends whenever the server does.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TypedDict


class Job(TypedDict):
    """What the starter asks for, as JSON in the only argument."""

    command: list[str]
    environment: dict[str, str]
    pid_file: str
    start_lock: str
    users_lock: str
    supervisor_lock: str
    report_fd: int
    uid: int | None
    gid: int | None


def main() -> None:
    job: Job = json.loads(sys.argv[1])
    # The starter reaps the first process at once, and never has this one for a child: no zombie
    # stays behind in a program that lives long.
    if os.fork():
        os._exit(0)
    # A service manager signals the whole group when it ends the user. The server must outlive
    # the user's last writes, so only the users' leaving counts. Handlers, not SIG_IGN, because
    # the server would inherit that.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    alive = os.open(job["supervisor_lock"], os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # The starter died, and the next one has a supervisor of its own.
    users = os.open(job["users_lock"], os.O_RDWR | os.O_NOFOLLOW)
    start = os.open(job["start_lock"], os.O_RDWR | os.O_NOFOLLOW)
    # Closing every other descriptor matters: a server that held a lock would keep itself alive.
    server = subprocess.Popen(
        job["command"],
        stdin=subprocess.DEVNULL,
        cwd="/",
        env=job["environment"],
        close_fds=True,
        user=job["uid"],
        group=job["gid"],
        extra_groups=None if job["uid"] is None else [],
    )
    threading.Thread(target=end_with, args=(server,), daemon=True).start()
    try:
        wait_until_ready(server.pid, Path(job["pid_file"]))
        # The starter may be gone; then the locks below say so.
        with contextlib.suppress(OSError):
            os.write(job["report_fd"], b"ready")
        os.close(job["report_fd"])
        while not last_user_left(users, start):
            pass
    finally:
        stop(server)


def end_with(server: subprocess.Popen[bytes]) -> None:
    """End this process, which gives back its locks, as soon as the server has ended."""
    server.wait()
    os._exit(0)


def wait_until_ready(pid: int, pid_file: Path) -> None:
    """Wait for the word that the server writes into its pid file; `end_with` covers its death."""
    while True:
        with contextlib.suppress(OSError):
            lines = pid_file.read_text(encoding="utf-8").splitlines()
            if len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready":
                return
        time.sleep(0.01)


def last_user_left(users: int, start: int) -> bool:
    """Block until nobody uses the server; True means both locks are held, so nobody can begin to.

    The users' lock is let go before the other is awaited: a starter takes them the other way
    round, and each would wait for the other for ever.
    """
    fcntl.flock(users, fcntl.LOCK_EX)
    fcntl.flock(users, fcntl.LOCK_UN)
    fcntl.flock(start, fcntl.LOCK_EX)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(start, fcntl.LOCK_UN)
        return False
    return True


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server, harder each time; `end_with` ends this process in the middle."""
    for number, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 15), (signal.SIGKILL, 15)):
        server.send_signal(number)
        time.sleep(patience)


if __name__ == "__main__":
    main()
