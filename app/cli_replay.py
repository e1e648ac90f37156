"""What ``appusers audit replay`` does and prints."""

import json
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from app import audit, audit_lines, commands, ids, restores, token_format
from app.audit import Action
from app.audit_chain import AuditEvent, Head, Tampered
from app.audit_lines import Unreadable
from app.database import Database
from app.errors import Failure, NotFound
from app.restores import Outcome, Seam
from app.startup import Installation
from app.trail_ends import End, Lost

EACH = 1000


@dataclass
class _Trail:
    """An exported trail that bears itself out."""

    path: Path
    organization_id: UUID
    head: Head
    hashes: bytes
    end_time: datetime | None


async def run(place: Installation, *, files: tuple[Path, ...], apply: bool, as_json: bool) -> int:
    """Replay each file; return how many were refused or left something behind."""
    failed = 0
    async with commands.database(place) as database:
        for path in files:
            try:
                failed += await _one(database, path, apply=apply, as_json=as_json)
            except (Tampered, Unreadable) as error:
                failed += 1
                click.echo(f"{path}: refused. {error}", err=True)
            except NotFound:
                failed += 1
                click.echo(
                    f"{path}: refused. Its organization is not in this database: the trail is of"
                    " another installation, or the organization was made after the backup.",
                    err=True,
                )
            except Failure as error:
                failed += 1
                click.echo(f"{path}: refused. {error}", err=True)
            except OSError as error:
                raise click.FileError(str(path), error.strerror) from None
    return failed


async def _one(database: Database, path: Path, *, apply: bool, as_json: bool) -> int:
    trail = _read(path)
    seam = await restores.find_seam(database, trail.organization_id, trail.hashes)
    lost = _lost(trail, seam)
    since = await restores.decided_since(database, trail.organization_id, seam)
    if not as_json:
        _introduce(trail, seam)
    ended = kept = 0
    work = restores.replay(database, trail.organization_id, lost, since, apply=apply)
    async with aclosing(work) as outcomes:
        async for outcome in outcomes:
            ended += outcome.kept is None
            kept += outcome.kept is not None
            say = _json if as_json else _line
            click.echo(say(trail.organization_id, outcome, apply=apply))
            if apply and (ended + kept) % EACH == 0:
                click.echo(f"{path}: {ended} done so far", err=True)
    for event in (*lost.made.values(), *lost.others):
        what = "LOST" if event.target_id in lost.made else "LOOK"
        click.echo((_event_json if as_json else _event_line)(what, event))
    if apply and (ended or (trail.head.sequence > seam.last_common and not since.is_noted)):
        await restores.note(database, trail.organization_id, seam, trail.head, ended)
    if not as_json:
        click.echo(_summary(ended, kept, lost, apply=apply))
    return int(kept > 0)


def _read(path: Path) -> _Trail:
    """Verify a file. Raises Tampered, Unreadable and OSError."""
    hashes = bytearray()
    latest: list[datetime] = []

    def heed(event: AuditEvent) -> None:
        hashes.extend(event.hash)
        latest[:] = [event.event_time]

    with path.open("rb") as lines:
        organization_id, head = audit_lines.verify(lines, heed=heed)
    return _Trail(path, organization_id, head, bytes(hashes), latest[0] if latest else None)


def _lost(trail: _Trail, seam: Seam) -> Lost:
    """Return what a file says of the time behind the seam; it is verified again as it is read."""
    lost = Lost()

    def heed(event: AuditEvent) -> None:
        if event.sequence > seam.last_common:
            try:
                lost.feed(event)
            except ValueError as error:
                raise Unreadable(str(error)) from None

    with trail.path.open("rb") as lines:
        audit_lines.verify(
            lines, organization_id=trail.organization_id, stored=trail.head, heed=heed
        )
    return lost


def _introduce(trail: _Trail, seam: Seam) -> None:
    own = seam.head.sequence - seam.last_common
    click.echo(
        f"{ids.organization_id(trail.organization_id)}: the trail has {trail.head.sequence}"
        f" events, the database the first {seam.last_common} of them"
        + (f" and {own} of its own since." if own else ".")
    )
    if trail.end_time is not None:
        click.echo(
            f"  The trail ends at {_time(trail.end_time)}: what ended after that is not in it."
        )


_ACTS = {
    "REVOKE_TOKEN": "revoke token",
    "REVOKE_TOKENS_OF_USER": "revoke all tokens of",
    "SUPERSEDE_TOKEN": "end rotated token",
    "DEACTIVATE_TOKEN": "deactivate token",
    "DEACTIVATE_USER": "deactivate user",
    "REMOVE_MEMBER": "remove from group",
    "REVOKE_PERMISSION": "revoke permission",
    "DELETE_USER": "delete user",
    "DELETE_GROUP": "delete group",
    "DELETE_RESOURCE": "delete resource",
    "DELETE_WEBHOOK": "delete webhook",
    "TIGHTEN_POLICY": "tighten policy",
}


def _line(organization_id: UUID, outcome: Outcome, *, apply: bool) -> str:
    end = outcome.end
    parts = [_target(organization_id, end)]
    if end.event.target_kind == "TOKEN":
        parts.insert(0, token_format.prefix_of(end.target_id))
    if end.permission is not None:
        parts.insert(0, end.permission)
    principal = _principal(end.event) if end.principal_id is not None else None
    if principal is not None:
        parts.append(f"of {principal}")
    if outcome.count != 1:
        parts.append(f"({outcome.count} tokens)")
    parts.append(f"by event {end.event.sequence}, {_time(end.event.event_time)}")
    if outcome.kept is not None:
        return f"  NOT DONE {_ACTS[end.kind]}  {'  '.join(parts)}: {outcome.kept}"
    return f"  {'done' if apply else 'to do'}  {_ACTS[end.kind]:<20}  {'  '.join(parts)}"


def _json(organization_id: UUID, outcome: Outcome, *, apply: bool) -> str:
    end = outcome.end
    return json.dumps(
        {
            "act": end.kind,
            "organizationId": ids.organization_id(organization_id),
            "targetId": _target(organization_id, end),
            "principalId": _principal(end.event),
            "permission": end.permission,
            "count": outcome.count,
            "eventId": audit.event_id(organization_id, end.event.sequence),
            "eventTime": _time(end.event.event_time),
            "isDone": apply and outcome.kept is None,
            "keptBecause": outcome.kept,
        }
    )


def _target(organization_id: UUID, end: End) -> str:
    return audit.target_id(organization_id, end.event.target_kind, end.target_id)


def _principal(event: AuditEvent) -> str | None:
    return audit.principal_id(
        event.organization_id, event.principal_id, is_user=event.principal_is_user
    )


def _event_line(what: str, event: AuditEvent) -> str:
    target = audit.target_id(event.organization_id, event.target_kind, event.target_id)
    if event.target_kind == "TOKEN":
        target = f"{token_format.prefix_of(event.target_id)}  {target}"
    principal = _principal(event)
    whose = f"  of {principal}" if principal is not None else ""
    word = "lost " if what == "LOST" else "look "
    # A file may name an action that there is not, in characters that a terminal obeys.
    action = event.action.encode("unicode_escape").decode()
    if what == "LOST" and event.action == Action.TOKEN_GENERATE.value:
        whose += "  its holder needs another one"
    return (
        f"  {word}  {action}  {target}{whose}  by event {event.sequence}, {_time(event.event_time)}"
    )


def _event_json(what: str, event: AuditEvent) -> str:
    return json.dumps(
        {
            "act": what,
            "organizationId": ids.organization_id(event.organization_id),
            "action": event.action,
            "targetId": audit.target_id(event.organization_id, event.target_kind, event.target_id),
            "principalId": _principal(event),
            "changes": json.loads(event.changes),
            "eventId": audit.event_id(event.organization_id, event.sequence),
            "eventTime": _time(event.event_time),
        }
    )


def _summary(ended: int, kept: int, lost: Lost, *, apply: bool) -> str:
    tokens = sum(event.target_kind == "TOKEN" for event in lost.made.values())
    text = (
        f"  {ended} {'ended again' if apply else 'to end again'}, {kept} that cannot be;"
        f" {len(lost.made)} lost, of them {tokens} tokens; {len(lost.others)} other changes to look"
        " at."
    )
    return text if apply else f"{text} Nothing was changed; --apply does it."


def _time(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
