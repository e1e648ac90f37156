"""Keyset pages: the part of a list statement that every list shares.

A page is asked for by the sort key and id of the row before it. The first page starts at a
sentinel beyond every real key instead of leaving the comparison out: a condition that a parameter
may switch off is only a filter to a generic plan, and deep pages would read all rows before them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias
from uuid import UUID

Direction: TypeAlias = Literal["ASC", "DESC"]
Key: TypeAlias = datetime | str

FIRST_ID = UUID(int=0)
LAST_ID = UUID(int=2**128 - 1)
FIRST_TIME = datetime(1, 1, 1, tzinfo=UTC)
LAST_TIME = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
FIRST_TEXT = ""
LAST_TEXT = "\U0010ffff" * 1024


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two rows: behind the row with this key and id."""

    key: Key
    id: UUID


def start(direction: Direction, *, text: bool = False) -> Position:
    """Return the place before the first row."""
    if direction == "ASC":
        return Position(FIRST_TEXT if text else FIRST_TIME, FIRST_ID)
    return Position(LAST_TEXT if text else LAST_TIME, LAST_ID)


def beyond(direction: Direction) -> Literal["<", ">"]:
    """Return the operator that keeps the rows behind a position."""
    return ">" if direction == "ASC" else "<"
