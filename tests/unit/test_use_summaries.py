"""Which days a summary of uses is of."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.errors import Code, InvalidInput
from app.use_summaries import MOST_DAYS, days_of

TODAY = date(2026, 3, 1)
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


def at(text: str | None) -> datetime | None:
    """Return a time in UTC."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


TABLE = [
    # since, until, the first and the last day
    (None, None, (date(2026, 1, 31), TODAY)),
    ("2026-02-28T23:59", None, (date(2026, 2, 28), TODAY)),
    ("2026-03-01T00:00", None, (TODAY, TODAY)),
    ("2026-03-01T23:59", None, (TODAY, TODAY)),
    ("2026-03-02T00:00", None, None),
    (None, "2026-02-01T00:00", (date(2026, 1, 2), date(2026, 1, 31))),
    (None, "2026-02-01T00:00:00.000001", (date(2026, 1, 3), date(2026, 2, 1))),
    ("2026-02-10T12:00", "2026-02-10T13:00", (date(2026, 2, 10), date(2026, 2, 10))),
    ("2026-02-10T13:00", "2026-02-10T12:00", (date(2026, 2, 10), date(2026, 2, 10))),
    ("2026-02-10T00:00", "2026-02-10T00:00", None),
    ("2026-02-10T00:00", "2026-02-11T00:00", (date(2026, 2, 10), date(2026, 2, 10))),
    ("2026-02-11T00:00", "2026-02-10T00:00", None),
    ("2025-03-01T00:00", None, (date(2025, 3, 1), TODAY)),
    ("2025-01-01T00:00", "2026-01-02T00:00", (date(2025, 1, 1), date(2026, 1, 1))),
    # The ends of the calendar.
    (None, "0001-01-01T00:00", None),
    (None, "0001-01-01T00:01", (FIRST, FIRST)),
    ("0001-01-01T00:00", "0001-01-05T00:00", (FIRST, date(1, 1, 4))),
    ("9999-12-31T23:59", None, None),
    (None, "9999-12-31T23:59:59.999999", (date(9999, 12, 2), LAST)),
    ("9999-12-31T00:00", "9999-12-31T23:59:59.999999", (LAST, LAST)),
]
TOO_LONG = [
    ("2025-02-28T23:59", None),
    ("2025-01-01T00:00", "2026-01-02T00:01"),
    ("0001-01-01T00:00", None),
    ("0001-01-01T00:00", "9999-12-31T23:59"),
]


@pytest.mark.parametrize(("since", "until", "days"), TABLE)
def test_days(since: str | None, until: str | None, days: tuple[date, date] | None) -> None:
    assert days_of(at(since), at(until), TODAY) == days


@pytest.mark.parametrize(("since", "until"), TOO_LONG)
def test_too_many(since: str, until: str | None) -> None:
    with pytest.raises(InvalidInput) as refused:
        days_of(at(since), at(until), TODAY)
    (problem,) = refused.value.problems
    assert (problem.path, problem.code) == ("since", Code.OUT_OF_RANGE)
    assert str(MOST_DAYS) in problem.message


def test_a_year_from_any_day_is_taken() -> None:
    for number in range(800):
        today = TODAY + timedelta(days=number)
        year_ago = today - timedelta(days=365)
        assert days_of(at(year_ago.isoformat()), None, today) == (year_ago, today)


def test_days_are_those_of_utc() -> None:
    zone = timezone(timedelta(hours=14))
    since = datetime(2026, 2, 11, 13, 59, tzinfo=zone)
    until = datetime(2026, 2, 12, 14, 0, tzinfo=zone)
    assert days_of(since, until, TODAY) == (date(2026, 2, 10), date(2026, 2, 11))
