"""EXPLAIN as a regression test: the hot statements go by an index, custom and generic plans alike.

A generic plan does not know the arguments, so it shows whether a statement is fast for the reason
its author meant or because the planner happened to see a small number.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from db import (
    actors,
    keyset,
    organizations,
    policies,
    previews,
    sweeps,
    token_endings,
    token_pages,
    tokens,
    users,
)
from db.keyset import Direction, Position
from tests.db import plans, rows
from tests.db.plans import Mode, Plan, explain
from tests.postgres import Server, Urls

BOTH = pytest.mark.parametrize("mode", plans.MODES)
DIRECTIONS = pytest.mark.parametrize("direction", ["ASC", "DESC"])
FIRST, DEEP = "first page", "deep page"
PAGES = pytest.mark.parametrize("page", [FIRST, DEEP])
NOBODY = UUID(int=1)
NO_FILTER = [None] * 10
NO_USER_FILTER = [None, ["ACTIVE", "DEACTIVATED"], *[None] * 6]


@pytest.fixture(scope="module")
async def seeded(server: Server) -> Urls:
    urls = await server.copy()
    connection = await asyncpg.connect(urls.owner)
    await connection.execute(plans.SEED)
    await connection.close()
    return urls


@pytest.fixture(scope="module")
async def session(seeded: Urls) -> AsyncIterator[rows.Connection]:
    """The serving role inside the wall: the policy is part of every plan."""
    connection = await asyncpg.connect(seeded.serving, server_settings={"jit": "off"})
    await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{rows.A}'")
    yield connection
    await connection.close()


def position(page: str, direction: Direction, count: int) -> Position:
    if page == FIRST:
        return keyset.start(direction)
    return Position("2026-01-01 00:00:00Z", UUID(int=count // 2))


def assert_keyset(plan: Plan, relation: str, key: str) -> None:
    """Assert that a page starts in the index where the one before it ended, and needs no sort."""
    condition = plan.indexed(relation)
    assert "organization_id = " in condition, plan.text
    assert f"ROW({key})" in condition, plan.text
    assert plan.sorts == [], plan.text


class TestTokens:
    @BOTH
    @DIRECTIONS
    @PAGES
    @pytest.mark.parametrize("people", [True, False])
    async def test_page_of_an_organization(
        self, session: rows.Connection, mode: Mode, direction: Direction, page: str, people: bool
    ) -> None:
        after = position(page, direction, 20_000)
        sql = token_pages.LIST_SQL["create_time", direction]
        arguments = [rows.A, *NO_FILTER, after.key, after.id, 51, people, NOBODY]
        plan = await explain(session, mode, sql, arguments)
        assert_keyset(plan, "token", "create_time, token_id")
        assert "user_id = t.user_id" in plan.indexed("organization_user"), plan.text

    @BOTH
    @DIRECTIONS
    @PAGES
    async def test_pages_of_users(
        self, session: rows.Connection, mode: Mode, direction: Direction, page: str
    ) -> None:
        after = position(page, direction, 20_000)
        several = [UUID(int=number) for number in range(1, 51)]
        sql = token_pages.LIST_OF_USERS_SQL["create_time", direction]
        arguments = [rows.A, *NO_FILTER, after.key, after.id, 51, several]
        plan = await explain(session, mode, sql, arguments)
        assert_keyset(plan, "token", "create_time, token_id")
        assert "user_id = u.user_id" in plan.indexed("token"), plan.text

    @BOTH
    @pytest.mark.parametrize("order", ["ASC", "DESC"])
    async def test_page_created_in_a_span(
        self, session: rows.Connection, mode: Mode, order: Direction
    ) -> None:
        after = keyset.start(order)
        span = [*[None] * 3, "2026-01-01 03:00Z", "2026-01-01 04:00Z", *[None] * 5]
        sql = token_pages.LIST_SQL["create_time", order]
        arguments = [rows.A, *span, after.key, after.id, 51, True, None]
        plan = await explain(session, mode, sql, arguments)
        assert_keyset(plan, "token", "create_time, token_id")
        if mode == "force_custom_plan":
            assert "create_time >= " in plan.indexed("token"), plan.text
            assert "create_time < " in plan.indexed("token"), plan.text

    @BOTH
    async def test_idempotency_key(self, session: rows.Connection, mode: Mode) -> None:
        sql = tokens.FIND_BY_IDEMPOTENCY_KEY_SQL
        condition = (await explain(session, mode, sql, [rows.A, NOBODY, "key-100"])).indexed(
            "token"
        )
        for column in ("organization_id", "created_by", "idempotency_key"):
            assert f"{column} = " in condition

    @BOTH
    async def test_one(self, session: rows.Connection, mode: Mode) -> None:
        plan = await explain(session, mode, tokens.FIND_SQL, [rows.A, NOBODY])
        assert "token_id = " in plan.indexed("token"), plan.text
        assert "user_id = t.user_id" in plan.indexed("organization_user"), plan.text

    @BOTH
    @pytest.mark.parametrize(
        ("sql", "key"),
        [
            (token_endings.MARK_SEVERAL_REVOKED_SQL, "token_id"),
            (token_endings.MARK_SEVERAL_REVOKED_BY_HOLDERS_SQL, "token_id"),
            (token_endings.LOCK_ALL_SQL, "user_id"),
        ],
        ids=["some", "some that were presented", "all of a user"],
    )
    async def test_revocation(
        self, session: rows.Connection, mode: Mode, sql: str, key: str
    ) -> None:
        given: list[object] = [rows.A, [NOBODY] if key == "token_id" else NOBODY]
        if "$3" in sql:
            given.append(NOBODY)
        plan = await explain(session, mode, sql, given)
        (read,) = [node for node in plan.of("token") if node.kind != "ModifyTable"]
        assert read.kind == "Index Scan", plan.text
        assert f"{key} = " in read.index_condition, plan.text


class TestUsers:
    @BOTH
    @DIRECTIONS
    @PAGES
    async def test_page(
        self, session: rows.Connection, mode: Mode, direction: Direction, page: str
    ) -> None:
        after = position(page, direction, 10_000)
        sql = users.LIST_SQL["create_time", direction]
        plan = await explain(session, mode, sql, [rows.A, *NO_USER_FILTER, after.key, after.id, 51])
        assert_keyset(plan, "organization_user", "create_time, user_id")

    @BOTH
    async def test_live_tokens_of_a_page(self, session: rows.Connection, mode: Mode) -> None:
        several = [UUID(int=number) for number in range(1, 101)]
        plan = await explain(session, mode, previews.COUNT_LIVE_OF_USERS_SQL, [rows.A, several])
        assert "user_id = u.user_id" in plan.indexed("token"), plan.text
        for read in plan.of("organization_user"):
            assert read.kind != "Seq Scan", plan.text

    @BOTH
    async def test_quota_claim(self, session: rows.Connection, mode: Mode) -> None:
        plan = await explain(session, mode, organizations.CLAIM_APPLICATION_USER_SQL, [rows.A])
        (read,) = [node for node in plan.of("organization") if node.kind != "ModifyTable"]
        assert read.kind == "Index Scan", plan.text
        assert "organization_id = " in read.index_condition, plan.text


class TestActors:
    @BOTH
    async def test_standing_is_one_look_up_for_each_table(
        self, session: rows.Connection, mode: Mode
    ) -> None:
        user_id, token_id = UUID(int=8), UUID(int=10_007)
        plan = await explain(session, mode, actors.FIND_STANDING_SQL, [rows.A, user_id, token_id])
        for table, key in (
            ("organization_user", "user_id = "),
            ("token", "token_id = "),
            ("organization_policy", "organization_id = "),
            ("permission_grant", "principal_id = "),
            ("group_member", "user_id = "),
        ):
            assert key in plan.indexed(table), (table, plan.text)


class TestPolicies:
    @BOTH
    @pytest.mark.parametrize(
        "sql", [policies.LIST_BLOCKED_IDS_SQL, sweeps.SWEEP_SQL], ids=["blocked", "sweep"]
    )
    async def test_some_tokens(self, session: rows.Connection, mode: Mode, sql: str) -> None:
        several = [UUID(int=number * 100) for number in range(1, 51)]
        plan = await explain(session, mode, sql, [rows.A, several])
        assert "Seq Scan" not in {node.kind for node in plan.of("token")}, plan.text
        for read in [node for node in plan.nodes if node.index.startswith("token")]:
            assert read.index == "token_pkey", plan.text
            assert "token_id = " in read.index_condition, plan.text

    @BOTH
    async def test_window_of_a_sweep(self, session: rows.Connection, mode: Mode) -> None:
        begin, end = UUID(int=5000), UUID(int=9000)
        plan = await explain(session, mode, sweeps.LIST_UNUSED_SQL, [rows.A, begin, end, 1000])
        (read,) = [node for node in plan.nodes if node.index == "token_pkey"]
        assert "token_id > " in read.index_condition, plan.text
        assert "token_id <= " in read.index_condition, plan.text
        plan = await explain(session, mode, sweeps.FIND_WINDOW_END_SQL, [rows.A, begin, 4000])
        assert "token_id > " in plan.indexed("token"), plan.text
        assert plan.sorts == [], plan.text


class TestControl:
    async def test_a_statement_without_its_index_is_noticed(self, session: rows.Connection) -> None:
        sql = "SELECT description FROM token WHERE organization_id = $1 AND description = $2"
        plan = await explain(session, "force_custom_plan", sql, [rows.A, "x"])
        with pytest.raises(AssertionError):
            assert_keyset(plan, "token", "create_time, token_id")

    async def test_a_keyset_that_is_only_a_filter_is_noticed(
        self, session: rows.Connection
    ) -> None:
        sql = """SELECT token_id FROM token WHERE organization_id = $1
            AND ($2::timestamptz IS NULL OR (create_time, token_id) > ($2, $3::uuid))
            ORDER BY create_time, token_id LIMIT 51"""
        arguments = [rows.A, "2026-01-01 01:00Z", NOBODY]
        custom = await explain(session, "force_custom_plan", sql, arguments)
        assert_keyset(custom, "token", "create_time, token_id")
        generic = await explain(session, "force_generic_plan", sql, arguments)
        with pytest.raises(AssertionError):
            assert_keyset(generic, "token", "create_time, token_id")
