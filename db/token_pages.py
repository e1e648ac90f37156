"""Pages of tokens: of a whole organization, or of several of its users at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from db.keyset import Direction, Position, beyond
from db.pool import Connection
from db.tokens import COLUMNS, STATUS, Token, TokenStatus

TokenOrder: TypeAlias = Literal["create_time", "last_used_time"]


@dataclass(frozen=True, slots=True)
class TokenFilter:
    """What a list keeps; None keeps everything."""

    statuses: tuple[TokenStatus, ...] | None = None
    search: str | None = None
    """A part of the description, in any case."""
    token_id: UUID | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    expires_after: datetime | None = None
    expires_before: datetime | None = None
    used_after: datetime | None = None
    used_before: datetime | None = None
    never_used: bool | None = None


# Every number below is an argument of both list statements: $1 organization, $2 to $11 the filter,
# $12 and $13 the position, $14 the limit. Where the list is by user, $15 are the users;
# otherwise $15 tells whether people's tokens are in it, and $16 is the one that is in any case.
#
# coalesce makes one condition of many for the planner. Each by itself it would take to drop two
# rows of three, and a generic plan would sort the few rows left instead of reading an index in
# order up to the limit.
_KEEP = f"""coalesce($2::text[] IS NULL OR {STATUS} = ANY ($2), false)
   AND ($5::timestamptz IS NULL OR t.create_time >= $5)
   AND ($6::timestamptz IS NULL OR t.create_time < $6)
   AND coalesce(
           ($3::text IS NULL
               OR position(lower($3) IN lower(t.description)) > 0 OR t.token_id = $4)
           -- A rotated token ends with its overlap at the latest; least() passes over NULL.
           AND ($7::timestamptz IS NULL OR least(t.expiry_time, t.overlap_end_time) >= $7)
           AND ($8::timestamptz IS NULL OR least(t.expiry_time, t.overlap_end_time) < $8)
           AND ($9::timestamptz IS NULL OR t.last_used_time >= $9)
           AND ($10::timestamptz IS NULL OR t.last_used_time < $10)
           AND ($11::boolean IS NULL OR (t.last_used_time IS NULL) = $11),
           false)"""


def _list_sql(key: str, direction: Direction) -> str:
    return f"""
SELECT {COLUMNS}
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1
   AND coalesce($15::boolean OR u.is_application_user OR t.token_id = $16::uuid, false)
   AND {_KEEP}
   AND ({key}, t.token_id) {beyond(direction)} ($12::timestamptz, $13::uuid)
 ORDER BY {key} {direction}, t.token_id {direction}
 LIMIT $14
"""


def _list_of_users_sql(key: str, direction: Direction) -> str:
    return f"""
SELECT page.organization_id, page.token_id, page.user_id, page.description, page.max_age_seconds,
       page.extend_when_used, page.ip_allowlist_text, page.scopes_text, page.create_time,
       page.created_by, page.expiry_time, page.revoke_time, page.revoked_by, page.last_used_time,
       page.last_ip, page.last_user_agent, page.permission_ceiling_text, page.predecessor_id,
       page.family_id, page.supersede_time, page.overlap_end_time, page.deactivate_time,
       page.is_application_user, page.status
  FROM organization_user u
 CROSS JOIN LATERAL (
       SELECT {COLUMNS}
         FROM token t
        WHERE t.organization_id = u.organization_id AND t.user_id = u.user_id
          AND t.organization_id = $1
          AND {_KEEP}
          AND ({key}, t.token_id) {beyond(direction)} ($12::timestamptz, $13::uuid)
        ORDER BY {key} {direction}, t.token_id {direction}
        LIMIT $14) page
 WHERE u.organization_id = $1 AND u.user_id = ANY ($15::uuid[]) AND u.is_application_user
"""


# A token that was never used sorts before every time: as if used at the beginning of time,
# which asyncpg sends as -infinity: any other value would not equal the position behind such a row.
_NEVER = "coalesce(t.last_used_time, '-infinity'::timestamptz)"
LIST_SQL: dict[tuple[TokenOrder, Direction], str] = {
    ("create_time", "ASC"): _list_sql("t.create_time", "ASC"),
    ("create_time", "DESC"): _list_sql("t.create_time", "DESC"),
    ("last_used_time", "ASC"): _list_sql(_NEVER, "ASC"),
    ("last_used_time", "DESC"): _list_sql(_NEVER, "DESC"),
}
LIST_OF_USERS_SQL: dict[tuple[TokenOrder, Direction], str] = {
    ("create_time", "ASC"): _list_of_users_sql("t.create_time", "ASC"),
    ("create_time", "DESC"): _list_of_users_sql("t.create_time", "DESC"),
    ("last_used_time", "ASC"): _list_of_users_sql(_NEVER, "ASC"),
    ("last_used_time", "DESC"): _list_of_users_sql(_NEVER, "DESC"),
}


async def list_page(
    connection: Connection,
    organization_id: UUID,
    keep: TokenFilter,
    order: TokenOrder,
    direction: Direction,
    after: Position,
    limit: int,
    *,
    with_people: bool,
    own_token_id: UUID | None,
) -> list[Token]:
    """Return the next ``limit`` tokens of an organization behind a position.

    Without people those of application users alone, and ``own_token_id`` whoever's it is.
    """
    rows = await connection.fetch(
        LIST_SQL[order, direction],
        organization_id,
        *_filter_arguments(keep),
        after.key,
        after.id,
        limit,
        with_people,
        own_token_id,
    )
    return [Token(*row) for row in rows]


async def list_pages_of_users(
    connection: Connection,
    organization_id: UUID,
    user_ids: Sequence[UUID],
    keep: TokenFilter,
    order: TokenOrder,
    direction: Direction,
    after: Position,
    limit: int,
) -> list[Token]:
    """Return the next ``limit`` tokens of each user, in order within a user, in one statement."""
    rows = await connection.fetch(
        LIST_OF_USERS_SQL[order, direction],
        organization_id,
        *_filter_arguments(keep),
        after.key,
        after.id,
        limit,
        user_ids,
    )
    return [Token(*row) for row in rows]


def _filter_arguments(keep: TokenFilter) -> tuple[object, ...]:
    return (
        list(keep.statuses) if keep.statuses is not None else None,
        keep.search,
        keep.token_id,
        keep.created_after,
        keep.created_before,
        keep.expires_after,
        keep.expires_before,
        keep.used_after,
        keep.used_before,
        keep.never_used,
    )
