"""EXPLAIN of what webhooks and expiry warnings ask: all of it by an index, among much else."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from db import expiry_warnings, keyset, webhook_deliveries, webhooks
from db.keyset import Position
from tests.db import plans, rows
from tests.db.plans import Mode, explain
from tests.postgres import Server

BOTH = pytest.mark.parametrize("mode", plans.MODES)

# 2 organizations with 500 endpoints, 20,000 events for one of them and 20,000 tokens each. One
# delivery in a hundred waits, most of them for later; one token in ten expires, most of them later.
SEED = f"""
SET session_replication_role = replica;
INSERT INTO organization (organization_id, name)
SELECT o::text::uuid, 'Acme' FROM unnest(ARRAY['{rows.A}', '{rows.B}']) AS o;
INSERT INTO webhook_endpoint (organization_id, endpoint_id, url, pepper_version, create_time)
SELECT o.organization_id, lpad(to_hex(n), 32, '0')::uuid, 'https://hooks.example', 1,
       '2026-01-01Z'::timestamptz + make_interval(secs => n)
  FROM organization o, generate_series(1, 500) AS n;
INSERT INTO audit_event
       (organization_id, sequence, event_time, action, outcome, actor_kind, target_kind, target_id,
        changes, previous_hash, hash)
SELECT o.organization_id, n, '2026-01-01Z'::timestamptz + make_interval(secs => n), 'a:b:c',
       'SUCCEEDED', 'SERVICE', 'TOKEN', o.organization_id, '{{}}', '', ''
  FROM organization o, generate_series(1, 20000) AS n;
INSERT INTO webhook_delivery
       (organization_id, endpoint_id, sequence, attempt_count, next_attempt_time, deliver_time)
SELECT o.organization_id, lpad(to_hex(1 + n % 3), 32, '0')::uuid, n, 1,
       CASE WHEN n % 100 = 0 THEN now() + make_interval(hours => n % 70 - 1) END,
       CASE WHEN n % 100 <> 0 THEN now() END
  FROM organization o, generate_series(1, 20000) AS n;
INSERT INTO organization_user
       (organization_id, user_id, is_application_user, name, name_key, email)
SELECT o.organization_id, lpad(to_hex(n), 32, '0')::uuid, true, 'user-' || n, 'user-' || n,
       'app@example.invalid'
  FROM organization o, generate_series(1, 1000) AS n;
INSERT INTO token
       (organization_id, token_id, user_id, secret_hmac, pepper_version, extend_when_used,
        max_age_seconds, expiry_time, warned_days)
SELECT o.organization_id, lpad(to_hex(n), 32, '0')::uuid,
       lpad(to_hex(1 + n % 1000), 32, '0')::uuid, decode(repeat('00', 32), 'hex'), 1, n % 20 = 0,
       CASE WHEN n % 10 = 0 THEN 315360000 END,
       CASE WHEN n % 10 = 0 THEN now() + make_interval(days => n % 3000) END,
       CASE WHEN n % 200 = 0 THEN 7 END
  FROM organization o, generate_series(1, 20000) AS n;
RESET session_replication_role;
ANALYZE;
"""


@pytest.fixture(scope="module")
async def session(server: Server) -> AsyncIterator[rows.Connection]:
    """The serving role inside the wall, on a database of its own."""
    urls = await server.copy()
    connection = await asyncpg.connect(urls.owner)
    await connection.execute(SEED)
    await connection.close()
    connection = await asyncpg.connect(urls.serving, server_settings={"jit": "off"})
    await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{rows.A}'")
    yield connection
    await connection.close()


@BOTH
@pytest.mark.parametrize("page", ["first", "deep"])
async def test_page_of_endpoints(session: rows.Connection, mode: Mode, page: str) -> None:
    deep = Position("2026-01-01 00:04:00Z", UUID(int=240))
    after = keyset.start("DESC") if page == "first" else deep
    plan = await explain(session, mode, webhooks.LIST_SQL, [rows.A, after.key, after.id, 51])
    condition = plan.indexed("webhook_endpoint")
    assert "organization_id = " in condition, plan.text
    assert "ROW(create_time, endpoint_id)" in condition, plan.text
    assert plan.sorts == [], plan.text


@BOTH
@pytest.mark.parametrize("before", [2**63 - 1, 10_000])
async def test_pages_of_deliveries(session: rows.Connection, mode: Mode, before: int) -> None:
    several = [UUID(int=number) for number in range(1, 51)]
    sql = webhook_deliveries.LIST_OF_ENDPOINTS_SQL
    plan = await explain(session, mode, sql, [rows.A, several, before, 51])
    condition = plan.indexed("webhook_delivery")
    for part in ("organization_id = ", "endpoint_id = ", "sequence < "):
        assert part in condition, plan.text
    assert "sequence = d.sequence)" in plan.indexed("audit_event"), plan.text
    assert plan.sorts == [], plan.text


@BOTH
@pytest.mark.parametrize(
    ("sql", "rest"),
    [(webhook_deliveries.CLAIM_SQL, [4, 20, 60]), (webhook_deliveries.GIVE_UP_SQL, [1000, 20])],
    ids=["claim", "give up"],
)
async def test_what_is_due(
    session: rows.Connection, mode: Mode, sql: str, rest: list[object]
) -> None:
    plan = await explain(session, mode, sql, [rows.A, *rest])
    reads = [node for node in plan.of("webhook_delivery") if node.kind != "ModifyTable"]
    assert {node.kind for node in reads} <= {"Index Scan", "Bitmap Heap Scan"}, plan.text
    used = [node for node in plan.nodes if node.index == "webhook_delivery_due_of_organization"]
    assert any("next_attempt_time <= " in node.index_condition for node in used), plan.text


@BOTH
async def test_outcome(session: rows.Connection, mode: Mode) -> None:
    sql = webhook_deliveries.MARK_DELIVERED_SQL
    plan = await explain(session, mode, sql, [rows.A, UUID(int=1), 100, 1, 204])
    (read,) = [node for node in plan.of("webhook_delivery") if node.kind != "ModifyTable"]
    for part in ("organization_id = ", "endpoint_id = ", "sequence = "):
        assert part in read.index_condition, plan.text


@BOTH
@pytest.mark.parametrize(
    ("sql", "rest", "bound"),
    [
        (expiry_warnings.WARN_SQL, [200], "expiry_time <= "),
        (expiry_warnings.FORGET_SQL, [], "organization_id = "),
    ],
    ids=["warn", "forget"],
)
async def test_what_expires_soon(
    session: rows.Connection, mode: Mode, sql: str, rest: list[object], bound: str
) -> None:
    plan = await explain(session, mode, sql, [rows.A, *rest])
    used = [node for node in plan.nodes if node.index == "token_by_expiry"]
    assert any(bound in node.index_condition for node in used), plan.text
