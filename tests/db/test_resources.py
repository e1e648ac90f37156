"""The tree of resources as its statements see it."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from db import keyset, resources
from db.keyset import Direction, Position
from tests.db import plans, rows
from tests.db.plans import Mode, Plan, explain
from tests.db.rows import A, B, Connection
from tests.postgres import Server, Urls

BOTH = pytest.mark.parametrize("mode", plans.MODES)
DIRECTIONS = pytest.mark.parametrize("direction", ["ASC", "DESC"])

TOP, MIDDLE, LEAF, BESIDE, FOREIGN = (UUID(int=0x100 + n) for n in range(5))

BIG, SMALL = UUID(int=4096 + 1), UUID(int=4096 + 50)
# 2 organizations with 100 units; a third of 9,900 projects is directly below the organization, a
# third in one unit, the others are in all. 20 grants on each hundredth of them.
SEED = """
SET session_replication_role = replica;
INSERT INTO organization (organization_id, name)
SELECT o::text::uuid, 'Acme'
  FROM unnest(ARRAY['00000000-0000-0000-0000-00000000000a',
                    '00000000-0000-0000-0000-00000000000b']) AS o;
INSERT INTO resource
       (organization_id, resource_id, kind, parent_id, name, name_key, create_time)
SELECT o.organization_id, lpad(to_hex(4096 + n), 32, '0')::uuid,
       CASE WHEN n <= 100 THEN 'ORGANIZATIONAL_UNIT' ELSE 'PROJECT' END,
       CASE WHEN n <= 100 OR n % 3 = 0 THEN NULL
            WHEN n % 3 = 1 THEN lpad(to_hex(4096 + 1), 32, '0')::uuid
            ELSE lpad(to_hex(4096 + 1 + n % 100), 32, '0')::uuid END,
       'r ' || n, 'r ' || n, '2026-01-01Z'::timestamptz + make_interval(secs => n)
  FROM organization o, generate_series(1, 10000) AS n;
INSERT INTO permission_grant (organization_id, principal_id, resource_id, permission)
SELECT r.organization_id, gen_random_uuid(), r.resource_id, 'project:services:read'
  FROM resource r, generate_series(1, 20)
 WHERE r.name LIKE '%00';
RESET session_replication_role;
ANALYZE;
"""


async def write_tree(owner: Connection) -> None:
    """Write three resources below each other in A, one beside them, and one in B."""
    for resource_id, kind, parent_id in (
        (TOP, "ORGANIZATIONAL_UNIT", None),
        (MIDDLE, "ORGANIZATIONAL_UNIT", TOP),
        (LEAF, "PROJECT", MIDDLE),
        (BESIDE, "PROJECT", None),
    ):
        row = rows.resource(resource_id=resource_id, kind=kind, parent_id=parent_id)
        await rows.insert(owner, "resource", row)
    await rows.insert(owner, "resource", rows.resource(organization_id=B, resource_id=FOREIGN))


class TestPath:
    @pytest.mark.parametrize(
        ("resource_id", "path"),
        [
            (LEAF, [LEAF, MIDDLE, TOP, A]),
            (TOP, [TOP, A]),
            (BESIDE, [BESIDE, A]),
            (A, [A]),
            (FOREIGN, None),
            (B, None),
            (UUID(int=7), None),
        ],
    )
    async def test_leads_up_to_the_organization(
        self, owner: Connection, resource_id: UUID, path: list[UUID] | None
    ) -> None:
        await write_tree(owner)
        assert await resources.find_path(owner, A, resource_id) == path

    async def test_keeps_to_its_organization(self, owner: Connection) -> None:
        await write_tree(owner)
        same_id = rows.resource(organization_id=B, resource_id=MIDDLE)
        await rows.insert(owner, "resource", same_id)
        assert await resources.find_path(owner, A, LEAF) == [LEAF, MIDDLE, TOP, A]
        assert await resources.find_path(owner, B, MIDDLE) == [MIDDLE, B]


class TestHeight:
    @pytest.mark.parametrize(
        ("resource_id", "height"), [(TOP, 3), (MIDDLE, 2), (LEAF, 1), (BESIDE, 1), (FOREIGN, 0)]
    )
    async def test_counts_the_levels(
        self, owner: Connection, resource_id: UUID, height: int
    ) -> None:
        await write_tree(owner)
        assert await resources.find_height(owner, A, resource_id) == height


@pytest.fixture(scope="module")
async def seeded(server: Server) -> Urls:
    urls = await server.copy()
    connection = await asyncpg.connect(urls.owner)
    await connection.execute(SEED)
    await connection.close()
    return urls


@pytest.fixture(scope="module")
async def session(seeded: Urls) -> AsyncIterator[Connection]:
    """The serving role inside the wall: the policy is part of every plan."""
    connection = await asyncpg.connect(seeded.serving, server_settings={"jit": "off"})
    await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{A}'")
    yield connection
    await connection.close()


def assert_page(plan: Plan, *columns: str) -> None:
    """Assert that a page starts in the index where the one before it ended, and needs no sort."""
    condition = plan.indexed("resource")
    for column in columns:
        assert column in condition, plan.text
    assert "ROW(create_time, resource_id)" in condition, plan.text
    assert plan.sorts == [], plan.text


class TestPlans:
    @BOTH
    @DIRECTIONS
    @pytest.mark.parametrize("is_deep", [False, True])
    async def test_pages(
        self, session: Connection, mode: Mode, direction: Direction, is_deep: bool
    ) -> None:
        after = keyset.start(direction)
        if is_deep:
            after = Position("2026-01-01 01:00:00Z", UUID(int=4096 + 3600))
        keep = [A, ["ORGANIZATIONAL_UNIT", "PROJECT"], None, after.key, after.id, 51]
        sql = resources.LIST_SQL["create_time", direction]
        assert_page(await explain(session, mode, sql, keep), "organization_id = ")
        sql = resources.LIST_CHILDREN_SQL["create_time", direction]
        for parent in (BIG, A):
            plan = await explain(session, mode, sql, [*keep, parent])
            assert_page(plan, "organization_id = ", "above_id = ")

    @BOTH
    async def test_path(self, session: Connection, mode: Mode) -> None:
        plan = await explain(session, mode, resources.FIND_PATH_SQL, [A, UUID(int=4096 + 5000)])
        reads = plan.of("resource")
        assert {read.kind for read in reads} == {"Index Scan"}, plan.text
        assert all("resource_id = " in read.index_condition for read in reads), plan.text

    @BOTH
    async def test_what_is_below(self, session: Connection, mode: Mode) -> None:
        plan = await explain(session, mode, resources.HAS_CHILDREN_SQL, [A, SMALL])
        assert "parent_id = " in plan.indexed("resource"), plan.text

    @BOTH
    async def test_grants_on_it(self, session: Connection, mode: Mode) -> None:
        plan = await explain(session, mode, resources.DELETE_GRANTS_SQL, [A, UUID(int=4096 + 500)])
        reads = [node for node in plan.nodes if node.kind != "ModifyTable"]
        assert any("resource_id = " in read.index_condition for read in reads), plan.text
