"""Many tokens of many organizations, and a few thousand of them that can be presented.

Every other row of the table is a token of the caller's organization; the rest is spread evenly
over the others.
"""

import random
import time
from dataclasses import dataclass, field
from itertools import chain, cycle
from typing import Any

import asyncpg

from tests.bench import installation
from tests.bench.harness import say
from tests.bench.installation import Machine, Tenant
from tests.bench.verification_copy import Owner, copy_tokens

OTHER_ORGANIZATIONS = 99
TOKENS_OF_USER = 50
PRESENTED = 5000

OTHERS_SQL = """
INSERT INTO organization (organization_id, name)
SELECT gen_random_uuid(), 'Bench ' || n FROM generate_series(1, $1) AS n
RETURNING organization_id
"""
GRANTS_SQL = """
INSERT INTO permission_grant (organization_id, principal_id, resource_id, permission)
SELECT u.organization_id, u.user_id, u.organization_id, 'project:services:read'
  FROM organization_user u
 WHERE u.is_application_user
"""
CALLER_SQL = """
INSERT INTO permission_grant (organization_id, principal_id, resource_id, permission)
VALUES ($1, $2, $1, 'organization:tokens:verify')
"""
INDEXES_SQL = """
SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = 'token'::regclass AND NOT i.indisprimary
"""


@dataclass(frozen=True)
class Loaded:
    """A filled database: who asks, and about which tokens."""

    tenant: Tenant
    count: int
    caller: str = field(repr=False)
    """Token of an application user that may verify tokens of its organization."""
    tokens: list[str] = field(repr=False)
    """Tokens of the caller's organization, from anywhere in the table."""


async def load(machine: Machine, count: int) -> Loaded:
    """Fill a new database with ``count`` tokens, and wait until all of it is on disk."""
    started = time.perf_counter()
    users = count // TOKENS_OF_USER // 2
    tenant = await installation.fill(await machine.server.copy(), users=users, tokens=0)
    connection = await asyncpg.connect(tenant.urls.owner)
    try:
        # What is written here refers to what was written before it: no key is looked up per row.
        await connection.execute("SET session_replication_role = replica")
        owners = await _owners(connection, tenant)
        await connection.execute(GRANTS_SQL)
        await connection.execute(CALLER_SQL, *owners[0])
        caller, *tokens = await _write_tokens(connection, owners, count)
        await connection.execute("VACUUM (ANALYZE)")
        # What is left to the checkpointer would be written while something is measured.
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
    say(f"verification: {count:,} tokens ready after {time.perf_counter() - started:.0f} s")
    return Loaded(tenant, count, caller, tokens)


async def _owners(connection: "asyncpg.Connection[Any]", tenant: Tenant) -> list[Owner]:
    """Return whose each row is, in turn: the caller's organization's, then another's."""
    users = len(tenant.user_ids)
    others: list[list[Owner]] = []
    for row in await connection.fetch(OTHERS_SQL, OTHER_ORGANIZATIONS):
        organization_id = row["organization_id"]
        user_ids = await installation.copy_users(
            connection, organization_id, max(1, users // OTHER_ORGANIZATIONS)
        )
        others.append([(organization_id, user_id) for user_id in user_ids])
    # One of each organization after the other.
    theirs = cycle(chain.from_iterable(zip(*others, strict=True)))
    ours = ((tenant.organization_id, user_id) for user_id in tenant.user_ids)
    return [owner for pair in zip(ours, theirs, strict=False) for owner in pair]


async def _write_tokens(
    connection: "asyncpg.Connection[Any]", owners: list[Owner], count: int
) -> list[str]:
    """Write the table, and return what can be presented; the first is the caller's."""
    rows = random.Random(1).sample(range(2, count, 2), min(PRESENTED, count // 2 - 1))
    # An index of ten million rows is made faster than it grows.
    indexes = await connection.fetch(INDEXES_SQL)
    for index in indexes:
        await connection.execute(f'DROP INDEX "{index["name"]}"')
    started = time.perf_counter()
    tokens = await copy_tokens(connection, owners, count, {0, *rows})
    say(f"verification: {count:,} rows copied in {time.perf_counter() - started:.0f} s")
    await connection.execute("SET maintenance_work_mem = '512MB'")
    for index in indexes:
        await connection.execute(index["definition"])
    say(f"verification: {count:,} rows indexed after {time.perf_counter() - started:.0f} s")
    return tokens
