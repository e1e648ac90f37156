"""Values of options: durations, and times that may be given as a duration."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,10})([smhdw]?)", re.ASCII)
_FURTHEST = timedelta(days=36_500)


class Duration(click.ParamType[int]):
    """``90d``, ``12h``, ``30m``, ``2w``, or seconds: becomes seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return seconds."""
        seconds = _seconds(value)
        if seconds is None:
            self.fail(f"{value!r} is no duration such as 90d, 12h, 30m or 3600.", param, ctx)
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
        seconds = _seconds(value)
        if seconds is not None:
            away = min(timedelta(seconds=seconds), _FURTHEST)
            return datetime.now(UTC) + (away if self.is_ahead else -away)
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-01-31T12:00Z or 7d.", param, ctx)
        return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _seconds(value: Any) -> int | None:
    if isinstance(value, int):
        return value
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
