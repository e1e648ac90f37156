"""A durable PostgreSQL that is killed and started again.

It is one of the embedded binaries, but no supervisor of ours stands behind it: that would start it
before the test does.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import asyncpg

from db.embedded_cluster import DATABASE, OWNER, SERVING_ROLE, ensure_cluster
from db.embedded_files import ENVIRONMENT, PORT, Place, binaries, locate, tail
from tests.cli.processes import children
from tests.waiting import until

SECONDS = 60.0
LET_IN_SECONDS = 2.0
HANGING_SECONDS = 6.0
READY = {"ready", "standby"}
WAL_FILES = 40
"""More than are kept at any time of what ``max_wal_size`` allows here."""
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "min_wal_size": "32MB",
    "max_wal_size": "64MB",
    "timezone": "UTC",
}

SERVICE_BACKENDS_SQL = """
SELECT pid FROM pg_stat_activity WHERE usename = $1 ORDER BY pid
"""
TERMINATE_SQL = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1
"""


class Postgres:
    """One cluster and, where it runs, its server. ``fsync`` is on, as it is shipped."""

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.mkdir(mode=0o711, exist_ok=True)
        self.place: Place = locate(folder)
        self._settings = SETTINGS | settings
        self._process: asyncio.subprocess.Process | None = None
        self._frozen: list[int] = []

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.place.socket

    @property
    def owner_url(self) -> str:
        """The superuser's URL, which no fault of a link stands before."""
        return self._url(OWNER)

    @property
    def serving_url(self) -> str:
        """The serving role's URL without a link."""
        return self._url(SERVING_ROLE)

    def _url(self, role: str) -> str:
        folder = quote(str(self.place.socket_folder))
        return f"postgresql://{role}@/{DATABASE}?host={folder}&port={PORT}"

    async def start(self) -> None:
        """Start it and wait until it lets people in, recovery included."""
        await asyncio.to_thread(ensure_cluster, self.place, {})
        # The first attempts may meet back ends that have not noticed yet that all is over: it
        # refuses to start beside them.
        await until(self._attempt, SECONDS)

    async def _attempt(self) -> bool:
        programs = await asyncio.to_thread(binaries, self.place.account, self.place.home)
        options = [f"-c{name}={value}" for name, value in self._settings.items()]
        account = self.place.account
        with self.place.log.open("a") as log:
            self._process = await asyncio.create_subprocess_exec(
                programs / "postgres",
                *("-D", self.place.cluster, *options),
                f"-cunix_socket_directories={self.place.socket_folder}",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ENVIRONMENT,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        process = self._process

        async def decided() -> bool:
            return process.returncode is not None or self._is_ready(process.pid)

        await until(decided, SECONDS)
        return process.returncode is None

    def _is_ready(self, pid: int) -> bool:
        try:
            lines = self.place.pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() in READY

    async def kill(self) -> None:
        """End every process of it with SIGKILL, as a machine does that goes down."""
        assert self._process is not None
        for pid in self._processes():
            _send(pid, signal.SIGKILL)
        await self._process.wait()

    async def stop_immediately(self) -> None:
        """Stop it without a checkpoint, as ``pg_ctl stop -m immediate`` does."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGQUIT)
        await self._process.wait()

    def freeze(self) -> None:
        """Stop every process of it with SIGSTOP: connections are open, and nobody answers."""
        # The postmaster first: what it would start meanwhile would be none of these.
        for pid in self._processes():
            self._frozen.append(pid)
            _send(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        # Linux may leave a child out of the list while another one ends.
        for pid in {*self._frozen, *self._processes()}:
            _send(pid, signal.SIGCONT)
        self._frozen.clear()

    def _processes(self) -> list[int]:
        assert self._process is not None
        return [self._process.pid, *children(self._process.pid)]

    async def service_backends(self) -> list[int]:
        """Return the processes that serve connections of the service."""
        async with self.connected() as connection:
            return [row[0] for row in await connection.fetch(SERVICE_BACKENDS_SQL, SERVING_ROLE)]

    @asynccontextmanager
    async def locked(self, table: str) -> AsyncGenerator[None]:
        """Hold a table as a migration may, or nothing where that cannot be had within a second."""
        async with self.connected() as connection, connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '1s'")
            with suppress(asyncpg.LockNotAvailableError):
                async with connection.transaction():
                    await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield

    async def use_up_wal(self) -> None:
        """Begin new files of the log until there is none to be had, as behind much writing.

        Where the disk is full, that is the end of the server.
        """
        with suppress(*AWAY):
            async with self.connected() as connection:
                for _ in range(WAL_FILES):
                    await connection.execute("SELECT pg_switch_wal()")
                    await connection.execute("SELECT pg_logical_emit_message(false, 'full', '')")

    async def until_back(self) -> None:
        """Wait until it lets people in, and start it again where it has ended or hangs.

        A postmaster may wait for ever for a recovery that a full disk has ended.
        """

        async def is_back() -> bool:
            if not self.is_running:
                await self._attempt()
            return await self._lets_in()

        try:
            await until(is_back, HANGING_SECONDS)
        except TimeoutError:
            await self.kill()
            await self.start()

    async def set(self, settings: Mapping[str, str]) -> None:
        """Change settings of the running server for good; without one, take all that back."""
        async with self.connected() as connection:
            await connection.execute("ALTER SYSTEM RESET ALL")
            for name, value in settings.items():
                await connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            await connection.execute("SELECT pg_reload_conf()")

    async def terminate_backends(self) -> int:
        """End every connection of the service with ``pg_terminate_backend``; return how many."""
        async with self.connected() as connection:
            return await connection.fetchval(TERMINATE_SQL, SERVING_ROLE)

    async def kill_backend(self) -> None:
        """Kill one back end of the service: PostgreSQL ends all others and recovers by itself.

        Returns when it lets people in again.
        """
        for pid in (await self.service_backends())[:1]:
            _send(pid, signal.SIGKILL)
        await until(self._lets_in, SECONDS)

    async def _lets_in(self) -> bool:
        try:
            # One that comes to its end may leave a connection without any answer.
            async with asyncio.timeout(LET_IN_SECONDS), self.connected() as connection:
                return await connection.fetchval("SELECT true")
        except AWAY:
            return False

    @asynccontextmanager
    async def connected(self) -> "AsyncGenerator[asyncpg.Connection[asyncpg.Record]]":
        """Lend a connection of the superuser; raises what asyncpg does where the server is away."""
        connection = await asyncpg.connect(self.owner_url, timeout=SECONDS)
        try:
            yield connection
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=1)

    def log_tail(self) -> str:
        """Return the end of its log, for a message."""
        return tail(self.place.log.read_text(errors="replace"))


def _send(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


@asynccontextmanager
async def running(folder: Path, **settings: str) -> AsyncGenerator[Postgres]:
    """Yield a started server; it is gone when the block is left."""
    postgres = Postgres(folder, **settings)
    await postgres.start()
    try:
        yield postgres
    finally:
        await postgres.stop_immediately()
