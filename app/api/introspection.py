"""How much of the schema an introspection can return, so that its cost is counted like any other.

A walk through all types meets each field, argument and value once, so below ``__schema { types }``
averages are exact. Anywhere else somebody may have picked the largest type that there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from graphql import GraphQLSchema, introspection_from_schema

Place: TypeAlias = Literal["", "schema", "types", "fields", "deep", "of", "of of", "of of of"]
"""Where a selection stands: outside introspection, or in the part of it that makes a difference."""

_LISTS = ("fields", "inputFields", "interfaces", "enumValues", "possibleTypes")
_WRAPPED: Mapping[str, Place] = {"of": "of of", "of of": "of of of"}


@dataclass(frozen=True)
class Sizes:
    """Lengths of the lists of an introspection."""

    types: int
    average: Mapping[str, float]
    """Of the lists of a type, and of ``args`` of a field, over all of them."""
    most: Mapping[str, int]


def enter(schema: GraphQLSchema, place: Place, name: str) -> tuple[float, Place]:
    """Return how often the selections of a field are answered there, and where they stand."""
    if not place and not name.startswith("__"):
        return 1, ""
    if not place:
        return 1, "schema" if name == "__schema" else "deep"
    sizes = sizes_of(schema)
    match place, name:
        case "schema", "types":
            return sizes.types, "types"
        case "types", "fields":
            return sizes.average[name], "fields"
        case ("types", "inputFields" | "interfaces" | "enumValues" | "possibleTypes") | (
            "fields",
            "args",
        ):
            return sizes.average[name], "deep"
        case "of of of", "ofType":
            # No type is wrapped more often than `[Thing!]!` is, so there is nothing below.
            return 0, "deep"
        case _, "ofType":
            return 1, _WRAPPED.get(place, "of")
        case _:
            return sizes.most.get(name, 1), "deep"


@lru_cache(maxsize=4)
def sizes_of(schema: GraphQLSchema) -> Sizes:
    """Measure a schema, by what it answers."""
    answer: dict[str, Any] = dict(introspection_from_schema(schema)["__schema"])
    types, directives = answer["types"], answer["directives"]
    lengths = {name: [len(kind[name] or ()) for kind in types] for name in _LISTS}
    arguments = [len(entry["args"]) for kind in types for entry in kind["fields"] or ()]
    average = {name: sum(each) / len(types) for name, each in lengths.items()}
    average["args"] = sum(arguments) / len(arguments)
    most = {name: max(each) for name, each in lengths.items()}
    most["args"] = max(arguments + [len(directive["args"]) for directive in directives])
    most["directives"] = len(directives)
    most["locations"] = max(len(directive["locations"]) for directive in directives)
    return Sizes(len(types), average, most)
