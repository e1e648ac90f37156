"""Every operation of the schema with what it takes and shows, read from the schema itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from app.api.schema import schema

Path: TypeAlias = tuple[str | int, ...]

SCHEMA: GraphQLSchema = schema._schema  # pyright: ignore[reportPrivateUsage]


@dataclass(frozen=True)
class Operation:
    """A root field."""

    kind: str
    """``query`` or ``mutation``."""
    name: str
    field: GraphQLField

    def document(self, depth: int = 2) -> str:
        """Return a document that takes every argument as a variable and shows what it can."""
        taken = ", ".join(f"${name}: {arg.type}" for name, arg in self.field.args.items())
        given = ", ".join(f"{name}: ${name}" for name in self.field.args)
        head = f"{self.kind}({taken})" if taken else self.kind
        call = f"{self.name}({given})" if given else self.name
        return f"{head} {{ {call} {selection(self.field.type, depth)} }}"

    def id_paths(self) -> list[Path]:
        """Return where it takes ids, the first of a list for all of it."""
        return [
            path for name, arg in self.field.args.items() for path in _id_paths(arg.type, (name,))
        ]


def operations() -> list[Operation]:
    """Return every root field."""
    roots = (("query", SCHEMA.query_type), ("mutation", SCHEMA.mutation_type))
    return [
        Operation(kind, name, field)
        for kind, root in roots
        if root is not None
        for name, field in root.fields.items()
    ]


def _id_paths(kind: Any, path: Path) -> Iterator[Path]:
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList):
        yield from _id_paths(kind.of_type, (*path, 0))
    elif isinstance(kind, GraphQLInputObjectType):
        for name, field in kind.fields.items():
            yield from _id_paths(field.type, (*path, name))
    elif kind.name == "ID":
        yield path


def selection(kind: Any, depth: int) -> str:
    """Return a selection set of all leaves, and of things as deep as asked; '' for a leaf."""
    named = get_named_type(kind)
    if is_leaf_type(named):
        return ""
    seen: dict[str, str] = {}
    if isinstance(named, GraphQLUnionType):
        inside = " ".join(f"... on {m.name} {{ {_fields(m, depth, seen)} }}" for m in named.types)
    else:
        assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
        inside = _fields(named, depth, seen)
    return f"{{ __typename {inside} }}"


def _fields(
    kind: GraphQLObjectType | GraphQLInterfaceType, depth: int, seen: dict[str, str]
) -> str:
    """Select fields, under an alias where another member of a union has one of another type."""
    parts: list[str] = []
    for name, field in kind.fields.items():
        is_leaf = is_leaf_type(get_named_type(field.type))
        if any(is_required_argument(arg) for arg in field.args.values()):
            continue
        if not is_leaf and depth <= 0:
            continue
        same = seen.setdefault(name, str(field.type)) == str(field.type)
        label = name if same else f"{name}Of{kind.name}: {name}"
        parts.append(f"{label} {'' if is_leaf else selection(field.type, depth - 1)}".strip())
    return " ".join(parts) or "__typename"


def at(value: Any, path: Path) -> Any:
    """Return what stands in variables at a path, None where they stop before it."""
    for step in path:
        if value is None:
            return None
        value = value[step] if isinstance(step, int) else value.get(step)
    return value


def put(value: Any, path: Path, what: Any) -> Any:
    """Return a copy of variables with something else at a path."""
    if not path:
        return what
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return [put(value[step], rest, what), *value[step + 1 :]]
    return {**value, step: put(value[step], rest, what)}
