"""What a mistake in a catalogue file is answered with."""

from pathlib import Path

import pytest

from app import catalogue, catalogue_files
from app.catalogue import CatalogueError
from tests.unit.test_catalogue import ADMIN


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
    (permission(more="scope = 1"), "the permission a:b needs a text as its scope"),
    (permission(more='scope = ""'), "the permission a:b needs a text as its scope"),
    (
        permission(more='scope = "shop:read"'),
        "a:b has the scope 'shop:read', which is unknown; def",
    ),
    (permission(more='scope = "services"'), "a:b has the scope 'services', which is unknown"),
    (permission(more='scope = "services:*"'), "a:b has the scope 'services:*', which is unknown"),
    (role("r", "[]") + 'scope = "shop:read"', "the role r has the scope 'shop:read', which is unk"),
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

    def test_a_scope_that_the_same_file_defines_further_below(self, file: Path) -> None:
        """The control of those with an unknown scope."""
        file.write_text(permission(more='scope = "shop:read"') + scope("shop"))
        assert catalogue.load(file).entries["a:b"].scope == "shop:read"

    def test_the_packaged_file_is_held_to_the_same(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file.write_text(permission(more="enforced_here = 1"))
        monkeypatch.setattr(catalogue_files, "PACKAGED", file)
        with pytest.raises(CatalogueError, match="a:b needs true or false as enforced_here"):
            catalogue.load()
