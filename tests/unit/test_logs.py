"""What logs show of secrets: nothing."""

import pytest

from app import logs
from app.web import requests
from tests.unit.test_token_format import KNOWN

PREFIX = KNOWN[:27]

ROWS = [
    (KNOWN, f"{PREFIX}…"),
    (f"Bearer {KNOWN}", "Bearer …"),
    (f"/graphql/{KNOWN}?x", f"/graphql/{PREFIX}…?x"),
    (f'{{"id": "{KNOWN}"}}', f'{{"id": "{PREFIX}…"}}'),
    (f"{KNOWN} and {KNOWN}", f"{PREFIX}… and {PREFIX}…"),
    (KNOWN[:60], f"{PREFIX}…"),
    ("authorization: BEARER something-else", "authorization: BEARER …"),
    ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", "<jwt>"),
    ("postgresql://appusers:hunter2@db/x", "postgresql://appusers:…@db/x"),
    ("postgresql://:p@ss@db/x", "postgresql://:…@db/x"),
    (KNOWN * 2, f"{PREFIX}…{PREFIX}…"),
    ("postgresql://appusers@db/x", "postgresql://appusers@db/x"),
    ("https://example.com/a:b", "https://example.com/a:b"),
    (PREFIX, PREFIX),
    ("token_0352i8RyFC68zZMotRAZzQ", "token_0352i8RyFC68zZMotRAZzQ"),
    ("nothing to hide", "nothing to hide"),
]


@pytest.mark.parametrize(("text", "shown"), ROWS)
def test_redact(text: str, shown: str) -> None:
    assert logs.redact(text) == shown
    assert logs.redact(shown) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/introspect", "/introspect"),
        ("/a\x1b[31mX", "/a\\x1b[31mX"),
        ("/a\0\r\n", "/a\\x00\\r\\n"),
        ("/é\u202e", "/\\xe9\\u202e"),
        ("/" + "a" * 100, "/" + "a" * 15),
    ],
)
def test_a_path_moves_no_terminal(path: str, shown: str) -> None:
    assert requests.shown(path) == shown
