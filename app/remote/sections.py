"""The help of `appusers`: what is done from anywhere, and what on the service's host."""

from typing import Any, cast

import click
from click.exceptions import NoArgsIsHelpError

from app.remote.exits import MEANINGS
from app.remote.text import plain


class Sections(click.Group):
    """A group whose help lists its commands in sections, and the exit codes."""

    def __init__(self, *args: Any, sections: dict[str, tuple[str, ...]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections
        """Title to names; ``audit list`` is a command of a group."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections."""
        del ctx
        limit = formatter.width - 6 - max(map(len, self.commands))
        for title, names in self.sections.items():
            rows = [(name, self._command(name).get_short_help_str(limit)) for name in names]
            with formatter.section(title):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the exit codes."""
        del ctx
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), text) for code, text in MEANINGS.items()])

    def _command(self, name: str) -> click.Command:
        found: click.Command = self
        for part in name.split():
            found = cast("click.Group", found).commands[part]
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a token that was typed where none belongs is not repeated."""
        try:
            return super().invoke(ctx)
        except NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise click.UsageError(plain(error.format_message()), error.ctx) from None
