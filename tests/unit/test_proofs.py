"""A proof of authority is made in one module and asked for by every service."""

import ast
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"

PROOFS = {"OrgReader", "OrgAdmin", "TokenRevoker"}
MAKERS = PROOFS | {"_Proof"}


def makers_of_proofs(tree: ast.AST) -> set[str]:
    """Return the proofs that a module constructs, or takes the seal for."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in MAKERS:
                found.add(name)
            case ast.Call(func=ast.Name(id="replace") | ast.Attribute(attr="replace")) if any(
                keyword.arg in ("organization_id", "actor_id", "seal", "token_id")
                for keyword in node.keywords
            ):
                found.add("replace")
            case ast.Name(id="_made_here") | ast.Attribute(attr="_made_here"):
                found.add("_made_here")
            case ast.ImportFrom(names=names) if any(n.name == "_made_here" for n in names):
                found.add("_made_here")
            case _:
                pass
    return found


# Services that nobody proves anything to: the operator runs them on the host.
ESCAPES = {
    ("organizations.py", "bootstrap"),
    ("organizations.py", "set_limit"),
}
SERVICES = ("application_users.py", "minting.py", "organizations.py", "tokens.py", "viewer.py")
PROVEN = PROOFS | {"Principal"}


def unproven(tree: ast.Module) -> list[str]:
    """Return the public functions that reach a database and take no proof next.

    After the database may stand the peppers, which are no one's in particular.
    """
    found: list[str] = []
    for node in tree.body:
        if not isinstance(node, ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        kinds = [ast.unparse(a.annotation) if a.annotation else "" for a in node.args.args]
        if kinds[:1] != ["Database"]:
            continue
        behind = [kind for kind in kinds[1:] if kind != "Peppers"]
        if not behind or behind[0] not in PROVEN:
            found.append(node.name)
    return found


class TestProofs:
    def test_only_access_makes_them(self) -> None:
        made = {
            path.relative_to(APP).as_posix(): makers_of_proofs(ast.parse(path.read_text()))
            for path in APP.rglob("*.py")
        }
        assert {path for path, found in made.items() if found} == {"access.py"}
        assert made["access.py"] >= PROOFS

    @pytest.mark.parametrize(
        "forgery",
        [
            "OrgAdmin(organization_id, actor_id, object(), None)",
            "access.OrgReader(organization_id, actor_id, seal)",
            "from app.access import _made_here",
            "access._made_here",
            "dataclasses.replace(reader, organization_id=other)",
        ],
    )
    def test_the_lint_sees_a_forgery(self, forgery: str) -> None:
        assert makers_of_proofs(ast.parse(forgery))

    def test_services_take_them(self) -> None:
        found = {
            (name, function)
            for name in SERVICES
            for function in unproven(ast.parse((APP / name).read_text()))
        }
        assert found == ESCAPES

    def test_the_lint_sees_a_service_without(self) -> None:
        careless = "async def purge(database: Database, organization_id: UUID) -> None: ..."
        assert unproven(ast.parse(careless)) == ["purge"]

    def test_every_service_is_linted(self) -> None:
        """A module that opens tenant transactions is a service."""
        opens = {path.name for path in APP.glob("*.py") if ".tenant(" in path.read_text()}
        assert opens == set(SERVICES)
