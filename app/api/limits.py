"""Bounds on a GraphQL document, checked after parsing and before validation.

Validation itself is quadratic in places, so what it is given has to be small. Cost is what the
document could return: 1 for each field and 3 for each item of a list, times ``first`` along each
path, a variable counted at its maximum, because the answer to "how much" must not depend on values
that come later.
"""

# Strawberry offers no public way to the schema and the operation's name of an execution.
# pyright: reportPrivateUsage=false

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    Node,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TokenKind,
    ValidationRule,
    get_introspection_query,
    parse,
    validate,
)
from strawberry.extensions import SchemaExtension

from app import metrics
from app.api.connections import LISTS
from app.api.introspection import Place, enter
from app.paging import DEFAULT_FIRST, MAX_FIRST

MAX_TOKENS = 1500
# Fields that share a name are compared in pairs, so time grows with the square of these four.
MAX_FIELDS = 200
MAX_REPEATS = 20
"""Of one name with arguments, which are compared as printed text."""
MAX_FRAGMENTS = 50
MAX_SPREADS = 100
MAX_ALIASES = 30
MAX_DEPTH = 15
MAX_DIRECTIVES = 20
MAX_COST = 25_000
ITEM_COST = 3
"""An item is read from the database and put together before the first of its fields is."""
MAX_OPERATIONS = 20
MAX_VARIABLES = 200
"""Each mention counts, and is checked for each operation that reaches it."""
MAX_ERRORS = 20
MAX_ERRORS_WITH_SUGGESTIONS = 3
MAX_LENGTH_WITH_SUGGESTIONS = 4000
MAX_NESTING = 60
"""Of selection sets in each other, through fragments too: what the walk below may recurse."""
MAX_NAME_LENGTH = 64
"""Of names and numbers. Validation compares an unknown name with each that it may be meant for, and
Python refuses to read a number of thousands of digits."""
INTROSPECTION_DEPTH = 25
FULL_INTROSPECTIONS = 1.5
"""What anybody may introspect without a credential, in introspections of the whole schema."""

_WORDS = frozenset({TokenKind.NAME, TokenKind.INT, TokenKind.FLOAT})


@dataclass
class _Counts:
    """What stands in a document, however often it is spread."""

    fields: int = 0
    aliases: int = 0
    spreads: int = 0
    directives: int = 0
    repeats: Counter[str] = field(default_factory=Counter[str])


def _count(parts: Iterable[Node]) -> _Counts:
    counts = _Counts()
    nodes: list[Node] = [*parts]
    while nodes:
        node = nodes.pop()
        counts.directives += len(getattr(node, "directives", None) or ())
        if isinstance(node, FieldNode):
            counts.fields += 1
            counts.aliases += node.alias is not None
            if node.arguments:
                counts.repeats[(node.alias or node.name).value] += 1
        elif isinstance(node, InlineFragmentNode | FragmentSpreadNode):
            counts.spreads += 1
        below: SelectionSetNode | None = getattr(node, "selection_set", None)
        if below is not None:
            nodes += below.selections
    return counts


@dataclass
class _Measure:
    """Cost and depth, with every fragment in its place."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    introspection_times: float | None = None
    nesting: int = 0
    known: dict[tuple[str, Place], tuple[float, int]] = field(
        default_factory=dict[tuple[str, Place], tuple[float, int]]
    )
    open: set[str] = field(default_factory=set[str])

    def of(self, selections: SelectionSetNode | None, place: Place) -> tuple[float, int]:
        """Return the cost and the depth of a selection set."""
        if selections is None:
            return 0, 0
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise _too("levels of selections in each other", self.nesting, MAX_NESTING)
        cost, depth = 0.0, 0
        for selection in selections.selections:
            match selection:
                case FieldNode():
                    below, down = self._field(selection, place)
                case InlineFragmentNode():
                    below, down = self.of(selection.selection_set, place)
                case FragmentSpreadNode():
                    below, down = self._fragment(selection.name.value, place)
                case _:
                    continue
            cost += below
            depth = max(depth, down)
        self.nesting -= 1
        return cost, depth

    def _field(self, node: FieldNode, place: Place) -> tuple[float, int]:
        name = node.name.value
        times, inside = enter(self.schema, place, name)
        below, down = self.of(node.selection_set, inside)
        if name in LISTS and not inside:
            times = _first(node)
            below += ITEM_COST
        elif inside and not place and node.selection_set is not None:
            times = self.introspection_times or introspection_times(self.schema)
        if name.startswith("__"):
            # The specification's own tree of types is deep, and bounded by the schema.
            down = max(0, down - (INTROSPECTION_DEPTH - MAX_DEPTH))
        return below * times + 1, down + 1

    def _fragment(self, name: str, place: Place) -> tuple[float, int]:
        # A cycle is for validation to report; here it only must not go on for ever.
        if name in self.open or name not in self.fragments:
            return 0, 0
        key = name, place
        if key not in self.known:
            self.open.add(name)
            self.known[key] = self.of(self.fragments[name].selection_set, place)
            self.open.discard(name)
        return self.known[key]


@lru_cache(maxsize=4)
def introspection_times(schema: GraphQLSchema) -> float:
    """Return what introspection is counted times, so that as many full ones fit as should."""
    document = parse(
        get_introspection_query(
            specified_by_url=True,
            directive_is_repeatable=True,
            schema_description=True,
            input_value_deprecation=True,
            experimental_directive_deprecation=True,
            one_of=True,
        )
    )
    measure = _Measure(schema, _fragments(document), introspection_times=1)
    cost = sum(measure.of(operation.selection_set, "")[0] for operation in _operations(document))
    return MAX_COST / FULL_INTROSPECTIONS / cost


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


def check(document: DocumentNode, schema: GraphQLSchema) -> None:
    """Raise GraphQLError with the first bound that a document breaks."""
    _check_words(document)
    definitions = document.definitions
    operations, fragments = _operations(document), _fragments(document)
    # Unused fragments are validated like the others, so they count like the others.
    counts = _count(definitions)
    _insist(
        ("operations", len(operations), MAX_OPERATIONS),
        ("fragments", len(definitions) - len(operations), MAX_FRAGMENTS),
        ("fields", counts.fields, MAX_FIELDS),
        ("fields of one name", max(counts.repeats.values(), default=0), MAX_REPEATS),
        ("fragment spreads", counts.spreads, MAX_SPREADS),
        ("aliases", counts.aliases, MAX_ALIASES),
        ("directives", counts.directives, MAX_DIRECTIVES),
    )
    measure = _Measure(schema, fragments)
    sizes = [measure.of(operation.selection_set, "") for operation in operations]
    _insist(
        ("levels of depth", max((depth for _, depth in sizes), default=0), MAX_DEPTH),
        (
            "cost, counting each list at its `first`",
            int(max((cost for cost, _ in sizes), default=0)),
            MAX_COST,
        ),
    )


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}


def _check_words(document: DocumentNode) -> None:
    variables = 0
    token = document.loc.start_token if document.loc else None
    while token is not None:
        length = token.end - token.start
        if token.kind in _WORDS and length > MAX_NAME_LENGTH:
            raise _too("characters in one name or number", length, MAX_NAME_LENGTH)
        variables += token.kind is TokenKind.DOLLAR
        token = token.next
    _insist(("mentions of variables", variables, MAX_VARIABLES))


def _insist(*bounds: tuple[str, int, int]) -> None:
    for what, value, most in bounds:
        if value > most:
            raise _too(what, value, most)


def _too(what: str, value: int, most: int) -> GraphQLError:
    metrics.DOCUMENTS_REFUSED.inc()
    return GraphQLError(f"The document is too large: {value} {what}, at most {most} are allowed.")


_check_once = lru_cache(maxsize=128)(check)


class _Validation(ValidationRule):
    """All rules of the specification, up to so many errors.

    Strawberry hands no options on to graphql-core, which would look for 100 errors and, for each,
    compare the unknown name with every type or field that may have been meant.
    """

    def enter_document(self, node: DocumentNode, *_: object) -> None:
        """Report what the rules find; suggestions come where there is little to suggest."""
        schema = self.context.schema
        # One less than is answered, because the last one then says that there are more.
        found = validate(schema, node, max_errors=MAX_ERRORS - 1, hide_suggestions=True)
        is_short = node.loc is not None and node.loc.end <= MAX_LENGTH_WITH_SUGGESTIONS
        if is_short and 0 < len(found) <= MAX_ERRORS_WITH_SUGGESTIONS:
            found = validate(schema, node)
        for error in found:
            self.report_error(error)


class Limits(SchemaExtension):
    """Checks each parsed document; a document that was checked before costs nothing."""

    def on_parse(self) -> Iterator[None]:
        """Check what was parsed."""
        yield
        execution = self.execution_context
        document = execution.graphql_document
        if document is None:
            return
        _check_once(document, execution.schema._schema)  # noqa: SLF001
        given = execution._provided_operation_name  # noqa: SLF001
        if given is None and len(_operations(document)) > 1:
            # Strawberry would run the first one, where the specification wants an error.
            raise GraphQLError("The document has several operations: operationName says which.")

    def on_validate(self) -> Iterator[None]:
        """Put bounded rules in the place of graphql-core's own."""
        self.execution_context.validation_rules = (_Validation,)
        yield
