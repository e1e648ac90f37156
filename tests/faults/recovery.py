"""How long after a fault was over a node told again which tokens are good."""

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.history import VERIFICATIONS, Absence, Operation, Outcome

VERDICTS = frozenset({Outcome.ACTIVE, Outcome.INACTIVE})


@dataclass
class Trouble:
    """A time in which a node, or all of them, had no working database, or was frozen."""

    what: str
    node: str | None
    """None for all."""
    begin: float
    end: float = math.inf
    """When all was well again, on the side of the fault."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What came of the end of a trouble at one node."""

    what: str
    node: str
    seconds: float
    """From the end of the trouble to the first verdict."""


def recoveries(
    operations: Sequence[Operation],
    troubles: Sequence[Trouble],
    absences: Sequence[Absence],
    nodes: Sequence[str],
) -> list[Recovery]:
    """Return how each trouble ended, where no other one came in between."""
    verdicts: dict[str, list[float]] = defaultdict(list)
    for each in operations:
        if each.kind in VERIFICATIONS and each.outcome in VERDICTS:
            verdicts[each.node].append(each.end)
    found: list[Recovery] = []
    for trouble in troubles:
        for node in nodes if trouble.node is None else (trouble.node,):
            first = min((end for end in verdicts[node] if end > trouble.end), default=math.inf)
            others = [
                each for each in troubles if each is not trouble and each.node in {None, node}
            ]
            away = [each for each in absences if each.node == node]
            if math.isfinite(first) and not any(
                each.begin < first and each.end > trouble.end for each in (*others, *away)
            ):
                found.append(Recovery(trouble.what, node, first - trouble.end))
    return found


def tell(found: Sequence[Recovery]) -> list[str]:
    """Return a line for each kind of trouble, and one for all."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for each in found:
        kinds[each.what].append(each.seconds)
    lines = [_line(what, kinds[what]) for what in sorted(kinds)]
    return [*lines, _line("all", [each.seconds for each in found])] if found else []


def _line(what: str, seconds: Sequence[float]) -> str:
    median, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
    return f"{len(seconds):9,}  recoveries, median {median:.0f} ms, worst {worst:.0f} ms: {what}"
