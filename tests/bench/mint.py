"""``generateToken`` over HTTP against its own statements by pgbench, 8 clients each."""

import asyncio
import os
import re
import resource
import tempfile
from collections.abc import Sequence
from pathlib import Path

from asyncpg.connection import LoggedQuery
from pydantic import SecretStr

from app import ids
from app.settings import Settings
from db.embedded_files import binaries
from tests.bench import harness, installation
from tests.bench.harness import Plan, Row, Window, say
from tests.bench.installation import Machine, Tenant
from tests.service import started
from tests.statements import watched

CLIENTS = 8

MINT = """mutation($input: GenerateTokenInput!) {
  generateToken(input: $input) { ... on GenerateTokenSuccess { fullToken token { id } } }
}"""

LITERAL_ID = "uuidv7()"


async def measure(machine: Machine, plan: Plan) -> list[Row]:
    """Mint as fast as 8 clients can, in turn through the service and without it."""
    tenant = await installation.fill(await machine.server.copy(), users=8, tokens=1000)
    async with installation.service(machine.core, tenant.urls) as service:
        user = ids.member_id("user", tenant.organization_id, tenant.user_ids[0])
        fields = {"applicationUserId": user, "description": "bench", "maxAgeSeconds": 86400}
        target = installation.asking(service, MINT, tenant.token, input=fields)
        await target.load(CLIENTS, plan.seconds / 2)
        statements = await _statements(tenant, user)
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "mint.sql"
            script.write_text("".join(f"{statement.strip()};\n" for statement in statements))
            pairs = await harness.in_turn(
                plan,
                lambda: target.load(CLIENTS, plan.seconds),
                lambda: _pgbench(machine, tenant, script, plan.seconds),
            )
    say(f"mint: {harness.rates(pairs)}")
    return [
        Row(
            f"generateToken, {CLIENTS} clients, requests/s",
            harness.ratio(pairs),
            f"its {len(statements)} statements by pgbench, audit event included",
            harness.cpu(pairs),
        )
    ]


async def _statements(tenant: Tenant, user: str) -> list[str]:
    """Return what the service sends for one token, with its values in place of parameters."""
    settings = Settings.model_validate(
        {
            "database_url": SecretStr(tenant.urls.serving),
            "pepper": SecretStr(installation.PEPPER),
            "database_connections": 1,
            "activity_flush_seconds": 60,
        }
    )
    seen: list[str] = []

    def see(query: LoggedQuery) -> None:
        seen.append(_with_values(query.query, query.args))

    async with started(settings) as service:
        caller = await service.caller(token=tenant.token)
        fields = {"applicationUserId": user, "description": "bench", "maxAgeSeconds": 86400}
        await caller.query(MINT, input=fields)
        async with watched(service, see):
            await caller.query(MINT, input=fields)
    return [part for text in seen for part in text.split("; ")]


def _with_values(statement: str, values: Sequence[object]) -> str:
    def value(found: re.Match[str]) -> str:
        return _literal(values[int(found[1]) - 1])

    text = re.sub(r"\$(\d+)", value, statement)
    # Each run makes another token.
    return re.sub(r"(VALUES \('[^']+', )'[^']+'", rf"\1{LITERAL_ID}", text)


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(value)
        case bytes():
            return f"'\\x{value.hex()}'"
        case list():
            return "'{" + ",".join(map(str, value)) + "}'"
        case _:
            # pgbench takes :null of a JSON text, and :token, for its own variables.
            text = re.sub(r"(?<=\"):(?=\w)", ": ", str(value).replace("'", "''"))
            text = re.sub(r"(?<=\w):(?=\w)", r"\\u003a", text)
            return f"'{text}'"


async def _pgbench(machine: Machine, tenant: Tenant, script: Path, seconds: float) -> Window:
    before = _children_cpu_seconds()
    process = await asyncio.create_subprocess_exec(
        str(binaries() / "pgbench"),
        *(
            "--no-vacuum",
            "--protocol=prepared",
            f"--client={CLIENTS}",
            f"--time={max(1, round(seconds))}",
        ),
        *("--file", str(script), tenant.urls.serving),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    os.sched_setaffinity(process.pid, {machine.core})
    out, errors = await process.communicate()
    done = re.search(rb"actually processed: (\d+)", out)
    rate = re.search(rb"tps = ([0-9.]+)", out)
    if process.returncode != 0 or not done or not rate:
        raise RuntimeError(f"pgbench failed: {errors.decode()}")
    count = int(done[1])
    return Window(count, count / float(rate[1]), _children_cpu_seconds() - before)


def _children_cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
