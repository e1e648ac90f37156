"""Presented credentials: the look-ups that cross tenants, and the uses that come of them.

Each statement calls one SECURITY DEFINER function of the migrations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

from db.pool import Connection
from db.tokens import Network

Refusal: TypeAlias = Literal[
    "REVOKED", "SUPERSEDED", "EXPIRED", "USER_DEACTIVATED", "UNUSED", "POLICY"
]


class PresentedToken(NamedTuple):
    """What a credential check needs to know of a token, its user and its grants.

    A tuple, because one is made for every verification.
    """

    number: int
    """Which question it answers, from 1."""
    organization_id: UUID
    token_id: UUID
    user_id: UUID
    is_application_user: bool
    user_name: str
    secret_hmac: bytes
    pepper_version: int
    refusal: Refusal | None
    """Why it is not accepted, by the database's clock; None where it is."""
    max_age_seconds: int | None
    extend_when_used: bool
    ip_allowlist: list[Network] | None
    policy_networks: list[Network] | None
    scopes: list[str] | None
    create_seconds: float
    """This and the next two since 1970: a time is decoded by a call of Python, a number is not."""
    expiry_seconds: float | None
    overlap_end_seconds: float | None
    unused_seconds: float | None
    """Since the use recorded last; None where there is none."""
    last_ip: str | None
    last_user_agent: str | None
    granted: str
    """Names, with spaces between them, of the grants that reach its user on the resource that was
    asked about, inside its ceiling."""
    read_count: int
    """About what its look-up cost: the grants inside its ceiling, and four for each group of its
    user."""
    check_time: datetime

    @property
    def permissions(self) -> list[str]:
        """What is granted, name by name."""
        return self.granted.split()

    @property
    def create_time(self) -> datetime:
        return datetime.fromtimestamp(self.create_seconds, UTC)

    @property
    def end_seconds(self) -> float | None:
        """When it stops being accepted, by its expiry or its overlap; None for never."""
        expiry, overlap_end = self.expiry_seconds, self.overlap_end_seconds
        if expiry is None or overlap_end is None:
            return overlap_end if expiry is None else expiry
        return min(expiry, overlap_end)

    @property
    def end_time(self) -> datetime | None:
        """The same as a time."""
        seconds = self.end_seconds
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


# The time is the statement's: it stands in one row alone.
FIND_TOKENS_SQL = """
SELECT number, organization_id, token_id, user_id, is_application_user, user_name, secret_hmac,
       pepper_version, refusal, max_age_seconds, extend_when_used, ip_allowlist, policy_networks,
       scopes, date_part('epoch', create_time) AS create_seconds,
       date_part('epoch', expiry_time) AS expiry_seconds,
       date_part('epoch', overlap_end_time) AS overlap_end_seconds,
       date_part('epoch', check_time - last_used_time) AS unused_seconds,
       last_ip, last_user_agent, array_to_string(permissions, ' ') AS granted, read_count,
       CASE WHEN number = 1 THEN check_time END AS check_time
  FROM look_up_presented_tokens($1::text::uuid[], $2::text::uuid[], $3::text::uuid[])
"""


async def find_tokens(
    connection: Connection,
    organization_ids: Sequence[UUID],
    token_ids: Sequence[UUID],
    resource_ids: Sequence[UUID | None] | None = None,
) -> list[PresentedToken]:
    """Return the tokens that exist, in no order.

    Each question has an organization, a token of it, and the resource that permissions are asked
    for on; None stands for the organization. One whose token is missing takes as long as another.
    """
    rows = await connection.fetch(
        FIND_TOKENS_SQL,
        _array([f"{value.int:032x}" for value in organization_ids]),
        _array([f"{value.int:032x}" for value in token_ids]),
        # What is missing at the end is NULL.
        _array(["NULL" if value is None else value.hex for value in resource_ids or ()]),
    )
    times = [time for row in rows if (time := row[-1]) is not None]
    return [
        PresentedToken._make((*row[:-1], times[0])) for row in rows if row[_TOKEN_ID] is not None
    ]


_TOKEN_ID = PresentedToken._fields.index("token_id")
"""By number, because a column's name is looked up each time."""


def _array(values: Sequence[str]) -> str:
    """Return values that need no quotes as PostgreSQL reads an array.

    To have the elements encoded one by one would cost more than the rest of a statement.
    """
    return "{" + ",".join(values) + "}"


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


@dataclass(slots=True)
class TokenUse:
    """Uses of a token from one address by one program on one day that are not written yet.

    Times are the database's.
    """

    organization_id: UUID
    token_id: UUID
    user_id: UUID
    first_use_time: datetime
    last_use_time: datetime
    ip: str | None
    """Where the latest came from, as the program that sent it."""
    user_agent: str
    use_count: int = 1
    is_other: bool = False
    """Whether they are of several addresses and programs, not told apart in the history."""
    is_news: bool = True
    """Whether the latest becomes what is recorded as the last use."""


MOST_ROWS_A_DAY = 1000
"""Of one token. All further addresses and programs of the day share a row."""

RECORD_USES_SQL = """
SELECT record_uses(
    $1::text::uuid[], $2::text::uuid[], $3::text::uuid[], $4::text[]::inet[], $5::text[],
    $6::text::boolean[], $7::text::bigint[], $8::timestamptz[], $9::timestamptz[],
    $10::text::boolean[], $11)
"""


async def record_token_uses(connection: Connection, uses: Sequence[TokenUse]) -> None:
    """Count uses, move last uses forward, extend sliding expiries, move users' last activity.

    Where there is no such token, the user's last activity alone.
    """
    await connection.execute(
        RECORD_USES_SQL,
        _array([use.organization_id.hex for use in uses]),
        _array([use.token_id.hex for use in uses]),
        _array([use.user_id.hex for use in uses]),
        [use.ip for use in uses],
        [use.user_agent for use in uses],
        _array(["t" if use.is_other else "f" for use in uses]),
        _array([str(use.use_count) for use in uses]),
        [use.first_use_time for use in uses],
        [use.last_use_time for use in uses],
        _array(["t" if use.is_news else "f" for use in uses]),
        MOST_ROWS_A_DAY,
    )


EXTEND_TOKEN_SQL = """
SELECT extend_token($1, $2, $3)
"""


async def extend_token(
    connection: Connection, organization_id: UUID, token_id: UUID, use_time: datetime
) -> None:
    """Move the end of a sliding token as far as a use at this time has it, unless it is over."""
    await connection.execute(EXTEND_TOKEN_SQL, organization_id, token_id, use_time)


# By its text too: the process of a server that has taken over may have the same number, and there
# is what must not be cancelled.
CANCEL_EXTENSION_SQL = """
SELECT pg_cancel_backend(pid)
  FROM pg_stat_activity
 WHERE pid = $1 AND usename = current_user
   AND query LIKE '%SELECT extend_token(%'
   AND state = 'active'
"""


async def cancel_extension(connection: Connection, process: int) -> None:
    """Have a server process end the extension that it is at."""
    await connection.execute(CANCEL_EXTENSION_SQL, process)
