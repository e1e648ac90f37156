"""``appusers`` as processes, on an embedded PostgreSQL of their own or on a given server."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.waiting import until

SECONDS = 30.0
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("APPUSERS_")}


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    code: int
    out: str
    err: str


async def appusers(
    environment: dict[str, str], *arguments: str, tree: Path | None = None
) -> Finished:
    """Run one command to its end; of this release, or of the one whose source is in ``tree``."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        *arguments,
        cwd=tree,
        env=CLEAN | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode is not None
    return Finished(process.returncode, out.decode(), err.decode())


@dataclass
class Served:
    """A running ``appusers serve``."""

    process: asyncio.subprocess.Process
    greeting: str
    ended: Finished | None = field(default=None)

    @property
    def url(self) -> str:
        """The address of the API that it printed."""
        return re.findall(r"http://\S+/graphql", self.greeting)[0]

    @property
    def token(self) -> str:
        """The administrator token it printed."""
        return re.findall(r"appu_\w+", self.greeting)[0]

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> Finished:
        """Send a signal and return what was printed after the greeting."""
        if self.ended is None:
            if self.process.returncode is None:
                self.process.send_signal(how)
            out, err = await asyncio.wait_for(self.process.communicate(), SECONDS)
            assert self.process.returncode is not None
            self.ended = Finished(
                self.process.returncode, self.greeting + out.decode(), err.decode()
            )
        return self.ended


@asynccontextmanager
async def serving(
    environment: dict[str, str], *arguments: str, greets: bool = True, tree: Path | None = None
) -> AsyncGenerator[Served]:
    """Run ``appusers serve`` on a free port until the block ends; yield when it greets people."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        "serve",
        "--port",
        "0",
        *arguments,
        cwd=tree,
        env=CLEAN | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    served = Served(process, "")
    try:
        if greets:
            greeting = await asyncio.wait_for(process.stdout.readuntil(b"Ctrl-C"), SECONDS)
            served.greeting = greeting.decode()
        yield served
    finally:
        await served.stop()


async def viewer(url: str, token: str) -> httpx.Response:
    """Ask a served application who we are."""
    async with httpx.AsyncClient(timeout=SECONDS) as client:
        return await client.post(
            url,
            json={"query": "{ viewer { memberships { organizationId } } }"},
            headers={"Authorization": f"Bearer {token}"},
        )


def postmaster(data_dir: Path) -> int:
    """Return the process of a running embedded PostgreSQL."""
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


async def gone(pid: int) -> bool:
    """Wait for a process that is no child of ours to end; False where it goes on."""

    async def ended() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    try:
        await until(ended, SECONDS)
    except TimeoutError:
        return False
    return True


def children(pid: int) -> list[int]:
    """Return the processes that a process, in whichever thread, started; none but on Linux."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]
