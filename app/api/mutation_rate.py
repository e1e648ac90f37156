"""How many mutations a caller may send in a minute: a document is let in whole, or not at all."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationType,
    SelectionSetNode,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension

from app.errors import RateLimited

TOO_MANY = "You have sent as many mutations as are let in; none of this request was run."


class MutationRate(SchemaExtension):
    """Counts a document's mutations before any of them runs, whoever may run them."""

    def on_execute(self) -> Iterator[None]:
        execution = self.execution_context
        document = execution.graphql_document
        count = count_mutations(document, execution.operation_name) if document else 0
        if count:
            wait = execution.context.mutations.seconds_to_wait(count)
            if wait:
                raise RateLimited(TOO_MANY, wait)
        yield


def count_mutations(document: DocumentNode, operation_name: str | None) -> int:
    """Return how many mutations the operation of this name is; of a query, 0.

    The document is valid. Each alias is another one; the same field twice under one name runs once.
    One that ``@skip`` leaves out counts, too.
    """
    operation = get_operation_ast(document, operation_name)
    if operation is None or operation.operation is not OperationType.MUTATION:
        return 0
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    names: set[str] = set()
    spread: set[str] = set()
    waiting: list[SelectionSetNode] = [operation.selection_set]
    while waiting:
        for selection in waiting.pop().selections:
            match selection:
                case FieldNode():
                    if not selection.name.value.startswith("__"):
                        names.add((selection.alias or selection.name).value)
                case InlineFragmentNode():
                    waiting.append(selection.selection_set)
                case FragmentSpreadNode() if selection.name.value not in spread:
                    spread.add(selection.name.value)
                    waiting.append(fragments[selection.name.value].selection_set)
                case _:
                    pass
    return len(names)
