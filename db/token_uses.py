"""The history of uses as it is read: where tokens were used from, by which programs, day by day.

``db.presented`` writes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias
from uuid import UUID

from db.keyset import FIRST_ID, FIRST_TIME, Position
from db.pool import Connection
from db.tokens import Network

Lead: TypeAlias = Literal["all", "user", "token"]
"""The part of a filter that an index finds uses by; the other parts are looked at behind it."""


@dataclass(frozen=True, slots=True)
class RecordedUse:
    """A row of ``token_use``: uses of a token from one address by one program on one day."""

    organization_id: UUID
    use_id: UUID
    token_id: UUID
    user_id: UUID
    use_date: date
    ip: str | None
    user_agent: str
    is_other: bool
    use_count: int
    first_use_time: datetime
    last_use_time: datetime


@dataclass(frozen=True, slots=True)
class UseFilter:
    """Which rows to list; None keeps everything."""

    user_id: UUID | None = None
    token_id: UUID | None = None
    since: datetime | None = None
    """With a use at this time or later."""
    until: datetime | None = None
    """With a use before this time."""
    outside: tuple[Network, ...] | None = None
    """Not known to be from one of these networks, and not of unknown addresses. With it ``since``
    is a bound of first uses."""

    @property
    def lead(self) -> Lead:
        """The part that leaves the fewest rows."""
        if self.token_id is not None:
            return "token"
        return "all" if self.user_id is None else "user"


def seen_sql(with_people: str, own_token_id: str) -> str:
    """Return the condition of the uses that a caller may know of; both are parameters."""
    return f"""({with_people}::boolean OR h.token_id = {own_token_id}::uuid
                -- Not a join, which might be planned as one read of all users.
                OR (SELECT u.is_application_user
                      FROM organization_user u
                     WHERE u.organization_id = $1 AND u.user_id = h.user_id))"""


# Without an address too: so used, a token with a list is refused. $3 are the networks.
_OUTSIDE = "NOT h.is_other AND NOT coalesce(h.ip <<= ANY ($3::cidr[]), false)"


# Of a list statement $1 is the organization, $2 to $5 are the filter, $6 and $7 the position, $8 is
# the limit, $9 tells whether people's uses are in it, and $10 is the token whose uses are in it in
# any case. coalesce makes one condition of many for the planner: of each by itself it would think
# that it drops two rows of three, and sort what is left instead of reading an index in order.
def _list_sql(condition: str) -> str:
    return f"""
SELECT h.organization_id, h.use_id, h.token_id, h.user_id, h.use_date, host(h.ip) AS ip,
       h.user_agent, h.is_other, h.use_count, h.first_use_time, h.last_use_time
  FROM token_use h
 WHERE h.organization_id = $1 AND {condition}
   AND (h.first_use_time, h.use_id) < ($6::timestamptz, $7::uuid)
   -- A row is of one day: what began longer ago than that was over before.
   AND h.first_use_time >= $2::timestamptz - interval '24 hours'
   AND coalesce(
           h.last_use_time >= $2::timestamptz
           AND ($3::cidr[] IS NULL OR ({_OUTSIDE} AND h.first_use_time >= $2::timestamptz))
           AND ($4::uuid IS NULL OR h.user_id = $4)
           AND ($5::uuid IS NULL OR h.token_id = $5)
           AND {seen_sql("$9", "$10")},
           false)
 ORDER BY h.first_use_time DESC, h.use_id DESC
 LIMIT $8
"""


LIST_SQL: dict[Lead, str] = {
    "all": _list_sql("true"),
    "user": _list_sql("h.user_id = $4"),
    "token": _list_sql("h.token_id = $5"),
}


async def list_page(
    connection: Connection,
    organization_id: UUID,
    keep: UseFilter,
    after: Position,
    limit: int,
    *,
    with_people: bool,
    own_token_id: UUID | None,
) -> list[RecordedUse]:
    """Return the next ``limit`` rows behind a position, those whose first use was latest first.

    Without people those of application users alone, and of ``own_token_id`` whoever's it is.
    """
    start = after
    if keep.until is not None and isinstance(after.key, datetime) and keep.until < after.key:
        # As a condition it would be looked at in each row that comes before.
        start = Position(keep.until, FIRST_ID)
    rows = await connection.fetch(
        LIST_SQL[keep.lead],
        organization_id,
        keep.since or FIRST_TIME,
        keep.outside,
        keep.user_id,
        keep.token_id,
        start.key,
        start.id,
        limit,
        with_people,
        own_token_id,
    )
    return [RecordedUse(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class UseCounts:
    """How many uses of a token the history has, and how many a list of networks leaves out."""

    use_count: int
    cut_off_use_count: int
    unknown_use_count: int
    row_count: int
    """How many rows were looked at."""
    since: datetime | None
    """The first use of the oldest of them; None where there is none."""


# A hundred networks are compared with each row, so that rows are bounded.
COUNT_SQL = f"""
SELECT coalesce(sum(h.use_count), 0)::bigint AS use_count,
       coalesce(sum(h.use_count) FILTER (
           WHERE {_OUTSIDE}), 0)::bigint AS cut_off_use_count,
       coalesce(sum(h.use_count) FILTER (WHERE h.is_other), 0)::bigint AS unknown_use_count,
       count(*)::integer AS row_count, min(h.first_use_time) AS since
  FROM (SELECT h.ip, h.is_other, h.use_count, h.first_use_time
          FROM token_use h
         WHERE h.organization_id = $1 AND h.token_id = $2
         ORDER BY h.first_use_time DESC, h.use_id DESC
         LIMIT $4) h
"""


async def count(
    connection: Connection,
    organization_id: UUID,
    token_id: UUID,
    networks: Sequence[Network],
    at_most: int,
) -> UseCounts:
    """Return how many uses of a token there were, and how many not from these networks.

    Of the latest ``at_most`` rows.
    """
    (row,) = await connection.fetch(COUNT_SQL, organization_id, token_id, networks, at_most)
    return UseCounts(*row)


PRUNE_SQL = """
WITH gone AS (
    DELETE FROM token_use h
     WHERE h.organization_id = $1
       AND h.use_id = ANY (ARRAY(
               SELECT o.use_id
                 FROM token_use o
                WHERE o.organization_id = $1
                  -- A row is of one day: days are forgotten as a whole.
                  AND o.first_use_time
                      < ((now() AT TIME ZONE 'UTC')::date - $2::integer)::timestamp
                        AT TIME ZONE 'UTC'
                ORDER BY o.first_use_time, o.use_id
                LIMIT $3))
    RETURNING 1
)
SELECT count(*) FROM gone
"""


async def prune(
    connection: Connection, organization_id: UUID, *, older_than_days: int, at_most: int
) -> int:
    """Forget days of uses that are longer ago, and return how many rows these were."""
    return await connection.fetchval(PRUNE_SQL, organization_id, older_than_days, at_most)
