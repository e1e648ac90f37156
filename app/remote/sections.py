"""The help of `appusers`: what is done from anywhere, and what on the service's host."""

from typing import Any, cast

import click
from click.exceptions import NoArgsIsHelpError

from app.remote.exits import MEANINGS
from app.remote.text import plain

OVER_THE_API = " over the API (on the host: 0, 1, 2, or 130)"
SENTENCE = 300
"""Letters that the first sentence about a command has at the most."""


class Group(click.Group):
    """A group whose help has the first sentence of each command, however long."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _told(self, name)) for name in self.list_commands(ctx)])


class Sections(click.Group):
    """A group whose help lists its commands in sections, and the exit codes."""

    group_class = Group

    def __init__(self, *args: Any, sections: dict[str, tuple[str, ...]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections
        """Title to names, of all commands; ``audit list`` is a command of a group."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections."""
        del ctx
        for title, names in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name, _told(self, name)) for name in names])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the exit codes."""
        del ctx
        with formatter.section(f"Exit codes{OVER_THE_API}"):
            formatter.write_dl([(str(int(code)), text) for code, text in MEANINGS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a token that was typed where none belongs is not repeated."""
        try:
            return super().invoke(ctx)
        except NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise click.UsageError(plain(error.format_message()), error.ctx) from None


def _told(group: click.Group, name: str) -> str:
    """Return the first sentence about a command of a group, or of a group in it."""
    *groups, last = name.split()
    for each in groups:
        group = cast("click.Group", group.commands[each])
    return group.commands[last].get_short_help_str(SENTENCE)
