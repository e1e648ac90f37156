"""Spans of GraphQL operations and their root fields, by names of the schema alone.

Strawberry's own extension records the document, and people paste tokens into documents.
"""

from collections.abc import Callable, Iterator
from inspect import isawaitable
from typing import Any

from graphql import GraphQLResolveInfo
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from strawberry.extensions import SchemaExtension

from app import traces


class Spans(SchemaExtension):
    """Makes a span of each operation and of each root field."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def on_operation(self) -> Iterator[None]:
        """Make the span of the operation."""
        with traces.span(self._tracer, "graphql", SpanKind.INTERNAL) as span:
            yield
            execution = self.execution_context
            # A document that is refused has no operation.
            if execution.graphql_document is not None and execution.result is not None:
                kind = execution.operation_type.value.lower()
                span.update_name(f"graphql {kind}")
                span.set_attribute("graphql.operation.type", kind)
            if execution.result is None or getattr(execution.result, "errors", None):
                span.set_status(StatusCode.ERROR)

    def resolve(
        self,
        _next: Callable[..., Any],
        root: Any,
        info: "GraphQLResolveInfo[Any]",
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Make the span of a root field; others are left alone."""
        if info.path.prev is not None:
            return _next(root, info, *args, **kwargs)
        return self._root(_next, root, info, *args, **kwargs)

    async def _root(
        self,
        _next: Callable[..., Any],
        root: Any,
        info: "GraphQLResolveInfo[Any]",
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        # The field's name, whatever alias it was given.
        name = f"{info.parent_type.name}.{info.field_name}"
        with traces.span(self._tracer, name, SpanKind.INTERNAL):
            found = _next(root, info, *args, **kwargs)
            return await found if isawaitable(found) else found
