"""Plans of what the functions that cross tenants run inside: none of it reads a whole table.

They are planned as PostgreSQL does it in the function, under the settings that it makes.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.db import plans, rows
from tests.db.definer_scene import BY_INDEX, SEED, assert_by_keys, inner_statements, reads
from tests.db.plans import Mode, Plan, explain
from tests.postgres import Server, Urls

BOTH = pytest.mark.parametrize("mode", plans.MODES)
BATCHES = pytest.mark.parametrize("batch", [1, 16, 250])


@pytest.fixture(scope="module")
async def seeded(server: Server) -> Urls:
    urls = await server.copy()
    connection = await asyncpg.connect(urls.owner)
    await connection.execute(plans.SEED)
    await connection.execute(SEED)
    await connection.close()
    return urls


@pytest.fixture
async def definer(seeded: Urls) -> AsyncIterator[rows.Connection]:
    """The owner, whom SECURITY DEFINER functions run as."""
    connection = await asyncpg.connect(seeded.owner, server_settings={"jit": "off"})
    await connection.execute("BEGIN")
    yield connection
    await connection.close()


@pytest.fixture
async def small(copied: Urls) -> AsyncIterator[rows.Connection]:
    """The same on a database with hardly a row in it, which knows that."""
    connection = await asyncpg.connect(copied.owner, server_settings={"jit": "off"})
    await connection.execute("BEGIN")
    yield connection
    await connection.close()


KEYS = {
    "token": "token_id",
    "organization_user": "user_id",
    "organization_policy": "organization_id",
    "permission_grant": "principal_id",
    "group_member": "user_id",
    "resource": "resource_id",
}
UNIT = UUID(hex=format(900_005, "032x"))


async def of_presented(definer: rows.Connection, mode: Mode, batch: int) -> Plan:
    types, (sql,) = await inner_statements(definer, "look_up_presented_tokens")
    ids = [UUID(int=number * 70) for number in range(1, batch + 1)]
    plan = await explain(definer, mode, sql, [[rows.A] * batch, ids, [UNIT] * batch], types)
    # The first token of all stands in for a missing one.
    (stand_in,) = [
        node for node in plan.nodes if node.relation == "token" and not node.index_condition
    ]
    assert (stand_in.kind, stand_in.index) == ("Index Scan", "token_pkey"), plan.text
    return replace(plan, nodes=tuple(node for node in plan.nodes if node is not stand_in))


async def of_uses(
    definer: rows.Connection, mode: Mode, batch: int, without: str = "nothing of it"
) -> Plan:
    types, (sql,) = await inner_statements(definer, "record_uses")
    sql = sql.replace(without, "")
    ids = [UUID(int=number * 70) for number in range(1, batch + 1)]
    when = ["2026-01-05 12:00Z"] * batch
    arguments: list[object] = [
        *([rows.A] * batch, ids, ids, ["10.0.0.1"] * batch, ["curl"] * batch),
        *([False] * batch, [1] * batch, when, when, [False] * batch, 1000),
    ]
    return await explain(definer, mode, sql, arguments, types)


class TestPresentedTokens:
    @BOTH
    @BATCHES
    async def test_by_keys(self, definer: rows.Connection, mode: Mode, batch: int) -> None:
        plan = await of_presented(definer, mode, batch)
        assert_by_keys(plan, KEYS)
        assert not {node.kind for node in plan.nodes} & {"Hash Join", "Merge Join"}, plan.text

    async def test_in_a_small_database_too(self, small: rows.Connection) -> None:
        """The function keeps the plan that it makes there, until there are other statistics.

        Of the few grants, PostgreSQL 15 would read those of the organization in their order.
        """
        plan = await of_presented(small, "force_generic_plan", 1)
        assert_by_keys(plan, {name: key for name, key in KEYS.items() if "grant" not in name})
        assert not {node.kind for node in plan.nodes} & {"Hash Join", "Merge Join"}, plan.text

    async def test_control_without_its_settings(self, small: rows.Connection) -> None:
        types, (sql,) = await inner_statements(small, "look_up_presented_tokens")
        await small.execute("SET LOCAL enable_seqscan = on")
        arguments: Sequence[object] = [[rows.A], [rows.A_TOKEN], [UNIT]]
        plan = await explain(small, "force_generic_plan", sql, arguments, types)
        with pytest.raises(AssertionError):
            assert_by_keys(plan, KEYS)

    @pytest.mark.parametrize("resource_id", [None, UNIT, uuid4()], ids=["own", "deep", "missing"])
    async def test_as_much_is_read_for_a_missing_token(
        self, definer: rows.Connection, resource_id: UUID | None
    ) -> None:
        """Which tokens there are is not to be learned by the clock."""
        types, (sql,) = await inner_statements(definer, "look_up_presented_tokens")
        there = await self.loops(definer, sql, types, UUID(int=70), resource_id)
        missing = await self.loops(definer, sql, types, uuid4(), resource_id)
        # Another token is read in its place.
        assert missing == there | {"token_pkey": there["token_pkey"] + 1}
        if resource_id == UNIT:
            assert all(there.values())

    async def test_control_without_another_token(self, definer: rows.Connection) -> None:
        types, (sql,) = await inner_statements(definer, "look_up_presented_tokens")
        dropping, count = re.subn(r"LIMIT 1\)(\s+LIMIT 1\) t)", r"LIMIT 0)\1", sql)
        assert count == 1
        there = await self.loops(definer, dropping, types, UUID(int=70), UNIT)
        missing = await self.loops(definer, dropping, types, uuid4(), UNIT)
        assert there["organization_user_pkey"] == 1
        assert missing["organization_user_pkey"] == 0

    async def loops(
        self,
        definer: rows.Connection,
        sql: str,
        types: str,
        token_id: UUID,
        resource_id: UUID | None,
    ) -> dict[str, int]:
        """How often each index is read."""
        await definer.execute(f"PREPARE counted ({types}) AS {sql}")
        place = f"'{resource_id}'" if resource_id else "NULL"
        found = await definer.fetchval(
            "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE"
            f" counted('{{{rows.A}}}', '{{{token_id}}}', ARRAY[{place}]::uuid[])"
        )
        await definer.execute("DEALLOCATE counted")
        counts: dict[str, int] = {}
        for node in _each(json.loads(found)[0]["Plan"]):
            if "Index Name" in node:
                # Grants are read in one of two ways, with groups or without.
                name = node["Index Name"]
                counts[name] = counts.get(name, 0) + int(node["Actual Loops"])
        return counts


def _each(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _each(child)


class TestUses:
    @BOTH
    @BATCHES
    async def test_by_keys(self, definer: rows.Connection, mode: Mode, batch: int) -> None:
        plan = await of_uses(definer, mode, batch)
        self.assert_by_days(plan)

    async def test_in_a_small_database_too(self, small: rows.Connection) -> None:
        self.assert_by_days(await of_uses(small, "force_generic_plan", 250))

    async def test_in_a_history_that_has_just_begun(self, small: rows.Connection) -> None:
        """Nobody looks at how many rows there are before a minute is over."""
        await small.execute("DELETE FROM token_use; ANALYZE token_use")
        self.assert_by_days(await of_uses(small, "force_generic_plan", 250))

    async def test_control_without_the_order_of_the_key(self, small: rows.Connection) -> None:
        await small.execute("DELETE FROM token_use; ANALYZE token_use")
        plan = await of_uses(small, "force_generic_plan", 250, without="ORDER BY h.ip")
        with pytest.raises(AssertionError):
            self.assert_by_days(plan)

    def assert_by_days(self, plan: Plan) -> None:
        """Assert that of the history rows are read by their keys, and else the tokens' days."""
        assert_by_keys(plan, {"token": "token_id", "token_use": "token_id"})
        *by_key, by_day = [node for node in reads(plan) if node.relation == "token_use"]
        # With an address, without one, and the row of what is not told apart.
        assert [node.index for node in by_key] == ["token_use_key"] * 3, plan.text
        for node in by_key:
            assert "user_agent = " in node.index_condition, plan.text
        condition = by_day.index_condition
        assert "use_date = " in condition or "first_use_time >= " in condition, plan.text


class TestOthers:
    @BOTH
    @pytest.mark.parametrize("batch", [1, 16])
    async def test_look_up_tokens(self, definer: rows.Connection, mode: Mode, batch: int) -> None:
        types, (sql,) = await inner_statements(definer, "look_up_tokens")
        ids = [UUID(int=number * 100) for number in range(1, batch + 1)]
        plan = await explain(definer, mode, sql, [[rows.A] * batch, ids], types)
        assert {node.kind for node in reads(plan)} <= BY_INDEX, plan.text
        (read,) = [node for node in reads(plan) if node.index == "token_pkey"]
        assert "organization_id = ANY" in read.index_condition, plan.text
        assert "token_id = ANY" in read.index_condition, plan.text

    @BOTH
    async def test_find_person(self, definer: rows.Connection, mode: Mode) -> None:
        types, (sql,) = await inner_statements(definer, "find_person")
        plan = await explain(definer, mode, sql, ["https://issuer.example", "me"], types)
        assert "issuer = " in plan.indexed("organization_user"), plan.text
        assert "subject = " in plan.indexed("organization_user"), plan.text

    @BOTH
    async def test_extend_token(self, definer: rows.Connection, mode: Mode) -> None:
        types, statements = await inner_statements(definer, "extend_token")
        given = [rows.A, UUID(int=100), "2026-02-01Z"]
        assert len(statements) == 2
        for sql in statements:
            plan = await explain(definer, mode, sql, given, types)
            (read,) = [node for node in reads(plan) if node.kind != "LockRows"]
            assert read.kind == "Index Scan"
            assert "token_id = " in read.index_condition, plan.text

    @BOTH
    async def test_record_token_uses(self, definer: rows.Connection, mode: Mode) -> None:
        types, statements = await inner_statements(definer, "record_token_uses")
        batch = 32
        ids = [UUID(int=number * 100) for number in range(1, batch + 1)]
        when, ip, agent = ["2026-02-01Z"] * batch, ["192.0.2.1"] * batch, ["curl"] * batch
        keys = {"organization_user": "user_id = ", "token": "token_id = "}
        # Each table's rows are locked, and then written.
        relations = [relation for relation in keys for _ in range(2)]
        for relation, sql in zip(relations, statements, strict=True):
            sql_of_tenants = sql.replace("(tenants)", "($7)")
            arguments = [[rows.A] * batch, ids, ids, when, ip, agent, [rows.A]]
            plan = await explain(definer, mode, sql_of_tenants, arguments, f"{types}, uuid[]")
            seen = {node.kind for node in plan.of(relation)} - {"ModifyTable"}
            assert seen <= {"Index Scan", "Bitmap Heap Scan"}, plan.text
            assert any(keys[relation] in node.index_condition for node in plan.nodes), plan.text
