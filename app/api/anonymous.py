"""What a request without credential gets: the schema, and nothing else."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
)
from strawberry.extensions import SchemaExtension

from app.api.context import NO_CREDENTIAL
from app.errors import Unauthenticated


class CredentialRequired(SchemaExtension):
    """Refuses before any resolver runs, so that no resolver can forget to."""

    def on_execute(self) -> Iterator[None]:
        execution = self.execution_context
        document = execution.graphql_document
        if execution.context.principal is None and document and not _only_introspects(document):
            raise Unauthenticated(NO_CREDENTIAL)
        yield


def _only_introspects(document: DocumentNode) -> bool:
    """Tell whether every root field, a fragment's on a root type too, is introspection.

    A fragment on another type cannot hold ``__schema``; counting its fields like root fields at
    worst refuses an anonymous document that nobody writes.
    """
    roots = [
        node.selection_set
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
        or (
            isinstance(node, FragmentDefinitionNode)
            and node.type_condition.name.value in ("Query", "Mutation")
        )
    ]
    while roots:
        for selection in roots.pop().selections:
            if isinstance(selection, FieldNode):
                if not selection.name.value.startswith("__"):
                    return False
            elif (inner := getattr(selection, "selection_set", None)) is not None:
                roots.append(inner)
    return True
