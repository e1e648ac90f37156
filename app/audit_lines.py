"""Events as lines of JSON: what an export holds, enough to verify it by itself.

A line holds one event, with public ids; the last line holds the end of the chain, ``{"head": …}``.
``changes`` is the text that was hashed, JSON inside a string.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from app import audit, ids
from app.audit_chain import BEGINNING, AuditEvent, Checker, Head, Progress, Tampered

OFTEN = 1000


class Unreadable(ValueError):
    """A line that no export wrote."""


def event_line(event: AuditEvent) -> bytes:
    """Return an event as a line."""
    organization_id = event.organization_id
    return _line(
        {
            "id": audit.event_id(organization_id, event.sequence),
            "organizationId": ids.organization_id(organization_id),
            "sequence": event.sequence,
            "eventTime": event.event_time.astimezone(UTC),
            "action": event.action,
            "outcome": event.outcome,
            "actorKind": event.actor_kind,
            "actorId": audit.actor_id(organization_id, event.actor_user_id),
            "actorTokenId": audit.actor_token_id(organization_id, event.actor_token_id),
            "ip": event.ip,
            "userAgent": event.user_agent,
            "requestId": event.request_id,
            "targetKind": event.target_kind,
            "targetId": audit.target_id(organization_id, event.target_kind, event.target_id),
            "principalId": audit.principal_id(
                organization_id, event.principal_id, is_user=event.principal_is_user
            ),
            "changes": event.changes,
            "reason": event.reason,
            "previousHash": event.previous_hash.hex(),
            "hash": event.hash.hex(),
        }
    )


def head_line(organization_id: UUID, head: Head) -> bytes:
    """Return the end of a chain as a line."""
    return _line(
        {
            "head": {
                "organizationId": ids.organization_id(organization_id),
                "sequence": head.sequence,
                "hash": head.hash.hex(),
            }
        }
    )


def _line(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def read(line: bytes) -> AuditEvent | tuple[UUID, Head]:
    """Return the event of a line, or the organization and end of the last one.

    Raises Unreadable for anything that ``event_line`` and ``head_line`` do not write, down to the
    byte: what is not hashed, such as the organization within an id, cannot be changed either.
    """
    try:
        content: dict[str, Any] = orjson.loads(line)
        if "head" in content:
            found = content["head"]
            head = Head(_number(found["sequence"]), bytes.fromhex(found["hash"]))
            organization_id = _organization(found["organizationId"])
            if head_line(organization_id, head) == line:
                return organization_id, head
        else:
            event = _event(content)
            if event_line(event) == line:
                return event
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        pass
    raise Unreadable("This is not a line of an exported audit trail.")


def verify(
    lines: Iterable[bytes],
    *,
    organization_id: UUID | None = None,
    after: int = 0,
    stored: Head | None = None,
    progress: Progress = lambda _: None,
    heed: Callable[[AuditEvent], object] = lambda _: None,
) -> tuple[UUID, Head]:
    """Recompute the chain of an export; return its organization and end.

    ``after``: what was exported begins behind this event. ``heed`` is given each event, to be
    believed when this has returned. Raises Tampered, and Unreadable for a line that is none, or
    where the last one is missing.
    """
    checker: Checker | None = None
    for found in _numbered(lines, progress):
        if isinstance(found, AuditEvent):
            if checker is None:
                checker = _checker(organization_id or found.organization_id, after, stored)
            checker.feed(found)
            heed(found)
            continue
        owner, recorded = found
        if checker is None:
            checker = _checker(organization_id or owner, after, stored)
            # Nothing was exported: there is nothing that the end could be compared with.
            if recorded.sequence == after > 0:
                checker.end = recorded
        if owner != checker.organization_id:
            raise Tampered(
                "CHANGED", recorded.sequence, "The file is of another organization's trail."
            )
        checker.finish(recorded)
        return owner, checker.end
    if checker is not None:
        checker.settle()
    raise Unreadable(
        "The last line, the chain's end, is missing: lines were removed, or the export was"
        " interrupted; run it again to go on."
    )


def _checker(organization_id: UUID, after: int, stored: Head | None) -> Checker:
    return Checker(
        organization_id, Head(after, BEGINNING.hash), stored=stored, is_anchored=after == 0
    )


def _numbered(
    lines: Iterable[bytes], progress: Progress
) -> Iterator[AuditEvent | tuple[UUID, Head]]:
    """Yield what lines hold; the chain's end when nothing stands behind it."""
    ended: tuple[UUID, Head] | None = None
    for number, line in enumerate(lines, 1):
        if ended is not None:
            raise Unreadable(f"Line {number} stands behind the line of the chain's end.")
        try:
            found = read(line)
        except Unreadable as error:
            raise Unreadable(f"Line {number}: {error}") from None
        if isinstance(found, tuple):
            ended = found
        else:
            yield found
        if number % OFTEN == 0:
            progress(number)
    if ended is not None:
        yield ended


def _event(content: dict[str, Any]) -> AuditEvent:
    organization_id = _organization(content["organizationId"])
    principal: str | None = content["principalId"]
    return AuditEvent(
        organization_id=organization_id,
        sequence=_number(content["sequence"]),
        event_time=datetime.fromisoformat(content["eventTime"]),
        action=content["action"],
        outcome=content["outcome"],
        actor_kind=content["actorKind"],
        actor_user_id=_member(organization_id, content["actorId"]),
        actor_token_id=_member(organization_id, content["actorTokenId"]),
        ip=content["ip"],
        user_agent=content["userAgent"],
        request_id=content["requestId"],
        target_kind=content["targetKind"],
        target_id=_target(organization_id, content["targetId"]),
        principal_id=_member(organization_id, principal),
        changes=content["changes"],
        reason=content["reason"],
        previous_hash=bytes.fromhex(content["previousHash"]),
        hash=bytes.fromhex(content["hash"]),
        principal_is_user=principal is not None and principal.startswith("user_"),
    )


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a sequence number is a number")
    return value


def _organization(value: str) -> UUID:
    found = ids.parse_organization_id(value)
    if found is None:
        raise Unreadable(value)
    return found


def _member(organization_id: UUID, value: str | None) -> UUID | None:
    return None if value is None else _target(organization_id, value)


def _target(organization_id: UUID, value: str) -> UUID:
    kind = ids.kind_of(value)
    if kind is None:
        return UUID(value)
    if kind == "org":
        return _organization(value)
    found = ids.parse_member_id(kind, value)
    if found is None or found[0] != organization_id:
        raise Unreadable(value)
    return found[1]
