"""The promises as the modules state them, read without importing any."""

import ast
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Promise:
    """A module and what it is there for."""

    number: int
    statement: str
    """The docstring's first sentence."""
    path: Path
    tests: tuple[str, ...]
    controls: tuple[str, ...]


def find() -> list[Promise]:
    """Return all of them in order."""
    return [_read(path) for path in sorted(FOLDER.glob("test_[0-9][0-9]_*.py"))]


def is_control(test: str) -> bool:
    """Tell a positive control by its name, or by that of its class."""
    return "control" in test.lower()


def _read(path: Path) -> Promise:
    module = ast.parse(path.read_text())
    docstring = ast.get_docstring(module) or ""
    names = list(_tests(module, ""))
    return Promise(
        int(path.name.split("_")[1]),
        " ".join(docstring.partition("\n\n")[0].split()),
        path,
        tuple(name for name in names if not is_control(name)),
        tuple(name for name in names if is_control(name)),
    )


def _tests(place: ast.Module | ast.ClassDef, prefix: str) -> list[str]:
    found: list[str] = []
    for node in place.body:
        if isinstance(node, ast.ClassDef):
            found += _tests(node, f"{node.name}::")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
            node.name.startswith("test_")
        ):
            found.append(prefix + node.name)
    return found
