"""Plans of the history of uses: each page goes by an index, at the start and deep in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

import asyncpg
import pytest

from db import token_uses
from db.keyset import FIRST_TIME, LAST_ID, LAST_TIME, Position
from db.token_uses import COUNT_SQL, LIST_SQL, Lead, UseFilter, list_page
from tests.db import plans, rows
from tests.db.plans import Mode, Plan, explain
from tests.postgres import Server

BOTH = pytest.mark.parametrize("mode", plans.MODES)
COUNT = 40_000
TOKEN, USER = UUID(int=7), UUID(int=8)
START = datetime(2026, 1, 1, tzinfo=UTC)

# 2 organizations with 40,000 rows each, a minute apart, of 50 tokens of 40 users.
SEED = f"""
SET session_replication_role = replica;
INSERT INTO token_use
       (organization_id, use_id, token_id, user_id, use_date, ip, user_agent, use_count,
        first_use_time, last_use_time)
SELECT o.organization_id, gen_random_uuid(), lpad(to_hex(1 + n % 50), 32, '0')::uuid,
       lpad(to_hex(1 + n % 40), 32, '0')::uuid, t.at::date, '192.0.2.7', 'agent ' || n, 1,
       t.at, t.at + interval '10 seconds'
  FROM organization o, generate_series(1, {COUNT}) AS n,
       LATERAL (SELECT '2026-01-01Z'::timestamptz + make_interval(mins => n) AS at) t
 WHERE o.name = 'Acme';
RESET session_replication_role;
ANALYZE token_use;
"""
GIVEN: dict[Lead, UseFilter] = {
    "all": UseFilter(),
    "user": UseFilter(user_id=USER),
    "token": UseFilter(token_id=TOKEN),
}
INDEXES: dict[Lead, tuple[str, str]] = {
    "all": ("token_use_by_time", "organization_id ="),
    "user": ("token_use_by_user", "user_id ="),
    "token": ("token_use_by_token", "token_id ="),
}


@pytest.fixture(scope="module")
async def session(server: Server) -> AsyncIterator[rows.Connection]:
    """The serving role inside the wall, on a database with much in it."""
    urls = await server.copy()
    owner = await asyncpg.connect(urls.owner)
    await owner.execute(plans.SEED)
    await owner.execute(SEED)
    await owner.close()
    connection = await asyncpg.connect(urls.serving, server_settings={"jit": "off"})
    await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{rows.A}'")
    yield connection
    await connection.close()


def arguments(
    keep: UseFilter,
    start: datetime = LAST_TIME,
    since: datetime = FIRST_TIME,
    *,
    with_people: bool = True,
    outside: str | None = None,
) -> list[object]:
    """Return the arguments of a list statement."""
    return [
        *(rows.A, since, outside, keep.user_id, keep.token_id),
        *(start, LAST_ID, 51, with_people, None),
    ]


def check(plan: Plan, lead: Lead) -> str:
    """Check that a page is read in order by the index of its lead; return the conditions."""
    condition = plan.indexed("token_use")
    index, part = INDEXES[lead]
    (node,) = plan.of("token_use")
    assert node.index == index, plan.text
    assert part in condition, plan.text
    assert "ROW(first_use_time, use_id) <" in condition, plan.text
    assert "first_use_time >=" in condition, plan.text
    assert plan.sorts == [], plan.text
    return condition


class TestPages:
    @BOTH
    @pytest.mark.parametrize("lead", LIST_SQL)
    @pytest.mark.parametrize("is_deep", [False, True])
    async def test_by_the_index_of_their_filter(
        self, session: rows.Connection, mode: Mode, lead: Lead, is_deep: bool
    ) -> None:
        start = START + timedelta(minutes=COUNT // 2) if is_deep else LAST_TIME
        plan = await explain(session, mode, LIST_SQL[lead], arguments(GIVEN[lead], start))
        check(plan, lead)

    @BOTH
    @pytest.mark.parametrize("lead", LIST_SQL)
    async def test_of_a_span(self, session: rows.Connection, mode: Mode, lead: Lead) -> None:
        since, until = START + timedelta(days=10), START + timedelta(days=11)
        given = arguments(GIVEN[lead], until, since)
        check(await explain(session, mode, LIST_SQL[lead], given), lead)

    @BOTH
    @pytest.mark.parametrize("lead", LIST_SQL)
    async def test_for_who_sees_application_users_alone(
        self, session: rows.Connection, mode: Mode, lead: Lead
    ) -> None:
        given = arguments(GIVEN[lead], with_people=False)
        plan = await explain(session, mode, LIST_SQL[lead], given)
        check(plan, lead)
        assert "user_id = h.user_id" in plan.indexed("organization_user"), plan.text

    @BOTH
    async def test_of_what_networks_cut_off(self, session: rows.Connection, mode: Mode) -> None:
        given = arguments(GIVEN["token"], outside="{192.0.2.0/24,2001:db8::/32}")
        check(await explain(session, mode, LIST_SQL["token"], given), "token")

    @BOTH
    async def test_of_a_token_and_its_user(self, session: rows.Connection, mode: Mode) -> None:
        keep = UseFilter(user_id=USER, token_id=TOKEN)
        assert keep.lead == "token"
        check(await explain(session, mode, LIST_SQL["token"], arguments(keep)), "token")

    async def test_an_end_is_where_the_page_starts(self, session: rows.Connection) -> None:
        until = START + timedelta(minutes=1000)
        keep = UseFilter(until=until, outside=(ip_network("198.51.100.0/24"),))
        found = await list_page(
            session,
            rows.A,
            keep,
            Position(LAST_TIME, LAST_ID),
            3,
            with_people=True,
            own_token_id=None,
        )
        assert [use.first_use_time for use in found] == [
            until - timedelta(minutes=number) for number in (1, 2, 3)
        ]


class TestCount:
    @BOTH
    async def test_by_the_tokens_index(self, session: rows.Connection, mode: Mode) -> None:
        plan = await explain(session, mode, COUNT_SQL, [rows.A, TOKEN, "{192.0.2.0/24}", 10_000])
        reads = [node for node in plan.nodes if node.relation == "token_use"]
        assert {node.kind for node in reads} <= {"Index Scan", "Bitmap Heap Scan"}, plan.text
        assert "token_id = " in plan.text


class TestControl:
    async def test_a_page_in_another_order_is_noticed(self, session: rows.Connection) -> None:
        sql = LIST_SQL["token"].replace("ORDER BY h.first_use_time DESC", "ORDER BY h.use_count")
        assert sql != LIST_SQL["token"]
        plan = await explain(session, "force_generic_plan", sql, arguments(GIVEN["token"]))
        with pytest.raises(AssertionError):
            check(plan, "token")

    async def test_a_join_of_all_users_is_noticed(self, session: rows.Connection) -> None:
        sql = "SELECT user_id FROM organization_user WHERE organization_id = $1"
        plan = await explain(session, "force_generic_plan", sql, [rows.A])
        with pytest.raises(AssertionError):
            assert "user_id = " in plan.indexed("organization_user"), plan.text

    def test_every_lead_is_asked(self) -> None:
        assert token_uses.LIST_SQL.keys() == GIVEN.keys() == INDEXES.keys()
