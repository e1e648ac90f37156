"""Statements and rows of tokens: what administrators make, find and describe.

Lists of them are in ``db.token_pages``, their ends in ``db.token_endings``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, TypeAlias
from uuid import UUID

from db.pool import Connection

TokenStatus: TypeAlias = Literal["ACTIVE", "EXPIRED", "REVOKED", "DEACTIVATED"]
Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Token:
    """A row of ``token`` with its status at the time of the statement; never the secret."""

    organization_id: UUID
    token_id: UUID
    user_id: UUID
    description: str | None
    max_age_seconds: int | None
    extend_when_used: bool
    ip_allowlist_text: str | None
    scopes_text: str | None
    create_time: datetime
    created_by: UUID | None
    expiry_time: datetime | None
    revoke_time: datetime | None
    revoked_by: UUID | None
    last_used_time: datetime | None
    last_ip: str | None
    last_user_agent: str | None
    permission_ceiling_text: str | None
    predecessor_id: UUID | None
    family_id: UUID | None
    supersede_time: datetime | None
    overlap_end_time: datetime | None
    deactivate_time: datetime | None
    is_application_user: bool
    """Its user is one; otherwise a person."""
    status: TokenStatus

    @property
    def ip_allowlist(self) -> list[str] | None:
        """Networks, None for anywhere."""
        return _listed(self.ip_allowlist_text)

    @property
    def scopes(self) -> list[str] | None:
        """None for everything that its user may do."""
        return _listed(self.scopes_text)

    @property
    def permission_ceiling(self) -> list[str] | None:
        """What its user's permissions are cut down to, None where nothing is cut."""
        return _listed(self.permission_ceiling_text)


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else text.split()


# Revoked is for ever, so it wins; what is deactivated may come back, so that is said last.
STATUS = """CASE
           WHEN t.revoke_time IS NOT NULL THEN 'REVOKED'
           WHEN least(t.expiry_time, t.overlap_end_time) <= now() THEN 'EXPIRED'
           WHEN u.state <> 'ACTIVE' OR t.deactivate_time IS NOT NULL THEN 'DEACTIVATED'
           ELSE 'ACTIVE'
       END"""

# Addresses leave as text, for which asyncpg builds no object, and lists as one text each: of all
# that a page of tokens holds, the two hundred items that each may have are the dearest to read.
COLUMNS = f"""t.organization_id, t.token_id, t.user_id, t.description, t.max_age_seconds,
       t.extend_when_used, array_to_string(t.ip_allowlist, ' ') AS ip_allowlist_text,
       array_to_string(t.scopes, ' ') AS scopes_text, t.create_time, t.created_by, t.expiry_time,
       t.revoke_time, t.revoked_by, t.last_used_time, host(t.last_ip) AS last_ip,
       t.last_user_agent, array_to_string(t.permission_ceiling, ' ') AS permission_ceiling_text,
       t.predecessor_id, t.family_id, t.supersede_time, t.overlap_end_time, t.deactivate_time,
       u.is_application_user, {STATUS} AS status"""

# What a statement returns that inserts or updates a token, for COLUMNS to select from.
RETURNED = """organization_id, token_id, user_id, description, max_age_seconds, extend_when_used,
              ip_allowlist, scopes, create_time, created_by, expiry_time, revoke_time, revoked_by,
              last_used_time, last_ip, last_user_agent, permission_ceiling, predecessor_id,
              family_id, supersede_time, overlap_end_time, deactivate_time"""

INSERT_SQL = f"""
WITH t AS (
    INSERT INTO token
           (organization_id, token_id, user_id, secret_hmac, pepper_version, description,
            max_age_seconds, extend_when_used, ip_allowlist, scopes, created_by, expiry_time,
            idempotency_key, idempotency_input, permission_ceiling, predecessor_id, family_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7::integer, $8, $9, $10, $11,
            CASE
                WHEN $7::integer IS NOT NULL
                -- The limit is the end of the token that mints: time passes between its check and
                -- this statement.
                THEN least(now() + make_interval(secs => $7::integer), $14::timestamptz)
            END, $12, $13, $15, $16, $17)
        ON CONFLICT (organization_id, created_by, idempotency_key)
           WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING {RETURNED}
)
SELECT {COLUMNS}
  FROM t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
"""


async def insert(
    connection: Connection,
    *,
    organization_id: UUID,
    token_id: UUID,
    user_id: UUID,
    secret_hmac: bytes,
    pepper_version: int,
    description: str | None,
    max_age_seconds: int | None,
    extend_when_used: bool,
    ip_allowlist: Sequence[Network] | None,
    scopes: Sequence[str] | None,
    created_by: UUID | None,
    idempotency_key: str | None,
    idempotency_input: bytes | None,
    expiry_limit: datetime | None = None,
    permission_ceiling: Sequence[str] | None = None,
    predecessor_id: UUID | None = None,
    family_id: UUID | None = None,
) -> Token | None:
    """Add a token that expires ``max_age_seconds`` from here, or at ``expiry_limit`` if earlier.

    None where the key was used before.

    Waits for a concurrent insert with the same key and then sees its outcome.
    """
    row = await connection.fetchrow(
        INSERT_SQL,
        organization_id,
        token_id,
        user_id,
        secret_hmac,
        pepper_version,
        description,
        max_age_seconds,
        extend_when_used,
        ip_allowlist,
        scopes,
        created_by,
        idempotency_key,
        idempotency_input,
        expiry_limit,
        permission_ceiling,
        predecessor_id,
        family_id,
    )
    return Token(*row) if row else None


FIND_BY_IDEMPOTENCY_KEY_SQL = """
SELECT t.token_id, t.idempotency_input
  FROM token t
 WHERE t.organization_id = $1 AND t.created_by = $2 AND t.idempotency_key = $3
"""


async def find_by_idempotency_key(
    connection: Connection, organization_id: UUID, created_by: UUID, idempotency_key: str
) -> tuple[UUID, bytes] | None:
    """Return the id and the input digest of what was minted under a key, if anything was."""
    row = await connection.fetchrow(
        FIND_BY_IDEMPOTENCY_KEY_SQL, organization_id, created_by, idempotency_key
    )
    return (row["token_id"], row["idempotency_input"]) if row else None


FIND_SQL = f"""
SELECT {COLUMNS}
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1 AND t.token_id = $2
"""


async def find(connection: Connection, organization_id: UUID, token_id: UUID) -> Token | None:
    """Return a token in whatever status, None where there is none."""
    row = await connection.fetchrow(FIND_SQL, organization_id, token_id)
    return Token(*row) if row else None


FIND_SEVERAL_SQL = f"""
SELECT {COLUMNS}
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1 AND t.token_id = ANY ($2::uuid[])
"""


async def find_several(
    connection: Connection, organization_id: UUID, token_ids: Sequence[UUID]
) -> list[Token]:
    """Return the tokens that exist, in no order."""
    rows = await connection.fetch(FIND_SEVERAL_SQL, organization_id, token_ids)
    return [Token(*row) for row in rows]


UPDATE_DESCRIPTION_SQL = """
UPDATE token
   SET description = $3
 WHERE organization_id = $1 AND token_id = $2
"""


async def update_description(
    connection: Connection, organization_id: UUID, token_id: UUID, description: str | None
) -> None:
    """Describe a token anew."""
    await connection.execute(UPDATE_DESCRIPTION_SQL, organization_id, token_id, description)
