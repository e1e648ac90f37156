"""An acknowledged token survives every crash; a retry under its key never mints a second secret.

Clients generate tokens under idempotency keys and repeat what was not answered, in a history of
two nodes under every fault; what the database holds in the end is counted for each key. Where the
answer to COMMIT is lost, the repetition finds what was committed. The controls ignore the keys, and
acknowledge before a commit is durable.
"""

import pytest

from tests.api_client import Api
from tests.faults import calls
from tests.faults.broken import CARELESS, broken
from tests.faults.checker import Rule
from tests.faults.controls import Fraud
from tests.faults.fixtures import LEFT_BEHIND
from tests.faults.history import Kind, Outcome
from tests.faults.installation import Installation
from tests.faults.link import AtCommit
from tests.faults.run import Result
from tests.faults.strikes import Fault
from tests.promises.conftest import Figure

pytestmark = LEFT_BEHIND


async def test_under_faults(under_faults: Result, figure: Figure) -> None:
    assert not under_faults.broken & {Rule.ACKNOWLEDGED_SURVIVES, Rule.ONE_SECRET}
    generated = [o for o in under_faults.history.operations if o.kind is Kind.GENERATE]
    unknown = [o for o in generated if o.outcome is Outcome.UNAVAILABLE]
    assert unknown
    assert any(o.outcome is Outcome.REPLAYED for o in generated)
    figure(f"{len(generated):,} generations, {len(unknown):,} of them answered 503")


@pytest.mark.parametrize("trap", [AtCommit.CUT, AtCommit.UNTOLD])
async def test_the_answer_to_commit_is_lost(place: Installation, trap: AtCommit) -> None:
    struck, other = place.nodes
    (tenant,) = await place.new_tenants(1)
    user = (await calls.create_user(Api(other.client, tenant.admin), tenant.public_id, "user")).user
    assert user is not None
    key = f"key {trap.value}"
    struck.link.at_commit = trap
    first = await calls.generate(Api(struck.client, tenant.admin), user, key)
    assert first.outcome is Outcome.UNAVAILABLE
    assert struck.link.at_commit is None
    # One node tells of it as well as the other, and neither has another secret to show.
    again = [
        await calls.generate(Api(node.client, tenant.admin), user, key) for node in place.nodes
    ]
    assert [(each.outcome, each.secret) for each in again] == [(Outcome.REPLAYED, None)] * 2
    assert again[0].token == again[1].token
    assert (await place.minted([tenant]))[key] == 1


async def test_control_keys_that_are_ignored(suspects: Installation) -> None:
    assert await broken(suspects, Fraud.FORGETS_KEYS, []) == {Rule.ONE_SECRET}


async def test_control_commits_that_a_crash_takes_back(suspects: Installation) -> None:
    found = await broken(suspects, Fraud.NONE, [Fault.POSTGRES_KILLED], CARELESS)
    assert found & {Rule.REVOKED_IS_REFUSED, Rule.ACKNOWLEDGED_SURVIVES}
