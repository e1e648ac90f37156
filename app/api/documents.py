"""Parts of a parsed document, and the error for one that is too large."""

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
)

from app import metrics


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """Return the operations of a document."""
    return [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Return the fragments of a document by name."""
    return {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}


def too_large(what: str, value: int, most: int) -> GraphQLError:
    """Count a document that breaks a bound, and return the error for it."""
    metrics.DOCUMENTS_REFUSED.inc()
    return GraphQLError(f"The document is too large: {value} {what}, at most {most} are allowed.")
