"""How documents are executed: graphql-core's way, with a short one for plain values.

Most of what a page of a list answers are values that stand in an object and need no resolver.
graphql-core gives each of them the description of the request that a resolver might want, and each
item of a list of texts a path of its own; that is most of the CPU that a page costs.
"""

from collections.abc import AsyncIterable, Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    Undefined,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import AwaitableOrValue, Path, UndefinedType
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.field import StrawberryField

from app.api.validation import MAX_ERRORS_WITH_SUGGESTIONS


class Plain(NamedTuple):
    """A field that is answered from an attribute, without a resolver."""

    attribute: str
    written: Callable[[Any], Any]
    """Makes of the value what is answered."""
    may_be_null: bool


class Execution(StrawberryGraphQLCoreExecutionContext):
    """Answers plain fields and lists of plain values without the ceremony.

    Whatever is not as it should be is left to the long way, which knows how to say so.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Strawberry always has one; an empty one would be asked for each resolver.
        if self.middleware_manager is not None and not self.middleware_manager.middlewares:
            self.middleware_manager = None

    @classmethod
    def build(cls, *args: Any, **kwargs: Any) -> "list[GraphQLError] | Executor[Any]":
        """Return what executes a request, or what is wrong with its variables.

        As ``BoundedValidation`` does: a text that is no value of an enumeration is compared with
        each that it may be meant for, and a list may hold a hundred such texts.
        """
        built = super().build(*args, **kwargs | {"hide_suggestions": True})
        if isinstance(built, list) and len(built) <= MAX_ERRORS_WITH_SUGGESTIONS:
            return super().build(*args, **kwargs)
        return built

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> AwaitableOrValue[Any] | UndefinedType:
        """Return the value of a field."""
        name = field_details_list[0].node.name.value
        plain = _plain(parent_type, name) if self.middleware_manager is None else None
        if plain is not None:
            value = getattr(source, plain.attribute, None)
            if value is None:
                if plain.may_be_null:
                    return None
            else:
                answer = _written(plain.written, value)
                if answer is not Undefined:
                    return answer
        return super().execute_field(
            parent_type, source, field_details_list, path, position_context
        )

    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: AsyncIterable[Any] | Iterable[Any],
        position_context: Any,
    ) -> AwaitableOrValue[list[Any]]:
        """Return what is answered for a list."""
        kind = return_type.of_type
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        if isinstance(result, list) and isinstance(kind, GraphQLScalarType | GraphQLEnumType):
            answer = [_written(kind.coerce_output_value, item) for item in result]
            if Undefined not in answer:
                return answer
        return super().complete_list_value(
            return_type, field_details_list, info, path, result, position_context
        )


def _written(write: Callable[[Any], Any], value: Any) -> Any:
    """Return what is answered for a value, Undefined for one that is not of its type."""
    try:
        answer = write(value)
    except Exception:  # noqa: BLE001 (the long way meets it again, and reports it)
        return Undefined
    return Undefined if answer is None else answer


@lru_cache(maxsize=4096)
def _plain(parent: GraphQLObjectType, name: str) -> Plain | None:
    field: GraphQLField = parent.fields[name] if name in parent.fields else GraphQLField(parent)
    definition = field.extensions.get("strawberry-definition")
    if not isinstance(definition, StrawberryField) or not definition.is_basic_field:
        return None
    kind, may_be_null = field.type, True
    if isinstance(kind, GraphQLNonNull):
        kind, may_be_null = kind.of_type, False
    if not isinstance(kind, GraphQLScalarType | GraphQLEnumType):
        return None
    return Plain(definition.python_name, kind.coerce_output_value, may_be_null)
