"""Without the database the answer is 503 with Retry-After, and every answer keeps its deadline.

Verifications have a second, everything else five, whatever breaks: a history of two nodes is
checked under every fault, and some faults outlast a verification's deadline while all endpoints are
asked, of which none may say active or inactive without knowing. A second after the fault all is
well again. The controls answer without the database that a token is refused, that the service is
broken, or later; and one takes from look-ups the deadline that they have all in all.
"""

import asyncio
import time

import pytest

from tests.api_client import Api
from tests.faults import calls, each, report
from tests.faults.broken import be, broken
from tests.faults.checker import ALLOWANCE_SECONDS, IN_A_SECOND, RECOVERY_SECONDS, Rule, deadline
from tests.faults.controls import Fraud
from tests.faults.fixtures import LEFT_BEHIND
from tests.faults.history import VERIFICATIONS, Kind, Outcome
from tests.faults.installation import Installation
from tests.faults.link import AtCommit
from tests.faults.nemesis import possible
from tests.faults.run import Result
from tests.faults.strikes import Fault
from tests.promises.conftest import Figure
from tests.waiting import until

pytestmark = LEFT_BEHIND

AWAY = [Fault.POSTGRES_FROZEN, Fault.POSTGRES_KILLED, Fault.HALF_OPEN, Fault.REFUSED]
"""Whoever is struck by these can verify nothing."""
AWAY_SECONDS = 1.2
"""Longer than a verification may take. ``python -m tests.faults.each`` outlasts every deadline."""
PEACE_SECONDS = 1.5
ENDPOINTS = VERIFICATIONS | {Kind.READY, Kind.LIST, Kind.GENERATE}
UNBOUNDED_SECONDS = 2.6
"""Longer than a statement of look-ups may take, so that the next one meets the same silence."""
WATCHED_SECONDS = 3.0
"""The supervisor of workers looks twice a second, and a worker gives up starting at once."""
LOCKED_SECONDS = 15.0

LOCK_SQL = """
SELECT FROM organization WHERE organization_id = $1 FOR UPDATE
"""


async def test_under_faults(under_faults: Result, place: Installation, figure: Figure) -> None:
    assert under_faults.violations == []
    assert set(under_faults.struck) == set(possible(place))
    assert report.unknown(under_faults.history.operations) > 0
    figure(f"{under_faults.struck.total()} faults of {len(under_faults.struck)} kinds")


async def test_each_endpoint_while_the_database_is_away(
    place: Installation, figure: Figure
) -> None:
    result = await each.play(
        place, await place.new_tenants(), AWAY, AWAY_SECONDS, peace_seconds=PEACE_SECONDS
    )
    print("\n".join(each.table(result)), report.tell(result), sep="\n")
    assert result.violations == []
    away = {
        (trouble.what, kind)
        for trouble in result.troubles
        for kind in ENDPOINTS
        if Outcome.UNAVAILABLE in each.told(result, trouble, kind)[0]
    }
    # On a busy machine a second is too short for every endpoint to be asked in each fault.
    assert {what for what, _ in away} == {fault.value for fault in AWAY}
    assert {kind for _, kind in away} >= ENDPOINTS
    recovered = [found.seconds for found in result.recoveries]
    assert {found.what for found in result.recoveries} == {fault.value for fault in AWAY}
    assert max(recovered) <= RECOVERY_SECONDS + ALLOWANCE_SECONDS
    figure(f"verdicts {max(recovered) * 1000:.0f} ms after the database is back at the latest")


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


class TestControls:
    @pytest.mark.parametrize(
        ("fraud", "rule"),
        [
            (Fraud.GUESSES, Rule.ACKNOWLEDGED_SURVIVES),
            (Fraud.FAILS, Rule.ANSWER_IS_ALLOWED),
            (Fraud.WAITS, Rule.IN_TIME),
        ],
    )
    async def test_a_wrong_answer_without_the_database(
        self, suspects: Installation, fraud: Fraud, rule: Rule
    ) -> None:
        assert rule in await broken(suspects, fraud, [Fault.POSTGRES_KILLED])

    async def test_look_ups_without_a_deadline_of_their_own(self, suspects: Installation) -> None:
        await be(suspects, Fraud.UNBOUNDED)
        tenants = await suspects.new_tenants()
        try:
            result = await each.play(suspects, tenants, [Fault.HALF_OPEN], UNBOUNDED_SECONDS, 0.2)
        finally:
            await be(suspects, Fraud.NONE)
        late = [found.operation for found in result.violations if found.rule is Rule.IN_TIME]
        assert {operation.kind for operation in late if operation} & IN_A_SECOND
