"""A served application whose CPU is read around each request, and whose log is read for bugs."""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres
from tests.hostile.estate import PEPPER, Estate, make
from tests.postgres import Urls

# A failure that masking would hide, in whatever a worker writes.
_BUG = re.compile(rb"graphql\.bug|Traceback \(most recent call last\)|Exception in ASGI")
SECONDS = 15.0
"""Longer than any deadline of the service: who waits so long was forgotten."""


@dataclass(frozen=True)
class Answer:
    """What came back, and what it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    milliseconds: float
    """Of the worker's CPU."""
    seconds: float
    """Of the clock."""


@dataclass
class Worker:
    """A process of ``appusers serve`` on an estate; requests come one at a time."""

    port: int
    pid: int
    log: Path
    estate: Estate
    kept: http.client.HTTPConnection | None = field(default=None, init=False)

    def cpu_milliseconds(self) -> float:
        """Return the CPU that all threads of the worker have used, those that ended included."""
        # As clock_getcpuclockid(3) makes it, which Python has for threads alone.
        return time.clock_gettime_ns((~self.pid << 3) | 2) / 1e6

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Answer:
        """Send a well-framed request on the kept connection."""
        for attempt in (1, 2):
            connection = self.kept or http.client.HTTPConnection("127.0.0.1", self.port, SECONDS)
            self.kept = connection
            cpu, clock = self.cpu_milliseconds(), time.monotonic()
            try:
                connection.request(method, path, body, dict(headers))
                response = connection.getresponse()
                content = response.read()
            except (ConnectionError, http.client.BadStatusLine):
                # Kept connections are closed when they idle, which is no answer to this request.
                connection.close()
                self.kept = None
                if attempt == 2:
                    raise
                continue
            if response.will_close:
                connection.close()
                self.kept = None
            return Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                content,
                self.cpu_milliseconds() - cpu,
                time.monotonic() - clock,
            )
        raise AssertionError

    def graphql(
        self, document: str, variables: Mapping[str, object] | None = None, token: str | None = None
    ) -> Answer:
        """Send a document."""
        sent = {"query": document, "variables": variables or {}}
        body = json.dumps(sent, ensure_ascii=False).encode(errors="replace")
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.request("POST", "/graphql", body, headers)

    def bugs(self) -> int:
        """Return how many failures nobody expected the log holds."""
        return len(_BUG.findall(self.log.read_bytes()))


@asynccontextmanager
async def worker(*, tokens: int = 4000) -> AsyncGenerator[Worker]:
    """Start PostgreSQL, fill it, and serve it until the block ends."""
    with postgres.server() as server:
        await server.make_template()
        try:
            urls = await server.copy()
            estate = await make(urls, tokens=tokens)
            with serving(urls, estate) as at:
                yield at
        finally:
            if not server.is_embedded:
                await server.clean_up()


@contextmanager
def serving(urls: Urls, estate: Estate) -> Generator[Worker]:
    """Serve an estate by one worker."""
    settings = {
        "DATABASE_URL": urls.serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "warning",
        # Deliveries to made-up hosts are not what is measured.
        "APPUSERS_WEBHOOK_POLL_SECONDS": "0",
        "APPUSERS_BULK_REVOCATIONS_PER_MINUTE": "10000",
        "APPUSERS_FAILED_REQUESTS_PER_MINUTE": "0",
        "APPUSERS_MUTATIONS_PER_MINUTE": "0",
    }
    with tempfile.TemporaryDirectory(prefix="appusers-hostile-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve", "--port", "0"],
                env=os.environ | settings,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        assert process.stdout is not None
        try:
            greeting = process.stdout.readline().decode()
            assert greeting, log.read_text()
            address = greeting.split()[-1].removesuffix("/console")
            at = Worker(int(address.rpartition(":")[2]), process.pid, log, estate)
            yield at
            if at.kept is not None:
                at.kept.close()
        finally:
            process.terminate()
            process.wait(20)
            process.stdout.close()
