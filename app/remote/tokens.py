"""``appusers token``: what there is, and what it was used for."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from app.remote import look_ups, text
from app.remote.connection import Session, remote
from app.remote.sections import Group
from app.remote.text import say
from app.remote.values import AGO, AHEAD, LIMIT, page

if TYPE_CHECKING:
    from app.client.generated.fragments import TokenFields

TOKEN = click.argument("token", metavar="TOKEN")
STATUSES = click.Choice(["ACTIVE", "EXPIRED", "REVOKED", "DEACTIVATED"], case_sensitive=False)


@click.group(cls=Group)
def token() -> None:
    """Tokens. TOKEN is an id (token_…) or a prefix (appu_…), and never the whole token."""


@token.command("list")
@click.option("--user", metavar="USER", help="Of this application user alone.")
@click.option("--search", metavar="TEXT", help="With this text in the description.")
@click.option("--status", "statuses", type=STATUSES, multiple=True, help="In this status; many.")
@click.option("--expires-before", type=AHEAD, help="Expiring before: 30d, or a time.")
@click.option("--unused-for", type=AGO, help="Not used for so long: 90d, or since a time.")
@click.option("--never-used", is_flag=True, help="Never used.")
@LIMIT
@remote
async def list_tokens(
    session: Session,
    user: str | None,
    search: str | None,
    statuses: tuple[str, ...],
    expires_before: datetime | None,
    unused_for: datetime | None,
    never_used: bool,
    limit: int,
) -> None:
    """List tokens, the newest first, in whatever status."""
    from app.client import every
    from app.client.generated import TokenFilter, TokenStatus

    chosen = TokenFilter(
        search=search,
        statuses=[TokenStatus(each) for each in statuses] or None,
        expires_before=expires_before,
        last_used_before=unused_for,
        never_used=never_used or None,
    )
    owner = await look_ups.application_user(session, user) if user is not None else None
    organization = await session.organization()
    await session.output.several(
        every(
            lambda after: session.client.tokens(
                organization, owner, first=page(limit), after=after, filter_=chosen
            )
        ),
        {
            "PREFIX": lambda each: each.token_prefix,
            "USER": lambda each: each.user.name,
            "STATUS": lambda each: each.status.value,
            "EXPIRES": lambda each: expiry(each, text.since),
            "LAST USED": lambda each: text.since(each.last_used_time),
            "DESCRIPTION": lambda each: each.description,
            "ID": lambda each: each.id,
        },
        limit,
        "No tokens.",
    )


@token.command()
@TOKEN
@remote
async def show(session: Session, token: str) -> None:
    """Show a token: what it may do, until when, and its last use."""
    print_token(session, await look_ups.token_by(session, token))


@token.command()
@TOKEN
@click.option("--description", metavar="TEXT", required=True, help="What it is for; '' clears it.")
@remote
async def update(session: Session, token: str, description: str) -> None:
    """Describe a token. Nothing else of it ever changes."""
    from app.client.generated import UpdateTokenInput

    token_id = await look_ups.token(session, token)
    changed = await session.client.update_token(
        UpdateTokenInput(token_id=token_id, description=description or None)
    )
    print_token(session, changed.token)


@token.command()
@TOKEN
@remote
async def activate(session: Session, token: str) -> None:
    """Accept a token again that was deactivated because nobody used it."""
    from app.client.generated import ActivateTokenInput

    token_id = await look_ups.token(session, token)
    changed = await session.client.activate_token(ActivateTokenInput(token_id=token_id))
    print_token(session, changed.token)


@token.command()
@click.argument("token", metavar="[TOKEN]", required=False)
@click.option("--user", metavar="USER", help="Of all tokens of this application user.")
@click.option("--since", type=AGO, help="From this day on: 7d, or a time.  [default: 30d]")
@click.option("--until", type=AGO, help="Up to this day.")
@remote
async def activity(
    session: Session,
    token: str | None,
    user: str | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Show from where a token was used, by which programs and how often.

    Of one token, of an application user, or of the whole organization. Days are whole, in UTC; uses
    show a few seconds after they were made.
    """
    owner = await look_ups.application_user(session, user) if user is not None else None
    token_id = None
    if token is not None:
        # A token that is not there would have no uses, like one that nobody used.
        token_id = (await look_ups.token_by(session, token)).id
    found = await session.client.token_activity_summary(
        await session.organization(), owner, token_id, since, until
    )
    if session.output.as_json:
        session.output.one(found, {})
        return
    latest = "" if found.is_complete else " at least: there are more than the latest 10,000 rows"
    days = text.count(sum(day.use_count > 0 for day in found.days), "day")
    say(f"{text.count(found.use_count, 'use')} on {days}{latest}.")
    if not found.sources:
        return
    session.output.table(
        ["ADDRESS", "PROGRAM", "USES", "FIRST", "LAST"],
        [
            [
                "others" if each.is_other else text.cell(each.ip),
                text.cell(each.user_agent_human_readable),
                str(each.use_count),
                text.since(each.first_use_time),
                text.since(each.last_use_time),
            ]
            for each in found.sources
        ],
    )


def print_token(session: Session, found: "TokenFields") -> None:
    """Print all about a token but itself."""
    session.output.one(found, described(found))


def expiry(found: "TokenFields", written: Callable[[datetime | None], str]) -> str:
    """Return when a token expires; of one that is revoked that means nothing any more."""
    return "-" if found.revoke_time is not None else written(found.expiry_time)


def described(found: "TokenFields") -> dict[str, object]:
    """Return what there is to say about a token, for people."""
    is_extended = found.extend_when_used and found.revoke_time is None
    fields: dict[str, object] = {
        "Id": found.id,
        "Prefix": found.token_prefix,
        "Description": found.description,
        "User": f"{found.user.name} ({found.user.id})",
        "Status": found.status.value,
        "Expires": expiry(found, text.moment) + ", extended by use" * is_extended,
        "Scopes": found.scopes or "everything its user may do",
        "Networks": found.ip_allowlist or "anywhere",
        "Created": text.moment(found.create_time),
        "Created by": found.created_by.name if found.created_by else None,
        "Last used": text.moment(found.last_used_time),
    }
    if found.last_used_time is not None:
        fields["Last address"] = found.last_ip
        fields["Last program"] = found.last_user_agent_human_readable
    if found.supersede_time is not None:
        fields["Rotated"] = text.moment(found.supersede_time)
        fields["Overlap ends"] = text.moment(found.overlap_end_time)
    if found.revoke_time is not None:
        fields["Revoked"] = text.moment(found.revoke_time)
    return fields
