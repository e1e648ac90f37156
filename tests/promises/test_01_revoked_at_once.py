"""After a revocation or deletion is acknowledged, no verification begun later answers active.

Clients revoke tokens and delete application users at two nodes, one of two workers, and at once
verify on both, in every way there is, while PostgreSQL, processes and connections break; a checker
compares the times of all that they were told, with no tolerance. The control repeats active answers
for a second on one node.
"""

from tests.faults import report
from tests.faults.broken import broken
from tests.faults.checker import Rule
from tests.faults.controls import Fraud
from tests.faults.fixtures import LEFT_BEHIND
from tests.faults.history import VERIFICATIONS, Outcome
from tests.faults.installation import Installation
from tests.faults.run import Result
from tests.promises.conftest import Figure

pytestmark = LEFT_BEHIND

VERDICTS = {Outcome.ACTIVE, Outcome.INACTIVE, Outcome.UNAVAILABLE}


async def test_under_faults(under_faults: Result, place: Installation, figure: Figure) -> None:
    assert Rule.REVOKED_IS_REFUSED not in under_faults.broken
    # A run that saw little proves little.
    operations = under_faults.history.operations
    for kind in VERIFICATIONS:
        for node in place.nodes:
            told = {o.outcome for o in operations if o.kind is kind and o.node == node.name}
            assert told >= VERDICTS
    close = report.closeness(operations)
    assert sum(after < 0.1 for after in close) >= 20
    figure(
        f"{len(close):,} verifications behind an acknowledged end,"
        f" {sum(after < 0.01 for after in close):,} within 10 ms of it"
    )


async def test_control_a_cache_of_one_second(suspects: Installation) -> None:
    assert Rule.REVOKED_IS_REFUSED in await broken(suspects, Fraud.CACHES, [])
