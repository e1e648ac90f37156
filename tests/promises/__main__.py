"""``python -m tests.promises [NUMBER…] [--rounds N]``: keep each promise, and print the table."""

import argparse
import os
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.promises import promises
from tests.promises.promises import Promise

ROOT = Path(__file__).parents[2]


@dataclass
class Outcome:
    """What became of a promise's tests."""

    passed: int = 0
    controls: int = 0
    skipped: int = 0
    failed: int = 0
    figures: list[str] = field(default_factory=list[str])


class Tally:
    """Counts what pytest reports, module by module."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = defaultdict(Outcome)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take one report."""
        outcome = self.outcomes[Path(report.location[0]).name]
        if report.failed:
            outcome.failed += 1
        elif report.skipped:
            outcome.skipped += 1
        elif report.when == "call":
            is_control = promises.is_control(report.location[2])
            outcome.controls += is_control
            outcome.passed += not is_control
        if report.when == "call":
            told = (words for name, words in report.user_properties if name == "figure")
            outcome.figures += map(str, told)


def row(promise: Promise, outcome: Outcome) -> str:
    """Return the promise's line of the table."""
    counts = [_count(outcome.passed, "test"), _count(outcome.controls, "control")]
    counts += [f"{outcome.skipped:,} skipped"] if outcome.skipped else []
    counts += [f"**{outcome.failed:,} FAILED**"] if outcome.failed else []
    figures = "; ".join([*dict.fromkeys(outcome.figures), ", ".join(counts)])
    module = f"[`{promise.path.name}`](tests/promises/{promise.path.name})"
    return f"| {promise.number} | {promise.statement} | {module} | {figures} |"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def main() -> None:
    """Run the promises that the command line names, and exit with 1 where one was broken."""
    known = promises.find()
    parser = argparse.ArgumentParser(
        prog="python -m tests.promises",
        description="Runs the tests and positive controls of the service's promises, and prints a"
        " table of them on standard output. pytest's own report goes to standard error.",
        epilog="\n".join(f"{each.number:4}  {each.statement}" for each in known),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help="which; else all")
    parser.add_argument(
        "--rounds", type=int, default=2000, help="of each race (2,000; the test suite's: 500)"
    )
    parser.add_argument(
        "--examples", type=int, default=1000, help="drawn at random (1,000; the test suite's: 150)"
    )
    given = parser.parse_args()
    unknown = set(given.numbers) - {each.number for each in known}
    if unknown:
        parser.error(f"no such promise: {', '.join(map(str, sorted(unknown)))}")
    chosen = [each for each in known if each.number in (given.numbers or [each.number])]
    os.environ["APPUSERS_TEST_ROUNDS"] = str(given.rounds)
    os.environ["APPUSERS_TEST_EXAMPLES"] = str(given.examples)
    tally = Tally()
    output, sys.stdout = sys.stdout, sys.stderr
    code = pytest.main(
        ["-q", "--timeout=3600", f"--rootdir={ROOT}", *(str(each.path) for each in chosen)],
        plugins=[tally],
    )
    sys.stdout = output
    print("| | promise | test | last figures |")
    print("|---|---|---|---|")
    for promise in chosen:
        print(row(promise, tally.outcomes[promise.path.name]))
    sys.exit(code)


if __name__ == "__main__":
    main()
