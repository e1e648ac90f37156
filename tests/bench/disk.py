"""``python -m tests.bench.disk``: what a token, a row of uses and an audit event take on the disk.

With their indexes, packed as VACUUM FULL leaves them: a table that is written to takes up to twice
as much. About half a minute.
"""

import argparse
import asyncio
import json
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from app import organizations
from app.database import Database
from app.token_format import parse_peppers
from tests.bench import installation
from tests.bench.installation import PEPPER
from tests.postgres import Server

COUNT = 100_000
BATCH = 1000
_USER = """
INSERT INTO organization_user
       (organization_id, user_id, is_application_user, name, name_key, email)
SELECT $1, u.user_id, true, 'user ' || u.number, 'user ' || u.number,
       'app-' || u.user_id || '@application-users.invalid'
  FROM unnest($2::uuid[]) WITH ORDINALITY AS u (user_id, number)
"""
_TOKEN = """
INSERT INTO token
       (organization_id, token_id, user_id, secret_hmac, pepper_version, description,
        max_age_seconds, expiry_time, extend_when_used, scopes, created_by, last_used_time,
        last_ip, last_user_agent)
SELECT $1, t.token_id, t.user_id, sha256(t.token_id::text::bytea), 1, 'nightly job',
       7776000, now() + interval '90 days', false, '{services:read,services:write}', $4, now(),
       '203.0.113.7', 'Terraform/1.9.5 (+https://www.terraform.io)'
  FROM unnest($2::uuid[], $3::uuid[]) AS t (token_id, user_id)
"""
_USE = """
INSERT INTO token_use
       (organization_id, token_id, user_id, use_date, ip, user_agent, use_count, first_use_time,
        last_use_time)
SELECT $1, t.token_id, t.user_id, current_date, '203.0.113.7',
       'Terraform/1.9.5 (+https://www.terraform.io)', 17, now(), now()
  FROM unnest($2::uuid[], $3::uuid[]) AS t (token_id, user_id)
"""
_SIZE = "SELECT pg_total_relation_size($1::regclass)"


async def measure(server: Server) -> dict[str, float]:
    """Return bytes a row, by table."""
    urls = await server.copy()
    database = await Database.open(urls.serving, size=1)
    made = await organizations.bootstrap(
        database,
        parse_peppers(PEPPER),
        name="Acme",
        admin_email="admin@acme.example",
    )
    await database.close()
    owner: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(urls.owner)
    sizes: dict[str, float] = {}
    try:
        await owner.execute(f"SET app.organization_id = '{made.organization_id}'")
        keys = [uuid7() for _ in range(COUNT)]
        await owner.execute(_USER, made.organization_id, keys)
        tokens = [uuid7() for _ in range(COUNT)]
        await owner.execute(_TOKEN, made.organization_id, tokens, keys, made.user_id)
        await owner.execute(_USE, made.organization_id, tokens, keys)
        for first in range(0, COUNT, BATCH):
            events = [_event(token, made.user_id) for token in tokens[first : first + BATCH]]
            await owner.execute(
                "SELECT append_audit_events($1, $2)", made.organization_id, json.dumps(events)
            )
        for table in ("organization_user", "token", "token_use", "audit_event"):
            await owner.execute(f"VACUUM FULL {table}")
            sizes[table] = await owner.fetchval(_SIZE, table) / COUNT
    finally:
        await owner.close()
    return sizes


def _event(token_id: UUID, user_id: UUID) -> dict[str, object]:
    """A token's end, as an administrator's request records it."""
    return {
        "action": "application_user:token:revoke",
        "outcome": "SUCCEEDED",
        "actor_kind": "USER",
        "actor_user_id": str(user_id),
        "actor_token_id": str(token_id),
        "ip": "203.0.113.7",
        "user_agent": "python-httpx/0.28.1",
        "request_id": "0" * 32,
        "target_kind": "TOKEN",
        "target_id": str(token_id),
        "principal_id": str(user_id),
        "changes": {"status": {"after": "REVOKED", "before": "ACTIVE"}},
    }


async def main() -> None:
    """Measure and print."""
    with installation.machine() as machine:
        await machine.server.make_template()
        for table, size in (await measure(machine.server)).items():
            print(f"{table}: {size:,.0f} bytes a row with its indexes, of {COUNT:,}")


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m tests.bench.disk", description=__doc__).parse_args()
    asyncio.run(main())
