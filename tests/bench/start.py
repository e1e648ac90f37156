"""How soon a worker answers, and how much memory it takes, on a database that is up."""

import asyncio
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.bench import harness, installation
from tests.bench.harness import Plan, Row, Target, say
from tests.bench.installation import Machine

STARTS = 5
PATIENCE = 30.0
IDLE_SECONDS = 2.0

QUERY = "query($organization: ID!) { organization(id: $organization) { name } }"


async def measure(machine: Machine, plan: Plan) -> list[Row]:
    """Start the service anew several times on the embedded PostgreSQL that this run holds up."""
    environment = {"APPUSERS_DATA_DIR": str(machine.folder), "APPUSERS_LOG_LEVEL": "warning"}
    admin = await asyncio.to_thread(_bootstrap, environment)
    seconds: list[float] = []
    memory: list[tuple[dict[str, float], dict[str, float]]] = []
    # The first start compiles and reads from disk what the others find ready.
    for number in range(1 + (2 if plan.is_quick else STARTS)):
        took, *used = await _start(machine, environment, admin["organizationId"], admin["token"])
        say(f"start: {took:.2f} s, then {used[0]} MB, after the query {used[1]} MB")
        if number:
            seconds.append(took)
            memory.append((used[0], used[1]))
    rows = [Row("start to first answer, s", harness.spread(seconds), "", "")]
    for name in ("Rss", "Pss"):
        for at, when in enumerate(("idle after start", "idle after one query")):
            value = statistics.median(used[at][name] for used in memory)
            rows.append(Row(f"worker {when}, {name.upper()} in MB", f"**{value:.1f}**", "", ""))
    return rows


def _bootstrap(environment: dict[str, str]) -> dict[str, str]:
    command = [sys.executable, "-m", "app", "bootstrap", "--json"]
    made = subprocess.run(
        [*command, "--organization", "Bench", "--admin", "admin@bench.example"],
        cwd=harness.ROOT,
        env=os.environ | environment,
        check=True,
        capture_output=True,
    )
    return json.loads(made.stdout)


async def _start(
    machine: Machine, environment: dict[str, str], organization: str, token: str
) -> tuple[float, dict[str, float], dict[str, float]]:
    port = _free_port()
    # The start that is timed ends with an answer; the one whose memory is read is asked nothing.
    took, process = await _timed(machine, environment, port, organization, token)
    after_query = await _settled_memory(process.pid)
    harness.stop(process)
    command = [sys.executable, "-m", "app", "serve", "--port", "0"]
    with installation.listening(machine.core, command, environment) as silent:
        return took, await _settled_memory(silent.pid), after_query


async def _timed(
    machine: Machine, environment: dict[str, str], port: int, organization: str, token: str
) -> "tuple[float, subprocess.Popen[str]]":
    started = time.perf_counter()
    process = harness.spawn(
        machine.core, [sys.executable, "-m", "app", "serve", "--port", str(port)], environment
    )
    target = installation.asking(
        Target(port, process.pid, b""), QUERY, token, organization=organization
    )
    while True:
        try:
            await target.ask()
            return time.perf_counter() - started, process
        except OSError:
            if process.poll() is not None or time.perf_counter() - started > PATIENCE:
                harness.stop(process)
                raise
            await asyncio.sleep(0.002)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


async def _settled_memory(pid: int) -> dict[str, float]:
    await asyncio.sleep(IDLE_SECONDS)
    return _memory(pid)


def _memory(pid: int) -> dict[str, float]:
    """Return what a process takes, in 10^6 bytes."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    found = re.findall(r"^(Rss|Pss): +(\d+) kB$", text, re.MULTILINE)
    return {name: round(int(kilobytes) * 1024 / 1e6, 1) for name, kilobytes in found}
