"""Faults whose moment is chosen, not drawn: what a run of the nemesis meets seldom."""

import asyncio
import time

from tests.api_client import Api
from tests.faults import calls
from tests.faults.checker import ALLOWANCE_SECONDS, deadline
from tests.faults.history import Kind, Outcome
from tests.faults.installation import Installation
from tests.faults.link import AtCommit
from tests.waiting import until

WATCHED_SECONDS = 3.0
"""The supervisor of workers looks twice a second, and a worker gives up starting at once."""
LOCKED_SECONDS = 15.0

LOCK_SQL = """
SELECT FROM organization WHERE organization_id = $1 FOR UPDATE
"""


async def test_a_worker_that_ends_without_the_database_takes_no_other_with_it(
    place: Installation,
) -> None:
    """What is left of the node goes on saying 503, and nobody has to start it again."""
    node = max(place.nodes, key=lambda each: each.workers)
    tenant, *_ = await place.new_tenants(1)
    complaints = len(node.complaints)
    told: set[Outcome] = set()
    await place.postgres.kill()
    try:
        node.kill_one()
        end = time.monotonic() + WATCHED_SECONDS
        while time.monotonic() < end:
            told.add((await calls.authenticate(node.client, tenant.admin, "")).outcome)
            await asyncio.sleep(0.02)
    finally:
        await place.postgres.start()
        await node.until_up()
    # The worker that was killed may take connections of ours with it.
    assert told - {Outcome.LOST} == {Outcome.UNAVAILABLE}
    assert node.complaints[complaints:] == []


async def test_a_commit_that_is_lost(place: Installation) -> None:
    """It costs no deadline, and it leaves no lock behind that keeps others from the same rows.

    PostgreSQL is not told that the node has given up: its transaction stays open.
    """
    lost, other = place.nodes
    tenant, *_ = await place.new_tenants(1)
    seconds = deadline(Kind.CREATE_USER)

    async def create_user(number: int) -> Outcome:
        admin = Api((other if number else lost).client, tenant.admin)
        return (await calls.create_user(admin, tenant.public_id, f"user {number}")).outcome

    begin = time.monotonic()
    async with place.postgres.connected() as connection:
        before = connection.transaction()
        await before.start()
        await connection.execute(LOCK_SQL, tenant.id)
        asked = asyncio.create_task(create_user(0))
        # The deadline is to come while COMMIT waits, before that statement's own bound does.
        await asyncio.sleep(seconds / 2)
        lost.link.at_commit = AtCommit.LOST
        await before.rollback()
    assert await asked is Outcome.UNAVAILABLE
    assert lost.link.at_commit is None
    assert time.monotonic() - begin < seconds + ALLOWANCE_SECONDS

    numbers = iter(range(1, 1000))

    async def is_possible() -> bool:
        return await create_user(next(numbers)) is Outcome.DONE

    await until(is_possible, LOCKED_SECONDS)
