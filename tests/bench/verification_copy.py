"""Rows of tokens for PostgreSQL's binary COPY, put together from bytes.

Made of Python's objects, ten million rows would take longer to send than to store. Of most of these
tokens nobody ever knew the secret.
"""

import os
import struct
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from app import token_format
from tests.bench.installation import PEPPER

Owner: TypeAlias = tuple[UUID, UUID]
"""An organization and its user."""

FIRST_MADE = datetime(2025, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=300)
MAX_AGE = timedelta(days=3650)
SCOPES = (b"authentication:read", b"services:read")
DESCRIPTION = b"deploy of a service"

MICROSECOND = timedelta(microseconds=1)
UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
TEXT_TYPE = 25
SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
ROWS_AT_ONCE = 10_000

COLUMNS = (
    *("organization_id", "token_id", "user_id", "secret_hmac", "create_time", "expiry_time"),
    *("pepper_version", "max_age_seconds", "extend_when_used", "description", "scopes"),
)
# Each value comes after its length; the number of columns comes first.
VARYING = struct.Struct("!hi16si16si16si32siqiq")
CONSTANT = b"".join(
    struct.pack("!i", len(value)) + value
    for value in (
        struct.pack("!h", 1),
        struct.pack("!i", int(MAX_AGE.total_seconds())),
        b"\0",
        DESCRIPTION,
        # One dimension, no NULL, the type, so many elements from 1.
        struct.pack("!iiiii", 1, 0, TEXT_TYPE, len(SCOPES), 1)
        + b"".join(struct.pack("!i", len(scope)) + scope for scope in SCOPES),
    )
)


async def copy_tokens(
    connection: "asyncpg.Connection[Any]",
    owners: Sequence[Owner],
    count: int,
    presented: Collection[int],
) -> list[str]:
    """Write tokens, each the next owner's, and return those of the rows in ``presented``."""
    tokens: list[str] = []

    async def source() -> AsyncIterator[bytes]:
        yield SIGNATURE
        for first in range(0, count, ROWS_AT_ONCE):
            numbers = range(first, min(count, first + ROWS_AT_ONCE))
            yield b"".join(_rows(numbers, SPAN / count, owners, presented, tokens))
        yield TRAILER

    await connection.copy_to_table("token", source=source(), columns=COLUMNS, format="binary")
    return tokens


def _rows(
    numbers: range,
    step: timedelta,
    owners: Sequence[Owner],
    presented: Collection[int],
    tokens: list[str],
) -> Iterator[bytes]:
    peppers = token_format.parse_peppers(PEPPER)
    noise = os.urandom(39 * len(numbers))
    since_1970 = (FIRST_MADE - UNIX_EPOCH) // MICROSECOND
    since_2000 = (FIRST_MADE - POSTGRES_EPOCH) // MICROSECOND
    life, apart = MAX_AGE // MICROSECOND, step / MICROSECOND
    for at, number in enumerate(numbers):
        organization_id, user_id = owners[number % len(owners)]
        random = noise[at * 39 : at * 39 + 39]
        offset = int(number * apart)
        milliseconds = (since_1970 + offset) // 1000
        # A UUID of version 7.
        token_id = struct.pack("!Q", milliseconds << 16 | 0x7000) + b"\x80" + random[:7]
        secret = random[7:]
        if number in presented:
            token = token_format.make(organization_id, UUID(bytes=token_id))
            tokens.append(token)
            secret = token_format.digest(token, peppers)
        made = since_2000 + offset
        yield (
            VARYING.pack(
                *(len(COLUMNS), 16, organization_id.bytes, 16, token_id, 16, user_id.bytes),
                *(32, secret, 8, made, 8, made + life),
            )
            + CONSTANT
        )
