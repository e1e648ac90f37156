"""A proof of authority is made in one module and asked for by every service."""

import ast
import re
from pathlib import Path

import pytest

from app import access

APP = Path(__file__).parents[2] / "app"

PROOFS = {kind.__name__ for kind in access.NEEDS} | {"Actor", "Reader", "TokenRevoker"}


def makers_of_proofs(tree: ast.AST) -> set[str]:
    """Return the proofs that a module constructs, or takes the seal for."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in PROOFS:
                found.add(name)
            case ast.Call(func=ast.Name(id="replace") | ast.Attribute(attr="replace")) if any(
                keyword.arg in ("organization_id", "actor_id", "is_admin", "givers", "seal")
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
    ("audit_trail.py", "events"),
    ("audit_trail.py", "head"),
    ("audit_trail.py", "list_until"),
    ("audit_trail.py", "verify"),
    ("changes.py", "unproven"),
    ("expiry_warnings.py", "warn"),
    ("joining.py", "add_token"),
    ("organizations.py", "bootstrap"),
    ("organizations.py", "find_limits"),
    ("organizations.py", "list_limits"),
    ("organizations.py", "set_limit"),
    # Their proof is the token itself.
    ("presented_revocations.py", "give_back"),
    ("presented_revocations.py", "report"),
    ("restored_tokens.py", "list_minted_until"),
    ("restored_tokens.py", "revoke_minted_until"),
    ("restores.py", "decided_since"),
    ("restores.py", "find_seam"),
    ("restores.py", "note"),
    ("restores.py", "replay"),
    ("restores.py", "revoke"),
    ("sweeps.py", "apply"),
    ("sweeps.py", "list_unused"),
    ("sweeps.py", "require_organization"),
}
SERVICES = (
    "activity_retention.py",
    "application_users.py",
    "audit_trail.py",
    "authority.py",
    "changes.py",
    "expiry_warnings.py",
    "group_members.py",
    "groups.py",
    "joining.py",
    "limit_requests.py",
    "minting.py",
    "organizations.py",
    "people.py",
    "permissions.py",
    "policies.py",
    "presented_revocations.py",
    "previews.py",
    "refusals.py",
    "resources.py",
    "restored_tokens.py",
    "restores.py",
    "revocations.py",
    "rotation.py",
    "sweeps.py",
    "token_uses.py",
    "tokens.py",
    "use_summaries.py",
    "viewer.py",
    "webhook_delivery.py",
    "webhook_retention.py",
    "webhooks.py",
)
OPENS = re.compile(r"\.tenant\(|changes\.(opened|begun|unproven)\(")
# Services of what everybody may know of themselves: no proof says less than that somebody asks.
OF_PRINCIPALS = {
    ("authority.py", "find_own"),
    # A token may read itself, and then this of itself, without any permission.
    ("policies.py", "blocked"),
    ("viewer.py", "memberships"),
    ("viewer.py", "token"),
    ("viewer.py", "user"),
}


def unproven(tree: ast.Module) -> list[str]:
    """Return the public functions that reach a database and take no proof next.

    After the database may stand the peppers and the catalogue, which are no one's in particular.
    """
    found: list[str] = []
    for node in tree.body:
        if not isinstance(node, ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        kinds = [ast.unparse(a.annotation) if a.annotation else "" for a in node.args.args]
        if kinds[:1] != ["Database"]:
            continue
        behind = [kind for kind in kinds[1:] if kind not in ("Peppers", "Catalogue")]
        if not behind or not {kind.strip() for kind in behind[0].split("|")} <= PROOFS:
            found.append(node.name)
    return found


class TestProofs:
    def test_only_access_makes_them(self) -> None:
        made = {
            path.relative_to(APP).as_posix(): makers_of_proofs(ast.parse(path.read_text()))
            for path in APP.rglob("*.py")
        }
        assert {path for path, found in made.items() if found} == {"access.py"}
        assert made["access.py"] >= {"TokenRevoker", "_made_here"}

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
        assert found == ESCAPES | OF_PRINCIPALS

    def test_the_lint_sees_a_service_without(self) -> None:
        careless = "async def purge(database: Database, organization_id: UUID) -> None: ..."
        assert unproven(ast.parse(careless)) == ["purge"]

    def test_every_service_is_linted(self) -> None:
        """A module that opens tenant transactions or changes is a service."""
        opens = {path.name for path in APP.glob("*.py") if OPENS.search(path.read_text())}
        assert opens == set(SERVICES)
