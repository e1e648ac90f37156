"""What people read in place of a User-Agent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import token_format, user_agents
from tests.unit.test_token_format import KNOWN

ROWS = [
    (
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Firefox 128.0 on Linux",
    ),
    ("python-httpx/0.28.1", "python-httpx 0.28.1"),
    ("kube-probe/1.31", "kube-probe 1.31"),
    ("acme-deployer/3", "acme-deployer 3"),
    ("acme", "acme"),
    ("acme/1 other/2", "acme 1"),
    ("acme/1/2", "acme 1/2"),
    (None, None),
    ("", None),
]


class TestHumanReadable:
    @pytest.mark.parametrize(("header", "expected"), ROWS)
    def test_table(self, header: str | None, expected: str | None) -> None:
        assert user_agents.human_readable(header) == expected

    @given(st.text(max_size=512))
    def test_any_stored_text(self, header: str) -> None:
        stored = user_agents.stored(header)
        assert bool(user_agents.human_readable(stored)) == bool(stored)


class TestStored:
    @pytest.mark.parametrize(
        ("header", "kept"),
        [
            (None, ""),
            ("", ""),
            ("  curl/8  ", "curl/8"),
            ("curl\0/8\x1b[31m\n", "curl/8[31m"),
            ("x" * 600, "x" * 512),
            (f"curl/8 ({KNOWN})", f"curl/8 ({KNOWN[:27]}…)"),
            (f"{'x' * 480} {KNOWN}", f"{'x' * 480} {KNOWN[:27]}…"),
        ],
    )
    def test_table(self, header: str | None, kept: str) -> None:
        assert user_agents.stored(header) == kept

    @given(st.text())
    def test_any_text(self, header: str) -> None:
        stored = user_agents.stored(header)
        assert len(stored) <= 512
        assert stored == "" or stored.isprintable()
        assert user_agents.stored(stored) == stored
        assert not token_format.is_in(stored)
