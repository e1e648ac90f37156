"""Plans of statements as PostgreSQL makes them for the service, and what a test asks of one."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from tests.db.rows import Connection

Mode: TypeAlias = Literal["force_custom_plan", "force_generic_plan"]
MODES: tuple[Mode, ...] = ("force_custom_plan", "force_generic_plan")

# 2 organizations with 10,000 users, 20,000 tokens and 5,000 groups each; a user's tokens lie far
# apart. Keys of idempotency on every tenth row; each user and group has a grant.
SEED = """
SET session_replication_role = replica;
INSERT INTO organization (organization_id, name)
SELECT o::text::uuid, 'Acme'
  FROM unnest(ARRAY['00000000-0000-0000-0000-00000000000a',
                    '00000000-0000-0000-0000-00000000000b']) AS o;
INSERT INTO organization (organization_id, name)
SELECT gen_random_uuid(), 'Other' FROM generate_series(1, 2000);
INSERT INTO organization_user
       (organization_id, user_id, is_application_user, name, name_key, email, create_time)
SELECT o.organization_id, lpad(to_hex(n), 32, '0')::uuid, true, 'user-' || n, 'user-' || n,
       'app@example.invalid', '2026-01-01Z'::timestamptz + make_interval(secs => n)
  FROM organization o, generate_series(1, 10000) AS n
 WHERE o.name = 'Acme';
INSERT INTO token
       (organization_id, token_id, user_id, secret_hmac, pepper_version, extend_when_used,
        create_time, created_by, idempotency_key, idempotency_input)
SELECT o.organization_id, lpad(to_hex(n), 32, '0')::uuid,
       lpad(to_hex(1 + n % 10000), 32, '0')::uuid, decode(repeat('00', 32), 'hex'), 1, false,
       '2026-01-01Z'::timestamptz + make_interval(secs => n),
       lpad(to_hex(1 + n % 7), 32, '0')::uuid,
       CASE WHEN n % 10 = 0 THEN 'key-' || n END, CASE WHEN n % 10 = 0 THEN '\\x00'::bytea END
  FROM organization o, generate_series(1, 20000) AS n
 WHERE o.name = 'Acme';
INSERT INTO permission_grant (organization_id, principal_id, resource_id, permission)
SELECT u.organization_id, u.user_id, u.organization_id, 'role:organization:admin'
  FROM organization_user u;
INSERT INTO organization_policy (organization_id, expiry_required)
SELECT o.organization_id, false FROM organization o;
INSERT INTO user_group (organization_id, group_id, name, name_key, create_time)
SELECT o.organization_id, lpad(to_hex(100000 + n), 32, '0')::uuid, 'group-' || n, 'group-' || n,
       '2026-01-01Z'::timestamptz + make_interval(secs => n)
  FROM organization o, generate_series(1, 5000) AS n
 WHERE o.name = 'Acme';
INSERT INTO group_member (organization_id, group_id, user_id, create_time)
SELECT u.organization_id, lpad(to_hex(100000 + 1 + (k * n) % 5000), 32, '0')::uuid, u.user_id,
       '2026-01-01Z'::timestamptz + make_interval(secs => n)
  FROM generate_series(1, 10000) AS n
  CROSS JOIN (VALUES (1), (7)) AS times (k)
  JOIN organization_user u ON u.user_id = lpad(to_hex(n), 32, '0')::uuid
    ON CONFLICT DO NOTHING;
INSERT INTO permission_grant (organization_id, principal_id, is_group, resource_id, permission)
SELECT g.organization_id, g.group_id, true, g.organization_id, 'organization:app_users:write'
  FROM user_group g;
RESET session_replication_role;
ANALYZE;
"""


@dataclass(frozen=True)
class Node:
    """A node of a plan."""

    kind: str
    relation: str
    index: str
    index_condition: str
    filter: str
    sort_key: str


@dataclass(frozen=True)
class Plan:
    """Every node of a plan, and its text for the message of a failed test."""

    nodes: tuple[Node, ...]
    text: str

    def of(self, relation: str) -> list[Node]:
        """The nodes that read a table."""
        return [node for node in self.nodes if node.relation == relation]

    def indexed(self, relation: str) -> str:
        """The conditions that the only read of a table goes by; fails on any other kind of read."""
        (node,) = self.of(relation)
        assert node.kind in ("Index Scan", "Index Only Scan"), self.text
        return node.index_condition

    @property
    def sorts(self) -> list[str]:
        """What is sorted by nodes of the plan instead of by an index."""
        return [node.sort_key for node in self.nodes if node.kind.endswith("Sort")]


async def explain(
    connection: Connection, mode: Mode, sql: str, arguments: Sequence[object], types: str = ""
) -> Plan:
    """Return the plan of a statement with parameters, custom or generic.

    ``types`` are those of its parameters where the statement itself does not tell them.
    """
    await connection.execute(f"SET plan_cache_mode = {mode}")
    await connection.execute(f"PREPARE explained {f'({types})' if types else ''} AS {sql}")
    try:
        literals = [
            await connection.fetchval("SELECT quote_nullable($1::text)", _text(argument))
            for argument in arguments
        ]
        called = f"EXECUTE explained({', '.join(literals)})" if literals else "EXECUTE explained"
        found = await connection.fetchval(f"EXPLAIN (FORMAT JSON, COSTS OFF) {called}")
    finally:
        await connection.execute("DEALLOCATE explained; RESET plan_cache_mode")
    nodes = tuple(_nodes(json.loads(found)[0]["Plan"]))
    return Plan(nodes, found)


def _text(argument: object) -> str | None:
    if argument is None:
        return None
    if isinstance(argument, list | tuple):
        parts: list[str] = [str(part) for part in argument]  # pyright: ignore[reportUnknownArgumentType]
        return "{" + ",".join(parts) + "}"
    return str(argument)


def _nodes(plan: dict[str, Any]) -> Iterator[Node]:
    yield Node(
        plan["Node Type"],
        plan.get("Relation Name", ""),
        plan.get("Index Name", ""),
        plan.get("Index Cond", ""),
        plan.get("Filter", ""),
        str(plan.get("Sort Key", "")),
    )
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
