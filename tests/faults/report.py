"""What a run did and how much it could have seen: for people, and for the tests of its power."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.faults import recovery
from tests.faults.checker import NEVER_ANSWERED, Violation
from tests.faults.history import (
    ENDINGS,
    UNKNOWN,
    VERIFICATIONS,
    History,
    Kind,
    Operation,
    Outcome,
)
from tests.faults.run import Result

MOST_SHOWN = 20


def closeness(operations: Sequence[Operation]) -> list[float]:
    """Return how long after the acknowledged end of its token each verification began, in seconds.

    Only those that began behind one and were answered: they are what promise 1 is about.
    """
    ends: dict[str, float] = {}
    for operation in operations:
        name = operation.user if operation.kind is Kind.DELETE_USER else operation.token
        if operation.kind in ENDINGS and operation.outcome is Outcome.DONE and name is not None:
            ends[name] = min(operation.end, ends.get(name, operation.end))
    found: list[float] = []
    for operation in operations:
        if operation.kind in VERIFICATIONS and operation.outcome in _VERDICTS:
            names = (operation.token or "", operation.user or "")
            end = min((ends[name] for name in names if name in ends), default=operation.end)
            if operation.begin >= end:
                found.append(operation.begin - end)
    return found


_VERDICTS = frozenset({Outcome.ACTIVE, Outcome.INACTIVE})


def unknown(operations: Iterable[Operation]) -> int:
    """Return how many changes have an outcome that nobody was told."""
    return sum(o.outcome in UNKNOWN for o in operations if o.kind not in VERIFICATIONS)


def tell(result: Result) -> str:
    """Return a run and its verdict as text."""
    operations = result.history.operations
    close = closeness(operations)
    lines = [
        f"seed {result.seed}: {result.seconds:.0f} s, {len(operations):,} operations, "
        f"{unknown(operations):,} changes with an unknown outcome",
        *_table(operations),
        *(f"{count:9,}  {fault.value}" for fault, count in result.struck.most_common()),
        f"{len(close):9,}  verifications that began behind an acknowledged end, "
        f"{sum(after < 0.01 for after in close):,} of them within 10 ms and "
        f"{sum(after < 0.1 for after in close):,} within 100 ms",
        *recovery.tell(result.recoveries),
        _uses(result.history),
        f"{len(result.violations):9,}  violations",
        *(_shown(violation) for violation in result.violations[:MOST_SHOWN]),
    ]
    return "\n".join(lines)


def _uses(history: History) -> str:
    total = sum((history.uses or {}).values())
    bound = "" if history.is_written_once else "; not judged for too many: some were written again"
    return f"{total:9,}  uses of tokens on record{bound}"


def _table(operations: Sequence[Operation]) -> list[str]:
    """Return a line for each kind: how often, with which outcomes, and the slowest answer."""
    lines: list[str] = []
    for kind in Kind:
        of_kind = [o for o in operations if o.kind is kind]
        if not of_kind:
            continue
        outcomes = Counter(o.outcome for o in of_kind)
        slowest = max(
            (o.end - o.begin for o in of_kind if o.outcome not in NEVER_ANSWERED), default=0
        )
        told = ", ".join(f"{count:,} {outcome.value}" for outcome, count in outcomes.most_common())
        lines.append(f"{len(of_kind):9,}  {kind.value}: {told}; slowest answer {slowest:.2f} s")
    return lines


def _shown(violation: Violation) -> str:
    operation = violation.operation
    where = (
        ""
        if operation is None
        else (
            f" | client {operation.process}, {operation.kind.value} at {operation.node},"
            f" {operation.begin:.4f} to {operation.end:.4f}: {operation.outcome.value},"
            f" {operation.token or operation.user}"
        )
    )
    return f"  ! {violation.rule.value}: {violation.because}{where}"
