"""EXPLAIN of the audit trail's pages: each filter goes by an index, at the start and deep in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db.audit_pages import (
    FIND_SPAN_SQL,
    FIND_SQL,
    LAST_SEQUENCE,
    LIST_SQL,
    WHOLE,
    EventFilter,
    Lead,
    Span,
    list_page,
)
from db.keyset import Direction
from tests.db import plans, rows
from tests.db.plans import Mode, Plan, explain
from tests.postgres import Server

BOTH = pytest.mark.parametrize("mode", plans.MODES)
DIRECTIONS = pytest.mark.parametrize("direction", ["ASC", "DESC"])
COUNT = 20_000
MOMENT = datetime(2026, 1, 1, 2, tzinfo=UTC)
USER, TOKEN, TARGET = (UUID(int=number) for number in (7, 8, 9))

# 2 organizations with 20,000 events each, a second apart; an actor, a token, a target and an action
# have one in 10 to 20 of them, and so have refusals.
SEED = f"""
SET session_replication_role = replica;
INSERT INTO organization (organization_id, name)
SELECT o::text::uuid, 'Acme' FROM unnest(ARRAY['{rows.A}', '{rows.B}']) AS o;
INSERT INTO audit_event
       (organization_id, sequence, event_time, action, outcome, actor_kind, actor_user_id,
        actor_token_id, target_kind, target_id, principal_id, changes, reason, previous_hash, hash)
SELECT o.organization_id, n, '2026-01-01Z'::timestamptz + make_interval(secs => n),
       'a:b:' || chr(97 + n % 20), CASE WHEN n % 20 = 0 THEN 'REFUSED' ELSE 'SUCCEEDED' END,
       'USER', lpad(to_hex(n % 10), 32, '0')::uuid, lpad(to_hex(n % 20), 32, '0')::uuid,
       'TOKEN', lpad(to_hex(n % 15), 32, '0')::uuid, lpad(to_hex(n % 17), 32, '0')::uuid,
       '{{}}', CASE WHEN n % 20 = 0 THEN 'no' END, '', ''
  FROM organization o, generate_series(1, {COUNT}) AS n;
-- A clock was set back by 40 minutes, for a while.
UPDATE audit_event SET event_time = event_time - interval '40 minutes'
 WHERE sequence BETWEEN 15000 AND 15100;
RESET session_replication_role;
ANALYZE;
"""
NAMES = ("actor", "token", "target", "actions", "outcome", "since", "until")
GIVEN: dict[Lead, dict[str, Any]] = {
    "all": {},
    "token": {"token": TOKEN},
    "target": {"target": TARGET},
    "actor": {"actor": USER},
    "refused": {"outcome": "REFUSED"},
    "action": {"actions": ["a:b:a", "a:b:c"]},
}
INDEXES: dict[Lead, dict[str, str]] = {
    "all": {"audit_event_pkey": ""},
    "token": {"audit_event_by_token": "actor_token_id ="},
    "target": {"audit_event_by_target": "target_id =", "audit_event_by_principal": "principal_id"},
    "actor": {"audit_event_by_actor": "actor_user_id ="},
    "refused": {"audit_event_refused": ""},
    "action": {"audit_event_by_action": "action ="},
}


@pytest.fixture(scope="module")
async def session(server: Server) -> AsyncIterator[rows.Connection]:
    """The serving role inside the wall: the policy is part of every plan."""
    urls = await server.copy()
    owner = await asyncpg.connect(urls.owner)
    await owner.execute(SEED)
    await owner.close()
    connection = await asyncpg.connect(urls.serving, server_settings={"jit": "off"})
    await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{rows.A}'")
    yield connection
    await connection.close()


def arguments(position: int, far: int, **given: Any) -> list[object]:
    """Return the arguments of a list statement."""
    return [rows.A, position, 51, *(given.get(name) for name in NAMES), far]


def reads(plan: Plan) -> dict[str, str]:
    """The indexes that a page is read by, with their conditions; fails on any other read."""
    nodes = [node for node in plan.nodes if node.relation == "audit_event"]
    assert {node.kind for node in nodes} == {"Index Scan"}, plan.text
    return {node.index: node.index_condition for node in nodes}


def ends(direction: Direction) -> tuple[int, int]:
    """The position of the first page, and where a list ends."""
    return (0, LAST_SEQUENCE) if direction == "ASC" else (LAST_SEQUENCE, 0)


class TestPages:
    @BOTH
    @DIRECTIONS
    @pytest.mark.parametrize("lead", INDEXES)
    @pytest.mark.parametrize("is_deep", [False, True])
    async def test_by_the_index_of_their_filter(
        self,
        session: rows.Connection,
        mode: Mode,
        direction: Direction,
        lead: Lead,
        is_deep: bool,
    ) -> None:
        start, far = ends(direction)
        given = arguments(COUNT // 2 if is_deep else start, far, **GIVEN[lead])
        plan = await explain(session, mode, LIST_SQL[lead, direction], given)
        found = reads(plan)
        assert found.keys() == INDEXES[lead].keys(), plan.text
        for index, condition in INDEXES[lead].items():
            assert "organization_id = " in found[index], plan.text
            assert condition in found[index], plan.text
            assert "sequence <" in found[index], plan.text
            assert "sequence >" in found[index], plan.text
        # Several short lists are merged; one is in order already.
        if lead not in ("target", "action"):
            assert plan.sorts == [], plan.text

    @BOTH
    @pytest.mark.parametrize("lead", INDEXES)
    async def test_with_every_other_part_behind_it(
        self, session: rows.Connection, mode: Mode, lead: Lead
    ) -> None:
        everything = {name: value for parts in GIVEN.values() for name, value in parts.items()}
        span = {"since": "2026-01-01 01:00Z", "until": "2026-01-01 02:00Z"}
        given = arguments(COUNT, 10, **everything, **span)
        found = reads(await explain(session, mode, LIST_SQL[lead, "DESC"], given))
        assert found.keys() == INDEXES[lead].keys()

    @BOTH
    async def test_one(self, session: rows.Connection, mode: Mode) -> None:
        plan = await explain(session, mode, FIND_SQL, [rows.A, 5])
        assert "sequence = " in plan.indexed("audit_event"), plan.text


class TestSpan:
    @BOTH
    async def test_is_found_by_its_index(self, session: rows.Connection, mode: Mode) -> None:
        since, until = "2026-01-01 03:00Z", "2026-01-01 04:00Z"
        plan = await explain(session, mode, FIND_SPAN_SQL, [rows.A, since, until])
        nodes = plan.of("audit_event")
        assert {node.index for node in nodes} == {"audit_event_by_time"}, plan.text
        assert all("event_time " in node.index_condition for node in nodes), plan.text
        assert plan.sorts == [], plan.text

    async def test_holds_every_event_of_its_time(self, session: rows.Connection) -> None:
        """And an hour more on either side, as the clock may have been set back meanwhile."""
        found = await session.fetchrow(
            FIND_SPAN_SQL, rows.A, MOMENT, MOMENT + timedelta(minutes=30)
        )
        assert found is not None
        assert tuple(found) == (3599, 7200 + 1800 + 3600)

    async def test_without_ends_is_the_whole_chain(self, session: rows.Connection) -> None:
        found = await session.fetchrow(FIND_SPAN_SQL, rows.A, None, None)
        assert found is not None
        assert Span(*found) == WHOLE

    @DIRECTIONS
    async def test_a_page_of_it_reads_no_more(
        self, session: rows.Connection, direction: Direction
    ) -> None:
        keep = EventFilter(since=MOMENT, until=MOMENT + timedelta(minutes=30))
        found = await list_page(session, rows.A, keep, direction, ends(direction)[0], 10)
        shown = [event.sequence for event in found]
        assert shown == (
            list(range(7200, 7210)) if direction == "ASC" else list(range(8999, 8989, -1))
        )

    async def test_a_clock_that_was_set_back_hides_nothing(self, session: rows.Connection) -> None:
        since = MOMENT + timedelta(seconds=12_650 - 7200)
        keep = EventFilter(since=since, until=since + timedelta(seconds=50))
        found = await list_page(session, rows.A, keep, "ASC", 0, 200)
        shown = [event.sequence for event in found]
        assert shown == [*range(12_650, 12_700), *range(15_050, 15_100)]


class TestControl:
    async def test_a_filter_without_its_index_is_noticed(self, session: rows.Connection) -> None:
        sql = "SELECT sequence FROM audit_event WHERE organization_id = $1 AND request_id = $2"
        with pytest.raises(AssertionError):
            reads(await explain(session, "force_custom_plan", sql, [rows.A, "x"]))
