"""What a command prints on standard output: tables for people, JSON for scripts."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from app.remote import text
from app.remote.text import say

if TYPE_CHECKING:
    from pydantic import BaseModel

Item = TypeVar("Item", bound="BaseModel")
Columns = Mapping[str, Callable[[Item], object]]
"""How an item becomes a row: the head of each column, and its value."""


@dataclass(frozen=True)
class Output:
    """Prints in one of the two ways."""

    as_json: bool

    def one(self, thing: "BaseModel", fields: Mapping[str, object]) -> None:
        """Print one thing: as JSON with all it has, or the fields in lines."""
        if self.as_json:
            self.json(fields_of(thing))
            return
        for line in text.facts(fields):
            click.echo(line)

    def json(self, value: Mapping[str, Any]) -> None:
        """Print one JSON object in a line, all of it ASCII."""
        click.echo(json.dumps(value))

    async def several(
        self, items: AsyncIterator[Item], columns: "Columns[Item]", limit: int, nothing: str
    ) -> None:
        """Print a list, up to ``limit`` items, all with 0; say ``nothing`` where it is empty.

        JSON is printed as it comes, a table once its columns are known.
        """
        rows: list[list[str]] = []
        count = 0
        async for item in items:
            count += 1
            if self.as_json:
                self.json(fields_of(item))
            else:
                rows.append([text.cell(value(item)) for value in columns.values()])
            if count == limit:
                break
        if rows:
            self.table(list(columns), rows)
        elif not count:
            say(nothing)

    def table(self, heads: Sequence[str], rows: list[list[str]]) -> None:
        """Print a table."""
        for line in text.table(list(heads), rows):
            click.echo(line)


def fields_of(thing: "BaseModel") -> dict[str, Any]:
    """Return what the API calls the fields of a thing, and their values."""
    cleaned: dict[str, Any] = _without_types(thing.model_dump(mode="json", by_alias=True))
    return cleaned


def _without_types(value: Any) -> Any:
    """Leave out what only GraphQL needs."""
    if isinstance(value, dict):
        return {key: _without_types(each) for key, each in value.items() if key != "__typename"}
    if isinstance(value, list):
        return [_without_types(each) for each in value]
    return value
