"""``appusers token generate`` and ``rotate``: a secret on standard output, and nothing else there.

Whatever people are told goes to standard error, so that the output can go into a secret store.
"""

import asyncio
import select
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from app.remote import confirmation, look_ups, text
from app.remote.confirmation import YES
from app.remote.connection import Session, remote
from app.remote.exits import Failure
from app.remote.output import fields_of
from app.remote.text import say
from app.remote.tokens import TOKEN, described, token
from app.remote.values import DURATION

if TYPE_CHECKING:
    from app.client.generated.fragments import TokenFields
    from app.client.generated.generate_token import (
        GenerateTokenGenerateTokenGenerateTokenSuccess as Generated,
    )
    from app.client.generated.rotate_token import (
        RotateTokenRotateTokenRotateTokenSuccess as Rotated,
    )


@token.command()
@click.argument("user", metavar="USER")
@click.option("--max-age", type=DURATION, help="How long it lives: 90d, 12h, or seconds.")
@click.option("--never", is_flag=True, help="It never expires, in place of --max-age.")
@click.option("--extend-when-used", is_flag=True, help="Each use moves the expiry on by --max-age.")
@click.option("--description", metavar="TEXT", help="What it is for.")
@click.option("--scope", multiple=True, metavar="SCOPE", help="What it may do alone; many.")
@click.option("--allow", multiple=True, metavar="CIDR", help="Where it may be used from; many.")
@click.option("--idempotency-key", metavar="KEY", help="Never make a second one by this key.")
@remote
async def generate(
    session: Session,
    user: str,
    max_age: int | None,
    never: bool,
    extend_when_used: bool,
    description: str | None,
    scope: tuple[str, ...],
    allow: tuple[str, ...],
    idempotency_key: str | None,
) -> None:
    """Generate a token for an application user; print it, alone, this once.

    The token is one line on standard output, all else goes to standard error:
    `appusers token generate deployments --max-age 90d > deployments.token`.
    """
    from app.client.generated import GenerateTokenInput

    if (max_age is None) != never:
        raise click.UsageError("Say how long it lives, --max-age 90d for example, or --never.")
    _require_reader()
    user_id = await look_ups.application_user(session, user)
    wanted = GenerateTokenInput(
        application_user_id=user_id,
        description=description,
        max_age_seconds=max_age,
        extend_when_used=extend_when_used,
        ip_allowlist=list(allow) or None,
        scopes=list(scope) or None,
        idempotency_key=idempotency_key,
    )
    with _saying_if_in_doubt(session):
        made = await session.client.generate_token(wanted)
    if made.typename__ == "GenerateTokenReplayed":
        _replayed(made.token)
    _hand_over(session, made)


@token.command()
@TOKEN
@click.option(
    "--overlap",
    type=DURATION,
    default=0,
    help="How long the old one goes on working: 1h, up to 7d.  [default: 0, ends at once]",
)
@click.option("--idempotency-key", metavar="KEY", help="Never make a second one by this key.")
@YES
@remote
async def rotate(
    session: Session, token: str, overlap: int, idempotency_key: str | None, yes: bool
) -> None:
    """Put a successor with the same settings in the place of a token; print it, alone, this once.

    Without --overlap the old token ends at once, and that is asked about first.
    """
    from app.client.generated import RotateTokenInput

    if overlap == 0:
        confirmation.require(yes=yes)
    _require_reader()
    token_id = await look_ups.token(session, token)
    if overlap == 0 and not yes:
        preview = await session.client.revocation_preview([token_id])
        confirmation.show(look_ups.there(preview, f"token {token}"))
        confirmation.ask(f"Rotate {token} and end it at once?")
    wanted = RotateTokenInput(
        token_id=token_id, overlap_seconds=overlap, idempotency_key=idempotency_key
    )
    with _saying_if_in_doubt(session):
        made = await session.client.rotate_token(wanted)
    if made.typename__ == "RotateTokenReplayed":
        _replayed(made.token)
    _hand_over(session, made)
    old = made.predecessor
    end = text.moment(old.overlap_end_time) if overlap else "now"
    say(f"The old token {old.token_prefix}… ({old.id}) ends {end}.")


@contextmanager
def _saying_if_in_doubt(session: Session) -> Generator[None]:
    """Say that a token may have been made where its answer was not seen."""
    from app.client import ClientError

    before = len(session.retried)
    try:
        yield
    except (asyncio.CancelledError, ClientError) as error:
        # An attempt may have made it whatever a later one came to.
        if any(map(_is_unsure, (*session.retried[before:], error))):
            say("A token may have been made that nobody has. `appusers token list` shows it.")
        raise


def _is_unsure(error: BaseException) -> bool:
    from app.client.errors import UNSURE, Unreached

    if isinstance(error, asyncio.CancelledError):
        return True
    return isinstance(error, UNSURE) and not isinstance(error, Unreached)


def _hand_over(
    session: Session,
    made: "Generated | Rotated",
) -> None:
    """Print the token, and make sure that somebody got it. Raises Failure."""
    try:
        if session.output.as_json:
            session.output.json(fields_of(made))
        else:
            click.echo(made.full_token)
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        raise Failure(
            f"The token {made.token.id} was made, and could not be written ({error}): it is lost"
            f" and still good. End it: appusers token revoke {made.token.id}"
        ) from None
    # Said behind it: whatever fails there, the token is where it belongs.
    for line in text.facts(described(made.token)):
        say(line)
    say("The token is shown this once.")


def _replayed(token: "TokenFields") -> NoReturn:
    raise Failure(
        f"The token {token.id} ({token.token_prefix}…) was made by an earlier call whose answer was"
        " lost, and its text cannot be shown again. If nobody has it, end it and generate another:"
        f" appusers token revoke {token.id}"
    )


def _require_reader() -> None:
    """See that the token will have somewhere to go before it is made. Raises Failure."""
    # Python has none where the descriptor was closed at the start.
    out = getattr(sys, "stdout", None)
    if out is None or out.closed:
        raise Failure("Standard output is closed: there is nowhere to print the token.")
    try:
        descriptor = out.fileno()
    except (OSError, ValueError):
        # A program that calls this one in its own process may have put something else there.
        return
    if not hasattr(select, "poll"):
        return
    watched = select.poll()
    watched.register(descriptor, select.POLLOUT)
    if any(events & (select.POLLERR | select.POLLNVAL) for _, events in watched.poll(0)):
        raise Failure("Nobody reads standard output: there is nowhere to print the token.")
