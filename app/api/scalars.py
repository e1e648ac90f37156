"""How times, days and large numbers look in the API."""

import re
from datetime import UTC, date, datetime
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Time = NewType("Time", datetime)
"""A datetime with a zone; annotate fields and arguments with it."""
Day = NewType("Day", date)
"""A day in UTC, which no argument takes."""
Count = NewType("Count", int)
"""How many of what there may be billions of, which no argument takes."""

_EXPECTED = "Expected an RFC 3339 date and time with its zone, such as 2026-01-31T12:00:00Z"

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def _serialize(value: datetime) -> datetime:
    # The JSON writer makes RFC 3339 of it, with a Z, in a tenth of the time of isoformat().
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _parse(value: object) -> datetime:
    # A GraphQLError is the caller's mistake; whatever else is raised here would count as our bug.
    # fromisoformat alone takes weeks, dates without dashes and, in Python 3.11, a trailing NUL.
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise GraphQLError(_EXPECTED)
    try:
        parsed = datetime.fromisoformat(value.upper())
    except ValueError:
        raise GraphQLError(_EXPECTED) from None
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        raise GraphQLError(f"{_EXPECTED}: this is out of range.") from None


SCALARS: dict[object, ScalarDefinition] = {
    Time: strawberry.scalar(
        name="DateTime",
        description="A point in time in UTC, in the form of RFC 3339: `2026-01-31T12:00:00Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=_serialize,
        parse_value=_parse,
    ),
    Day: strawberry.scalar(
        name="Date",
        description="A day in UTC, in the form of RFC 3339: `2026-01-31`.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
    ),
    # An Int ends at 32 bits, and what is larger would be an error.
    Count: strawberry.scalar(
        name="SafeInt",
        description="A whole number from 0 to 9007199254740991, which is as large as JSON's readers"
        " keep one exact. Larger than an `Int` may be.",
        specified_by_url="https://tc39.es/ecma262/#sec-number.issafeinteger",
    ),
}
