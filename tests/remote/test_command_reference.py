"""The reference is what the code says, and help is there soon."""

import sys
from pathlib import Path

import click

from app.cli import main
from app.remote import registry
from app.remote.exits import MEANINGS
from app.remote.sections import Sections
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


def test_every_command_is_in_a_section() -> None:
    assert isinstance(main, Sections)
    listed = [name for names in main.sections.values() for name in names]
    assert {name.split()[0] for name in listed} == set(main.commands)
    assert len(listed) == len(set(listed))


async def test_the_codes_are_those_over_the_api(place: Commands) -> None:
    shown = (await place("--help")).out
    assert "\nExit codes over the API (on the host: 0, 1, 2, or 130):\n" in shown


async def test_help_ends_its_sentences(place: Commands) -> None:
    groups = [name for name, command in main.commands.items() if isinstance(command, click.Group)]
    assert {"user", "audit", "organization", "terraform"} <= set(groups)
    for group in ([], *([name] for name in groups)):
        shown = (await place(*group, "--help")).out
        assert "..." not in shown.partition("\n\n")[2], group


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
