"""How much the values in a document are: literals, and what its variables hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)

from app.paging import DEFAULT_FIRST, MAX_FIRST

MOST_LISTED = 1000
"""What a variable counts as where nobody knows what it holds: the longest list that is taken."""


@dataclass(frozen=True)
class Sizes:
    """What variables hold, as far as it makes a difference; documents are checked once for each."""

    numbers: tuple[tuple[str, int], ...]
    """Of those that hold one, whether or not it is somewhere's ``first``."""
    lengths: tuple[tuple[str, int], ...]
    """How many values lists in the others have, for those that have any."""
    nulls: tuple[str, ...]

    @classmethod
    def of(
        cls, variables: Mapping[str, object], operation: OperationDefinitionNode | None
    ) -> "Sizes":
        """Measure variables, those that are left out at their defaults."""
        numbers: dict[str, int] = {}
        lengths: dict[str, int] = {}
        nulls: list[str] = []
        for definition in (operation.variable_definitions if operation else None) or ():
            name, default = definition.variable.name.value, definition.default_value
            if name in variables:
                value = variables[name]
                if isinstance(value, int | float) and not isinstance(value, bool):
                    numbers[name] = _bounded(value)
                elif value is None:
                    nulls.append(name)
                elif listed := _listed(value):
                    lengths[name] = listed
            elif isinstance(default, IntValueNode):
                numbers[name] = _number(default)
            elif default is None or isinstance(default, NullValueNode):
                nulls.append(name)
            else:
                lengths[name] = _literals(default, None)
        return cls(tuple(numbers.items()), tuple(lengths.items()), tuple(nulls))


def first_of(node: FieldNode, sizes: Sizes | None) -> int:
    """Return how many items a list may have."""
    for argument in node.arguments or ():
        if argument.name.value != "first":
            continue
        match argument.value:
            case NullValueNode():
                return DEFAULT_FIRST
            case IntValueNode() as value:
                return _number(value)
            case VariableNode(name=named) if sizes is not None:
                if named.value in sizes.nulls:
                    return DEFAULT_FIRST
                return dict(sizes.numbers).get(named.value, MAX_FIRST)
            case _:
                return MAX_FIRST
    return DEFAULT_FIRST


def amount(node: FieldNode, known: GraphQLField, sizes: Sizes | None) -> int:
    """Return how many values there are in lists among a field's arguments."""
    return sum(
        _literals(argument.value, sizes)
        for argument in node.arguments or ()
        if (expected := known.args.get(argument.name.value)) and _takes_list(expected.type)
    )


def _takes_list(kind: object, depth: int = 3) -> bool:
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLInputObjectType) and depth:
        return any(_takes_list(field.type, depth - 1) for field in kind.fields.values())
    return isinstance(kind, GraphQLList)


def _literals(value: ValueNode, sizes: Sizes | None) -> int:
    total, nodes = 0, [(value, False)]
    while nodes:
        node, is_listed = nodes.pop()
        match node:
            case ListValueNode():
                nodes += [(inner, True) for inner in node.values]
            case ObjectValueNode():
                nodes += [(inner.value, is_listed) for inner in node.fields]
            case VariableNode() if sizes is None:
                total += MOST_LISTED
            case VariableNode(name=named) if sizes is not None:
                total += dict(sizes.lengths).get(named.value, is_listed)
            case _:
                total += is_listed
    return total


def _listed(value: object) -> int:
    """Return how many values there are in lists of a variable."""
    total, nodes = 0, [(value, False)]
    while nodes:
        node, is_listed = nodes.pop()
        if isinstance(node, list):
            nodes += [(inner, True) for inner in node]
        elif isinstance(node, dict):
            nodes += [(inner, is_listed) for inner in node.values()]
        else:
            total += is_listed
    return total


def _number(node: IntValueNode) -> int:
    # More than the maximum is refused later, with a text that names the field.
    return _bounded(int(node.value)) if len(node.value) < 6 else MAX_FIRST


def _bounded(value: float) -> int:
    return max(1, min(MAX_FIRST, int(value))) if abs(value) < 1e6 else MAX_FIRST
