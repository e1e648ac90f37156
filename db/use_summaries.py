"""What the history of uses comes to: in all, by day, and by address and program."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias
from uuid import UUID

from db.pool import Connection
from db.token_uses import Lead, UseFilter, seen_sql

Part: TypeAlias = Literal["ALL", "DAY", "SOURCE"]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the uses: all of them, those of a day, or those from an address by a program."""

    part: Part
    use_date: date | None
    """Of a day; None otherwise."""
    ip: str | None
    user_agent: str | None
    is_other: bool | None
    """Of a source, as the two before; None otherwise."""
    use_count: int
    first_use_time: datetime | None
    """As the next one, None where there is no use."""
    last_use_time: datetime | None
    row_count: int
    """How many rows of the history were looked at, the same in each."""


# $1 is the organization, $2 and $3 are the days, $4 is the user, $5 the token, $6 how many rows are
# looked at, $7 how many parts are answered, $8 tells whether people's uses are in them, and $9 is
# the token whose uses are in them in any case. coalesce as in db.token_uses.
def _summarize_sql(condition: str) -> str:
    return f"""
WITH looked_at AS MATERIALIZED (
    SELECT h.token_id, h.user_id, h.use_date, h.ip, h.user_agent, h.is_other, h.use_count,
           h.first_use_time, h.last_use_time
      FROM token_use h
     WHERE h.organization_id = $1 AND {condition}
       -- A row is of one day, and that is in no index.
       AND h.first_use_time >= $2::date::timestamp AT TIME ZONE 'UTC'
       AND h.first_use_time < ($3::date + 1)::timestamp AT TIME ZONE 'UTC'
       AND coalesce(
               ($4::uuid IS NULL OR h.user_id = $4) AND ($5::uuid IS NULL OR h.token_id = $5),
               false)
     ORDER BY h.first_use_time DESC, h.use_id DESC
     LIMIT $6
)
SELECT CASE
           WHEN grouping(h.use_date) = 0 THEN 'DAY'
           WHEN grouping(h.is_other) = 0 THEN 'SOURCE'
           ELSE 'ALL'
       END AS part,
       h.use_date, host(h.ip) AS ip, h.user_agent, h.is_other,
       coalesce(sum(h.use_count), 0)::bigint AS use_count,
       min(h.first_use_time) AS first_use_time, max(h.last_use_time) AS last_use_time,
       (SELECT count(*) FROM looked_at)::integer AS row_count
  FROM looked_at h
 -- Behind the limit: what the caller may not see is to cost no more than what it may.
 WHERE {seen_sql("$8", "$9")}
 GROUP BY GROUPING SETS ((), (h.use_date), (h.ip, h.user_agent, h.is_other))
 -- All, days, sources: so the limit cuts off sources alone.
 ORDER BY grouping(h.is_other) DESC, grouping(h.use_date) DESC, h.use_date,
          sum(h.use_count) DESC, max(h.last_use_time) DESC, h.ip, h.user_agent
 LIMIT $7
"""


SUMMARIZE_SQL: dict[Lead, str] = {
    "all": _summarize_sql("true"),
    "user": _summarize_sql("h.user_id = $4"),
    "token": _summarize_sql("h.token_id = $5"),
}


async def summarize(
    connection: Connection,
    organization_id: UUID,
    keep: UseFilter,
    first_day: date,
    last_day: date,
    *,
    at_most: int,
    shares: int,
    with_people: bool,
    own_token_id: UUID | None,
) -> list[Share]:
    """Return all uses of some days in UTC, then the days that have any, then where they came from.

    Of the latest ``at_most`` rows; ``shares`` is how many of these parts are returned. Of the
    filter only whose uses they are counts.
    """
    rows = await connection.fetch(
        SUMMARIZE_SQL[keep.lead],
        organization_id,
        first_day,
        last_day,
        keep.user_id,
        keep.token_id,
        at_most,
        shares,
        with_people,
        own_token_id,
    )
    return [Share(*row) for row in rows]


FIND_TODAY_SQL = "SELECT (now() AT TIME ZONE 'UTC')::date AS today"


async def find_today(connection: Connection) -> date:
    """Return the day that it is in UTC."""
    return await connection.fetchval(FIND_TODAY_SQL)
