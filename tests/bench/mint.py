"""``generateToken`` over HTTP against its INSERT by pgbench, 8 clients each."""

import asyncio
import os
import re
import resource
import tempfile
from pathlib import Path

from app import ids
from db.embedded_files import binaries
from tests.bench import harness, installation
from tests.bench.harness import Plan, Row, Window, say
from tests.bench.installation import Machine, Tenant

CLIENTS = 8

MINT = """mutation($input: GenerateTokenInput!) {
  generateToken(input: $input) { ... on GenerateTokenSuccess { fullToken token { id } } }
}"""

# What the service must write, as the serving role under row level security, and nothing else: no
# look-up of the caller, no check of the user, no digest.
SCRIPT = """BEGIN;
INSERT INTO token
       (organization_id, token_id, user_id, secret_hmac, pepper_version, description,
        max_age_seconds, extend_when_used, created_by, expiry_time)
VALUES ('{organization_id}', uuidv7(), '{user_id}', sha256(uuidv7()::text::bytea), 1, 'bench',
        86400, false, '{user_id}', now() + make_interval(secs => 86400))
RETURNING token_id;
COMMIT;
"""


async def measure(machine: Machine, plan: Plan) -> list[Row]:
    """Mint as fast as 8 clients can, in turn through the service and without it."""
    tenant = await installation.fill(await machine.server.copy(), users=8, tokens=1000)
    async with installation.service(machine.core, tenant.urls) as service:
        user = ids.member_id("user", tenant.organization_id, tenant.user_ids[0])
        fields = {"applicationUserId": user, "description": "bench", "maxAgeSeconds": 86400}
        target = installation.asking(service, MINT, tenant.token, input=fields)
        await target.load(CLIENTS, plan.seconds / 2)
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "insert.sql"
            script.write_text(
                SCRIPT.format(organization_id=tenant.organization_id, user_id=tenant.user_ids[0])
            )
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
            "the same INSERT by pgbench",
            harness.cpu(pairs),
        )
    ]


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
        env=os.environ | {"PGOPTIONS": f"-c app.organization_id={tenant.organization_id}"},
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
