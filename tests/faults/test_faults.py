"""The short form of the history checker: each kind of fault once, and no promise broken."""

import os
import secrets

from tests.faults import report
from tests.faults.history import VERIFICATIONS, Outcome
from tests.faults.installation import Installation
from tests.faults.run import run
from tests.faults.strikes import Fault

SECONDS = 5.0
SEED = int(os.environ.get("APPUSERS_TEST_FAULT_SEED") or secrets.randbelow(1_000_000))


async def test_no_promise_is_broken_by_faults(place: Installation) -> None:
    result = await run(place, await place.new_tenants(), SEED, SECONDS)
    # Shown where the test fails, with the seed to try again: APPUSERS_TEST_FAULT_SEED.
    print(report.tell(result))
    assert result.violations == []
    # A run that saw little proves little.
    operations = result.history.operations
    assert set(result.struck) == set(Fault) - {Fault.DISK_FULL}
    assert report.unknown(operations) > 0
    for kind in VERIFICATIONS:
        for node in place.nodes:
            told = {o.outcome for o in operations if o.kind is kind and o.node == node.name}
            assert told >= {Outcome.ACTIVE, Outcome.INACTIVE, Outcome.UNAVAILABLE}
    close = report.closeness(operations)
    assert sum(after < 0.1 for after in close) >= 20
