"""What a request selects of a thing, for resolvers that read more where more is asked for."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

from app.api.nodes import ContextInfo


def selects(info: ContextInfo, names: frozenset[str]) -> bool:
    """Tell whether one of these fields, as the schema names them, is selected of what is resolved.

    What ``@skip`` and ``@include`` leave out is not. The thing's type is one object type, so that
    every fragment on it counts.
    """
    # Strawberry's own `selected_fields` opens a fragment each time that it is spread: with two
    # spreads in each of some fragments, a small document takes the time of a large one.
    raw = info._raw_info  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    waiting = [node.selection_set for node in raw.field_nodes]
    opened: set[str] = set()
    for selection_set in waiting:
        for selection in _selections(selection_set):
            if _is_left_out(selection, info.variable_values):
                continue
            match selection:
                case FieldNode():
                    if selection.name.value in names:
                        return True
                case InlineFragmentNode():
                    waiting.append(selection.selection_set)
                case FragmentSpreadNode() if selection.name.value not in opened:
                    opened.add(selection.name.value)
                    waiting.append(raw.fragments[selection.name.value].selection_set)
                case _:
                    pass
    return False


def _selections(selection_set: SelectionSetNode | None) -> tuple[SelectionNode, ...]:
    return tuple(selection_set.selections) if selection_set else ()


def _is_left_out(selection: SelectionNode, variables: Mapping[str, Any]) -> bool:
    for directive in selection.directives or ():
        name = directive.name.value
        if name not in {"skip", "include"} or not directive.arguments:
            continue
        condition = directive.arguments[0].value
        holds = (
            variables.get(condition.name.value)
            if isinstance(condition, VariableNode)
            else getattr(condition, "value", None)
        )
        if bool(holds) is (name == "skip"):
            return True
    return False
