"""Texts of others on a terminal: names and descriptions are whatever somebody typed."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

import click

CELL = 60
"""Columns that a cell of a table has at the most."""
WHOLE_TOKEN = re.compile(r"appu_([0-9A-Za-z]{22})[0-9A-Za-z]{22}_\w+")
_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def plain(text: str) -> str:
    """Return a text with lines, and without whole tokens and what a terminal would obey."""
    shortened = WHOLE_TOKEN.sub(r"appu_\1…", text)
    return "\n".join(_printable(line) for line in shortened.split("\n"))


def _printable(line: str) -> str:
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii")
        for each in line
    )


def cell(value: object) -> str:
    """Return a value in one line: nothing as ``-``, several with commas."""
    if value is None or value in ("", []):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(cell, value))
    return _printable(plain(str(value)).replace("\n", "\\n"))


def facts(fields: Mapping[str, object]) -> list[str]:
    """Return a line for each field, with its value in one column."""
    columns = max(map(len, fields), default=0) + 1
    return [f"{name + ':':<{columns}} {cell(value)}" for name, value in fields.items()]


def width(text: str) -> int:
    """Return how many columns a text takes: two for wide characters, none for marks."""
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in text
    )


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a table with aligned columns, the heads first."""
    lines = [heads, *([shortened(each) for each in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(
            text + " " * (columns - width(text)) for text, columns in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    ]


def shortened(text: str) -> str:
    """Return a text that fits a cell."""
    if width(text) <= CELL:
        return text
    while width(text) >= CELL:
        text = text[:-1]
    return text + "…"


def since(time: datetime | None, never: str = "never") -> str:
    """Return how long ago a time is, or how far ahead: ``3 days ago``, ``in 2 hours``."""
    if time is None:
        return never
    seconds = (datetime.now(UTC) - time).total_seconds()
    if abs(seconds) < 1:
        return "now"
    spelt = span(abs(seconds))
    return f"{spelt} ago" if seconds > 0 else f"in {spelt}"


def moment(time: datetime | None, never: str = "never") -> str:
    """Return a time in UTC and how far away it is."""
    if time is None:
        return never
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z ({since(time)})"


def span(seconds: float) -> str:
    """Return a duration in its largest unit, rounded: ``90 days``."""
    for size, unit in _UNITS:
        # From 1.5 on, so that 100 seconds are no minute.
        if seconds >= 1.5 * size or size == 1:
            return count(max(1, round(seconds / size)), unit)
    raise AssertionError("the last unit takes all")


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 day``, ``2 days``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def say(message: str) -> None:
    """Tell people something, apart from the output that a program may read."""
    click.echo(plain(message), err=True)
