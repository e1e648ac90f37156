"""What a principal was granted on a resource and above it, directly and through groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from db.pool import Connection


class Ask(NamedTuple):
    """A question: what does this user or group hold on this resource, and by which grants?"""

    principal_id: UUID
    is_group: bool
    resource_id: UUID
    with_grants: bool
    """Tell the grants, too; they may be thousands where the names are few."""


@dataclass(frozen=True, slots=True)
class Found:
    """A role or permission whose grants reach what was asked about, and these grants.

    Where nothing is granted, and where the principal or the resource is missing, there is one row
    without a permission.
    """

    number: int
    """Which question it answers, from 1."""
    has_principal: bool
    has_resource: bool
    permission: str | None
    principal_ids: list[UUID] | None
    """Of each grant, the user that was asked about or a group that it is in; None: not asked for.
    So are the others."""
    resource_ids: list[UUID] | None
    create_times: list[datetime] | None
    created_by: list[UUID | None] | None


FIND_SQL = """
SELECT a.number, w.has_principal, w.has_resource, g.permission,
       array_agg(g.principal_id) FILTER (WHERE a.with_grants) AS principal_ids,
       array_agg(g.resource_id) FILTER (WHERE a.with_grants) AS resource_ids,
       array_agg(g.create_time) FILTER (WHERE a.with_grants) AS create_times,
       array_agg(g.created_by) FILTER (WHERE a.with_grants) AS created_by
  FROM unnest($2::uuid[], $3::boolean[], $4::uuid[], $5::boolean[]) WITH ORDINALITY
       AS a (principal_id, is_group, resource_id, with_grants, number)
 CROSS JOIN LATERAL (
       SELECT CASE
                  WHEN a.is_group THEN EXISTS (
                      SELECT FROM user_group p
                       WHERE p.organization_id = $1 AND p.group_id = a.principal_id)
                  ELSE EXISTS (
                      SELECT FROM organization_user u
                       WHERE u.organization_id = $1 AND u.user_id = a.principal_id
                         AND u.state <> 'DELETED')
              END AS has_principal,
              a.resource_id = $1 OR EXISTS (
                  SELECT FROM resource r
                   WHERE r.organization_id = $1 AND r.resource_id = a.resource_id) AS has_resource,
              -- A group is in no group.
              a.principal_id || ARRAY(
                  SELECT m.group_id
                    FROM group_member m
                   WHERE m.organization_id = $1 AND m.user_id = a.principal_id) AS principals,
              $1 || ARRAY(
                  WITH RECURSIVE above AS (
                      SELECT r.resource_id, r.parent_id
                        FROM resource r
                       WHERE r.organization_id = $1 AND r.resource_id = a.resource_id
                       UNION
                      SELECT p.resource_id, p.parent_id
                        FROM above b
                       CROSS JOIN LATERAL (
                             SELECT r.resource_id, r.parent_id
                               FROM resource r
                              WHERE r.organization_id = $1 AND r.resource_id = b.parent_id
                              -- The planner takes ten resources for each: it would rather read
                              -- all there are.
                              LIMIT 1) p)
                  SELECT resource_id FROM above) AS path
       -- Keeps both arrays from being made again for each grant that is looked at.
       OFFSET 0) w
  LEFT JOIN permission_grant g
    ON g.organization_id = $1
   AND g.principal_id = ANY (w.principals)
   AND g.resource_id = ANY (w.path)
   AND w.has_principal AND w.has_resource
 GROUP BY a.number, w.has_principal, w.has_resource, g.permission
 ORDER BY a.number
"""


async def find(
    connection: Connection, organization_id: UUID, asks: Sequence[Ask]
) -> list[list[Found]]:
    """Return what answers each question, in no order.

    One statement, however many questions, groups and levels.
    """
    rows = await connection.fetch(
        FIND_SQL,
        organization_id,
        [ask.principal_id for ask in asks],
        [ask.is_group for ask in asks],
        [ask.resource_id for ask in asks],
        [ask.with_grants for ask in asks],
    )
    answers: list[list[Found]] = [[] for _ in asks]
    for row in rows:
        found = Found(*row)
        answers[found.number - 1].append(found)
    return answers
