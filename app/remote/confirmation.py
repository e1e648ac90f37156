"""Asks before what cannot be undone."""

import signal
import sys
from typing import TYPE_CHECKING

import click

from app.remote import text
from app.remote.exits import Exit, Failure
from app.remote.text import say

if TYPE_CHECKING:
    from app.client.generated.fragments import AccessPreview

YES = click.option("--yes", is_flag=True, help="Do not ask.")
SHOWN = 10
"""How many of a kind a preview lists."""


def require(*, yes: bool) -> None:
    """Refuse where nobody could be asked. Raises UsageError."""
    # Python has none where the descriptor was closed at the start.
    given = getattr(sys, "stdin", None)
    if not yes and not (given and given.isatty()):
        raise click.UsageError(
            "This cannot be undone, and there is no terminal to ask at: say --yes to do it."
        )


def ask(question: str) -> None:
    """Ask a person at the terminal, apart from the output. Raises Failure if not confirmed."""
    # The loop's own handler would only note a Ctrl-C while the answer is read.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        confirmed = click.confirm(text.plain(question), err=True)
    finally:
        signal.signal(signal.SIGINT, before)
    if not confirmed:
        raise Failure("Not confirmed: nothing was changed.", Exit.FAILED)


def show(preview: "AccessPreview", *, of_tokens_alone: bool = False) -> None:
    """Say what would stop working; of tokens alone where what their user holds stays."""
    count = preview.live_token_count
    say(f"{text.count(count, 'live token')} would stop working at once.")
    for token in preview.live_tokens[:SHOWN]:
        by = token.last_user_agent_human_readable or "an unknown program"
        used = f"used {text.since(token.last_used_time)}"
        if token.last_used_time is not None:
            used += f" from {token.last_ip or 'an unknown address'} by {text.cell(by)}"
        say(f"  {token.token_prefix}…  {text.cell(token.description)}, {used}")
    if count > SHOWN:
        say(f"  … and {count - SHOWN} more")
    if of_tokens_alone:
        return
    held = [f"{each.permission} on {each.resource_id}" for each in preview.held_permissions]
    _list("Permissions that would be lost", held)
    _list("Groups", [each.name for each in preview.held_groups])


def _list(title: str, values: list[str]) -> None:
    if values:
        more = f", … ({len(values)})" if len(values) > SHOWN else ""
        say(f"{title}: {text.cell(values[:SHOWN])}{more}")
