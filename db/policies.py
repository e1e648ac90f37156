"""Statements and rows of organizations' policies, and of what a policy blocks.

What blocks a token is said here as ``look_up_presented_tokens`` does it, rule by rule; a test
compares the two. Each fragment is a condition on a token ``t`` of a user ``u`` and a policy ``p``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.keyset import Position
from db.pool import Connection
from db.sweeps import DEACTIVATE_DUE, REVOKE_DUE
from db.tokens import COLUMNS, STATUS, Network, Token


@dataclass(frozen=True, slots=True)
class OrganizationPolicy:
    """A row of ``organization_policy``."""

    allowed_networks: list[Network] | None
    longest_max_age_seconds: int | None
    expiry_required: bool
    deactivate_unused_days: int | None
    revoke_unused_days: int | None
    update_time: datetime
    updated_by: UUID | None


FIND_SQL = """
SELECT allowed_networks, longest_max_age_seconds, expiry_required, deactivate_unused_days,
       revoke_unused_days, update_time, updated_by
  FROM organization_policy
 WHERE organization_id = $1
"""


async def find(connection: Connection, organization_id: UUID) -> OrganizationPolicy | None:
    """Return an organization's policy, None where none was ever set."""
    row = await connection.fetchrow(FIND_SQL, organization_id)
    return OrganizationPolicy(*row) if row else None


UPSERT_SQL = """
INSERT INTO organization_policy
       (organization_id, allowed_networks, longest_max_age_seconds, expiry_required,
        deactivate_unused_days, revoke_unused_days, update_time, updated_by)
VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp(), $7)
    ON CONFLICT (organization_id) DO UPDATE
   SET allowed_networks = excluded.allowed_networks,
       longest_max_age_seconds = excluded.longest_max_age_seconds,
       expiry_required = excluded.expiry_required,
       deactivate_unused_days = excluded.deactivate_unused_days,
       revoke_unused_days = excluded.revoke_unused_days,
       update_time = excluded.update_time,
       updated_by = excluded.updated_by
RETURNING allowed_networks, longest_max_age_seconds, expiry_required, deactivate_unused_days,
          revoke_unused_days, update_time, updated_by
"""


async def upsert(
    connection: Connection,
    organization_id: UUID,
    *,
    allowed_networks: Sequence[Network] | None,
    longest_max_age_seconds: int | None,
    expiry_required: bool,
    deactivate_unused_days: int | None,
    revoke_unused_days: int | None,
    updated_by: UUID | None,
) -> OrganizationPolicy:
    """Put a policy in the place of the one before."""
    row = await connection.fetchrow(
        UPSERT_SQL,
        organization_id,
        allowed_networks,
        longest_max_age_seconds,
        expiry_required,
        deactivate_unused_days,
        revoke_unused_days,
        updated_by,
    )
    assert row is not None
    return OrganizationPolicy(*row)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A policy that tokens are held against; it need not be the organization's own."""

    allowed_networks: Sequence[Network] | None
    longest_max_age_seconds: int | None
    expiry_required: bool
    deactivate_unused_days: int | None
    revoke_unused_days: int | None

    @property
    def arguments(self) -> tuple[object, ...]:
        """$2 to $6 of every statement with a candidate."""
        return (
            self.allowed_networks,
            self.longest_max_age_seconds,
            self.expiry_required,
            self.deactivate_unused_days,
            self.revoke_unused_days,
        )


_CANDIDATE = """p AS MATERIALIZED (
    SELECT $2::cidr[] AS allowed_networks, $3::integer AS longest_max_age_seconds,
           $4::boolean AS expiry_required, $5::integer AS deactivate_unused_days,
           $6::integer AS revoke_unused_days
)"""

EXPIRY_REQUIRED = "(p.expiry_required AND t.max_age_seconds IS NULL)"


def lifetime(now: str) -> str:
    """Return the condition that a token lives longer than the policy lets it, by a clock."""
    return f"""coalesce(
           coalesce(t.max_age_seconds, 2147483647) > p.longest_max_age_seconds
               OR t.create_time + make_interval(secs => p.longest_max_age_seconds) <= {now},
           false)"""


_LIFETIME = lifetime("now()")
_APART = """(t.ip_allowlist IS NOT NULL AND p.allowed_networks IS NOT NULL AND NOT EXISTS (
           SELECT FROM unnest(t.ip_allowlist) AS own (network)
            WHERE own.network && ANY (p.allowed_networks)))"""
# Lists are compared once each, however many tokens have them: two of a hundred networks are ten
# thousand comparisons.
_LISTS_APART = f"""lists_apart AS MATERIALIZED (
    SELECT t.ip_allowlist
      FROM (SELECT DISTINCT ip_allowlist
              FROM token
             WHERE organization_id = $1 AND revoke_time IS NULL AND ip_allowlist IS NOT NULL) t
     CROSS JOIN p
     WHERE {_APART}
)"""
# Of a token that was never used, nobody knows.
_USED_OUTSIDE = "coalesce(NOT t.last_ip <<= ANY (p.allowed_networks), false)"
_NETWORK = f"""(coalesce(t.ip_allowlist IN (SELECT ip_allowlist FROM lists_apart), false)
           OR {_USED_OUTSIDE})"""
_REASONS = f"""array_remove(ARRAY[
           CASE WHEN {EXPIRY_REQUIRED} THEN 'EXPIRY_REQUIRED' END,
           CASE WHEN {_LIFETIME} THEN 'LIFETIME' END,
           CASE WHEN {_NETWORK} THEN 'NETWORK' END], NULL)"""

# One answer for each token, not one for each field of it.
COUNT_SQL = f"""
WITH {_CANDIDATE},
{_LISTS_APART},
held AS MATERIALIZED (
    SELECT {STATUS} = 'ACTIVE' AS is_live, {EXPIRY_REQUIRED} AS lacks_expiry,
           {_LIFETIME} AS is_too_old, {_NETWORK} AS is_elsewhere,
           {DEACTIVATE_DUE} AS is_to_deactivate, {REVOKE_DUE} AS is_to_revoke
      FROM token t
      JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
     CROSS JOIN p
     WHERE t.organization_id = $1 AND t.revoke_time IS NULL AND u.is_application_user
)
SELECT count(*) FILTER (WHERE is_live) AS live,
       count(*) FILTER (WHERE is_live AND (lacks_expiry OR is_too_old OR is_elsewhere)) AS blocked,
       count(*) FILTER (WHERE is_live AND lacks_expiry) AS lacking_expiry,
       count(*) FILTER (WHERE is_live AND is_too_old) AS too_old,
       count(*) FILTER (WHERE is_live AND is_elsewhere) AS elsewhere,
       count(*) FILTER (WHERE is_to_deactivate) AS to_deactivate,
       count(*) FILTER (WHERE is_to_revoke) AS to_revoke
  FROM held
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tokens of application users a policy would block or end; those of people are none.

    A token that is blocked for two reasons counts for each.
    """

    live: int
    blocked: int
    lacking_expiry: int
    too_old: int
    elsewhere: int
    to_deactivate: int
    to_revoke: int


async def count(connection: Connection, organization_id: UUID, candidate: Candidate) -> Counts:
    """Count what a policy would do to an organization's tokens."""
    row = await connection.fetchrow(COUNT_SQL, organization_id, *candidate.arguments)
    assert row is not None
    return Counts(*row)


@dataclass(frozen=True, slots=True)
class BlockedToken(Token):
    """A row of ``token`` with why a policy blocks it."""

    reasons: list[str]


# As in db.token_pages, never used is as if used at the beginning of time.
_LAST_USE = "coalesce(t.last_used_time, '-infinity'::timestamptz)"
LIST_BLOCKED_SQL = f"""
WITH {_CANDIDATE},
{_LISTS_APART}
SELECT {COLUMNS}, {_REASONS} AS reasons
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 CROSS JOIN p
 WHERE t.organization_id = $1 AND u.is_application_user AND {STATUS} = 'ACTIVE'
   AND ({EXPIRY_REQUIRED} OR {_LIFETIME} OR {_NETWORK})
   AND ({_LAST_USE}, t.token_id) < ($7::timestamptz, $8::uuid)
 ORDER BY {_LAST_USE} DESC, t.token_id DESC
 LIMIT $9
"""


async def list_blocked(
    connection: Connection,
    organization_id: UUID,
    candidate: Candidate,
    after: Position,
    limit: int,
) -> list[BlockedToken]:
    """Return the next live tokens that a policy would block, those that were used last first."""
    rows = await connection.fetch(
        LIST_BLOCKED_SQL, organization_id, *candidate.arguments, after.key, after.id, limit
    )
    return [BlockedToken(*row) for row in rows]


FIND_REASONS_SQL = f"""
WITH {_CANDIDATE}
SELECT array_remove(ARRAY[
           CASE WHEN {EXPIRY_REQUIRED} THEN 'EXPIRY_REQUIRED' END,
           CASE WHEN {_LIFETIME} THEN 'LIFETIME' END], NULL) AS reasons
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 CROSS JOIN p
 WHERE t.organization_id = $1 AND t.token_id = $7 AND u.is_application_user
"""


async def find_reasons(
    connection: Connection, organization_id: UUID, candidate: Candidate, token_id: UUID
) -> list[str] | None:
    """Return why a policy would block a token from whatever address; None for a person's token."""
    return await connection.fetchval(
        FIND_REASONS_SQL, organization_id, *candidate.arguments, token_id
    )


LIST_BLOCKED_IDS_SQL = f"""
SELECT t.token_id
  FROM organization_policy p
  JOIN token t ON t.organization_id = p.organization_id
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE p.organization_id = $1
   AND t.organization_id = $1 AND t.token_id = ANY ($2) AND u.is_application_user
   AND ({EXPIRY_REQUIRED} OR {_LIFETIME} OR {_APART})
"""


async def list_blocked_ids(
    connection: Connection, organization_id: UUID, token_ids: Sequence[UUID]
) -> set[UUID]:
    """Return those of the tokens that the organization's own policy blocks wherever used from."""
    rows = await connection.fetch(LIST_BLOCKED_IDS_SQL, organization_id, token_ids)
    return {row["token_id"] for row in rows}
