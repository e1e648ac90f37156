"""Names and descriptions are whatever somebody typed: a terminal is not to obey them."""

from datetime import UTC, datetime, timedelta

import pytest

from app.remote import text
from tests.remote.conftest import Commands

ESCAPES = "\x1b]0;owned\x07\x1b[2J\u202egnp\u2028\x9b1m"


@pytest.mark.parametrize("character", ESCAPES + "\r\x7f\u200b\ue000\ud800")
def test_what_a_terminal_obeys_is_made_visible(character: str) -> None:
    for shown in (text.plain(f"a{character}b"), text.cell(f"a{character}b")):
        assert shown.isprintable() or not character.isprintable()
        assert shown.isprintable()
    assert text.plain("ü 東京 a") == "ü 東京 a"
    assert text.cell("a\nb") == "a\\nb"


async def test_what_reaches_a_terminal(place: Commands) -> None:
    # Line breaks and tabs are all that the service takes of a description.
    (made,) = await place.json("user", "create", "escaped", "--description=a\n\tb")
    shown = await place("user", "show", "escaped")
    assert "Description: a\\n\\tb\n" in shown.out
    assert (await place("user", "list", "--search=escaped", "--json")).out.isascii()
    await place("user", "update", made["id"], "--name=\u6771\u4eac escaped")
    assert "\u6771\u4eac" in (await place("user", "show", made["id"])).out
    assert (await place("user", "list", "--search=escaped", "--json")).out.isascii()
    for command in (("user", "show", f"escaped{ESCAPES}"), ("user", "list", f"--{ESCAPES}")):
        done = await place(*command, code=2 if command[1] == "list" else 6)
        assert all(line.isprintable() for line in done.err.splitlines())
    unknown = await place("profile", "remove", f"a{ESCAPES}", code=5)
    assert unknown.err.strip().isprintable()


def test_a_whole_token_is_shortened() -> None:
    full = f"appu_{'a' * 44}_{'b' * 49}"
    assert text.plain(f"no {full}, no") == f"no appu_{'a' * 22}…, no"


def test_columns_are_aligned() -> None:
    lines = text.table(["NAME", "N"], [["東京", "1"], ["e\u0301", "2"], ["x" * 300, "3"]])
    assert lines[0].index("N", 1) == 62
    assert {text.width(line) for line in lines} == {63}
    assert lines[3].startswith("x" * 59 + "…  ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "now"),
        (-10, "10 seconds ago"),
        (-89, "89 seconds ago"),
        (-3600, "60 minutes ago"),
        (86_400 * 90 + 30, "in 90 days"),
        (-86_400 * 1.6, "2 days ago"),
    ],
)
def test_times(seconds: float, said: str) -> None:
    assert text.since(datetime.now(UTC) + timedelta(seconds=seconds)) == said


def test_no_time() -> None:
    assert text.since(None) == text.moment(None) == "never"


async def test_an_argument_that_is_no_text(place: Commands) -> None:
    done = await place.shell("appusers user create -- $'\\xff'")
    assert (done.code, done.err.splitlines()[-1]) == (2, "Error: An argument is not UTF-8.")


async def test_a_list_that_cannot_be_written(place: Commands) -> None:
    done = await place.shell("appusers user list --json > /dev/full")
    assert done.code == 1
    assert done.err.splitlines() == [
        "Error: Standard output cannot be written: No space left on device."
    ]
