"""A PostgreSQL that tells all it can: each statement with its parameters in its log.

Debian's, with ``pg_stat_statements``, where the tests run on a server of Debian's; otherwise the
embedded one, which comes without it.
"""

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg

from db.embedded_files import ENVIRONMENT, Account, binaries, locate
from db.migrate import migrate
from tests.waiting import until

PASSWORD = f"canary{secrets.token_hex(16)}"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "max_connections": "100",
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_connections": "on",
    "log_error_verbosity": "verbose",
    # What was sent and failed is told with its parameters, too.
    "log_parameter_max_length_on_error": "-1",
    "track_activity_query_size": "65536",
    # What is compressed cannot be searched.
    "wal_compression": "off",
}
STATEMENTS = {"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track": "all"}


@dataclass(frozen=True)
class Cluster:
    """A running server."""

    programs: Path
    folder: Path
    account: Account | None
    counts_statements: bool
    """Whether it has ``pg_stat_statements``."""

    @property
    def data(self) -> Path:
        """Its files: rows, indexes and the write-ahead log."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What it writes about itself."""
        return self.folder / "log"

    def url(self, login: str = "postgres", database: str = "canary") -> str:
        """Return how a role reaches it."""
        return f"postgresql://{login}@/{database}?host={quote(str(self.folder))}"

    @property
    def serving_url(self) -> str:
        """How the service reaches it. It sends a password that nobody asks for."""
        return self.url(f"canary_service:{PASSWORD}")

    def start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one of its programs as its account, with its log for an output."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self.programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ENVIRONMENT,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )

    def dump(self) -> bytes:
        """Return what ``pg_dump`` makes of the database, with large fields as they are."""
        return subprocess.run(
            [self.programs / "pg_dump", self.url()], check=True, capture_output=True, cwd="/"
        ).stdout


def debian_programs() -> Path | None:
    """Return where Debian's oldest server lies, None where there is none."""
    given = os.environ.get("POSTGRES_BIN")
    known = [Path(given)] if given else sorted(Path("/usr/lib/postgresql").glob("1[5-8]/bin"))
    return next((folder for folder in known if (folder / "initdb").exists()), None)


@asynccontextmanager
async def running() -> AsyncGenerator[Cluster]:
    """Yield a server with the schema in it; both are gone when the block is left."""
    top = Path(tempfile.gettempdir()) / f"appusers-canary-{secrets.token_hex(4)}"
    top.mkdir(mode=0o711)
    try:
        place = locate(top)
        folder = top / "server"
        folder.mkdir(mode=0o755)
        debian = debian_programs() if os.environ.get("APPUSERS_TEST_DATABASE_URL") else None
        programs = debian or binaries(place.account, place.home)
        counts = (programs.parent / "lib" / "pg_stat_statements.so").exists()
        cluster = Cluster(programs, folder, place.account, counts)
        if place.account:
            os.chown(folder, place.account.uid, place.account.gid)
        async with _served(cluster):
            await _fill(cluster)
            yield cluster
    finally:
        shutil.rmtree(top, ignore_errors=True)


@asynccontextmanager
async def _served(cluster: Cluster) -> AsyncGenerator[None]:
    make = ["-D", str(cluster.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    made = cluster.start("initdb", *make, "--locale=C.UTF-8", "--no-sync")
    assert await asyncio.to_thread(made.wait) == 0, cluster.log.read_text()
    settings = SETTINGS | (STATEMENTS if cluster.counts_statements else {})
    options = [f"-c{name}={value}" for name, value in settings.items()]
    server = cluster.start(
        "postgres",
        *("-D", str(cluster.data), *options, f"-cunix_socket_directories={cluster.folder}"),
    )

    async def answers() -> bool:
        assert server.poll() is None, cluster.log.read_text()
        pid_file = cluster.data / "postmaster.pid"
        return pid_file.exists() and pid_file.read_text().rstrip().endswith("ready")

    try:
        await until(answers)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)
        await asyncio.to_thread(server.wait)


async def _fill(cluster: Cluster) -> None:
    connection = await asyncpg.connect(cluster.url(database="postgres"))
    try:
        await connection.execute("CREATE DATABASE canary")
    finally:
        await connection.close()
    await migrate(cluster.url(), cluster.serving_url)
    if cluster.counts_statements:
        connection = await asyncpg.connect(cluster.url())
        try:
            await connection.execute("CREATE EXTENSION pg_stat_statements")
        finally:
            await connection.close()
