"""What every answer has to be, whatever was asked, and what a run tells in the end."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import HealthCheck

from tests.hostile.worker import Answer, Worker

MOST_MILLISECONDS = 100.0
"""Of the worker's CPU, promise 12."""
MOST_SECONDS = 6.0
"""A document has 5 seconds; the rest is the client's own."""
AGAIN = 4
SHOWN = 5
UNHURRIED = (
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
)
"""What hypothesis does not have to watch where nobody waits for it."""
JSON_TYPES = ("application/json", "application/graphql-response+json")


@dataclass
class Report:
    """What happened so far."""

    worker: Worker
    statuses: Counter[int] = field(default_factory=Counter[int])
    codes: Counter[str] = field(default_factory=Counter[str])
    violations: list[str] = field(default_factory=list[str])
    dearest: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    count: int = 0
    known_bugs: int = 0

    def judge(self, what: str, send: Callable[[int], Answer]) -> Answer:
        """Send something and look at what comes back; ``send`` gets the number of the attempt.

        What seems dear is sent again: a busy machine and what is done beside requests only ever
        add.
        """
        answer = send(0)
        least = answer.milliseconds
        for attempt in range(1, AGAIN):
            if least <= MOST_MILLISECONDS / 2:
                break
            least = min(least, send(attempt).milliseconds)
        self.count += 1
        self.statuses[answer.status] += 1
        self.dearest = sorted([*self.dearest, (least, what)], reverse=True)[:SHOWN]
        problems = [*wrong(answer), *self._masked(answer)]
        if least > MOST_MILLISECONDS:
            problems.append(f"{least:.0f} ms of CPU")
        for problem in problems:
            took = f"{answer.seconds:.1f} s, {least:.0f} ms of CPU"
            self.violate(f"{problem} ({took}): {what} -> {answer.body[:300]!r}")
        return answer

    def violate(self, what: str) -> None:
        """Note what should not be, and show the first few."""
        self.violations.append(what)
        if len(self.violations) <= SHOWN:
            print(what[:4000], file=sys.stderr, flush=True)

    def _masked(self, answer: Answer) -> list[str]:
        for code in codes_of(answer):
            self.codes[code] += 1
        bugs = self.worker.bugs()
        found = bugs - self.known_bugs
        self.known_bugs = bugs
        return ["a failure that nobody expected is in the log"] if found else []

    def summary(self) -> str:
        """Return what a run tells in the end."""
        statuses = ", ".join(f"{count} x {status}" for status, count in self.statuses.most_common())
        codes = ", ".join(f"{count} x {code}" for code, count in self.codes.most_common())
        lines = [
            f"{self.count} requests: {statuses}",
            f"codes of errors: {codes or 'none'}",
            f"{len(self.violations)} violations",
            "the most CPU:",
            *(f"  {cost:.1f} ms: {' '.join(what.split())[:500]}" for cost, what in self.dearest),
        ]
        return "\n".join(lines)


def codes_of(answer: Answer) -> list[str]:
    """Return the codes of the top-level errors of a GraphQL answer."""
    if b'"errors"' not in answer.body:
        return []
    try:
        errors = json.loads(answer.body).get("errors") or []
        return [str(error["extensions"]["code"]) for error in errors]
    except (ValueError, AttributeError, KeyError, TypeError):
        return []


def wrong(answer: Answer) -> list[str]:
    """Return what is wrong with an answer, apart from what it cost."""
    problems: list[str] = []
    if answer.status >= 500:
        problems.append(f"status {answer.status}")
    if answer.seconds > MOST_SECONDS:
        problems.append(f"{answer.seconds:.1f} seconds")
    if "INTERNAL" in codes_of(answer):
        problems.append("a masked internal error")
    if answer.headers.get("content-type", "").partition(";")[0] in JSON_TYPES and answer.body:
        try:
            json.loads(answer.body)
        except ValueError:
            problems.append("JSON that is none")
    return problems
