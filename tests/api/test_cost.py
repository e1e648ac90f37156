"""What documents count as: by their kinds of fields, their lists, and what their variables hold."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, parse

from app.api import cost as cost_of
from app.api.cost_of_values import MOST_LISTED, Sizes
from app.api.documents import fragments_of, operations_of
from tests.api.operations import SCHEMA
from tests.api_client import Organization
from tests.hostile.dearest import TOKEN

PREVIEW = "query($ids: [ID!]!) { revocationPreview(tokenIds: $ids) { liveTokenCount } }"
PAGE = "query($n: Int%s) { groups(organizationId: 1, first: $n) { nodes { id } } }"
ITEM = cost_of.ITEM + cost_of.COMPUTED + cost_of.LEAF


def cost(document: str, variables: dict[str, Any] | None) -> float:
    """Return what the first operation of a document counts as with variables."""
    parsed = parse(document)
    (operation, *_) = operations_of(parsed)
    sizes = None if variables is None else Sizes.of(variables, operation)
    return cost_of.Measure(SCHEMA, fragments_of(parsed), sizes).of_operation(operation)[0]


class TestVariables:
    @pytest.mark.parametrize(
        ("default", "variables", "items"),
        [
            ("", {"n": 7}, 7),
            ("", {"n": 7.0}, 7),
            ("", {"n": 1000}, 100),
            ("", {"n": -1}, 1),
            ("", {"n": 1e300}, 100),
            ("", {"n": None}, 50),
            ("", {}, 50),
            ("", {"n": "x"}, 100),
            ("", {"n": True}, 100),
            (" = 9", {}, 9),
            (" = 9", {"n": 8}, 8),
            (" = null", {}, 50),
            ("", None, 100),
        ],
    )
    def test_count_as_the_number_that_they_hold(
        self, default: str, variables: dict[str, Any] | None, items: int
    ):
        assert cost(PAGE % default, variables) == cost_of.QUERY + items * ITEM

    def test_count_for_each_value_in_their_lists(self):
        none = cost(PREVIEW, {"ids": []})
        assert cost(PREVIEW, {"ids": ["x"] * 1000}) == none + 1000 * cost_of.GIVEN
        assert cost(PREVIEW, None) == none + MOST_LISTED * cost_of.GIVEN

    def test_count_like_literals(self):
        literal = PREVIEW.replace("$ids)", '["a", "b", "c"])')
        assert cost(literal, {}) == cost(PREVIEW, {"ids": ["a", "b", "c"]})

    def test_count_inside_of_input_objects(self):
        document = "mutation($i: RevokeTokensInput!) { revokeTokens(input: $i) { __typename } }"
        assert (
            cost(document, {"i": {"tokenIds": ["x"] * 10}})
            == cost(document, {"i": {"tokenIds": []}})
            + 10 * cost_of.GIVEN_DEARER["Mutation.revokeTokens"]
        )

    def test_count_at_their_defaults_where_they_are_left_out(self):
        document = PREVIEW.replace("[ID!]!", '[ID!] = ["a", "b"]')
        assert cost(document, {}) == cost(PREVIEW, {"ids": ["a", "b"]})

    async def test_decide_for_the_same_document(self, organization: Organization):
        document = (
            "query($id: ID!, $n: Int!) { applicationUsers(organizationId: $id, first: $n) {"
            " nodes { tokens(first: $n) { nodes { id } } } } }"
        )
        for number, is_refused in ((10, False), (100, True), (10, False)):
            answer = await organization.admin.run(document, {"id": organization.id, "n": number})
            assert ("too large" in str(answer.body)) is is_refused


class TestPrices:
    def test_name_fields_that_there_are(self):
        for label in (*cost_of.DEARER, *cost_of.LENGTHS, *cost_of.GIVEN_DEARER):
            kind, _, name = label.partition(".")
            found = SCHEMA.type_map[kind]
            assert isinstance(found, GraphQLObjectType)
            assert name in found.fields

    @pytest.mark.parametrize(
        ("label", "price"),
        [
            ("Token.id", cost_of.LEAF),
            ("Token.ipAllowlist", cost_of.LIST_OF_LEAVES),
            ("Token.usedSinceRotation", cost_of.COMPUTED),
            ("Token.blockedByPolicy", cost_of.AWAITED),
            ("Token.user", cost_of.LOOKED_UP),
            ("ApplicationUser.tokens", cost_of.LIST),
            ("Query.node", cost_of.QUERY),
            ("Mutation.createGroup", cost_of.MUTATION),
        ],
    )
    def test_of_a_field_is_by_its_kind(self, label: str, price: int):
        kind, _, name = label.partition(".")
        found = SCHEMA.type_map[kind]
        assert isinstance(found, GraphQLObjectType)
        assert cost_of.price(label, found.fields[name]) == price

    def test_bounds_how_many_mutations_a_document_has(self):
        one = 'revokeToken(input: {tokenId: "x"}) { __typename }'
        several = "mutation {" + " ".join(f"a{i}: {one}" for i in range(20)) + "}"
        assert cost(several, {}) > cost_of.MAX_COST

    def test_of_pages_leave_room_for_one_with_every_field(self):
        document = f"{{ tokens(organizationId: 1, first: 100) {{ nodes {{ {TOKEN} }} }} }}"
        assert cost_of.MAX_COST * 0.9 < cost(document, {}) < cost_of.MAX_COST * 0.98

    def test_count_items_once_beside_what_a_page_says_of_itself(self):
        of = "{ applicationUsers(organizationId: 1, first: 100) { %s } }"
        alone, both = cost(of % "totalCount", {}), cost(of % "totalCount nodes { id }", {})
        assert alone == cost_of.QUERY + 250 + 100 * cost_of.ITEM
        assert both == alone + 100 * (cost_of.COMPUTED + cost_of.LEAF)
