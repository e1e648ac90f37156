"""Each promise has its module, each module its test and its control, and the README names it."""

import re
from pathlib import Path

import pytest

from tests.promises import promises
from tests.promises.promises import Promise

README = Path(__file__).parents[2] / "README.md"
PROMISES = promises.find()
EACH = pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.path.stem)


def test_there_are_fourteen() -> None:
    assert [promise.number for promise in PROMISES] == list(range(1, 15))


@EACH
def test_it_is_tested_and_the_test_is(promise: Promise) -> None:
    assert promise.tests
    assert promise.controls


@EACH
def test_the_readme_states_it(promise: Promise) -> None:
    begin = f"| {promise.number} | {promise.statement} | [`{promise.path.name}`]"
    (row,) = (line for line in README.read_text().splitlines() if line.startswith(begin))
    # Figures are those of a run in which it was kept, its controls included.
    assert re.search(r"; [1-9][\d,]* tests?, [1-9][\d,]* controls? \|$", row)


def test_the_readme_states_no_other() -> None:
    text = README.read_text()
    named = re.findall(r"^\| \d+ \| .*\]\(tests/promises/(\w+\.py)\)", text, re.MULTILINE)
    assert sorted(named) == [promise.path.name for promise in PROMISES]
