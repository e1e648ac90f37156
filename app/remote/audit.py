"""``appusers audit list``: the trail as the API shows it."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from app.remote import look_ups, text
from app.remote.connection import Session, remote
from app.remote.values import AGO, page

if TYPE_CHECKING:
    from app.client.generated import AuditEventsAuditEventsNodes

OUTCOMES = click.Choice(["SUCCEEDED", "REFUSED"], case_sensitive=False)
SHOWN = 50


@click.command("list")
@click.option("--actor", metavar="USER", help="Done by this user.")
@click.option("--target", metavar="ID", help="About this thing, or what is this user's.")
@click.option("--action", "actions", multiple=True, metavar="NAME", help="TOKEN_REVOKE, …; many.")
@click.option("--outcome", type=OUTCOMES, help="With this outcome.")
@click.option("--since", type=AGO, help="At this time or later: 7d, or a time.")
@click.option("--until", type=AGO, help="Before this time.")
@click.option("--oldest-first", is_flag=True, help="Begin with the oldest.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="NUMBER",
    default=SHOWN,
    show_default=True,
    help="How many at the most; 0: all.",
)
@remote
async def list_events(
    session: Session,
    actor: str | None,
    target: str | None,
    actions: tuple[str, ...],
    outcome: str | None,
    since: datetime | None,
    until: datetime | None,
    oldest_first: bool,
    limit: int,
) -> None:
    """List events of the trail, the latest first; over the API."""
    from app.client import every
    from app.client.generated import (
        AuditAction,
        AuditEventFilter,
        AuditOutcome,
        OrderDirection,
    )

    unknown = [each for each in actions if each.upper() not in AuditAction.__members__]
    if unknown:
        known = ", ".join(AuditAction.__members__)
        raise click.BadParameter(f"{unknown[0]!r} is none of {known}.", param_hint="--action")
    actor_id = await look_ups.user(session, actor) if actor is not None else None
    chosen = AuditEventFilter(
        actor_id=actor_id,
        target_id=target,
        actions=[AuditAction[each.upper()] for each in actions] or None,
        outcome=AuditOutcome(outcome) if outcome else None,
        since=since,
        until=until,
    )
    organization = await session.organization()
    direction = OrderDirection.ASC if oldest_first else OrderDirection.DESC
    await session.output.several(
        every(
            lambda after: session.client.audit_events(
                organization, direction, first=page(limit), after=after, filter_=chosen
            )
        ),
        {
            "TIME": lambda each: f"{each.event_time:%Y-%m-%d %H:%M:%S}Z",
            "ACTION": lambda each: each.action_name,
            "OUTCOME": _outcome,
            "ACTOR": lambda each: each.actor.name if each.actor else each.actor_kind.value.lower(),
            "ADDRESS": lambda each: each.ip,
            "TARGET": lambda each: each.target_id,
        },
        limit,
        "No events.",
    )


def _outcome(event: "AuditEventsAuditEventsNodes") -> str:
    reason = f": {event.reason}" if event.reason else ""
    return text.plain(f"{event.outcome.value.lower()}{reason}")
