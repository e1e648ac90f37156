"""The hash chain of an audit trail, recomputed; and what was done to a trail that it does not fit.

The hash of an event is the SHA-256 of the 32 bytes of the previous event's hash (zeros before event
1) and of 16 values in turn, each followed by a comma: the organization, the sequence number, the
time in microseconds since 1970-01-01T00:00:00Z, the action, the outcome, the actor's kind, the
actor's user, the actor's token, the address, the user agent, the request's id, the target's kind,
the target, the principal, the changes as JSON text, the reason. A value is written as
``<bytes>:<value>`` in UTF-8, one that is missing as ``-``; ids are UUIDs in lower case.
``append_audit_events`` in the database does the same.

A chain shows what was changed behind its back. Whoever owns the tables can forge a whole chain with
its end: that shows by an end that was kept elsewhere.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from db.audit_pages import AuditEvent, Head

__all__ = ["BEGINNING", "AuditEvent", "Checker", "Head", "Progress", "Tampered", "digest"]

Damage: TypeAlias = Literal["CHANGED", "REMOVED", "INSERTED", "REORDERED", "REWRITTEN"]

Progress: TypeAlias = Callable[[int], None]
"""Is told now and then how many events are done."""

BEGINNING = Head(0, bytes(32))
"""The end of a chain without events."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NEAR = 10_000
"""How far from its place an event is looked for that stands at the wrong one."""


class Tampered(Exception):
    """The trail is not what was written; names the first event where that shows."""

    def __init__(self, damage: Damage, sequence: int, message: str) -> None:
        super().__init__(message)
        self.damage = damage
        self.sequence = sequence


def digest(previous: bytes, event: AuditEvent) -> bytes:
    """Return the hash that an event has behind another one's."""
    values: Iterable[object] = (
        event.organization_id,
        event.sequence,
        (event.event_time - _EPOCH) // _MICROSECOND,
        event.action,
        event.outcome,
        event.actor_kind,
        event.actor_user_id,
        event.actor_token_id,
        event.ip,
        event.user_agent,
        event.request_id,
        event.target_kind,
        event.target_id,
        event.principal_id,
        event.changes,
        event.reason,
    )
    return hashlib.sha256(previous + b"".join(map(_netstring, values))).digest()


def _netstring(value: object) -> bytes:
    if value is None:
        return b"-,"
    text = str(value).encode()
    return b"%d:%b," % (len(text), text)


@dataclass
class Checker:
    """Follows a chain event by event; each is judged when the one behind it is known."""

    organization_id: UUID
    end: Head = BEGINNING
    """The last event that was found right; where the first one given is to follow on."""
    stored: Head | None = None
    """A former end that was kept elsewhere."""
    recorded: Head | None = None
    """The end that the trail itself records, as far as it is known."""
    is_anchored: bool = True
    """False: the hash before the first event given is taken from that event."""
    _waiting: AuditEvent | None = None

    def feed(self, event: AuditEvent) -> None:
        """Take the next event. Raises Tampered of the one before it."""
        waiting, self._waiting = self._waiting, event
        if waiting is not None:
            self._judge(waiting, event)
        elif not self.is_anchored:
            self.end = Head(self.end.sequence, event.previous_hash)
            self.is_anchored = True

    def settle(self) -> None:
        """Judge the last event. Raises Tampered."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._judge(waiting, None)

    def finish(self, recorded: Head | None) -> None:
        """Compare the end that was reached with the recorded one, and with the one kept elsewhere.

        Raises Tampered.
        """
        self.recorded = recorded
        self.settle()
        if recorded is None and self.end.sequence > 0:
            raise Tampered("CHANGED", self.end.sequence, "The record of the chain's end is gone.")
        recorded = recorded or BEGINNING
        if recorded.sequence > self.end.sequence:
            raise _removed(self.end.sequence + 1, recorded.sequence, "at the end")
        if recorded.sequence < self.end.sequence:
            raise _behind_end(recorded.sequence + 1, recorded)
        if recorded.hash != self.end.hash:
            raise Tampered(
                "CHANGED",
                self.end.sequence,
                f"The record of the chain's end was changed: it has another hash than event"
                f" {self.end.sequence}.",
            )
        if self.stored is not None and self.stored.sequence > self.end.sequence:
            raise Tampered(
                "REMOVED",
                self.end.sequence + 1,
                f"The trail ends with event {self.end.sequence}, but the end that you kept is event"
                f" {self.stored.sequence}: events were removed, and the record of the end with"
                " them.",
            )

    def _judge(self, event: AuditEvent, following: AuditEvent | None) -> None:
        place = self.end.sequence + 1
        if event.sequence > place and self.recorded and self.recorded.sequence < place:
            raise _behind_end(event.sequence, self.recorded)
        if event.sequence > place:
            raise _removed(place, event.sequence - 1)
        if event.sequence < place:
            raise Tampered(
                "REORDERED",
                event.sequence,
                f"Event {event.sequence} stands behind event {self.end.sequence}.",
            )
        if event.organization_id != self.organization_id:
            raise Tampered(
                "INSERTED", place, f"Event {place} belongs to another organization's trail."
            )
        right = digest(self.end.hash, event)
        if (event.hash, event.previous_hash) != (right, self.end.hash):
            raise self._damage(event, following, right)
        self.end = Head(place, right)
        if self.stored is not None and self.stored.sequence == place and self.stored != self.end:
            raise Tampered(
                "REWRITTEN",
                place,
                f"Event {place} has another hash than the end that you kept: the chain was written"
                " anew, at this event or before it.",
            )

    def _damage(self, event: AuditEvent, following: AuditEvent | None, right: bytes) -> Tampered:
        """Say what was done to an event that its hash does not bear out."""
        place = event.sequence
        if self.recorded is not None and self.recorded.sequence < place:
            return _behind_end(place, self.recorded)
        if event.hash == right:
            return Tampered(
                "CHANGED", place, f"Event {place}: previous_hash was changed; hash bears it out."
            )
        if following is not None and following.previous_hash == right:
            return Tampered(
                "CHANGED", place, f"Event {place}: hash was changed; the next event still has it."
            )
        origin = _origin(event)
        if origin is not None:
            return self._misplaced(event, following, origin)
        if following is not None and following.previous_hash == self.end.hash:
            return _inserted(place)
        return Tampered(
            "CHANGED", place, f"Event {place} was changed: hash is not that of its fields."
        )

    def _misplaced(self, event: AuditEvent, following: AuditEvent | None, origin: int) -> Tampered:
        """Say how an event that was written for ``origin`` came to its place."""
        place = event.sequence
        if origin == place:
            return Tampered(
                "CHANGED",
                max(place - 1, 1),
                f"Event {place} does not follow event {place - 1} as it stands: its previous_hash"
                f" is another. Event {place - 1} was exchanged for one with a hash of its own, or"
                f" event {place} was.",
            )
        if origin == place - 1:
            return _inserted(place - 1)
        beyond = _origin(following) if following is not None else None
        if origin == place + 1 and (following is None or beyond == place + 2):
            return Tampered(
                "REMOVED",
                place,
                f"Event {place} was removed and those behind it moved up: what stands in its place"
                f" was event {origin}.",
            )
        return Tampered(
            "REORDERED", place, f"What stands in the place of event {place} was event {origin}."
        )


def _origin(event: AuditEvent) -> int | None:
    """Return the place that an event was written for, by its own hashes; None: not as it is."""
    near = range(max(1, event.sequence - _NEAR), event.sequence + _NEAR)
    for sequence in sorted(near, key=lambda number: abs(number - event.sequence)):
        # house: everybody may know these hashes.
        if digest(event.previous_hash, replace(event, sequence=sequence)) == event.hash:
            return sequence
    return None


def _removed(first: int, last: int, where: str = "") -> Tampered:
    which = f"Event {first} was" if first == last else f"Events {first} to {last} were"
    return Tampered("REMOVED", first, f"{which} removed{' ' if where else ''}{where}.")


def _inserted(place: int) -> Tampered:
    return Tampered(
        "INSERTED", place, f"Event {place} was inserted: the one behind it does not know of it."
    )


def _behind_end(sequence: int, recorded: Head) -> Tampered:
    return Tampered(
        "INSERTED",
        sequence,
        f"Event {sequence} stands behind the recorded end of the chain, event {recorded.sequence}:"
        " it was inserted there, or the record was set back.",
    )
