"""The top of the tree is fixed: whatever else is committed there got in by mistake."""

import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
FIXED = {
    *("pyproject.toml", "README.md", "schema.graphql", "app", "db", "tests", "docker-compose.yml"),
    *("LICENSE", "CHANGELOG.md", ".ci", ".github"),
    *(".dockerignore", ".editorconfig", ".gitattributes", ".gitignore"),
}


def strangers(names: list[str]) -> set[str]:
    """Return what of these files' names lies elsewhere."""
    return {name.partition("/")[0] for name in names} - FIXED


def test_nothing_else_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("this is no checkout of git")
    names = listed.stdout.splitlines()
    assert "app/cli.py" in names
    assert strangers(names) == set()


def test_control_a_stranger_is_noticed() -> None:
    assert strangers(["app/cli.py", ".tools/bin/uv", "notes.txt"]) == {".tools", "notes.txt"}
