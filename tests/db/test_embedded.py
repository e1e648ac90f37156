"""The embedded PostgreSQL with real processes: who starts it, who shares it, what stops it."""

import asyncio
import contextlib
import json
import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from db import embedded
from db.embedded_files import PACKAGE, SHARED, FileLock, binaries

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


@contextlib.contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that the server's account reaches, unlike pytest's own when root runs it."""
    made = Path(tempfile.mkdtemp()).resolve()
    made.chmod(0o711)
    yield made
    for link in made.rglob("postgres"):
        eventually(lambda at=link: not (at / "postmaster.pid").exists())
        if link.is_symlink() and link.readlink().parent.parent == SHARED:
            shutil.rmtree(link.readlink().parent)
    shutil.rmtree(made)


@pytest.fixture
def parent() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made


@pytest.fixture
def folder(parent: Path) -> Path:
    return parent / "data"


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    with reachable_folder() as made:
        embedded.start(made / "data", SETTINGS).close()
        cluster = made / "data" / "postgres"
        eventually(lambda: not (cluster / "postmaster.pid").exists())
        yield cluster


def copy_cluster(template: Path, folder: Path) -> None:
    folder.mkdir(mode=0o711 if ROOT else 0o700)
    subprocess.run(["cp", "-a", template, folder], check=True)


@pytest.fixture
def cluster(folder: Path, template: Path) -> None:
    """Put a cluster into the folder, for tests that do not ask how one is made."""
    copy_cluster(template, folder)


@pytest.fixture
def join(folder: Path) -> Iterator[Callable[..., User]]:
    users: list[User] = []

    def start(at: Path = folder, **options: Any) -> User:
        users.append(User(at, **options))
        return users[-1]

    yield start
    for user in users:
        user.kill()


Join = Callable[..., User]


class TestSharing:
    def test_first_creates_second_joins_last_stops(self, folder: Path, join: Join) -> None:
        first = join()
        assert first.answer()["created"] is True
        running = pids(folder)
        second = join()
        answer = second.answer()
        assert answer["created"] is False
        assert pids(folder) == running
        first.leave()
        assert query(answer["dsn"], "SELECT 1")
        assert not has_ended(running[0])
        second.leave()
        eventually(lambda: has_ended(*running))

    def test_concurrent_first_starts_make_one_cluster(self, folder: Path, join: Join) -> None:
        answers = [user.answer() for user in [join() for _ in range(3)]]
        assert sorted(answer["created"] for answer in answers) == [False, False, True]
        assert len({answer["dsn"] for answer in answers}) == 1

    @pytest.mark.usefixtures("cluster")
    def test_one_process_may_start_twice_and_close_twice(self, folder: Path) -> None:
        with embedded.start(folder, SETTINGS) as first:
            running = pids(folder)
            second = embedded.start(folder)
            second.close()
            second.close()
            assert query(first.owner_dsn, "SELECT 1")
        eventually(lambda: has_ended(*running))

    @pytest.mark.usefixtures("cluster")
    def test_start_waits_for_a_stopping_server(self, folder: Path, join: Join) -> None:
        first = join()
        first.answer()
        running = pids(folder)
        os.kill(running[0], signal.SIGSTOP)
        first.leave()
        eventually(lambda: not is_free(folder / "start.lock"))
        second = join()
        assert not second.answers_within(0.3)
        os.kill(running[0], signal.SIGCONT)
        assert query(second.answer()["dsn"], "SELECT 1")
        assert pids(folder)[0] != running[0]

    @pytest.mark.usefixtures("cluster")
    @pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
    def test_a_stopper_looks_again_before_it_stops(self, folder: Path, join: Join) -> None:
        first = join()
        dsn = first.answer()["dsn"]
        running = pids(folder)
        start, users = FileLock(folder / "start.lock"), FileLock(folder / "users.lock")
        assert start.try_take()
        first.leave()
        eventually(lambda: awaits(running[1], folder / "start.lock"))
        assert users.try_take(shared=True)
        start.close()
        eventually(lambda: awaits(running[1], folder / "users.lock") or has_ended(*running))
        assert query(dsn, "SELECT 1")
        users.close()
        eventually(lambda: has_ended(*running))

    @pytest.mark.usefixtures("cluster")
    def test_quick_succession_never_hands_out_a_dying_server(self, folder: Path) -> None:
        for _ in range(6):
            with embedded.start(folder, SETTINGS) as server:
                assert query(server.owner_dsn, "SELECT 1")


class TestDeaths:
    @pytest.mark.usefixtures("cluster")
    def test_sigkill_of_the_only_user_stops_the_server(self, folder: Path, join: Join) -> None:
        user = join()
        user.answer()
        running = pids(folder)
        user.kill()
        eventually(lambda: has_ended(*running))

    @pytest.mark.usefixtures("cluster")
    def test_supervisor_ignores_what_ends_its_user(self, folder: Path, join: Join) -> None:
        dsn = join().answer()["dsn"]
        running = pids(folder)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(running[1], number)
        assert query(dsn, "SELECT pg_sleep(0.1)")
        assert pids(folder) == running

    @pytest.mark.usefixtures("cluster")
    def test_sigkill_of_the_supervisor(self, folder: Path, join: Join) -> None:
        join().answer()
        orphan, supervisor = pids(folder)
        os.kill(supervisor, signal.SIGKILL)
        eventually(lambda: has_ended(supervisor))
        assert not has_ended(orphan)
        second = join()
        assert query(second.answer()["dsn"], "SELECT 1")
        assert has_ended(orphan)
        assert pids(folder)[1] != supervisor

    @pytest.mark.usefixtures("cluster")
    def test_sigkill_of_the_server(self, folder: Path, join: Join) -> None:
        join().answer()
        running = pids(folder)
        os.kill(running[0], signal.SIGKILL)
        eventually(lambda: has_ended(*running))
        assert query(join().answer()["dsn"], "SELECT 1")

    @pytest.mark.usefixtures("cluster")
    def test_stale_pid_file_that_names_another_process(self, folder: Path, join: Join) -> None:
        first = join()
        first.answer()
        running = pids(folder)
        pid_file = folder / "postgres" / "postmaster.pid"
        text = pid_file.read_text()
        first.leave()
        eventually(lambda: has_ended(*running))
        account = (folder / "postgres").stat().st_uid if ROOT else None
        other = subprocess.Popen(["cat"], stdin=subprocess.PIPE, user=account)
        for stale in (text.replace(str(running[0]), str(other.pid), 1), ""):
            pid_file.write_text(stale)
            if account:
                shutil.chown(pid_file, account)
            with embedded.start(folder) as server:
                assert query(server.owner_dsn, "SELECT 1")
            eventually(lambda: not pid_file.exists())
        assert other.poll() is None
        other.communicate()

    def test_crash_half_way_leaves_nothing(self, folder: Path, join: Join) -> None:
        user = join()
        eventually(lambda: list(folder.glob("postgres.new-*/base")))
        user.kill()
        assert not (folder / "postgres").exists()
        assert join().answer()["created"] is True
        assert not list(folder.glob("postgres.new-*"))

    def test_failure_half_way_says_why_and_leaves_nothing(self, folder: Path, join: Join) -> None:
        error = join(largest_file=100_000).answer()["error"]
        assert "File too large" in error
        assert "DATABASE_URL" in error
        assert not list(folder.glob("postgres*"))

    @pytest.mark.usefixtures("cluster")
    def test_server_that_cannot_start_shows_its_log(self, folder: Path) -> None:
        with pytest.raises(embedded.EmbeddedError, match="invalid value for parameter") as caught:
            embedded.start(folder, {**SETTINGS, "max_connections": "none"})
        assert "postgres.log" in str(caught.value)


class TestWalls:
    @pytest.mark.usefixtures("cluster")
    def test_serving_role(self, folder: Path) -> None:
        with embedded.start(folder, SETTINGS) as server:
            (role,) = query(
                server.serving_dsn,
                "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
                " FROM pg_roles WHERE rolname = session_user",
            )
            assert tuple(role) == ("appusers_service", False, False, False, False, False)
            owned = "SELECT FROM pg_shdepend WHERE refobjid = '{}'::regrole AND deptype = 'o'"
            assert not query(server.owner_dsn, owned.format("appusers_service"))
            (lower,) = query(server.owner_dsn, "SELECT lower('ÀÉ') = 'àé', current_database()")
            assert tuple(lower) == (True, "appusers")

    @pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
    @pytest.mark.usefixtures("cluster")
    def test_no_port_and_no_lock_in_the_server(self, folder: Path) -> None:
        with embedded.start(folder, {**SETTINGS, "listen_addresses": "*"}):
            open_files = Path(f"/proc/{pids(folder)[0]}/fd").iterdir()
            names = {os.readlink(name) for name in open_files}
            tables = [Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6")]
            tcp = {f"socket:[{line.split()[9]}]" for table in tables for line in table.splitlines()}
            assert [name for name in names if name.startswith("socket:")]
            assert not names & tcp
            assert not [name for name in names if name.endswith(".lock")]

    def test_nobody_else_gets_in(self, folder: Path) -> None:
        with embedded.start(folder, SETTINGS):
            assert mode(folder) == (0o711 if ROOT else 0o700)
            assert mode(folder / "postgres") == mode(folder / "socket") == 0o700
            assert {mode(path) for path in (*folder.glob("*.lock"), folder / "postgres.log")} == {
                0o600
            }

    @pytest.mark.parametrize("name", ["a folder, with 'signs' & ünïcode", "long" * 30])
    def test_awkward_paths_put_the_socket_elsewhere(
        self, parent: Path, template: Path, name: str
    ) -> None:
        copy_cluster(template, parent / name)
        with embedded.start(parent / name, SETTINGS) as server:
            (row,) = query(server.owner_dsn, "SHOW unix_socket_directories")
            elsewhere = Path(row[0])
            assert parent not in elsewhere.parents
            assert mode(elsewhere) == 0o700
        eventually(lambda: not (parent / name / "postgres" / "postmaster.pid").exists())
        elsewhere.chmod(0o755)
        try:
            with pytest.raises(embedded.EmbeddedError, match="must be a folder that only"):
                embedded.start(parent / name)
        finally:
            shutil.rmtree(elsewhere)

    def test_other_major_version_and_other_folder(self, folder: Path) -> None:
        cluster = folder / "postgres"
        cluster.mkdir(parents=True)
        with pytest.raises(embedded.EmbeddedError, match="is not a PostgreSQL cluster"):
            embedded.start(folder)
        (cluster / "PG_VERSION").write_text("17\n")
        with pytest.raises(embedded.EmbeddedError, match=r"made by PostgreSQL 17; .* is 18"):
            embedded.start(folder)

    def test_windows_is_told(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "win32")
        with pytest.raises(embedded.EmbeddedError, match="Set DATABASE_URL"):
            embedded.start(folder)


@pytest.mark.skipif(not ROOT, reason="only root has an account to drop to")
class TestRoot:
    def test_unreachable_data_folder(self, parent: Path, join: Join) -> None:
        parent.chmod(0o700)
        first = join(parent / "data")
        assert first.answer()["created"] is True
        home = (parent / "data" / "postgres").readlink().parent
        assert home.parent == SHARED
        running = pids(parent / "data")
        first.leave()
        eventually(lambda: has_ended(*running))
        assert join(parent / "data").answer()["created"] is False
        assert mode(parent) == 0o700

    @pytest.mark.usefixtures("cluster")
    def test_unreachable_binaries(self, parent: Path, folder: Path, join: Join) -> None:
        packages = parent / "packages"
        packages.mkdir(mode=0o700)
        install = binaries().parent
        for part in (install.parent / install.name, install.parent.with_name(f"{PACKAGE}.libs")):
            target = packages / part.relative_to(install.parent.parent)
            shutil.copytree(part, target, ignore=shutil.ignore_patterns("include", "*.a"))
        (packages / PACKAGE / "__init__.py").touch()
        for _ in range(2):
            user = join(path=str(packages))
            assert query(user.answer()["dsn"], "SELECT 1")
            running = pids(folder)
            user.leave()
            eventually(lambda ended=running: has_ended(*ended))
        (copy,) = folder.glob("binaries-*")
        assert (copy.stat().st_uid, mode(copy)) == (0, 0o755)


@pytest.mark.usefixtures("cluster")
def test_dump_is_the_same_twice_and_keeps_what_counts(folder: Path) -> None:
    with embedded.start(folder, SETTINGS) as server:
        query(
            server.owner_dsn,
            "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n"
            "SET work_mem = '1MB';\nEND $$",
        )
        dump = embedded.dump_schema(server.owner_dsn)
        assert dump == embedded.dump_schema(server.owner_dsn)
        assert "\nSET work_mem = '1MB';\n" in dump
        for noise in ("statement_timeout", "restrict", "Dumped", "dump complete", "\n\n\n"):
            assert noise not in dump
    with pytest.raises(embedded.EmbeddedError, match="cannot be dumped"):
        embedded.dump_schema("postgresql://nobody@/none?host=/nowhere")
