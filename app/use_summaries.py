"""What the history of uses comes to over some days: in all, by day, by address and program."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from app import inputs, token_uses
from app.access import AppUserReader
from app.errors import Code
from app.paging import MAX_FIRST
from app.token_uses import MOST_PREVIEWED
from db import use_summaries as rows
from db.pool import Database
from db.token_uses import UseFilter
from db.use_summaries import Share

__all__ = ["Share", "UseSummary"]

DEFAULT_DAYS = 30
MOST_DAYS = 366
MOST_SOURCES = MAX_FIRST


@dataclass(frozen=True, slots=True)
class UseSummary:
    """Uses in all, those of each day that has any, and where most of them came from."""

    use_count: int
    is_complete: bool
    """Whether all of the history of these days was looked at."""
    days: tuple[Share, ...] = ()
    """The oldest first."""
    sources: tuple[Share, ...] = ()
    """The most used first, at most MOST_SOURCES."""


NOTHING = UseSummary(0, is_complete=True)


async def summarize(
    database: Database,
    reader: AppUserReader,
    *,
    user_id: UUID | None = None,
    token_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> UseSummary:
    """Return what the uses that the reader may know of come to. Raises InvalidInput."""
    with_people, own_token_id = token_uses.seen_by(reader, user_id)
    async with database.tenant(reader.organization_id) as connection:
        span = days_of(since, until, await rows.find_today(connection))
        if span is None:
            return NOTHING
        shares = await rows.summarize(
            connection,
            reader.organization_id,
            UseFilter(user_id, token_id),
            *span,
            at_most=MOST_PREVIEWED,
            shares=1 + MOST_DAYS + MOST_SOURCES,
            with_people=with_people,
            own_token_id=own_token_id,
        )
    (all_of_them,) = (share for share in shares if share.part == "ALL")
    return UseSummary(
        all_of_them.use_count,
        all_of_them.row_count < MOST_PREVIEWED,
        tuple(share for share in shares if share.part == "DAY"),
        tuple(share for share in shares if share.part == "SOURCE")[:MOST_SOURCES],
    )


def days_of(
    since: datetime | None, until: datetime | None, today: date
) -> tuple[date, date] | None:
    """Return the first and the last day of a span of time, None where it has no day.

    Raises InvalidInput where it has too many.
    """
    last = today.toordinal() if until is None else _last_before(until)
    first = last - DEFAULT_DAYS + 1 if since is None else since.astimezone(UTC).toordinal()
    if last - first >= MOST_DAYS:
        raise inputs.invalid(
            "since",
            Code.OUT_OF_RANGE,
            f"since is too long ago: from its day to that of until, or to today, are at most"
            f" {MOST_DAYS} days.",
        )
    # The calendar begins with the day 1.
    first = max(first, 1)
    return (date.fromordinal(first), date.fromordinal(last)) if first <= last else None


def _last_before(end: datetime) -> int:
    there = end.astimezone(UTC)
    return there.toordinal() - (there.time() == time())
