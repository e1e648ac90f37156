"""Dead stays dead: revoked, deleted or expired never becomes active again.

Through crashes of PostgreSQL a history of two nodes is checked. Through failovers another one is,
while the primary is killed, or vanishes, and its synchronous standby takes over. What the standby
has not got is not acknowledged, and an end that was not acknowledged is not seen on the primary
before the standby has it. An extension that waits for the standby is seen before its token has
expired, or never. The controls do without waiting for the standby, and let an extension wait.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field

import pytest

from tests.api_client import Api
from tests.faults import calls, checker, controls, failover, report
from tests.faults.broken import be
from tests.faults.checker import Rule
from tests.faults.controls import Fraud
from tests.faults.failover import Loss, Turning
from tests.faults.fixtures import LEFT_BEHIND, SEED
from tests.faults.history import History, Kind, Operation, Outcome, Recorder, Reply
from tests.faults.installation import Tenant
from tests.faults.nodes import SERVE
from tests.faults.run import Result
from tests.promises.conftest import Figure
from tests.waiting import until

pytestmark = LEFT_BEHIND


async def test_under_faults(under_faults: Result) -> None:
    assert Rule.DEAD_STAYS_DEAD not in under_faults.broken


@pytest.fixture(scope="module")
async def turning() -> AsyncIterator[Turning]:
    """Two nodes on a primary and its synchronous standby."""
    async with failover.installed(workers=(1, 1), commands=(SERVE, controls.COMMAND)) as made:
        yield made


async def test_through_failovers(turning: Turning, figure: Figure) -> None:
    result = await failover.play(turning, SEED, 0, count=len(Loss))
    print(report.tell(result))
    assert result.violations == []
    assert set(result.struck) == set(Loss)
    slowest = max(each.seconds for each in result.recoveries)
    figure(f"{result.struck.total()} failovers, verdicts {slowest * 1000:.0f} ms after the last")


@dataclass
class Story:
    """What somebody is told of one token across a failover."""

    turning: Turning
    tenant: Tenant
    user: str
    token: str
    secret: str = field(repr=False)
    recorder: Recorder = field(default_factory=Recorder)

    @property
    def admin(self) -> Api:
        return Api(self.turning.place.nodes[0].client, self.tenant.admin)

    async def revoke(self) -> Outcome:
        return await self._note(Kind.REVOKE, calls.revoke(self.admin, self.token))

    async def verify(self) -> Outcome:
        node = self.turning.place.nodes[1]
        organization = self.tenant.public_id
        call = calls.forward(node.client, self.secret, self.token, organization)
        return await self._note(Kind.FORWARD, call)

    async def _note(self, kind: Kind, call: Awaitable[Reply]) -> Outcome:
        told = await self.recorder.run(1, kind, "node", call, token=self.token, user=self.user)
        return told.outcome

    async def fail_over(self) -> set[Rule]:
        """Lose the primary, go on with the standby, and return what was broken by what is told."""
        pair = self.turning.pair
        await pair.primary.kill()
        # Thawed, it would read what waits for it in its socket.
        await pair.standby.kill()
        await pair.standby.start()
        await pair.promote()
        self.turning.place.postgres = pair.primary

        async def is_told() -> bool:
            return await self.verify() in {Outcome.ACTIVE, Outcome.INACTIVE}

        await until(is_told)
        return {each.rule for each in checker.check(History(self.recorder.operations))}


async def told(turning: Turning, key: str = "key", **fields: object) -> Story:
    """Return a token that is active, on a standby that has everything up to it."""
    (tenant,) = await turning.place.new_tenants(1)
    admin = Api(turning.place.nodes[0].client, tenant.admin)
    user = (await calls.create_user(admin, tenant.public_id, "user")).user
    assert user is not None
    made = await calls.generate(admin, user, key, **fields)
    assert made.token is not None
    assert made.secret is not None
    return Story(turning, tenant, user, made.token, made.secret)


async def test_what_the_standby_has_not_got(turning: Turning) -> None:
    await turning.follow()
    story = await told(turning)
    turning.pair.standby.freeze()
    assert await story.revoke() is Outcome.UNAVAILABLE
    # The node has given up, and PostgreSQL goes on waiting: what others may lose, nobody sees.
    for _ in range(3):
        assert await story.verify() is Outcome.ACTIVE
        await asyncio.sleep(0.3)
    assert await story.fail_over() == set()
    assert await story.verify() is Outcome.ACTIVE


async def test_control_that_does_not_wait_for_the_standby(turning: Turning) -> None:
    await turning.follow()
    story = await told(turning)
    await turning.pair.wait_for_standby()
    turning.pair.standby.freeze()
    await turning.pair.primary.set({"synchronous_standby_names": ""})
    assert await story.revoke() is Outcome.DONE
    assert await story.verify() is Outcome.INACTIVE
    assert await story.fail_over() == {Rule.REVOKED_IS_REFUSED, Rule.DEAD_STAYS_DEAD}


LEFT_SECONDS = 3
SHORTEN_SQL = """
UPDATE token SET expiry_time = now() + make_interval(secs => $2)
 WHERE description = $1
"""


async def outlived(turning: Turning, key: str) -> set[Rule]:
    """Return what is broken where an extension waits for a standby longer than its token lives."""
    await turning.follow()
    story = await told(turning, key, maxAgeSeconds=3600, extendWhenUsed=True)
    async with turning.pair.primary.connected() as connection:
        await connection.execute(SHORTEN_SQL, key, LEFT_SECONDS)
    turning.pair.standby.freeze()
    try:
        # Nobody knows yet whether it is extended.
        assert await story.verify() is Outcome.UNAVAILABLE
        await asyncio.sleep(LEFT_SECONDS)
        await story.verify()
    finally:
        turning.pair.standby.thaw()
    await turning.pair.wait_for_standby()

    async def is_told() -> bool:
        return await story.verify() in {Outcome.ACTIVE, Outcome.INACTIVE}

    await until(is_told)
    # An expiry is no operation of the history: whatever was refused is dead.
    expired = Operation(2, Kind.REVOKE, "node", 0, math.inf, Outcome.UNAVAILABLE, story.token)
    operations = [*story.recorder.operations, expired]
    return {each.rule for each in checker.check(History(operations))}


async def test_an_extension_that_waits_for_the_standby(turning: Turning) -> None:
    assert Rule.DEAD_STAYS_DEAD not in await outlived(turning, "extended")


async def test_control_an_extension_that_is_left_waiting(turning: Turning) -> None:
    await be(turning.place, Fraud.LEAVES_WAITING)
    try:
        assert Rule.DEAD_STAYS_DEAD in await outlived(turning, "left waiting")
    finally:
        await be(turning.place, Fraud.NONE)
