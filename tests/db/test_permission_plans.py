"""EXPLAIN of what resolves, lists and checks permissions; see ``test_plans``."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from db import authority, permission_pages, permissions
from db.permission_pages import GrantFilter, GrantPosition
from tests.db import plans, rows
from tests.db.plans import Mode, Plan, explain
from tests.postgres import Server

BOTH = pytest.mark.parametrize("mode", plans.MODES)
SOMEBODY, SOMETHING = UUID(int=77), UUID(int=65536 + 99)

# Five units in each other, 2,000 projects in the lowest, and grants on each to some users.
SEED = """
INSERT INTO resource (organization_id, resource_id, kind, parent_id, name, name_key)
SELECT $1, lpad(to_hex(65536 + n), 32, '0')::uuid,
       CASE WHEN n <= 5 THEN 'ORGANIZATIONAL_UNIT' ELSE 'PROJECT' END,
       CASE WHEN n > 1 THEN lpad(to_hex(65536 + least(n - 1, 5)), 32, '0')::uuid END,
       'r' || n, 'r' || n
  FROM generate_series(1, 2005) AS n
"""
# Every user of the seed is administrator: ten are left, every other one a person.
ADMINISTRATORS = """
DELETE FROM permission_grant
 WHERE permission = 'role:organization:admin'
   AND principal_id > '00000000-0000-0000-0000-00000000000a';
UPDATE organization_user SET is_application_user = false
 WHERE right(user_id::text, 1) IN ('0', '2', '4', '6', '8')
"""
GRANTS = """
INSERT INTO permission_grant (organization_id, principal_id, resource_id, permission)
SELECT r.organization_id, u.user_id, r.resource_id, p.permission
  FROM resource r
  JOIN organization_user u ON u.organization_id = r.organization_id
   AND u.user_id = ANY (ARRAY(SELECT lpad(to_hex(n), 32, '0')::uuid
                                FROM generate_series(1, 200, 20) AS n))
 CROSS JOIN unnest(ARRAY['read_only', 'developer']) AS p (permission)
 WHERE r.organization_id = $1
"""


@pytest.fixture(scope="module")
async def session(server: Server) -> AsyncIterator[rows.Connection]:
    """The serving role inside the wall, in a big organization."""
    urls = await server.copy()
    owner = await asyncpg.connect(urls.owner)
    await owner.execute(plans.SEED)
    await owner.execute(ADMINISTRATORS)
    await owner.execute(SEED, rows.A)
    await owner.execute(GRANTS, rows.A)
    await owner.execute("ANALYZE")
    await owner.close()
    connection = await asyncpg.connect(urls.serving, server_settings={"jit": "off"})
    await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{rows.A}'")
    yield connection
    await connection.close()


def reads(plan: Plan) -> dict[str, str]:
    """Return the index condition of each read of a table; fails on one without."""
    found: dict[str, str] = {}
    for node in plan.nodes:
        if node.relation:
            assert node.kind in ("Index Scan", "Index Only Scan"), plan.text
            found[node.relation] = found.get(node.relation, "") + node.index_condition
    return found


class TestResolution:
    @BOTH
    @pytest.mark.parametrize("questions", [1, 20])
    async def test_goes_by_indexes(
        self, session: rows.Connection, mode: Mode, questions: int
    ) -> None:
        asked = [
            [UUID(int=number) for number in range(1, questions + 1)],
            [False] * questions,
            [UUID(int=65536 + 2000 - number) for number in range(questions)],
            [True] * questions,
        ]
        plan = await explain(session, mode, authority.FIND_SQL, [rows.A, *asked])
        found = reads(plan)
        assert "principal_id = ANY (" in found["permission_grant"], plan.text
        assert "resource_id = ANY (" in found["permission_grant"], plan.text
        assert "user_id = " in found["group_member"], plan.text
        assert found["resource"].count("resource_id = ") == 3, plan.text
        assert "group_id = " in found["user_group"], plan.text
        assert "user_id = " in found["organization_user"], plan.text


LISTS: list[tuple[str, GrantFilter, str, list[str]]] = [
    ("all", GrantFilter(), "ROW(principal_id, resource_id, permission)", []),
    ("of a principal", GrantFilter(SOMEBODY), "ROW(resource_id, permission)", ["principal_id = "]),
    (
        "of a resource",
        GrantFilter(None, SOMETHING),
        "ROW(permission, principal_id)",
        ["resource_id = "],
    ),
    (
        "of a permission",
        GrantFilter(None, None, "read_only"),
        "ROW(principal_id, resource_id)",
        ["permission = "],
    ),
    (
        "of a principal on a resource",
        GrantFilter(SOMEBODY, SOMETHING, "read_only"),
        "ROW(resource_id, permission)",
        ["principal_id = "],
    ),
]


class TestLists:
    @BOTH
    @pytest.mark.parametrize(
        ("_what", "keep", "key", "fixed"), LISTS, ids=[row[0] for row in LISTS]
    )
    async def test_a_page_is_a_range(
        self,
        session: rows.Connection,
        mode: Mode,
        _what: str,
        keep: GrantFilter,
        key: str,
        fixed: list[str],
    ) -> None:
        after = GrantPosition(SOMEBODY, SOMETHING, "developer")
        places = {
            "principal": [after.principal_id, after.resource_id, after.permission],
            "resource_of_principal": [after.resource_id, after.permission],
            "resource": [after.permission, after.principal_id],
            "permission": [after.principal_id, after.resource_id],
        }[keep.order]
        plan = await explain(
            session,
            mode,
            permission_pages.LIST_SQL[keep.order],
            [rows.A, keep.principal_id, keep.resource_id, keep.permission, 51, *places],
        )
        condition = plan.indexed("permission_grant")
        assert key in condition, plan.text
        for part in ("organization_id = ", *fixed):
            assert part in condition, plan.text
        assert plan.sorts == [], plan.text


class TestWriting:
    @BOTH
    async def test_what_is_held(self, session: rows.Connection, mode: Mode) -> None:
        plan = await explain(
            session, mode, permissions.LIST_HELD_SQL, [rows.A, SOMEBODY, SOMETHING]
        )
        condition = plan.indexed("permission_grant")
        assert "principal_id = " in condition
        assert "resource_id = " in condition

    @BOTH
    async def test_the_administrator(self, session: rows.Connection, mode: Mode) -> None:
        plan = await explain(session, mode, permissions.HAS_ADMINISTRATOR_SQL, [rows.A])
        found = [node for node in plan.nodes if node.relation == "permission_grant"]
        assert all("permission = " in node.index_condition for node in found), plan.text


class TestControl:
    async def test_a_page_by_another_order_is_noticed(self, session: rows.Connection) -> None:
        sql = permission_pages.LIST_SQL["principal"].replace(
            "ORDER BY g.principal_id, g.resource_id", "ORDER BY g.create_time, g.principal_id"
        )
        plan = await explain(
            session,
            "force_generic_plan",
            sql,
            [rows.A, None, None, None, 51, SOMEBODY, SOMETHING, "x"],
        )
        assert plan.sorts
