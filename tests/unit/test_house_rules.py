"""Rules of this house hold, and each is seen to notice what breaks it."""

from pathlib import Path

import pytest

from tests.unit.house_rules import RULES, Rule

TOP = Path(__file__).parents[2]


def files(rule: Rule) -> list[Path]:
    """Return the sources that a rule is for."""
    return [
        path
        for folder in rule.folders
        for path in sorted((TOP / folder).rglob("*.py"))
        if "migrations" not in path.parts and str(path.relative_to(TOP)) not in rule.exempt
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule(rule: Rule) -> None:
    broken = [
        f"{path.relative_to(TOP)}:{line}"
        for path in files(rule)
        for line in rule.broken(path.read_text())
    ]
    assert broken == [], rule.name


class TestControl:
    @pytest.mark.parametrize(
        ("rule", "source"), [(rule, source) for rule in RULES for source in rule.breaks]
    )
    def test_what_breaks_a_rule_is_noticed(self, rule: Rule, source: str) -> None:
        (line,) = rule.broken(source)
        lines = source.splitlines()
        lines[line - 1] += "  # noqa: X (house: this is a test)"
        assert rule.broken("\n".join(lines)) == []
        # Without a reason it is no escape.
        assert rule.broken(source + "  # house:") == [line]

    @pytest.mark.parametrize(
        ("rule", "source"), [(rule, source) for rule in RULES for source in rule.keeps]
    )
    def test_what_keeps_a_rule_passes(self, rule: Rule, source: str) -> None:
        assert rule.broken(source) == []

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
    def test_there_are_files(self, rule: Rule) -> None:
        assert len(files(rule)) > 30
        assert all((TOP / name).exists() for name in rule.exempt)
