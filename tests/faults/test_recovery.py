"""Two faults that need no luck: what a node has to come back from by itself."""

import asyncio
import time

from tests.api_client import Api
from tests.faults import calls
from tests.faults.history import Outcome
from tests.faults.installation import Installation
from tests.faults.link import AtCommit
from tests.waiting import until

WATCHED_SECONDS = 3.0
"""The supervisor of workers looks twice a second, and a worker gives up starting at once."""
LOCKED_SECONDS = 20.0


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


async def test_a_transaction_of_a_lost_connection_gives_back_its_locks(
    place: Installation,
) -> None:
    """PostgreSQL is not told that a node has given up, and another one wants the same rows."""
    lost, other = place.nodes
    tenant, *_ = await place.new_tenants(1)
    lost.link.at_commit = AtCommit.LOST
    first = await calls.create_user(Api(lost.client, tenant.admin), tenant.public_id, "first")
    assert first.outcome is Outcome.UNAVAILABLE
    number = 0

    async def is_possible() -> bool:
        nonlocal number
        number += 1
        admin = Api(other.client, tenant.admin)
        told = await calls.create_user(admin, tenant.public_id, f"user {number}")
        return told.outcome is Outcome.DONE

    await until(is_possible, LOCKED_SECONDS)
