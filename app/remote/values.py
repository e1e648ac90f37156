"""Values of options: durations, and times that may be given as a duration."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,10})([smhdw]?)", re.ASCII)
_DATE = re.compile(r"\d{8}", re.ASCII)
_FURTHEST = timedelta(days=36_500)
# What an integer of the API holds; the service itself is stricter.
_LONGEST_S = 2**31 - 1


class Duration(click.ParamType[int]):
    """``90d``, ``12h``, ``30m``, ``2w``, or seconds: becomes seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return seconds."""
        if isinstance(value, int):
            return value
        seconds = _seconds(value)
        if seconds is None:
            self.fail(f"{value!r} is no duration such as 90d, 12h, 30m or 3600.", param, ctx)
        if seconds > _LONGEST_S:
            self.fail(f"{value!r} is longer than {_LONGEST_S // 86_400}d.", param, ctx)
        return seconds


class Time(click.ParamType[datetime]):
    """``2026-01-31``, ``2026-01-31T12:00Z``, or a duration: so long ago, or ahead."""

    name = "time"

    def __init__(self, *, is_ahead: bool = False) -> None:
        self.is_ahead = is_ahead

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return a time; one without a zone is in UTC."""
        if isinstance(value, datetime):
            return value
        if _DATE.fullmatch(value.strip()):
            self.fail(f"{value!r} may be seconds or a day: write {_meant(value)}.", param, ctx)
        seconds = _seconds(value)
        if seconds is not None:
            away = timedelta(seconds=min(seconds, _FURTHEST.total_seconds()))
            return datetime.now(UTC) + (away if self.is_ahead else -away)
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-01-31T12:00Z or 7d.", param, ctx)
        return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _meant(digits: str) -> str:
    seconds = f"{digits.strip()}s"
    try:
        return f"{date.fromisoformat(digits.strip())} or {seconds}"
    except ValueError:
        return seconds


def _seconds(value: str) -> int | None:
    found = _DURATION.fullmatch(value.strip())
    return int(found[1]) * _SECONDS[found[2]] if found else None


DURATION = Duration()
AGO = Time()
AHEAD = Time(is_ahead=True)
LIMIT = click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="NUMBER",
    default=0,
    help="How many at the most.  [default: all]",
)


def page(limit: int) -> int:
    """Return how many to ask for at once, of a list that ends at ``limit``, or not with 0."""
    return min(limit or 100, 100)
