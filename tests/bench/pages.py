"""Keyset pages of tokens: the first and a deep one, few tokens and many.

The two sizes are two databases, so that the small one is small in every respect.
"""

import json
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from app.database import Database
from db import token_pages as rows
from db.keyset import Position, start
from db.token_pages import TokenFilter
from tests.bench import installation, turns
from tests.bench.harness import Plan, Row, Target, say
from tests.bench.installation import BEGINNING, Machine, Tenant
from tests.bench.turns import Ask

FEW = 10_000
MANY = 1_000_000
MANY_IN_A_HURRY = 100_000
USERS = 100
FIRST = 50
DEPTH = 0.9
ROUNDS = 300
INDEX = "token_by_time"

PAGE = """query($organization: ID!, $after: String) {
  tokens(organizationId: $organization, first: 50, after: $after) {
    nodes { id tokenPrefix description status createTime lastUsedTime }
    pageInfo { endCursor hasNextPage }
  }
}"""
CURSOR = """query($organization: ID!, $before: DateTime!) {
  tokens(organizationId: $organization, first: 1, filter: { createdBefore: $before }) {
    pageInfo { endCursor }
  }
}"""


@dataclass(frozen=True)
class Size:
    """One of the two databases, and what is asked of it."""

    count: int
    tenant: Tenant
    database: Database
    service: Target

    @property
    def deep_time(self) -> datetime:
        return BEGINNING + timedelta(seconds=round(self.count * (1 - DEPTH)))

    @property
    def deep(self) -> Position:
        return Position(self.deep_time, start("DESC").id)

    def statement(self, after: Position) -> Ask:
        """Return a call that reads a page as the service does, in an open transaction."""
        organization_id = self.tenant.organization_id

        async def read() -> object:
            async with self.database.tenant(organization_id) as connection:
                return await rows.list_page(
                    *(connection, organization_id, TokenFilter(), "create_time", "DESC"),
                    *(after, FIRST + 1),
                    with_people=True,
                    own_token_id=None,
                )

        return read

    async def over_graphql(self, after: str | None) -> Ask:
        """Return a request for a page."""
        asked = self._asking(PAGE, after=after)
        nodes = json.loads(await asked.ask())["data"]["tokens"]["nodes"]
        if len(nodes) != FIRST:
            raise RuntimeError(f"a page of {len(nodes)} tokens")
        return asked.ask

    async def deep_cursor(self) -> str:
        asked = self._asking(CURSOR, before=self.deep_time.isoformat())
        return json.loads(await asked.ask())["data"]["tokens"]["pageInfo"]["endCursor"]

    def _asking(self, document: str, **variables: object) -> Target:
        tenant = self.tenant
        return installation.asking(
            self.service, document, tenant.token, organization=tenant.public_id, **variables
        )


async def measure(machine: Machine, plan: Plan) -> list[Row]:
    """Read pages of both sizes in turn, one at a time."""
    many = MANY_IN_A_HURRY if plan.is_quick else MANY
    async with AsyncExitStack() as stack:
        small = await _size(stack, machine, FEW)
        large = await _size(stack, machine, many)
        for size in (small, large):
            await _explain(size)
        statements = [
            *(small.statement(start("DESC")), small.statement(small.deep)),
            *(large.statement(start("DESC")), large.statement(large.deep)),
        ]
        requests = [
            *(await small.over_graphql(None), await small.over_graphql(await small.deep_cursor())),
            *(await large.over_graphql(None), await large.over_graphql(await large.deep_cursor())),
        ]
        rounds = ROUNDS // 3 if plan.is_quick else ROUNDS
        found = _report("statement", many, await turns.in_turn(statements, rounds))
        return found + _report("over GraphQL", many, await turns.in_turn(requests, rounds))


async def _size(stack: AsyncExitStack, machine: Machine, count: int) -> Size:
    started = time.perf_counter()
    tenant = await installation.fill(await machine.server.copy(), users=USERS, tokens=count)
    say(f"pages: {count:,} tokens loaded in {time.perf_counter() - started:.1f} s")
    database = await Database.open(tenant.urls.serving)
    stack.push_async_callback(database.close)
    service = await stack.enter_async_context(installation.service(machine.core, tenant.urls))
    return Size(count, tenant, database, service)


async def _explain(size: Size) -> None:
    """Insist that a page is a range of the index, whatever plan PostgreSQL settles on."""
    connection = await asyncpg.connect(size.tenant.urls.serving)
    sql = rows.LIST_SQL["create_time", "DESC"]
    organization_id = size.tenant.organization_id
    try:
        await connection.execute(f"SET app.organization_id = '{organization_id}'")
        for mode in ("force_custom_plan", "force_generic_plan"):
            await connection.execute(f"SET plan_cache_mode = {mode}")
            for after in (start("DESC"), size.deep):
                text = await connection.fetchval(
                    f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}",
                    *(organization_id, *[None] * 10, after.key, after.id, FIRST + 1, True, None),
                )
                plan = json.loads(text)[0]["Plan"]
                nodes = list(_nodes(plan))
                if not _is_range(nodes):
                    raise RuntimeError(f"no index scan: {text}")
                blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
                where = "first" if after == start("DESC") else "deep"
                say(f"pages: {size.count:,} {where}, {mode}: {INDEX}, {blocks} blocks")
    finally:
        await connection.close()


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for inner in plan.get("Plans", []) for node in _nodes(inner))]


def _is_range(nodes: Sequence[dict[str, Any]]) -> bool:
    kinds = {node["Node Type"] for node in nodes}
    reads = [node for node in nodes if node.get("Relation Name") == "token"]
    return (
        not kinds & {"Seq Scan", "Sort", "Incremental Sort", "Bitmap Heap Scan"}
        and [node.get("Index Name") for node in reads] == [INDEX]
        # The page ends the scan: a filter that drops rows would read on and on.
        and all(node["Actual Rows"] <= FIRST + 1 for node in reads)
    )


def _report(how: str, many: int, seconds: list[list[float]]) -> list[Row]:
    first_small, deep_small, first_large, deep_large = seconds
    milliseconds = [statistics.median(times) * 1e3 for times in seconds]
    say(f"pages: {how}: " + ", ".join(f"{value:.2f}" for value in milliseconds) + " ms")
    return [
        Row(f"page {what}, {how}, time", turns.quotient(above, below), compared, "")
        for what, above, below, compared in (
            (f"at {DEPTH:.0%} of {FEW:,}", deep_small, first_small, "the first page"),
            (f"at {DEPTH:.0%} of {many:,}", deep_large, first_large, "the first page"),
            (f"first of {many:,}", first_large, first_small, f"first of {FEW:,}"),
            (f"at {DEPTH:.0%} of {many:,}", deep_large, deep_small, f"the same of {FEW:,}"),
        )
    ]
