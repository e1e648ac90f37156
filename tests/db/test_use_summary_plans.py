"""Plans of what the history comes to: rows of some days are read by the index of whose they are."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import asyncpg
import pytest

from db.token_uses import Lead
from db.use_summaries import SUMMARIZE_SQL
from tests.db import plans, rows
from tests.db.plans import Mode, Plan, explain
from tests.db.test_token_use_plans import GIVEN, INDEXES, SEED
from tests.postgres import Server

BOTH = pytest.mark.parametrize("mode", plans.MODES)
LEADS = pytest.mark.parametrize("lead", SUMMARIZE_SQL)
FIRST_DAY, LAST_DAY = date(2026, 1, 10), date(2026, 1, 12)
MOST = 10_000


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


def arguments(lead: Lead, *, with_people: bool = True) -> list[object]:
    """Return the arguments of a summary."""
    keep = GIVEN[lead]
    whose: list[UUID | None] = [keep.user_id, keep.token_id]
    return [rows.A, FIRST_DAY, LAST_DAY, *whose, MOST, 400, with_people, None]


def check(plan: Plan, lead: Lead) -> None:
    """Check that the rows of the days, and no others, are read by the index of their lead."""
    index, part = INDEXES[lead]
    (read,) = [node for node in plan.nodes if node.index.startswith("token_use")]
    assert read.index == index, plan.text
    assert part in read.index_condition, plan.text
    assert "first_use_time >=" in read.index_condition, plan.text
    assert "first_use_time <" in read.index_condition, plan.text


class TestSummary:
    @BOTH
    @LEADS
    async def test_by_the_index_of_its_filter(
        self, session: rows.Connection, mode: Mode, lead: Lead
    ) -> None:
        check(await explain(session, mode, SUMMARIZE_SQL[lead], arguments(lead)), lead)

    @BOTH
    @LEADS
    async def test_for_who_sees_application_users_alone(
        self, session: rows.Connection, mode: Mode, lead: Lead
    ) -> None:
        given = arguments(lead, with_people=False)
        plan = await explain(session, mode, SUMMARIZE_SQL[lead], given)
        check(plan, lead)
        assert "user_id = h.user_id" in plan.indexed("organization_user"), plan.text


class TestControl:
    async def test_days_that_are_only_a_filter_are_noticed(self, session: rows.Connection) -> None:
        broken = SUMMARIZE_SQL["token"].replace("AND h.first_use_time >= $2", "AND h.use_date > $2")
        broken = broken.replace("$2::date::timestamp AT TIME ZONE 'UTC'", "$2::date")
        assert broken != SUMMARIZE_SQL["token"]
        plan = await explain(session, "force_generic_plan", broken, arguments("token"))
        with pytest.raises(AssertionError):
            check(plan, "token")
