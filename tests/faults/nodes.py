"""Nodes of the service: ``appusers serve`` as processes, killed and started again."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import httpx

from tests.cli.processes import CLEAN, children
from tests.conftest import PEPPER
from tests.faults.history import Absence
from tests.faults.link import Link
from tests.faults.node_log import NodeLog
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
SERVE = (sys.executable, "-m", "app", "serve", "--port", "0")
AGAIN_SECONDS = 0.2
FLUSH_SECONDS = 0.5
"""How often a node writes the uses of tokens."""
KEEP_SECONDS = 2.0
"""Clients let go of idle connections before uvicorn does, after 5 s: no request meets its end."""


class Node:
    """One node behind its link, started again whenever it ends, as a service manager does."""

    def __init__(
        self,
        name: str,
        link: Link,
        folder: Path,
        workers: int,
        command: Sequence[str] = SERVE,
        *,
        url: str | None = None,
    ) -> None:
        """``url`` names the database where that is not behind the link alone."""
        self.name = name
        self.link = link
        self.workers = workers
        self.absences: list[Absence] = []
        self.freezes: list[Absence] = []
        self.complaints: list[str] = []
        """What it logged of bugs, and that it left without being asked."""
        self.rewrites: list[str] = []
        """What it logged of uses that it would write again."""
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._command = command
        self._url = url
        self._starts = 0
        self._process: asyncio.subprocess.Process | None = None
        self._client: httpx.AsyncClient | None = None
        self._log: NodeLog | None = None
        self._is_up = asyncio.Event()
        self._is_absent = False

    @property
    def client(self) -> httpx.AsyncClient:
        """What reaches it."""
        assert self._client is not None, f"{self.name} was never up"
        return self._client

    def read_log(self) -> None:
        """Take in what it has logged by now."""
        self._seen()

    @property
    def is_up(self) -> bool:
        """Whether it serves."""
        return self._is_up.is_set()

    async def until_up(self) -> None:
        """Wait until it serves."""
        try:
            async with asyncio.timeout(SECONDS):
                await self._is_up.wait()
        except TimeoutError:
            raise TimeoutError(f"{self.name} does not serve:\n{self._seen().tail()}") from None

    @asynccontextmanager
    async def kept(self) -> AsyncGenerator[None]:
        """Start it, and again whenever it ends, as long as the block runs; then stop it."""
        keeper = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    async def _keep(self) -> None:
        try:
            while True:
                if await self._start():
                    self._is_up.set()
                    await self._ended()
                    self._is_up.clear()
                    if not self._is_absent:
                        self.complaints.append(f"left by itself: {self._seen().tail()}")
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            self._is_up.clear()
            await self._stop()

    async def kill(self) -> None:
        """Kill the whole node, and wait until it serves again."""
        assert self._process is not None
        with self._absence():
            self._is_up.clear()
            for pid in (self._process.pid, *self._worker_pids()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await self.until_up()

    async def kill_worker(self) -> None:
        """Kill one of its workers, and wait until there is another in its place."""
        starts, ready = self._starts, self._seen().ready
        with self._absence():
            self.kill_one()

            async def replaced() -> bool:
                return self._starts > starts or self._seen().ready > ready

            await until(replaced, SECONDS)
            await self.until_up()

    def kill_one(self) -> None:
        """Kill one of its workers, where these are processes of their own; else all there is."""
        os.kill(self._one(), signal.SIGKILL)

    @contextmanager
    def frozen(self) -> Generator[None]:
        """Freeze one of its workers, or all there is, with SIGSTOP while the block runs."""
        pid = self._one()
        begin = time.monotonic()
        self.freezes.append(Absence(self.name, begin))
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
            self.freezes[-1] = Absence(self.name, begin, time.monotonic())

    def _one(self) -> int:
        assert self._process is not None
        return next(iter([*self._worker_pids(), self._process.pid]))

    @contextmanager
    def _absence(self) -> Generator[None]:
        begin = time.monotonic()
        self._is_absent = True
        self.absences.append(Absence(self.name, begin))
        try:
            yield
        finally:
            self._is_absent = False
            self.absences[-1] = Absence(self.name, begin, time.monotonic())

    async def _start(self) -> bool:
        """Start it and wait until all its workers serve; False where it ended instead.

        That is what it does where it cannot reach the database.
        """
        self._starts += 1
        path = self._folder / f"{self.name}-{self._starts}.log"
        self._log = NodeLog(path, self.complaints, self.rewrites)
        environment = {
            "DATABASE_URL": self._url or self.link.url,
            "APPUSERS_PEPPER": PEPPER,
            "APPUSERS_WORKERS": str(self.workers),
            "APPUSERS_JSON_LOGS": "true",
            "APPUSERS_ACTIVITY_FLUSH_SECONDS": str(FLUSH_SECONDS),
            # Nothing is to be delivered or swept, and a look for it is load that helps nobody.
            "APPUSERS_WEBHOOK_POLL_SECONDS": "0",
            "APPUSERS_EXPIRY_WARNING_SECONDS": "0",
            "APPUSERS_FAILED_REQUESTS_PER_MINUTE": "0",
            "APPUSERS_MUTATIONS_PER_MINUTE": "0",
        }
        with path.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, cwd=ROOT, env=CLEAN | environment, stdout=log, stderr=log
            )
        process, seen = self._process, self._log

        async def decided() -> bool:
            seen.read()
            is_up = seen.address is not None and seen.ready >= self.workers
            return is_up or process.returncode is not None

        await until(decided, SECONDS)
        if process.returncode is not None or seen.address is None:
            return False
        await self._connect(seen.address)
        return True

    async def _connect(self, address: str) -> None:
        if self._client is not None:
            await self._client.aclose()
        limits = httpx.Limits(keepalive_expiry=KEEP_SECONDS)
        # A client's patience is the recorder's: see there.
        self._client = httpx.AsyncClient(
            base_url=address, timeout=None, limits=limits, trust_env=False
        )

    async def _ended(self) -> None:
        assert self._process is not None
        await self._process.wait()
        self._seen()

    async def _stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self._process.wait(), SECONDS)
            self._seen()
        if self._client is not None:
            await self._client.aclose()

    def _seen(self) -> NodeLog:
        assert self._log is not None
        self._log.read()
        return self._log

    def _worker_pids(self) -> list[int]:
        """Return its workers; none where it serves in its own process, or off Linux."""
        assert self._process is not None
        return [pid for pid in children(self._process.pid) if _is_worker(pid)]


def _is_worker(pid: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
