"""Every organization in turn: none is left out, and one that fails holds up nobody."""

from uuid import UUID

import pytest

from app import tenants
from app.database import DatabaseUnavailable
from db.pool import Database
from tests.db import rows
from tests.db.rows import Connection


@pytest.fixture
async def known(writer: Connection) -> list[UUID]:
    """Return every organization, of which there are three or more, in the order of the ids."""
    for _ in range(3):
        await rows.insert(writer, "organization", rows.organization())
    found = await writer.fetch("SELECT organization_id FROM organization")
    return sorted(row["organization_id"] for row in found)


async def visit(pool: Database, failing: set[UUID]) -> list[UUID]:
    """Visit each organization and return those that were visited, the failing ones too."""
    visited: list[UUID] = []

    async def note(_: Database, organization_id: UUID) -> None:
        visited.append(organization_id)
        if organization_id in failing:
            raise DatabaseUnavailable("TimeoutError")

    try:
        await tenants.each_organization(pool, note)
    except DatabaseUnavailable:
        visited.append(UUID(int=0))
    return visited


async def test_many_batches_lose_none(
    pool: Database, known: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenants, "BATCH", 2)
    assert [found async for found in tenants.list_organization_ids(pool)] == known
    assert await visit(pool, set()) == known


async def test_one_that_fails_does_not_hold_up_the_others(
    pool: Database, known: list[UUID]
) -> None:
    assert await visit(pool, {known[0], known[2]}) == known


async def test_a_database_that_is_away_ends_it(pool: Database, known: list[UUID]) -> None:
    assert await visit(pool, set(known)) == [*known[:2], UUID(int=0)]
