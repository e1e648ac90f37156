"""Statements that tell what is live at the moment: of a user, or of some tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from db.pool import Connection
from db.tokens import COLUMNS, STATUS, Token

Subject: TypeAlias = Literal["user_id", "token_id"]
"""What the ids that a statement is asked with are ids of."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group that a user is in."""

    group_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Held:
    """A permission on a resource, directly or through a group."""

    permission: str
    resource_id: UUID


_LIVE = f"""token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1
   AND t.{{key}} = ANY ($2::uuid[])
   AND {STATUS} = 'ACTIVE'"""
_LIVE_OF: dict[Subject, str] = {
    "user_id": _LIVE.format(key="user_id"),
    "token_id": _LIVE.format(key="token_id"),
}

COUNT_LIVE_SQL: dict[Subject, str] = {
    subject: f"""
SELECT count(*)
  FROM {live}
"""
    for subject, live in _LIVE_OF.items()
}


async def count_live(
    connection: Connection, organization_id: UUID, subject: Subject, ids: Sequence[UUID]
) -> int:
    """Return how many of the tokens are accepted at the moment."""
    return await connection.fetchval(COUNT_LIVE_SQL[subject], organization_id, ids)


COUNT_LIVE_OF_USERS_SQL = f"""
SELECT u.user_id, live.count
  FROM organization_user u
 -- Not a join, which might be planned as one read of all users.
 CROSS JOIN LATERAL (
       SELECT count(*) AS count
         FROM token t
        WHERE t.organization_id = $1 AND t.user_id = u.user_id AND {STATUS} = 'ACTIVE') live
 WHERE u.organization_id = $1 AND u.user_id = ANY ($2::uuid[])
"""


async def count_live_of_users(
    connection: Connection, organization_id: UUID, user_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Return how many tokens of each user are accepted at the moment."""
    rows = await connection.fetch(COUNT_LIVE_OF_USERS_SQL, organization_id, user_ids)
    return {row["user_id"]: row["count"] for row in rows}


LIST_LIVE_SQL: dict[Subject, str] = {
    subject: f"""
SELECT {COLUMNS}
  FROM {live}
 ORDER BY t.last_used_time DESC NULLS LAST, t.token_id
 LIMIT $3
"""
    for subject, live in _LIVE_OF.items()
}


async def list_live(
    connection: Connection,
    organization_id: UUID,
    subject: Subject,
    ids: Sequence[UUID],
    limit: int,
) -> list[Token]:
    """Return those of the tokens that are accepted at the moment, the latest used first."""
    rows = await connection.fetch(LIST_LIVE_SQL[subject], organization_id, ids, limit)
    return [Token(*row) for row in rows]


LIST_GROUPS_SQL: dict[Subject, str] = {
    "user_id": """
SELECT g.group_id, g.name
  FROM user_group g
 WHERE g.organization_id = $1
   AND g.group_id IN (
           SELECT m.group_id
             FROM group_member m
            WHERE m.organization_id = $1 AND m.user_id = ANY ($2::uuid[]))
 ORDER BY g.name_key
 LIMIT $3
""",
    "token_id": f"""
SELECT g.group_id, g.name
  FROM user_group g
 WHERE g.organization_id = $1
   AND g.group_id IN (
           SELECT m.group_id
             FROM group_member m
            WHERE m.organization_id = $1
              AND m.user_id IN (
                      SELECT t.user_id
                        FROM {_LIVE_OF["token_id"]}))
 ORDER BY g.name_key
 LIMIT $3
""",
}


async def list_groups(
    connection: Connection,
    organization_id: UUID,
    subject: Subject,
    ids: Sequence[UUID],
    limit: int,
) -> list[Group]:
    """Return the groups of the users, or of the users whose live tokens these are, by name."""
    rows = await connection.fetch(LIST_GROUPS_SQL[subject], organization_id, ids, limit)
    return [Group(*row) for row in rows]


# A user and its groups, each of which the index of grants is asked for.
_GRANTS = """
 CROSS JOIN LATERAL (
       SELECT h.user_id AS principal_id
        UNION ALL
       SELECT m.group_id
         FROM group_member m
        WHERE m.organization_id = $1 AND m.user_id = h.user_id) p
  JOIN permission_grant g
    ON g.organization_id = $1
   AND g.principal_id = p.principal_id"""

LIST_HELD_SQL: dict[Subject, str] = {
    "user_id": f"""
SELECT DISTINCT g.permission, g.resource_id
  FROM unnest($2::uuid[]) AS h (user_id){_GRANTS}
 ORDER BY g.permission, g.resource_id
 LIMIT $3
""",
    # What tokens carry is cut down to their ceilings: one look at a user for all with the same.
    "token_id": f"""
SELECT DISTINCT g.permission, g.resource_id
  FROM (SELECT DISTINCT t.user_id, t.permission_ceiling
          FROM {_LIVE_OF["token_id"]}) h{_GRANTS}
   AND (h.permission_ceiling IS NULL OR g.permission = ANY (h.permission_ceiling))
 ORDER BY g.permission, g.resource_id
 LIMIT $3
""",
}


async def list_held(
    connection: Connection,
    organization_id: UUID,
    subject: Subject,
    ids: Sequence[UUID],
    limit: int,
) -> list[Held]:
    """Return what the users hold, or what those of the tokens that are live carry."""
    rows = await connection.fetch(LIST_HELD_SQL[subject], organization_id, ids, limit)
    return [Held(*row) for row in rows]
