"""Who holds a permission, and lists of limit requests: right, and by an index."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from db import holders, keyset, limit_requests, people, permissions
from tests.db import plans, rows
from tests.db.plans import Mode, explain
from tests.postgres import Server, Urls

BOTH = pytest.mark.parametrize("mode", plans.MODES)
SEED_REQUESTS = """
INSERT INTO limit_request
       (organization_id, request_id, application_user_limit, state, create_time, created_by,
        answer_time, answered_limit)
SELECT o.organization_id, gen_random_uuid(), 100, 'DECLINED',
       '2026-01-01Z'::timestamptz + make_interval(secs => n), gen_random_uuid(), now(), 50
  FROM organization o, generate_series(1, 5000) AS n
 WHERE o.name = 'Acme';
ANALYZE limit_request;
"""


@pytest.fixture(scope="module")
async def session(server: Server) -> AsyncIterator[rows.Connection]:
    """The serving role inside the wall, on a database of many."""
    urls: Urls = await server.copy()
    owner = await asyncpg.connect(urls.owner)
    await owner.execute(plans.SEED)
    await owner.execute(SEED_REQUESTS)
    await owner.close()
    connection = await asyncpg.connect(urls.serving, server_settings={"jit": "off"})
    await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{rows.A}'")
    yield connection
    await connection.close()


class TestHolders:
    async def test_are_those_that_hold_any(self, serving: rows.Connection) -> None:
        """The same question as the guard's, for many at once."""
        await serving.execute(f"SET LOCAL app.organization_id = '{rows.A}'")
        asked = [rows.ALICE, rows.BOB, rows.BARBARA, UUID(int=1)]
        found = await holders.list_holders(serving, rows.A, asked)
        assert found == {
            user_id for user_id in asked if await permissions.holds_any(serving, rows.A, user_id)
        }
        assert found == {rows.ALICE}

    async def test_through_a_group(self, owner: rows.Connection) -> None:
        group = rows.group()
        await rows.insert(owner, "user_group", group)
        await rows.insert(owner, "group_member", rows.membership(group_id=group["group_id"]))
        assert await holders.list_holders(owner, rows.A, [rows.BOB]) == set()
        grant = rows.grant(principal_id=group["group_id"], is_group=True)
        await rows.insert(owner, "permission_grant", grant)
        assert await holders.list_holders(owner, rows.A, [rows.BOB, rows.BOB]) == {rows.BOB}

    @BOTH
    async def test_go_by_an_index(self, session: rows.Connection, mode: Mode) -> None:
        several = [UUID(int=number) for number in range(1, 51)]
        plan = await explain(session, mode, holders.LIST_SQL, [rows.A, several])
        reads = [*plan.of("permission_grant"), *plan.of("group_member")]
        assert len(reads) == 3, plan.text
        for node in reads:
            assert node.kind in ("Index Scan", "Index Only Scan"), plan.text
            assert "organization_id = " in node.index_condition, plan.text
            assert "_id = u.user_id" in node.index_condition or (
                "principal_id = m.group_id" in node.index_condition
            ), plan.text


class TestLimitRequests:
    @BOTH
    @pytest.mark.parametrize("deep", [False, True])
    async def test_a_page(self, session: rows.Connection, mode: Mode, deep: bool) -> None:
        after = keyset.start("DESC")
        key = "2026-01-01 00:30:00Z" if deep else after.key
        arguments = [rows.A, key, after.id, 51]
        plan = await explain(session, mode, limit_requests.LIST_SQL, arguments)
        assert "ROW(create_time, request_id)" in plan.indexed("limit_request"), plan.text
        assert plan.sorts == [], plan.text

    @BOTH
    async def test_the_one_that_waits(self, session: rows.Connection, mode: Mode) -> None:
        plan = await explain(session, mode, limit_requests.FIND_PENDING_SQL, [rows.A])
        assert "limit_request_pending" in plan.text


class TestPeople:
    @BOTH
    async def test_by_identity(self, session: rows.Connection, mode: Mode) -> None:
        arguments = [rows.A, "https://issuer.example", "ada"]
        plan = await explain(session, mode, people.FIND_ID_BY_IDENTITY_SQL, arguments)
        assert "subject = " in plan.indexed("organization_user"), plan.text
