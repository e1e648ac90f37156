"""Rules of single values. What callers get wrong is in ``tests/api/bad_values``."""

import unicodedata
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import inputs, token_format
from app.errors import InvalidInput
from app.inputs import Problems
from tests.conftest import CATALOGUE


def problems_of(problems: Problems) -> list[tuple[str, str]]:
    try:
        problems.raise_any()
    except InvalidInput as invalid:
        return [(problem.path, problem.code.value) for problem in invalid.problems]
    return []


class TestNames:
    @given(st.text())
    def test_what_is_taken_can_be_stored_shown_and_found(self, text: str) -> None:
        problems = Problems()
        name = inputs.name(problems, "name", text)
        if problems_of(problems):
            return
        assert 1 <= len(name) <= 255
        assert name == name.strip() == unicodedata.normalize("NFC", name)
        assert name.encode().count(b"\0") == 0
        assert inputs.name(Problems(), "name", name) == name
        assert len(inputs.name_key(name).encode()) <= 2048

    @given(st.text(max_size=100))
    def test_keys_are_stable(self, text: str) -> None:
        key = inputs.name_key(text)
        assert inputs.name_key(key) == key
        assert inputs.name_key(unicodedata.normalize("NFD", text)) == key

    @given(st.text(st.characters(codec="ascii"), max_size=100))
    def test_case_does_not_matter(self, text: str) -> None:
        assert inputs.name_key(text.upper()) == inputs.name_key(text.lower())


class TestDescriptions:
    @given(st.text())
    def test_what_is_taken_can_be_stored(self, text: str) -> None:
        problems = Problems()
        kept = inputs.description(problems, "description", text)
        if problems_of(problems) or kept is None:
            return
        assert 1 <= len(kept) <= 1000
        assert "\0" not in kept
        kept.encode()

    def test_accents_do_not_add_up(self) -> None:
        """A body full of accents is refused before it is composed, which would take seconds."""
        problems = Problems()
        inputs.description(problems, "description", "a" + "\u0315\u0300" * 500_000)
        assert problems_of(problems) == [("description", "TOO_LONG")]


NETWORKS: list[tuple[list[str] | None, list[str] | None]] = [
    (None, None),
    (["192.0.2.0/24"], ["192.0.2.0/24"]),
    (["192.0.2.7"], ["192.0.2.7/32"]),
    (["2001:DB8:0:0::/32"], ["2001:db8::/32"]),
    (["::1"], ["::1/128"]),
    (["0.0.0.0/0", "::/0"], ["0.0.0.0/0", "::/0"]),
    (["10.0.0.0/255.0.0.0"], ["10.0.0.0/8"]),
    (["11.0.0.0/8", "10.0.0.0/8"], ["11.0.0.0/8", "10.0.0.0/8"]),
]


class TestNetworks:
    @pytest.mark.parametrize(("given_", "kept"), NETWORKS)
    def test_table(self, given_: list[str] | None, kept: list[str] | None) -> None:
        problems = Problems()
        found = inputs.ip_allowlist(problems, "ipAllowlist", given_)
        assert problems_of(problems) == []
        assert (None if found is None else [str(network) for network in found]) == kept

    @given(st.lists(st.text(), min_size=1, max_size=5))
    def test_any_text(self, texts: list[str]) -> None:
        problems = Problems()
        inputs.ip_allowlist(problems, "ipAllowlist", texts)
        for path, code in problems_of(problems):
            assert path.startswith("ipAllowlist[")
            assert code in ("INVALID_NETWORK", "DUPLICATE_VALUE")

    @given(st.ip_addresses())
    def test_any_address(self, address: Any) -> None:
        problems = Problems()
        inputs.ip_allowlist(problems, "ipAllowlist", [str(address)])
        mapped = getattr(address, "ipv4_mapped", None)
        scoped = getattr(address, "scope_id", None)
        assert bool(problems_of(problems)) is bool(mapped is not None or scoped)


class TestEmails:
    @pytest.mark.parametrize("text", ["a@b", "a@b.example", " a@b ", "a@b@c", "ä@ö.example"])
    def test_taken(self, text: str) -> None:
        problems = Problems()
        assert inputs.email(problems, "admin", text) == text.strip()
        assert problems_of(problems) == []

    @pytest.mark.parametrize(
        "text",
        ["", "a", "@", "a@", "@b", "a b@c", "a@b\nc", "a\0@b", "a\u202e@b", "a" * 255 + "@b"],
    )
    def test_refused(self, text: str) -> None:
        problems = Problems()
        inputs.email(problems, "admin", text)
        assert [path for path, _ in problems_of(problems)] == ["admin"]


class TestAges:
    @pytest.mark.parametrize(
        ("age", "extend", "expected"),
        [
            (None, False, []),
            (600, False, []),
            (600, True, []),
            (315_360_000, True, []),
            (599, True, [("maxAgeSeconds", "OUT_OF_RANGE")]),
            (315_360_001, False, [("maxAgeSeconds", "OUT_OF_RANGE")]),
            (None, True, [("extendWhenUsed", "NOT_ALLOWED")]),
        ],
    )
    def test_table(self, age: int | None, extend: bool, expected: list[tuple[str, str]]) -> None:
        problems = Problems()
        inputs.max_age_seconds(problems, "maxAgeSeconds", age, extend_when_used=extend)
        assert problems_of(problems) == expected


class TestScopes:
    @given(st.lists(st.text(), min_size=1, max_size=5))
    def test_any_text(self, texts: list[str]) -> None:
        problems = Problems()
        inputs.scopes(problems, "scopes", texts, CATALOGUE.scopes)
        assert problems_of(problems)

    def test_they_are_sorted(self) -> None:
        problems = Problems()
        kept = inputs.scopes(problems, "scopes", ["user:write", "billing:read"], CATALOGUE.scopes)
        assert kept == ["billing:read", "user:write"]
        assert problems_of(problems) == []


class TestSearches:
    def test_of_a_token_the_prefix_alone_is_looked_for(self) -> None:
        full = token_format.make(UUID(int=1), UUID(int=2))
        assert inputs.search("search", f" {full} ") == full[:27] + "…"
        assert inputs.search("search", full[:27]) == full[:27]
