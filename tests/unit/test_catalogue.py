"""What can be granted, what it comes to, and what an operator can add to it."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from app import catalogue
from app.catalogue import LEVELS, Level

ADMIN = "role:organization:admin"
PACKAGED = catalogue.load()
PLATFORM = ["billing", "payments", "privatelink", "projects", "services", "static_ips"]
RESOURCES = ["authentication", *PLATFORM, "user"]
SCOPES = {f"{resource}:{verb}" for resource in RESOURCES for verb in ("read", "write")}
DEPLOYMENTS = """
[[permission]]
name = "deployments:pipelines:write"
description = "Run pipelines."
levels = ["ORGANIZATION", "PROJECT"]

[[role]]
name = "role:deployments:releaser"
title = "Releaser"
description = "Releases, and reads what the services say."
levels = ["PROJECT"]
includes = ["deployments:pipelines:write", "role:deployments:reader"]

[[role]]
name = "role:deployments:reader"
description = "Reads what the services say."
levels = ["ORGANIZATION", "PROJECT"]
includes = ["service:logs:read"]

[[scope]]
resource = "deployments"
read = "See deployments."
write = "Deploy."
"""
HELPDESK = """
[[role]]
name = "helpdesk"
description = "Helps."
levels = ["ORGANIZATION"]
includes = ["organization:app_users:write"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "more.toml"


@pytest.fixture
def extended(file: Path) -> catalogue.Catalogue:
    file.write_text(DEPLOYMENTS)
    return catalogue.load(file)


class TestPackaged:
    @pytest.mark.parametrize("name", PACKAGED.entries)
    def test_an_entry_is_named_and_described(self, name: str) -> None:
        entry = PACKAGED.entries[name]
        assert entry.name == name
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz_:")
        assert all(name.split(":"))
        assert entry.title
        assert not entry.title.endswith(".")
        assert entry.description[0].isupper()
        assert entry.description.endswith(".")
        belongs_to_organization = name.startswith(("organization:", "role:organization:"))
        assert entry.levels == ({"ORGANIZATION"} if belongs_to_organization else set(LEVELS))

    def test_every_scope_there_is(self) -> None:
        assert PACKAGED.scopes.keys() == SCOPES
        for name, found in PACKAGED.scopes.items():
            assert found.name == name
            assert found.description.endswith(".")

    def test_what_this_service_asks_for(self) -> None:
        assert {name for name, entry in PACKAGED.entries.items() if entry.is_enforced_here} == {
            ADMIN,
            "organization:app_users:write",
            "organization:event_logs:read",
            "organization:groups:write",
            "organization:tokens:verify",
            "organization:users:write",
        }

    def test_whatever_is_no_role_has_a_scope(self) -> None:
        """Otherwise a token that is narrowed to scopes could never have it."""
        for entry in PACKAGED.entries.values():
            # A role that stands for an act of its own has one, too.
            stands_for_itself = not entry.is_role or entry.name.startswith("role:services:")
            assert (entry.scope is not None) is stands_for_itself, entry.name
            assert entry.scope is None or entry.scope in SCOPES

    def test_what_reads_needs_no_scope_to_write(self) -> None:
        for name, entry in PACKAGED.entries.items():
            if name.endswith(":read"):
                assert entry.scope is not None
                assert entry.scope.endswith(":read"), name

    def test_the_roles(self) -> None:
        assert {name for name, entry in PACKAGED.entries.items() if entry.is_role} == {
            ADMIN,
            "admin",
            "developer",
            "operator",
            "read_only",
            "role:services:maintenance",
            "role:services:recover",
        }

    def test_it_cannot_be_changed(self) -> None:
        with pytest.raises(TypeError):
            PACKAGED.entries["a:b"] = PACKAGED.entries[ADMIN]  # pyright: ignore[reportIndexIssue]
        with pytest.raises(FrozenInstanceError):
            PACKAGED.entries[ADMIN].is_role = False  # pyright: ignore[reportAttributeAccessIssue]


class TestExpand:
    @pytest.mark.parametrize(
        ("granted", "given"),
        [
            ([], []),
            (["service:logs:read"], ["service:logs:read"]),
            (["role:services:maintenance"], ["role:services:maintenance"]),
            (["role:services:recover"], ["role:services:recover", "project:services:read"]),
            (
                ["role:services:recover", "service:logs:read"],
                ["role:services:recover", "project:services:read", "service:logs:read"],
            ),
            ([ADMIN], list(PACKAGED.entries)),
            (["taken:out:again"], []),
        ],
    )
    def test_what_a_grant_gives(self, granted: list[str], given: list[str]) -> None:
        assert PACKAGED.expand(granted) == set(given)

    def test_roles_within_roles(self) -> None:
        of_admin = PACKAGED.expand(["admin"])
        assert {"operator", "role:services:recover", "project:services:read"} <= of_admin
        assert of_admin == {
            name for name, entry in PACKAGED.entries.items() if "PROJECT" in entry.levels
        }

    def test_no_project_role_reaches_the_organization(self) -> None:
        for name, entry in PACKAGED.entries.items():
            if "PROJECT" in entry.levels:
                assert not any(
                    given.startswith("organization:") for given in PACKAGED.expand([name])
                )

    def test_an_operator_sees_no_data(self) -> None:
        assert "service:data:write" not in PACKAGED.expand(["operator"])
        assert "service:data:write" in PACKAGED.expand(["developer"])


EFFECTIVE = """
granted                                 | the token is narrowed to       | so it may
service:logs:read                       | nothing                        | service:logs:read
service:logs:read                       | services:read                  | service:logs:read
service:logs:read                       | services:write                 | service:logs:read
service:logs:read                       | projects:write                 | -
service:logs:read                       | projects:write, services:read  | service:logs:read
service:data:write                      | services:read                  | -
service:data:write                      | services:write                 | service:data:write
service:logs:read, service:data:write   | services:read                  | service:logs:read
service:users:write, service:logs:read  | nothing                        | service:logs:read, service:users:write
role:services:recover                   | nothing                        | project:services:read, role:services:recover
role:services:recover                   | services:read                  | project:services:read
role:services:recover                   | services:write                 | project:services:read, role:services:recover
read_only                               | services:read                  | project:integrations:read, project:services:read
read_only                               | static_ips:write               | -
organization:tokens:verify              | authentication:read            | organization:tokens:verify
organization:app_users:write            | authentication:read            | -
organization:app_users:write            | authentication:write           | organization:app_users:write
role:organization:admin                 | user:read                      | organization:event_logs:read
role:organization:admin                 | billing:write                  | organization:billing:read, organization:billing:write, organization:sustainability:read
role:organization:admin                 | payments:write                 | -
nothing                                 | nothing                        | -
nothing                                 | services:write                 | -
taken:out:again                         | nothing                        | -
deployments:pipelines:write             | nothing                        | deployments:pipelines:write
deployments:pipelines:write             | services:write                 | -
role:deployments:reader                 | services:read                  | service:logs:read
"""  # noqa: E501 (a table)


def listed(cell: str) -> list[str]:
    """Return what a cell lists."""
    return [] if cell in ("nothing", "-") else cell.split(", ")


class TestEffective:
    """What a token may, of what its user was granted: writing includes reading. What has no scope,
    as deployments:pipelines:write, is for tokens that are not narrowed."""

    @pytest.mark.parametrize("row", EFFECTIVE.strip().split("\n")[1:])
    def test_table(self, extended: catalogue.Catalogue, row: str) -> None:
        granted, scopes, may = (cell.strip() for cell in row.split("|"))
        found = extended.effective(" ".join(listed(granted)), listed(scopes) or None)
        assert list(found) == listed(may)

    def test_an_administrators_token_that_is_not_narrowed(self) -> None:
        assert PACKAGED.effective(ADMIN, None) == tuple(sorted(PACKAGED.entries))

    def test_every_scope_together_is_less_than_none(self) -> None:
        """Roles themselves are for tokens that are not narrowed, and so is what has no scope."""
        assert PACKAGED.effective(ADMIN, sorted(SCOPES)) == tuple(
            sorted(name for name, entry in PACKAGED.entries.items() if entry.scope)
        )

    @pytest.mark.parametrize("scopes", [None, ["services:read"], ["user:write", "billing:read"]])
    @pytest.mark.parametrize("name", PACKAGED.entries)
    def test_scopes_add_nothing(self, name: str, scopes: list[str] | None) -> None:
        assert set(PACKAGED.effective(name, scopes)) <= PACKAGED.expand([name])

    def test_the_table_has_rows_of_both_kinds(self) -> None:
        """Control: it is not all empty or all let through."""
        ends = [row.rsplit("|", 1)[1].strip() for row in EFFECTIVE.strip().split("\n")[1:]]
        assert 5 < ends.count("-") < len(ends) - 5


class TestGivers:
    @pytest.mark.parametrize(
        ("name", "givers"),
        [
            (ADMIN, [ADMIN]),
            ("organization:app_users:write", ["organization:app_users:write", ADMIN]),
            ("service:data:write", ["service:data:write", "developer", "admin", ADMIN]),
            ("operator", ["operator", "admin", ADMIN]),
            ("taken:out:again", []),
        ],
    )
    def test_who_gives_it(self, name: str, givers: list[str]) -> None:
        assert PACKAGED.givers(name) == set(givers)


class TestLevels:
    @pytest.mark.parametrize(
        ("name", "level", "may"),
        [
            (ADMIN, "ORGANIZATION", True),
            (ADMIN, "ORGANIZATIONAL_UNIT", False),
            ("organization:groups:write", "PROJECT", False),
            ("read_only", "ORGANIZATION", True),
            ("read_only", "ORGANIZATIONAL_UNIT", True),
            ("service:logs:read", "PROJECT", True),
            ("taken:out:again", "ORGANIZATION", False),
        ],
    )
    def test_where_it_may_be_granted(self, name: str, level: Level, *, may: bool) -> None:
        assert PACKAGED.may_be_granted_on(name, level) is may


class TestExtended:
    def test_the_packaged_entries_stay(self, extended: catalogue.Catalogue) -> None:
        added = {name for name in extended.entries if "deployments:" in name}
        assert len(added) == 3
        assert extended.entries.keys() == PACKAGED.entries.keys() | added
        assert PACKAGED.entries.items() <= extended.entries.items()
        assert not any(extended.entries[name].is_enforced_here for name in added)
        assert extended.scopes.keys() == SCOPES | {"deployments:read", "deployments:write"}

    def test_what_was_added(self, extended: catalogue.Catalogue) -> None:
        releaser = extended.entries["role:deployments:releaser"]
        assert (releaser.title, releaser.is_role) == ("Releaser", True)
        assert extended.entries["deployments:pipelines:write"].title is None
        assert extended.expand([releaser.name]) == {
            releaser.name,
            "role:deployments:reader",
            "deployments:pipelines:write",
            "service:logs:read",
        }
        assert extended.scopes["deployments:write"].description == "Deploy."

    def test_the_organization_admin_has_it(self, extended: catalogue.Catalogue) -> None:
        assert extended.givers("deployments:pipelines:write") == {
            "deployments:pipelines:write",
            "role:deployments:releaser",
            ADMIN,
        }

    def test_a_role_of_permissions_of_this_service(self, file: Path) -> None:
        file.write_text(HELPDESK)
        assert "helpdesk" in catalogue.load(file).givers("organization:app_users:write")

    def test_an_empty_file_adds_nothing(self, file: Path) -> None:
        file.touch()
        assert catalogue.load(file) == PACKAGED
