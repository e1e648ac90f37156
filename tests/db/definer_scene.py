"""What the functions that cross tenants run inside, and a database large enough to plan it on."""

import re
from collections.abc import Iterator

from tests.db import plans, rows
from tests.db.plans import Plan

BY_INDEX = {"Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Bitmap Index Scan"}

# Beside what plans.SEED writes: a unit in a unit, and so on ten deep, two hundred times; and the
# uses of 20,000 tokens, most from one address on each of ten days, the first one from very many.
SEED = """
SET session_replication_role = replica;
INSERT INTO resource (organization_id, resource_id, kind, parent_id, name, name_key)
SELECT '00000000-0000-0000-0000-00000000000a', lpad(to_hex(900000 + n), 32, '0')::uuid,
       'ORGANIZATIONAL_UNIT',
       CASE WHEN n % 10 <> 1 THEN lpad(to_hex(900000 + n - 1), 32, '0')::uuid END,
       'unit ' || n, 'unit ' || n
  FROM generate_series(1, 2000) AS n;
INSERT INTO token_use
       (organization_id, token_id, user_id, use_date, ip, user_agent, use_count, first_use_time,
        last_use_time)
SELECT t.organization_id, t.token_id, t.user_id, d.at::date,
       CASE WHEN t.token_id = lpad('1', 32, '0')::uuid THEN '10.0.0.0'::inet + a END, 'curl', 1,
       d.at, d.at
  FROM token t
 CROSS JOIN generate_series('2026-01-01Z', '2026-01-10Z', interval '1 day') AS d (at)
 CROSS JOIN generate_series(
       1, CASE WHEN t.token_id = lpad('1', 32, '0')::uuid THEN 1000 ELSE 1 END) AS a;
RESET session_replication_role;
ANALYZE;
"""


async def inner_statements(definer: rows.Connection, function: str) -> tuple[str, list[str]]:
    """The argument types of a PL/pgSQL function, and its statements as it prepares them.

    The session takes on the function's settings.
    """
    found = await definer.fetchrow(
        "SELECT prosrc, proconfig, proargnames[1:pronargs] AS names,"
        "       array_to_string(proargtypes::regtype[], ', ') AS types"
        "  FROM pg_proc WHERE proname = $1",
        function,
    )
    assert found is not None
    for setting in found["proconfig"]:
        await definer.execute("SET LOCAL " + setting)
    body = found["prosrc"]
    for number, name in enumerate(found["names"], 1):
        body = re.sub(rf"\b{name}\b", f"${number}", body)
    body = re.sub(r"--.*", "", body).replace("#variable_conflict use_column", "")
    inside = body.partition("BEGIN")[2].rpartition("END")[0]
    # Rows that are locked are read, too; what else is performed is another function.
    inside = inside.replace("PERFORM true", "SELECT true")
    return found["types"], [
        statement.strip().removeprefix("RETURN QUERY")
        for statement in inside.split(";")
        if statement.strip() and "PERFORM" not in statement
    ]


def reads(plan: Plan) -> Iterator[plans.Node]:
    """The nodes that read a table or its index."""
    return (
        node for node in plan.nodes if node.kind != "ModifyTable" and (node.relation or node.index)
    )


def assert_by_keys(plan: Plan, keys: dict[str, str]) -> None:
    """Assert that each table is read by an index, and by these columns of it alone or more."""
    kinds = {node.kind for node in reads(plan)}
    assert kinds <= BY_INDEX, plan.text
    for relation, key in keys.items():
        conditions = [node.index_condition for node in reads(plan) if node.relation == relation]
        assert conditions, (relation, plan.text)
        for condition in conditions:
            assert "organization_id = " in condition, plan.text
            assert f"{key} = " in condition, plan.text
