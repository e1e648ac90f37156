"""No statement of db/ takes whatever columns there are: a migration would change its meaning.

A line that has to is marked ``star: <why>`` in its comment.
"""

import re
from pathlib import Path

import pytest

import db

STAR = re.compile(r"(\b(SELECT|RETURNING)\s+\*|\b\w+\.\*)(?!\))", re.IGNORECASE)
ESCAPE = re.compile(r"star: \w+")
FILES = sorted(Path(db.__path__[0]).rglob("*.py"))


def stars(text: str) -> list[str]:
    """The lines of a source that take whatever columns there are."""
    return [line for line in text.splitlines() if STAR.search(line) and not ESCAPE.search(line)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_columns_are_named(path: Path) -> None:
    assert stars(path.read_text()) == []


class TestControl:
    @pytest.mark.parametrize(
        "line", ["SELECT * FROM token", "returning  *", "SELECT t.* FROM token t", "SELECT a, u.*"]
    )
    def test_a_star_is_noticed(self, line: str) -> None:
        assert stars(line) == [line]

    @pytest.mark.parametrize(
        "line", ["SELECT count(*) FROM token", "SELECT * FROM f()  -- star: f has one column"]
    )
    def test_a_count_and_a_marked_line_pass(self, line: str) -> None:
        assert stars(line) == []

    def test_there_are_files(self) -> None:
        assert {"tokens.py", "0001_application_users.py"} <= {path.name for path in FILES}
