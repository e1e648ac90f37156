"""The README lists every metric, as it says of itself, and every code that one counts."""

import re

import pytest

from app.metrics import GRAPHQL_ERRORS, REGISTRY
from tests.test_readme import README


def rows() -> dict[str, str]:
    """Return the README's table, without the labels that stand behind the names."""
    return dict(re.findall(r"^\| `(appusers_\w+)[^|`]*` \| (.*) \|$", README, re.MULTILINE))


def test_every_metric_is_in_the_table() -> None:
    said = {
        family.name + ("_total" if family.type == "counter" else ""): family.documentation
        for family in REGISTRY.collect()
    }
    assert rows() == {name: text.removesuffix(".") for name, text in said.items()}


def test_control_a_metric_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.README", README.replace("| `appusers_workers` |", ""))
    assert "appusers_workers" not in rows()


def test_every_code_is_shown_before_it_happens() -> None:
    """Where a count has no 0 before its first 1, that is no increase."""
    told = re.search(r"`extensions\.code`: ((?:.*\n)*?.*)\.$", README, re.MULTILINE)
    assert told is not None
    shown = {
        sample.labels["code"] for family in GRAPHQL_ERRORS.collect() for sample in family.samples
    }
    assert set(re.findall(r"`([A-Z_]+)`", told[1])) == shown
