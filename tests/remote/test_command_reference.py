"""The reference is what the code says, and help is there soon."""

import sys
from pathlib import Path

from app.remote import registry
from app.remote.exits import MEANINGS
from tests.cli.processes import appusers
from tests.reference import commands
from tests.remote.conftest import Commands

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "app" / "remote" / "REFERENCE.md"


def test_it_is_current() -> None:
    assert PAGE.read_text() == commands.described(), (
        "run: python -m tests.reference.commands > app/remote/REFERENCE.md"
    )


def test_it_has_every_command_and_code() -> None:
    page = PAGE.read_text()
    for name in registry.COMMANDS:
        assert f"## appusers {name}\n" in page
    for code in MEANINGS:
        assert f"| {int(code)} | " in page


async def test_help_has_sections() -> None:
    shown = (await appusers({}, "--help")).out
    anywhere, on_host = shown.split("On the service's host:")
    assert "Over the API, from anywhere:" in anywhere
    for name in registry.COMMANDS:
        assert f"\n  {name} " in anywhere
    assert "\n  serve " in on_host


async def test_a_group_alone_shows_its_help(place: Commands) -> None:
    for command in ((), ("token",)):
        alone = await place(*command, code=2)
        assert "Error" not in alone.err
        assert alone.err == (await place(*command, "--help")).out


async def test_help_does_not_wait_for_the_client(place: Commands) -> None:
    done = await place.shell(
        f"{sys.executable} -X importtime -m app token --help 2>&1 >/dev/null | grep -c 'app.client'"
    )
    assert done.out == "0\n"
    control = await place.shell(
        f"{sys.executable} -X importtime -m app whoami 2>&1 >/dev/null | grep -c 'app.client'"
    )
    assert int(control.out) > 10
