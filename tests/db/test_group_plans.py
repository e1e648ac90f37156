"""EXPLAIN of what lists of groups run, custom and generic plans alike; see ``test_plans``."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from db import group_members, groups, keyset
from db.keyset import Direction, Position
from tests.db import plans, rows
from tests.db.plans import Mode, Plan, explain
from tests.postgres import Server

BOTH = pytest.mark.parametrize("mode", plans.MODES)
DIRECTIONS = pytest.mark.parametrize("direction", ["ASC", "DESC"])
MEMBER = UUID(int=7)
GROUPS = [UUID(int=int(f"{100000 + number}", 16)) for number in range(1, 51)]
DEEP = Position("2026-01-01 00:40:00Z", UUID(int=0))


@pytest.fixture(scope="module")
async def session(server: Server) -> AsyncIterator[rows.Connection]:
    """The serving role inside the wall, on many groups."""
    urls = await server.copy()
    owner = await asyncpg.connect(urls.owner)
    await owner.execute(plans.SEED)
    await owner.close()
    connection = await asyncpg.connect(urls.serving, server_settings={"jit": "off"})
    await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{rows.A}'")
    yield connection
    await connection.close()


def assert_keyset(plan: Plan, relation: str, key: str) -> None:
    """Assert that a page starts in the index where the one before it ended, without a sort."""
    condition = plan.indexed(relation)
    assert "organization_id = " in condition, plan.text
    assert f"ROW({key})" in condition, plan.text
    assert plan.sorts == [], plan.text


class TestLists:
    @BOTH
    @DIRECTIONS
    @pytest.mark.parametrize("is_first", [True, False])
    async def test_by_time(
        self, session: rows.Connection, mode: Mode, direction: Direction, is_first: bool
    ) -> None:
        after = keyset.start(direction) if is_first else DEEP
        sql = groups.LIST_SQL["create_time", direction]
        plan = await explain(session, mode, sql, [rows.A, None, after.key, after.id, 51])
        assert_keyset(plan, "user_group", "create_time, group_id")

    @BOTH
    @DIRECTIONS
    async def test_of_a_member(
        self, session: rows.Connection, mode: Mode, direction: Direction
    ) -> None:
        after = keyset.start(direction)
        sql = groups.LIST_OF_MEMBER_SQL["create_time", direction]
        plan = await explain(session, mode, sql, [rows.A, None, after.key, after.id, 51, MEMBER])
        assert "user_id = " in plan.indexed("group_member"), plan.text
        assert "group_id = m.group_id" in plan.indexed("user_group"), plan.text

    @BOTH
    @DIRECTIONS
    async def test_members_of_groups(
        self, session: rows.Connection, mode: Mode, direction: Direction
    ) -> None:
        after = keyset.start(direction)
        sql = group_members.LIST_OF_GROUPS_SQL["create_time", direction]
        plan = await explain(session, mode, sql, [rows.A, after.key, after.id, 51, GROUPS])
        assert_keyset(plan, "group_member", "create_time, user_id")
        assert "group_id = g.group_id" in plan.indexed("group_member"), plan.text


class TestActs:
    @BOTH
    async def test_locking_many_users(self, session: rows.Connection, mode: Mode) -> None:
        # A thousand of so few users are read faster one after the other.
        users = [UUID(int=number) for number in range(1, 21)]
        plan = await explain(session, mode, group_members.LOCK_USERS_SQL, [rows.A, users])
        kinds = {node.kind for node in plan.of("organization_user")}
        assert kinds <= {"Index Scan", "Bitmap Heap Scan"}, plan.text

    @BOTH
    @pytest.mark.parametrize(
        ("sql", "key"),
        [(group_members.DELETE_ALL_SQL, "group_id"), (group_members.LEAVE_ALL_SQL, "user_id")],
        ids=["a group", "a user"],
    )
    async def test_leaving(self, session: rows.Connection, mode: Mode, sql: str, key: str) -> None:
        plan = await explain(session, mode, sql, [rows.A, MEMBER])
        conditions = " ".join(node.index_condition for node in plan.nodes)
        assert f"{key} = " in conditions, plan.text
        assert not any(node.kind == "Seq Scan" for node in plan.nodes), plan.text


class TestControl:
    async def test_a_page_without_its_index_is_noticed(self, session: rows.Connection) -> None:
        sql = """SELECT name FROM user_group WHERE organization_id = $1 AND name > $2
            ORDER BY name LIMIT 51"""
        plan = await explain(session, "force_custom_plan", sql, [rows.A, "x"])
        with pytest.raises(AssertionError):
            assert_keyset(plan, "user_group", "create_time, group_id")
