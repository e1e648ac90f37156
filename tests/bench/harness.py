"""How anything here is measured: two things in turn in one run, each with its own CPU time.

A figure is a ratio, because the machine is shared and its speed changes by the minute; what both
sides suffer alike cancels out. What is measured runs on one core, everything else on the others.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
GOOD = b'{"data":'


@dataclass(frozen=True)
class Plan:
    """How long to measure."""

    pairs: int
    seconds: float
    is_quick: bool


@dataclass(frozen=True)
class Row:
    """A line of the report."""

    what: str
    figure: str
    compared_with: str
    cpu: str


@dataclass(frozen=True)
class Window:
    """What happened while something was measured."""

    requests: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    @property
    def cpu_micros(self) -> float:
        return self.cpu_seconds / self.requests * 1e6


AnyWindow = TypeVar("AnyWindow", bound=Window)


def say(text: str) -> None:
    """Tell the person who waits; the report alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def separate_cores() -> int:
    """Leave one core to what is measured, by keeping this process and its children off it."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[1:] or cores)
    return cores[0]


def spawn(core: int, command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start a process that is measured, on its core; its standard output is a pipe."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    )
    # Threads that it starts later inherit this; it has none yet.
    os.sched_setaffinity(process.pid, {core})
    return process


def stop(process: "subprocess.Popen[str]") -> None:
    """End a process that ``spawn`` started."""
    process.terminate()
    process.wait(20)
    if process.stdout is not None:
        process.stdout.close()


def threads(pid: int) -> list[Path]:
    """Return the folders of all threads of a process and of its children."""
    found = list(Path(f"/proc/{pid}/task").iterdir())
    for thread in tuple(found):
        # A thread or a child may end between the two calls.
        with suppress(FileNotFoundError):
            for child in (thread / "children").read_text().split():
                found += threads(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and of its children, with all their threads."""
    spent = 0
    for thread in threads(pid):
        # A thread may end between the two calls.
        with suppress(FileNotFoundError):
            spent += int((thread / "schedstat").read_text().split()[0])
    return spent / 1e9


@dataclass(frozen=True)
class Target:
    """A served GraphQL endpoint and one request for it."""

    port: int
    pid: int
    request: bytes

    async def ask(self) -> bytes:
        """Return the body of one answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            return await _exchange(reader, writer, self.request)
        finally:
            writer.close()

    async def load(self, connections: int, seconds: float) -> Window:
        """Ask from several connections, each as fast as it is answered."""
        streams = [
            await asyncio.open_connection("127.0.0.1", self.port) for _ in range(connections)
        ]
        before = cpu_seconds(self.pid)
        started = time.perf_counter()
        deadline = started + seconds

        async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
            count = 0
            while time.perf_counter() < deadline:
                await _exchange(reader, writer, self.request)
                count += 1
            return count

        counts = await asyncio.gather(*(repeat(*stream) for stream in streams))
        elapsed = time.perf_counter() - started
        spent = cpu_seconds(self.pid) - before
        for _, writer in streams:
            writer.close()
        return Window(sum(counts), elapsed, spent)


def post(path: str, body: bytes, token: str | None = None) -> bytes:
    """Return the bytes of a request."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: bench",
        "Accept: application/json",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> bytes:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    start = head.lower().index(b"content-length:") + len(b"content-length:")
    body = await reader.readexactly(int(head[start : head.index(b"\r\n", start)]))
    # A refusal is quick to make: it must not pass for a fast answer.
    if not head.startswith(b"HTTP/1.1 200") or not body.startswith(GOOD):
        raise RuntimeError(f"not an answer: {head[:60]!r} {body[:400]!r}")
    return body


async def in_turn(
    plan: Plan, ours: Callable[[], Awaitable[AnyWindow]], other: Callable[[], Awaitable[AnyWindow]]
) -> list[tuple[AnyWindow, AnyWindow]]:
    """Measure A B, B A, A B …: who comes first changes, so that a drift favours neither."""
    pairs: list[tuple[AnyWindow, AnyWindow]] = []
    for number in range(plan.pairs):
        if number % 2:
            second = await other()
            pairs.append((await ours(), second))
        else:
            first = await ours()
            pairs.append((first, await other()))
    return pairs


def ratio(pairs: Sequence[tuple[Window, Window]]) -> str:
    """Return the median of the pairs' ratios of rates, with their range."""
    ratios = sorted(ours.rate / other.rate for ours, other in pairs)
    return spread(ratios)


def spread(values: Sequence[float]) -> str:
    """Return a median with the range that it comes from."""
    return f"**{statistics.median(values):.2f}** ({min(values):.2f} to {max(values):.2f})"


def cpu(pairs: Sequence[tuple[Window, Window]]) -> str:
    """Return the median CPU time of a request on either side."""
    ours = statistics.median(window.cpu_micros for window, _ in pairs)
    other = statistics.median(window.cpu_micros for _, window in pairs)
    return f"{ours:,.0f} / {other:,.0f}"


def rates(pairs: Sequence[tuple[Window, Window]]) -> str:
    """Return the median rates and loads: below 90 % of a core, something else was the limit."""
    ours = statistics.median(window.rate for window, _ in pairs)
    other = statistics.median(window.rate for _, window in pairs)
    busy = [
        statistics.median(pair[side].cpu_seconds / pair[side].seconds for pair in pairs)
        for side in (0, 1)
    ]
    return f"{ours:,.1f} and {other:,.1f} a second, at {busy[0]:.0%} and {busy[1]:.0%} of a core"
