"""What can be granted, what an operator can add to it, and what a mistake is answered with."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from app import catalogue
from app.catalogue import LEVELS, CatalogueError, Level

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


def permission(name: str = "a:b", levels: str = '["PROJECT"]', more: str = "") -> str:
    return f'[[permission]]\nname = "{name}"\ndescription = "Do."\nlevels = {levels}\n{more}\n'


def role(name: str, includes: str, levels: str = '["PROJECT"]') -> str:
    return (
        f'[[role]]\nname = "{name}"\ndescription = "Do."\nlevels = {levels}\n'
        f"includes = {includes}\n"
    )


def scope(resource: str = "a", more: str = "") -> str:
    return f'[[scope]]\nresource = "{resource}"\nread = "See."\nwrite = "Do."\n{more}\n'


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
            "organization:users:write",
        }

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
        file.write_text(role("helpdesk", '["organization:app_users:write"]', '["ORGANIZATION"]'))
        assert "helpdesk" in catalogue.load(file).givers("organization:app_users:write")

    def test_an_empty_file_adds_nothing(self, file: Path) -> None:
        file.touch()
        assert catalogue.load(file) == PACKAGED


MISTAKES = [
    ("role", "is not TOML"),
    ("\xff", "is not UTF-8; save it as UTF-8"),
    ("[[roles]]", "'roles' is unknown; write [[role]]"),
    ("[role]", "'role' is no list of tables; write [[role]] over each"),
    ("role = [1]", "'role' is no list of tables"),
    ("[[permission]]", "the permission number 1 needs a name"),
    ("[[permission]]\nname = 1", "the permission 1 needs a name"),
    (permission("A:b"), "the permission 'A:b' needs a name of colon-separated words"),
    (permission("a::b"), "the permission 'a::b' needs a name"),
    (permission("a:b\\n"), "the permission 'a:b\\n' needs a name"),
    (permission("\u0661:b"), "the permission '\u0661:b' needs a name"),
    (permission("a" * 256), "255 characters at most"),
    (permission("organization:a:write"), "the permission organization:a:write has a name that is"),
    (role("role:organization:a", "[]"), "the role role:organization:a has a name that is reserved"),
    (permission(more="enforced_here = false"), "the permission a:b says enforced_here"),
    (permission(more="level = 1"), "the permission a:b has the unknown key 'level'; use name, "),
    (permission(more="includes = []"), "the permission a:b has the unknown key 'includes'"),
    (permission(more="title = 1"), "the permission a:b needs a text as its title"),
    (permission().replace("Do.", " "), "the permission a:b needs a text as its description"),
    (permission(levels='"PROJECT"'), "the permission a:b needs a list of texts as its levels"),
    (permission(levels="[1]"), "the permission a:b needs a list of texts as its levels"),
    (permission(levels="[]"), "the permission a:b has no level as levels; choose from"),
    (permission(levels='["project"]'), "['project'] as levels; choose from ORGANIZATION, "),
    (permission("service:logs:read"), "the permission service:logs:read is there already"),
    (permission() + permission(), "the permission a:b is there already; give it another name"),
    (permission() + role("a:b", "[]"), "the permission a:b is there already"),
    (role("r", "1"), "the role r needs a list of texts as its includes"),
    (role("r", '["x:y"]'), "the role r includes 'x:y', which is unknown; define or drop it"),
    (role("r", '["*"]'), "the role r includes '*'; list the permissions"),
    (role("r", f'["{ADMIN}"]'), f"the role r includes '{ADMIN}'; list the permissions"),
    (
        role("r", '["organization:groups:write"]', '["ORGANIZATION", "PROJECT"]'),
        "the role r includes 'organization:groups:write', which cannot be granted on PROJECT; drop",
    ),
    (role("r", '["r"]'), "includes itself (r includes r); break the circle"),
    (
        role("r", '["s"]') + role("s", '["t"]') + role("t", '["r"]'),
        "includes s includes t includes",
    ),
    ("[[scope]]", "the scope number 1 needs a resource"),
    (scope("a:b"), "the scope 'a:b' needs a resource of one word"),
    (scope("a" * 250), "249 characters at most"),
    (scope(more="title = 'x'"), "the scope a has the unknown key 'title'; use resource, read"),
    (scope().replace("write", "#"), "the scope a needs a text as its write"),
    (scope("billing"), "the scope billing:read is there already; give it another resource"),
]


class TestMistakes:
    @pytest.mark.parametrize(("text", "why"), MISTAKES, ids=[why for _, why in MISTAKES])
    def test_the_file_and_the_entry_are_named(self, file: Path, text: str, why: str) -> None:
        file.write_bytes(text.encode("latin-1" if text == "\xff" else "utf-8"))
        with pytest.raises(CatalogueError) as caught:
            catalogue.load(file)
        assert str(caught.value).startswith(str(file))
        assert why in str(caught.value)

    @pytest.mark.parametrize("name", ["missing.toml", ""])
    def test_a_file_that_cannot_be_read(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(CatalogueError, match="cannot be read"):
            catalogue.load(tmp_path / name)

    def test_names_as_long_as_they_may_be(self, file: Path) -> None:
        file.write_text(permission("a" * 255) + scope("b" * 249))
        found = catalogue.load(file)
        assert "a" * 255 in found.entries
        assert max(map(len, found.scopes)) == 255

    def test_the_packaged_file_is_held_to_the_same(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file.write_text(permission(more="enforced_here = 1"))
        monkeypatch.setattr(catalogue, "PACKAGED", file)
        with pytest.raises(CatalogueError, match="a:b needs true or false as enforced_here"):
            catalogue.load()
