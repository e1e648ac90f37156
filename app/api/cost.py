"""What a document costs, before it is executed: an estimate of the CPU that answering it takes.

The unit is about two microseconds of the machine that the prices were measured on, with rows as
large as the bounds on input allow. Lists are counted at their ``first``, in each other times each
other; what a variable holds counts as what it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    parse,
)
from strawberry.types.field import StrawberryField

from app.api.connections import LISTS
from app.api.cost_of_values import Sizes, amount, first_of
from app.api.documents import fragments_of, operations_of, too_large
from app.api.introspection import Place, enter
from app.paging import MAX_FIRST

MAX_COST = 40_000
LEAF = 1
LIST_OF_LEAVES = 18
"""Of a hundred."""
COMPUTED = 6
"""By a resolver, or a thing to put together."""
AWAITED = 15
LOOKED_UP = 30
"""A thing that all things of its kind share a statement for."""
LIST = 70
ITEM = 22
"""An item is read from the database and put together before the first of its fields is."""
QUERY = 400
MUTATION = 2_000
GIVEN = 12
"""Each value in an argument that takes a list: it is checked, sent on, and looked for."""
GIVEN_DEARER: Mapping[str, int] = {"Mutation.revokeTokens": 35}
DEARER: Mapping[str, int] = {
    "Token.viewerCanRotate": 40,
    "Token.viewerCanActivate": 40,
    "AuditEvent.changes": 40,
    "ApplicationUser.description": 4,
    "Token.description": 4,
    "Group.description": 4,
    "ApplicationUserConnection.totalCount": 250,
    "EffectivePermissions.sources": 1_500,
    "EffectivePermissions.sourceCount": 1_500,
    "Query.effectivePermissions": 1_000,
    "Query.explainPermission": 2_500,
    "Query.previewOrganizationPolicy": 1_500,
    "Query.allowlistPreview": 1_000,
    "Query.identifyToken": 600,
    "Query.tokenActivitySummary": 2_500,
    "AccessPreview.liveTokens": 1_000,
    "AccessPreview.heldGroups": 1_000,
    "AccessPreview.heldPermissions": 1_000,
    "OrganizationPolicyPreview.blockedTokens": 1_000,
    "AllowlistPreview.cutOffUses": 1_000,
}
"""What the kind of a field does not say."""
LENGTHS: Mapping[str, int] = {
    "AuditEvent.changes": 12,
    "InvalidInputError.fields": 20,
    "OrganizationPolicyPreview.blockCounts": 3,
    "Query.availableScopes": 20,
    "Query.explainPermission": 100,
    "Query.permissionCatalogue": 50,
    "TokenActivitySummary.days": 366,
    "Viewer.memberships": 1,
}
"""Of lists that do not take ``first``; a request may know better."""
MAX_NESTING = 60
"""Of selection sets in each other, through fragments too: what the walk below may recurse."""
INTROSPECTION_DEPTH = 25
MAX_DEPTH = 15
FULL_INTROSPECTIONS = 1.1
"""What anybody may introspect without a credential, in introspections of the whole schema."""


@dataclass
class Measure:
    """Cost and depth, with every fragment in its place."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    sizes: Sizes | None = None
    """Of what the variables hold; None where nobody knows, and all are as large as they may be."""
    lengths: Mapping[str, int] = field(default_factory=lambda: LENGTHS)
    introspection_times: float | None = None
    nesting: int = 0
    known: dict[tuple[str, Place, int], tuple[float, int]] = field(
        default_factory=dict[tuple[str, Place, int], tuple[float, int]]
    )
    pages: list[int] = field(default_factory=list[int])
    """How many items the fields have that the walk is in; 1 where that is no list."""
    open: set[str] = field(default_factory=set[str])

    def of_operation(self, operation: OperationDefinitionNode) -> tuple[float, int]:
        """Return the cost and the depth of an operation."""
        self.known.clear()
        root = self.schema.get_root_type(operation.operation)
        return self.of(operation.selection_set, root, "")

    def of(
        self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None, place: Place
    ) -> tuple[float, int]:
        """Return the cost and the depth of a selection set on a type."""
        if selections is None:
            return 0, 0
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise too_large("levels of selections in each other", self.nesting, MAX_NESTING)
        cost, depth = 0.0, 0
        for selection in selections.selections:
            match selection:
                case FieldNode():
                    below, down = self._field(selection, parent, place)
                case InlineFragmentNode():
                    named = selection.type_condition
                    inner = self.schema.get_type(named.name.value) if named else parent
                    below, down = self.of(selection.selection_set, inner, place)
                case FragmentSpreadNode():
                    below, down = self._fragment(selection.name.value, place)
                case _:
                    continue
            cost += below
            depth = max(depth, down)
        self.nesting -= 1
        return cost, depth

    def _field(
        self, node: FieldNode, parent: GraphQLNamedType | None, place: Place
    ) -> tuple[float, int]:
        name = node.name.value
        times, inside = enter(self.schema, place, name)
        if inside:
            below, down = self.of(node.selection_set, None, inside)
            if not place and node.selection_set is not None:
                times = self.introspection_times or introspection_times(self.schema)
            # The specification's own tree of types is deep, and bounded by the schema.
            down = max(0, down - (INTROSPECTION_DEPTH - MAX_DEPTH)) if name[:2] == "__" else down
            return below * times + LEAF, down + 1
        known = parent.fields.get(name) if isinstance(parent, _WITH_FIELDS) else None
        kind = get_named_type(known.type) if known else None
        label = f"{parent.name}.{name}" if parent else name
        count = first_of(node, self.sizes) if name in LISTS else 1
        is_page = name in LISTS and kind is not None and kind.name.endswith(_PAGE)
        self.pages.append(count)
        below, down = self.of(node.selection_set, kind, "")
        self.pages.pop()
        if is_page:
            below += count * ITEM
        elif name in LISTS:
            below = (below + ITEM) * count
        elif name in _ITEMS and parent is not None and parent.name.endswith(_PAGE):
            return (below + COMPUTED) * (self.pages[-1] if self.pages else MAX_FIRST), down + 1
        else:
            below *= self.lengths.get(label, 1)
        if known is None:
            return below + LEAF, down + 1
        given = amount(node, known, self.sizes) * GIVEN_DEARER.get(label, GIVEN)
        return below + given + price(label, known), down + 1

    def _fragment(self, name: str, place: Place) -> tuple[float, int]:
        # A cycle is for validation to report; here it only must not go on for ever.
        if name in self.open or name not in self.fragments:
            return 0, 0
        key = name, place, self.pages[-1] if self.pages else 1
        if key not in self.known:
            self.open.add(name)
            fragment = self.fragments[name]
            parent = self.schema.get_type(fragment.type_condition.name.value)
            self.known[key] = self.of(fragment.selection_set, parent, place)
            self.open.discard(name)
        return self.known[key]


_PAGE = "Connection"
_ITEMS = frozenset({"nodes", "edges"})
_WITH_FIELDS = GraphQLObjectType | GraphQLInterfaceType


def price(label: str, known: GraphQLField) -> int:
    """Return what a field costs itself, by what it is; ``label`` is ``Type.field``."""
    if label in DEARER:
        return DEARER[label]
    if label.startswith("Query."):
        return QUERY
    if label.startswith("Mutation."):
        return MUTATION
    if "first" in known.args:
        return LIST
    if is_leaf_type(get_named_type(known.type)):
        if isinstance(get_nullable_type(known.type), GraphQLList):
            return LIST_OF_LEAVES
        definition = known.extensions.get("strawberry-definition")
        if isinstance(definition, StrawberryField) and not definition.is_basic_field:
            return AWAITED if definition.is_async else COMPUTED
        return LEAF
    definition = known.extensions.get("strawberry-definition")
    is_awaited = isinstance(definition, StrawberryField) and definition.is_async
    return LOOKED_UP if is_awaited else COMPUTED


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
    measure = Measure(schema, fragments_of(document), introspection_times=1)
    cost = sum(measure.of_operation(operation)[0] for operation in operations_of(document))
    return MAX_COST / FULL_INTROSPECTIONS / cost
