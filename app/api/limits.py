"""Bounds on a GraphQL document, checked after parsing and before validation.

Validation itself is quadratic in places, so what it is given has to be small. Cost is what the
document could return: 1 for each field, times ``first`` along each path, a variable counted at its
maximum, because the answer to "how much" must not depend on values that come later.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from strawberry.extensions import SchemaExtension

from app.paging import DEFAULT_FIRST, MAX_FIRST

MAX_TOKENS = 2000
MAX_FIELDS = 500
MAX_ALIASES = 30
MAX_DEPTH = 15
MAX_DIRECTIVES = 20
MAX_COST = 50_000
MAX_NAME_LENGTH = 128
MAX_OPERATIONS = 20
INTROSPECTION_DEPTH = 25

LISTS = frozenset({"applicationUsers", "organizationUsers", "tokens"})
"""The fields that take ``first``; a test compares them with the schema."""


@dataclass
class _Measure:
    fragments: dict[str, FragmentDefinitionNode]
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    costs: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    open: set[str] = field(default_factory=set[str])

    def of(self, selections: SelectionSetNode | None) -> tuple[int, int]:
        """Return the cost and the depth of a selection set."""
        cost = depth = 0
        for selection in selections.selections if selections else ():
            self.directives += len(selection.directives or ())
            match selection:
                case FieldNode():
                    below, down = self._field(selection)
                case InlineFragmentNode():
                    below, down = self.of(selection.selection_set)
                case FragmentSpreadNode():
                    below, down = self._fragment(selection.name.value)
                case _:
                    continue
            cost += below
            depth = max(depth, down)
        return cost, depth

    def _field(self, node: FieldNode) -> tuple[int, int]:
        self.fields += 1
        self.aliases += node.alias is not None
        self.directives += len(node.directives or ())
        name = node.name.value
        below, down = self.of(node.selection_set)
        if name in LISTS:
            below *= _first(node)
        elif name.startswith("__"):
            # The specification's own tree of types is deep, and bounded by the schema.
            down = max(0, down - (INTROSPECTION_DEPTH - MAX_DEPTH))
        return below + 1, down + 1

    def _fragment(self, name: str) -> tuple[int, int]:
        # A cycle is for validation to report; here it only must not go on for ever.
        if name in self.open or name not in self.fragments:
            return 0, 0
        if name not in self.costs:
            self.open.add(name)
            self.costs[name] = self.of(self.fragments[name].selection_set)
            self.open.discard(name)
        return self.costs[name]


def _first(node: FieldNode) -> int:
    for argument in node.arguments or ():
        if argument.name.value != "first":
            continue
        value = argument.value
        if isinstance(value, NullValueNode):
            return DEFAULT_FIRST
        if isinstance(value, IntValueNode) and len(value.value) < 6:
            # More than the maximum is refused later, with a text that names the field.
            return max(1, min(MAX_FIRST, int(value.value)))
        return MAX_FIRST
    return DEFAULT_FIRST


def check(document: DocumentNode) -> None:
    """Raise GraphQLError with the first bound that a document breaks."""
    definitions = document.definitions
    fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
    operations = [d for d in definitions if isinstance(d, OperationDefinitionNode)]
    if len(operations) > MAX_OPERATIONS:
        raise _too("operations", len(operations), MAX_OPERATIONS)
    measure = _Measure(fragments)
    cost = depth = 0
    for operation in operations:
        measure.directives += len(operation.directives or ())
        own_cost, own_depth = measure.of(operation.selection_set)
        cost, depth = max(cost, own_cost), max(depth, own_depth)
    for fragment in fragments.values():
        measure.directives += len(fragment.directives or ())
        # Unused ones are validated like the others, so they count like the others.
        measure.of(fragment.selection_set)
    for what, value, most in (
        ("fields", measure.fields, MAX_FIELDS),
        ("aliases", measure.aliases, MAX_ALIASES),
        ("directives", measure.directives, MAX_DIRECTIVES),
        ("levels of depth", depth, MAX_DEPTH),
        ("cost, counting each list at its `first`", cost, MAX_COST),
    ):
        if value > most:
            raise _too(what, value, most)


def _too(what: str, value: int, most: int) -> GraphQLError:
    return GraphQLError(f"The document is too large: {value} {what}, at most {most} are allowed.")


_check_once = lru_cache(maxsize=128)(check)


class Limits(SchemaExtension):
    """Checks each parsed document; a document that was checked before costs nothing."""

    def on_parse(self) -> Iterator[None]:
        yield
        document = self.execution_context.graphql_document
        if document is not None:
            _check_once(document)
