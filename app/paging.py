"""Pages of lists: how many, in which order, behind which cursor.

A cursor names the last row's sort key and id, so it survives the deletion of that row. It is
opaque to callers and carries its order, so that it cannot be used with another one.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID

import orjson

from app.errors import Code
from app.inputs import invalid
from db.keyset import FIRST_TIME, Direction, Key, Position, start

__all__ = [
    "DEFAULT_FIRST",
    "MAX_FIRST",
    "Direction",
    "Page",
    "PageRequest",
    "cut",
    "request",
    "time_key",
]

Row = TypeVar("Row")
Item_co = TypeVar("Item_co", covariant=True)
Order = TypeVar("Order", bound=str)

MAX_FIRST = 100
DEFAULT_FIRST = 50
_CURSOR_LENGTH = 4096


@dataclass(frozen=True, slots=True)
class PageRequest(Generic[Order]):
    """A checked request for a page; hashable, so that equal requests can share one statement."""

    order: Order
    direction: Direction
    first: int
    after: Position
    is_first: bool


@dataclass(frozen=True, slots=True)
class Page(Generic[Item_co]):
    """Rows, the place behind each, and whether there are rows on either side."""

    rows: Sequence[Item_co]
    cursor: Callable[[int], str]
    """Returns the cursor of the row with an index; made when asked for, as few lists ask."""
    has_next: bool
    has_previous: bool


def request(
    order: Order, direction: Direction, first: int, after: str | None, *, text_key: bool
) -> PageRequest[Order]:
    """Check ``first`` and ``after``. Raises InvalidInput that names them."""
    if not 1 <= first <= MAX_FIRST:
        raise invalid("first", Code.OUT_OF_RANGE, f"first is from 1 to {MAX_FIRST}.")
    if after is None:
        return PageRequest(order, direction, first, start(direction, text=text_key), True)
    position = _decode(after, order, direction, text_key=text_key)
    return PageRequest(order, direction, first, position, False)


def cut(
    rows: Sequence[Row], asked: PageRequest[Order], position_of: Callable[[Row], Position]
) -> Page[Row]:
    """Make a page of ``first + 1`` rows or fewer: the row too many tells that there are more."""
    kept = rows[: asked.first]
    return Page(
        rows=kept,
        cursor=lambda index: _encode(asked.order, asked.direction, position_of(kept[index])),
        has_next=len(rows) > asked.first,
        has_previous=not asked.is_first,
    )


def time_key(value: datetime | None) -> datetime:
    """Return the sort key of a time that may be missing: never sorts before every time."""
    return value or FIRST_TIME


def _encode(order: str, direction: Direction, position: Position) -> str:
    key = position.key.isoformat() if isinstance(position.key, datetime) else position.key
    raw = orjson.dumps([order, direction, key, str(position.id)])
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str, order: str, direction: Direction, *, text_key: bool) -> Position:
    wrong = invalid(
        "after",
        Code.INVALID_CURSOR,
        "after is not a cursor of this list in this order; take it from pageInfo.endCursor.",
    )
    if len(text) > _CURSOR_LENGTH:
        raise wrong
    try:
        raw = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        found_order, found_direction, key, identity = raw
        if (found_order, found_direction) != (order, direction) or not isinstance(key, str):
            raise wrong
        parsed: Key = key if text_key else datetime.fromisoformat(key)
        if isinstance(parsed, datetime):
            if parsed.tzinfo is None:
                raise wrong
            # Overflows here and not in the driver for a forged time at an end of the calendar.
            parsed = parsed.astimezone(UTC)
        if "\0" in key:
            raise wrong
        return Position(parsed, UUID(identity))
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise wrong from None
