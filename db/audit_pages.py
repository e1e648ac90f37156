"""The audit trail as it is read: pages in the order of the chain, and its end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from db.keyset import Direction, beyond
from db.pool import Connection

Outcome: TypeAlias = Literal["SUCCEEDED", "REFUSED"]
Lead: TypeAlias = Literal["all", "token", "target", "actor", "refused", "action"]
"""The part of a filter that an index finds events by; the other parts are looked at behind it."""

LAST_SEQUENCE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """A row of ``audit_event``."""

    organization_id: UUID
    sequence: int
    event_time: datetime
    action: str
    outcome: Outcome
    actor_kind: str
    actor_user_id: UUID | None
    actor_token_id: UUID | None
    ip: str | None
    user_agent: str | None
    request_id: str | None
    target_kind: str
    target_id: UUID
    principal_id: UUID | None
    changes: str
    """The very text that was hashed."""
    reason: str | None
    previous_hash: bytes
    hash: bytes
    principal_is_user: bool
    """The principal is, or once was, a user; otherwise a group. Not of the row itself."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to list; None keeps everything."""

    actor_id: UUID | None = None
    actor_token_id: UUID | None = None
    target_id: UUID | None = None
    """What was acted on, or whose it is."""
    actions: tuple[str, ...] | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def lead(self) -> Lead:
        """The part that leaves the fewest events, as a rule."""
        parts: list[tuple[object, Lead]] = [
            (self.actor_token_id, "token"),
            (self.target_id, "target"),
            (self.actor_id, "actor"),
            (self.outcome == "REFUSED" or None, "refused"),
            (self.actions, "action"),
        ]
        found: list[Lead] = [lead for part, lead in parts if part is not None]
        return found[0] if found else "all"


_INNER = """e.organization_id, e.sequence, e.event_time, e.action, e.outcome, e.actor_kind,
               e.actor_user_id, e.actor_token_id, e.ip, e.user_agent, e.request_id,
               e.target_kind, e.target_id, e.principal_id, e.changes, e.reason, e.previous_hash,
               e.hash"""
# abbrev() and not host(): a network that somebody made of the address has to show. Users leave
# tombstones, groups do not.
_COLUMNS = """e.organization_id, e.sequence, e.event_time, e.action, e.outcome, e.actor_kind,
       e.actor_user_id, e.actor_token_id, abbrev(e.ip) AS ip, e.user_agent, e.request_id,
       e.target_kind, e.target_id, e.principal_id, e.changes::text AS changes, e.reason,
       e.previous_hash, e.hash,
       -- EXISTS might be planned as one read of all users.
       coalesce((
           SELECT true
             FROM organization_user u
            WHERE u.organization_id = $1 AND u.user_id = e.principal_id), false)
           AS principal_is_user"""

# Of every list statement $1 is the organization, $2 the position, $3 the limit, $4 to $10 the
# filter, $11 where the span of time ends. coalesce makes one condition of many for the planner: of
# each by itself it would think that it drops two rows of three, and sort what is left instead of
# reading an index in order.
_KEEP = """coalesce(
                   ($4::uuid IS NULL OR e.actor_user_id = $4)
                   AND ($5::uuid IS NULL OR e.actor_token_id = $5)
                   AND ($6::uuid IS NULL OR e.target_id = $6 OR e.principal_id = $6)
                   AND ($7::text[] IS NULL OR e.action = ANY ($7))
                   AND ($8::text IS NULL OR e.outcome = $8)
                   AND ($9::timestamptz IS NULL OR e.event_time >= $9)
                   AND ($10::timestamptz IS NULL OR e.event_time < $10),
                   false)"""


def _events_sql(direction: Direction, condition: str = "true") -> str:
    short_of = beyond("DESC" if direction == "ASC" else "ASC")
    return f"""
        SELECT {_INNER}
          FROM audit_event e
         WHERE e.organization_id = $1 AND {condition}
           AND e.sequence {beyond(direction)} $2 AND e.sequence {short_of} $11
           AND {_KEEP}
         ORDER BY e.sequence {direction}
         LIMIT $3"""


def _list_sql(source: str, direction: Direction) -> str:
    return f"""
SELECT {_COLUMNS}
  FROM {source} e
 ORDER BY e.sequence {direction}
 LIMIT $3
"""


def _sources_sql(direction: Direction) -> dict[Lead, str]:
    def led_sql(condition: str) -> str:
        return _events_sql(direction, condition)

    # A target is found by either of two indexes, each action by a range of its own: that makes
    # several short lists in order, and their first rows are the page.
    of_target = led_sql("e.target_id = $6")
    of_principal = led_sql("e.principal_id = $6 AND e.target_id <> $6")
    of_action = led_sql("e.action = a.action")
    return {
        "all": f"({_events_sql(direction)})",
        "token": f"({led_sql('e.actor_token_id = $5')})",
        "target": f"(({of_target}) UNION ALL ({of_principal}))",
        "actor": f"({led_sql('e.actor_user_id = $4')})",
        "refused": f"({led_sql(_REFUSED)})",
        "action": f"unnest($7::text[]) AS a (action) CROSS JOIN LATERAL ({of_action})",
    }


# In the words of the partial index.
_REFUSED = "e.outcome = 'REFUSED'"
_DIRECTIONS: tuple[Direction, ...] = ("ASC", "DESC")
LIST_SQL: dict[tuple[Lead, Direction], str] = {
    (lead, direction): _list_sql(source, direction)
    for direction in _DIRECTIONS
    for lead, source in _sources_sql(direction).items()
}


@dataclass(frozen=True, slots=True)
class Span:
    """Events that come behind one and before another."""

    after: int
    before: int


WHOLE = Span(0, LAST_SEQUENCE)

# Times follow the chain, but for a clock that was set back; by an hour at the most, as it is taken
# here. So a span of time is a span of the chain, in which a page starts by whatever index.
FIND_SPAN_SQL = """
SELECT coalesce((
           SELECT e.sequence
             FROM audit_event e
            WHERE e.organization_id = $1 AND e.event_time < $2::timestamptz - interval '1 hour'
            ORDER BY e.event_time DESC
            LIMIT 1), 0) AS after,
       coalesce((
           SELECT e.sequence
             FROM audit_event e
            WHERE e.organization_id = $1 AND e.event_time >= $3::timestamptz + interval '1 hour'
            ORDER BY e.event_time
            LIMIT 1), 9223372036854775807) AS before
"""


async def list_page(
    connection: Connection,
    organization_id: UUID,
    keep: EventFilter,
    direction: Direction,
    after: int,
    limit: int,
) -> list[AuditEvent]:
    """Return the next ``limit`` events behind a sequence number, in the order of the chain."""
    span = WHOLE
    if keep.since is not None or keep.until is not None:
        found = await connection.fetch(FIND_SPAN_SQL, organization_id, keep.since, keep.until)
        span = Span(*found[0])
    ascends = direction == "ASC"
    rows = await connection.fetch(
        LIST_SQL[keep.lead, direction],
        organization_id,
        max(after, span.after) if ascends else min(after, span.before),
        limit,
        keep.actor_id,
        keep.actor_token_id,
        keep.target_id,
        None if keep.actions is None else list(keep.actions),
        keep.outcome,
        keep.since,
        keep.until,
        span.before if ascends else span.after,
    )
    return [AuditEvent(*row) for row in rows]


FIND_SQL = f"""
SELECT {_COLUMNS}
  FROM audit_event e
 WHERE e.organization_id = $1 AND e.sequence = $2
"""


async def find(connection: Connection, organization_id: UUID, sequence: int) -> AuditEvent | None:
    """Return an event, None where there is none with this number."""
    row = await connection.fetchrow(FIND_SQL, organization_id, sequence)
    return AuditEvent(*row) if row else None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain."""

    sequence: int
    hash: bytes


FIND_HEAD_SQL = """
SELECT last_sequence AS sequence, last_hash AS hash
  FROM audit_chain
 WHERE organization_id = $1
"""


async def find_head(connection: Connection, organization_id: UUID) -> Head | None:
    """Return the end of an organization's chain, None where no event was ever appended."""
    row = await connection.fetchrow(FIND_HEAD_SQL, organization_id)
    return Head(*row) if row else None
