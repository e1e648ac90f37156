"""Bounds on a GraphQL document, checked after parsing and before validation.

Validation itself is quadratic in places, so what it is given has to be small.
"""

# Strawberry offers no public way to the schema and the operation's name of an execution.
# pyright: reportPrivateUsage=false

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    TokenKind,
)
from strawberry.extensions import SchemaExtension

from app.api import caches
from app.api.context import Context
from app.api.cost import LENGTHS, MAX_COST, MAX_DEPTH, Measure
from app.api.cost_of_values import Sizes
from app.api.documents import fragments_of, operations_of, too_large
from app.api.validation import BoundedValidation

MAX_TOKENS = 1500
# Fields that share a name are compared in pairs, so time grows with the square of these four.
MAX_FIELDS = 200
MAX_REPEATS = 20
"""Of one name with arguments, which are compared as printed text."""
MAX_FRAGMENTS = 50
MAX_SPREADS = 100
MAX_ALIASES = 30
MAX_DIRECTIVES = 20
MAX_OPERATIONS = 20
MAX_VARIABLES = 200
"""Each mention counts, and is checked for each operation that reaches it."""
MAX_NAME_LENGTH = 64
"""Of names and numbers. Validation compares an unknown name with each that it may be meant for, and
Python refuses to read a number of thousands of digits."""

_WORDS = frozenset({TokenKind.NAME, TokenKind.INT, TokenKind.FLOAT})


@dataclass
class _Counts:
    """What stands in a document, however often it is spread."""

    fields: int = 0
    aliases: int = 0
    spreads: int = 0
    directives: int = 0
    repeats: Counter[str] = field(default_factory=Counter[str])
    objects: Counter[str] = field(default_factory=Counter[str])
    leaves: Counter[str] = field(default_factory=Counter[str])

    def reading(self, words: int) -> float:
        """Return what it costs to parse and validate a valid document, as ``app.api.cost`` counts.

        Fields of one name are compared in pairs, and so are fragments.
        """
        pairs = _pairs(self.objects) * 3 + _pairs(self.leaves) * 0.4 + self.spreads**2
        return 4 * words + pairs


def _pairs(names: Counter[str]) -> int:
    return sum(count * (count - 1) // 2 for count in names.values())


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
            kind = counts.leaves if node.selection_set is None else counts.objects
            kind[(node.alias or node.name).value] += 1
        elif isinstance(node, InlineFragmentNode | FragmentSpreadNode):
            counts.spreads += 1
        below: SelectionSetNode | None = getattr(node, "selection_set", None)
        if below is not None:
            nodes += below.selections
    return counts


Lengths: TypeAlias = tuple[tuple[str, int], ...]


def check(
    document: DocumentNode,
    schema: GraphQLSchema,
    wanted: OperationDefinitionNode | None = None,
    sizes: Sizes | None = None,
    lengths: Lengths = (),
) -> None:
    """Raise GraphQLError with the first bound that a document breaks.

    Where it is known which operation is wanted, and what its variables hold, the others cost
    nothing: they are not executed.
    """
    words = _check_words(document)
    definitions = document.definitions
    operations, fragments = operations_of(document), fragments_of(document)
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
    measure = Measure(schema, fragments, sizes, {**LENGTHS, **dict(lengths)})
    costs, depths = [0.0], [0]
    for operation in operations:
        cost, depth = measure.of_operation(operation)
        depths.append(depth)
        if wanted is None or operation is wanted:
            costs.append(cost)
    _insist(
        ("levels of depth", max(depths), MAX_DEPTH),
        (
            "cost, counting each list at its `first`",
            int(counts.reading(words) + max(costs)),
            MAX_COST,
        ),
    )


def _check_words(document: DocumentNode) -> int:
    """Return how many lexical tokens there are."""
    variables = words = 0
    token = document.loc.start_token if document.loc else None
    while token is not None:
        length = token.end - token.start
        if token.kind in _WORDS and length > MAX_NAME_LENGTH:
            raise too_large("characters in one name or number", length, MAX_NAME_LENGTH)
        variables += token.kind is TokenKind.DOLLAR
        words += 1
        token = token.next
    _insist(("mentions of variables", variables, MAX_VARIABLES))
    return words


def _insist(*bounds: tuple[str, int, int]) -> None:
    for what, value, most in bounds:
        if value > most:
            raise too_large(what, value, most)


_check_once = lru_cache(maxsize=caches.MOST)(check)


def _lengths(context: Context) -> Lengths:
    """Return how long the lists are that only a request can tell of."""
    memberships = context.principal.memberships if context.principal else ()
    return (
        ("Query.availableScopes", len(context.catalogue.scopes)),
        ("Query.permissionCatalogue", len(context.catalogue.entries)),
        ("Viewer.memberships", max(1, len(memberships))),
    )


class Limits(SchemaExtension):
    """Checks each parsed document; one that was checked before, with variables like these, costs
    nothing."""

    def on_parse(self) -> Iterator[None]:
        """Check what was parsed."""
        yield
        execution = self.execution_context
        document = execution.graphql_document
        if document is None:
            return
        given = execution._provided_operation_name  # noqa: SLF001
        operations = operations_of(document)
        wanted = [
            operation
            for operation in operations
            if given is None or (operation.name and operation.name.value == given)
        ]
        # Where that is not one, nothing is executed.
        one = wanted[0] if len(wanted) == 1 else None
        sizes = Sizes.of(execution.variables or {}, one) if one else None
        checked = _check_once if caches.is_kept(execution.query) else check
        checked(document, execution.schema._schema, one, sizes, _lengths(execution.context))  # noqa: SLF001
        if given is None and len(operations) > 1:
            # Strawberry would run the first one, where the specification wants an error.
            raise GraphQLError("The document has several operations: operationName says which.")

    def on_validate(self) -> Iterator[None]:
        """Put bounded rules in the place of graphql-core's own."""
        self.execution_context.validation_rules = (BoundedValidation,)
        yield
