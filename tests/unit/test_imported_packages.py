"""What the code imports, pyproject.toml declares: for all, or in the extra that the code is of."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
OURS = {"app", "db"}
EXTRAS = {
    "app/terraform/": "terraform",
    "app/traces.py": "otel",
    "app/api/traced.py": "otel",
    "app/web/traced.py": "otel",
}
PARTS = {"graphql": "strawberry-graphql", "sqlalchemy": "alembic"}
"""What is used as a part of another library, in the version that this one wants."""
DISTRIBUTIONS = metadata.packages_distributions()


def imported(source: str) -> Iterator[str]:
    """Yield the packages that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (each.name.partition(".")[0] for each in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case _:
                pass


def declared(extra: str | None) -> set[str]:
    """Return what is installed for all, and with an extra."""
    lines = PROJECT["dependencies"] + (PROJECT["optional-dependencies"][extra] if extra else [])
    return {canonicalize_name(Requirement(line).name) for line in lines}


def undeclared(path: str, source: str) -> set[str]:
    """Return the packages that a file imports and may not."""
    extra = next((extra for place, extra in EXTRAS.items() if path.startswith(place)), None)
    known = declared(extra)
    return {
        package
        for package in set(imported(source)) - set(sys.stdlib_module_names) - OURS
        if not known & {PARTS.get(package), *map(canonicalize_name, DISTRIBUTIONS[package])}
    }


def test_what_is_imported_is_declared() -> None:
    found = {
        path: packages
        for base in OURS
        for file in (TOP / base).rglob("*.py")
        # What is generated tries for packages that it does without.
        if not (path := file.relative_to(TOP).as_posix()).startswith(
            ("app/client/generated/", "app/frontend/")
        )
        and (packages := undeclared(path, file.read_text()))
    }
    assert found == {}


def test_control() -> None:
    source = "import anyio.from_thread\ndef late():\n    from httpx import get\n    from . import a"
    assert undeclared("app/terraform/other.py", source) == set()
    assert undeclared("app/other.py", source) == {"anyio"}
