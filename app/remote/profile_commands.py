"""``appusers profile``: services that are kept with a token each."""

import json
import sys

import click

from app.remote import connection, profiles, text
from app.remote.exits import Exit, Failure
from app.remote.profiles import Profiles, Target
from app.remote.sections import Group
from app.remote.text import say


@click.group(cls=Group)
def profile() -> None:
    """Services kept in a file of yours (mode 0600), each with its token."""


@profile.command()
@click.argument("name")
@click.option("--url", required=True, help="The service's address.")
@click.option("--organization", metavar="ID", help="The organization that commands are about.")
@click.option("--default", "is_default", is_flag=True, help="Use it where no profile is named.")
@click.option("--allow-http", is_flag=True, help="Send the token there unencrypted.")
@click.option("--no-check", is_flag=True, help="Do not try the token out.")
@connection.interruptible
def add(
    name: str,
    url: str,
    organization: str | None,
    is_default: bool,
    allow_http: bool,
    no_check: bool,
) -> None:
    """Keep a service and a token under NAME, in place of what NAME was.

    The token is asked for without showing it, or read from standard input where that is no
    terminal; it is no argument, which other users of the machine could read.
    """
    if not profiles.NAME.fullmatch(name):
        raise click.BadParameter(
            "letters, digits, '.', '_' and '-', at most 64.", param_hint="NAME"
        )
    # A file that cannot be read is said before a token is asked for.
    profiles.load()
    given = Target(url, _token(), organization, allow_http, name)
    made = connection.checked(given, "--allow-http.")
    if not no_check:
        connection.try_out(made)

    def added(kept: Profiles) -> Profiles:
        default = name if is_default or not kept.profiles else kept.default
        return Profiles(default, {**kept.profiles, name: made})

    before = profiles.change(added)
    say(f"{'Replaced' if name in before.profiles else 'Added'} {name} in {profiles.path()}.")


def _token() -> str:
    # Python has none where the descriptor was closed at the start.
    given = getattr(sys, "stdin", None)
    if given is None:
        return ""
    if given.isatty():
        return str(click.prompt("Token", hide_input=True, err=True)).strip()
    return str(given.read()).strip()


@profile.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each.")
@connection.interruptible
def list_profiles(as_json: bool) -> None:
    """List the profiles, without their tokens."""
    kept = profiles.load()
    rows = [
        {
            "name": name,
            "url": each.url,
            "organizationId": each.organization,
            "isDefault": name == kept.default,
        }
        for name, each in kept.profiles.items()
    ]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row))
        return
    if not rows:
        say(f"No profiles in {profiles.path()}.")
        return
    heads = ["NAME", "URL", "ORGANIZATION", "DEFAULT"]
    for line in text.table(heads, [[text.cell(value) for value in row.values()] for row in rows]):
        click.echo(line)


@profile.command()
@click.argument("name")
@connection.interruptible
def remove(name: str) -> None:
    """Forget a profile. Its token goes on working until it is revoked."""

    def without(kept: Profiles) -> Profiles:
        if name not in kept.profiles:
            raise Failure(f"There is no profile {name!r}.", Exit.NOT_FOUND)
        others = {key: each for key, each in kept.profiles.items() if key != name}
        return Profiles(None if kept.default == name else kept.default, others)

    profiles.change(without)
    say(f"Removed {name}. Its token is still good: revoke it if it is of no more use.")
