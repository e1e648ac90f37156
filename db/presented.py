"""Presented credentials: the look-ups that cross tenants, and the uses that come of them.

Each statement calls one SECURITY DEFINER function of the migrations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Literal, TypeAlias
from uuid import UUID

from db.pool import Connection
from db.tokens import Network

Refusal: TypeAlias = Literal[
    "REVOKED", "SUPERSEDED", "EXPIRED", "USER_DEACTIVATED", "UNUSED", "POLICY"
]


@dataclass(frozen=True, slots=True)
class PresentedToken:
    """What a credential check needs to know of a token, its user and its grants."""

    organization_id: UUID
    token_id: UUID
    user_id: UUID
    is_application_user: bool
    secret_hmac: bytes
    pepper_version: int
    refusal: Refusal | None
    """Why it is not accepted, by the database's clock; None where it is."""
    max_age_seconds: int | None
    extend_when_used: bool
    ip_allowlist: list[Network] | None
    policy_networks: list[Network] | None
    scopes: list[str] | None
    expiry_time: datetime | None
    overlap_end_time: datetime | None
    last_used_time: datetime | None
    last_ip: str | None
    last_user_agent: str | None
    permissions: list[str]
    check_time: datetime


FIND_TOKENS_SQL = """
SELECT organization_id, token_id, user_id, is_application_user, secret_hmac, pepper_version,
       refusal, max_age_seconds, extend_when_used, ip_allowlist, policy_networks, scopes,
       expiry_time, overlap_end_time, last_used_time, last_ip, last_user_agent, permissions,
       check_time
  FROM look_up_tokens($1::uuid[], $2::uuid[])
"""


async def find_tokens(
    connection: Connection, organization_ids: Sequence[UUID], token_ids: Sequence[UUID]
) -> list[PresentedToken]:
    """Return the tokens that exist, in no order; pairs are matched by the caller."""
    rows = await connection.fetch(FIND_TOKENS_SQL, organization_ids, token_ids)
    return [PresentedToken(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class PersonMembership:
    """An organization that a person is an active user of."""

    organization_id: UUID
    user_id: UUID
    permissions: list[str]
    check_time: datetime


FIND_PERSON_SQL = """
SELECT organization_id, user_id, permissions, now() AS check_time
  FROM find_person($1, $2)
"""


async def find_person(connection: Connection, issuer: str, subject: str) -> list[PersonMembership]:
    """Return the organizations of the person that an identity provider calls ``subject``."""
    rows = await connection.fetch(FIND_PERSON_SQL, issuer, subject)
    return [PersonMembership(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class TokenUse:
    """The latest use of a token that is not written yet; the time is the database's."""

    organization_id: UUID
    token_id: UUID
    user_id: UUID
    use_time: datetime
    ip: IPv4Address | IPv6Address | None
    user_agent: str


RECORD_TOKEN_USES_SQL = """
SELECT record_token_uses(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::inet[], $6::text[])
"""


async def record_token_uses(connection: Connection, uses: Sequence[TokenUse]) -> None:
    """Move last uses forward, extend sliding expiries, and move their users' last activity.

    Where there is no such token, the user's last activity alone.
    """
    ordered = sorted(uses, key=lambda use: (use.organization_id, use.token_id))
    await connection.execute(
        RECORD_TOKEN_USES_SQL,
        [use.organization_id for use in ordered],
        [use.token_id for use in ordered],
        [use.user_id for use in ordered],
        [use.use_time for use in ordered],
        [use.ip for use in ordered],
        [use.user_agent for use in ordered],
    )
