"""What SECURITY.md and the README tell scanners of tokens is what tokens are."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import token_format
from tests.unit.test_token_format import KNOWN

TOP = Path(__file__).parents[2]
PAGE = (TOP / ".github" / "SECURITY.md").read_text()
README = (TOP / "README.md").read_text()
SHAPE = token_format.SCANNING_PATTERN.removeprefix(r"\b").removesuffix(r"\b")


def scanner(page: str) -> Callable[[str], list[str]]:
    """Return the function that the page shows."""
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(block, names)
    return cast("Callable[[str], list[str]]", names["tokens"])


tokens = scanner(PAGE)


def test_the_expression_is_the_one_that_tokens_have() -> None:
    assert f"\n    {SHAPE}\n" in PAGE
    assert f"`{token_format.SCANNING_PATTERN}`" in README
    assert token_format.LENGTH == 5 + 44 + 1 + 49
    assert token_format.LENGTH - token_format.CHECKSUM_DIGITS == 93
    assert len(token_format.prefix_of(UUID(int=1))) == 27


@given(st.uuids(), st.uuids())
def test_what_is_made_is_found_by_the_code_that_is_shown(organization: UUID, token: UUID) -> None:
    made = token_format.make(organization, token)
    assert tokens(f"password = {made!r}; other = 1") == [made]


@pytest.mark.parametrize("place", [0, 5, 30, 55, 92, 98])
def test_and_what_only_looks_like_one_is_not(place: int) -> None:
    assert tokens(KNOWN) == [KNOWN]
    changed = KNOWN[:place] + ("b" if KNOWN[place] == "a" else "a") + KNOWN[place + 1 :]
    assert tokens(changed) == []


def test_control_another_checksum_is_noticed() -> None:
    wrong = scanner(PAGE.replace("zlib.crc32(", "zlib.adler32("))
    assert wrong(KNOWN) == []
    swapped = scanner(PAGE.replace("DIGITS[rest] + digits", "digits + DIGITS[rest]"))
    assert swapped(KNOWN) == []
