"""How points in time look in the API."""

from datetime import UTC, datetime
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

Time = NewType("Time", datetime)
"""A datetime with a zone; annotate fields and arguments with it."""


def _serialize(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parse(value: object) -> datetime:
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("expected an RFC 3339 date and time, such as 2026-01-31T12:00:00Z")
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(
            "expected an RFC 3339 date and time, such as 2026-01-31T12:00:00Z"
        ) from None
    if parsed.tzinfo is None:
        raise ValueError("the time zone is missing, as in 2026-01-31T12:00:00Z")
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        raise ValueError("the date is out of range") from None


SCALARS: dict[object, ScalarDefinition] = {
    Time: strawberry.scalar(
        name="DateTime",
        description="A point in time in UTC, in the form of RFC 3339: `2026-01-31T12:00:00Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=_serialize,
        parse_value=_parse,
    )
}
