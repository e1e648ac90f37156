"""Bounds on documents: each lets its maximum pass, and refuses one more."""

from collections.abc import Callable

import pytest
from graphql import DocumentNode, GraphQLField, GraphQLObjectType, GraphQLSchema, parse

from app.api import cost as cost_of
from app.api import limits
from app.api.connections import LISTS
from app.api.documents import fragments_of, operations_of
from app.api.http import MAX_MESSAGE
from app.api.schema import schema
from app.api.validation import MAX_ERRORS, MAX_ERRORS_WITH_SUGGESTIONS
from app.paging import DEFAULT_FIRST, MAX_FIRST
from tests.api_client import Api, Organization

GRAPHQL_SCHEMA: GraphQLSchema = schema._schema  # pyright: ignore[reportPrivateUsage]


def refusal(document: str | DocumentNode) -> str | None:
    """Return why a document is too large, None where it is not."""
    parsed = parse(document) if isinstance(document, str) else document
    try:
        limits.check(parsed, GRAPHQL_SCHEMA)
    except limits.GraphQLError as error:
        return error.message.removeprefix("The document is too large: ")
    return None


def cost(document: str) -> int:
    """Return what it counts as to execute a document, whatever its variables hold."""
    parsed = parse(document)
    measure = cost_of.Measure(GRAPHQL_SCHEMA, fragments_of(parsed))
    return int(max(measure.of_operation(operation)[0] for operation in operations_of(parsed)))


def nested(levels: int) -> str:
    """Return a document of so many levels of fields."""
    return "{ node " * (levels - 1) + "{ __typename }" + " }" * (levels - 1)


BOUNDS: dict[str, tuple[int, Callable[[int], str]]] = {
    "fields": (limits.MAX_FIELDS, lambda n: "{" + "__typename " * n + "}"),
    "fields of one name": (limits.MAX_REPEATS, lambda n: "{" + "viewer(a: 1)" * n + "}"),
    "aliases": (
        limits.MAX_ALIASES,
        lambda n: "{" + "".join(f"a{i}: __typename " for i in range(n)) + "}",
    ),
    "directives": (
        limits.MAX_DIRECTIVES,
        lambda n: "query @a { __typename" + " @b" * (n - 2) + " ... @c { __typename } }",
    ),
    "operations": (limits.MAX_OPERATIONS, lambda n: "query A { __typename }" * n),
    "fragments": (limits.MAX_FRAGMENTS, lambda n: "{ a }" + "fragment A on Query { a }" * n),
    "fragment spreads": (limits.MAX_SPREADS, lambda n: "{" + "...A " * (n - 1) + "... { a } }"),
    "levels of depth": (limits.MAX_DEPTH, nested),
    "levels of selections in each other": (
        cost_of.MAX_NESTING,
        lambda n: "{ ..." * (n - 1) + "{ a }" + "}" * (n - 1),
    ),
    "mentions of variables": (
        limits.MAX_VARIABLES,
        lambda n: "{ a(b: [" + "$c " * n + "]) }",
    ),
    "characters in one name or number": (
        limits.MAX_NAME_LENGTH,
        lambda n: "{" + "a" * n + "}",
    ),
}


class TestBound:
    @pytest.mark.parametrize("what", BOUNDS)
    def test_lets_its_maximum_pass_and_no_more(self, what: str):
        most, document = BOUNDS[what]
        assert refusal(document(most)) is None
        reason = refusal(document(most + 1))
        assert reason == f"{most + 1} {what}, at most {most} are allowed."

    async def test_of_tokens(self, api: Api):
        for spare, is_refused in (0, False), (1, True):
            around = len(["{", "viewer", "(", "a", ":", "[", "]", ")", "{", "b", "}", "}"])
            values = "a " * (limits.MAX_TOKENS - around + spare)
            answer = await api.run(f"{{ viewer(a: [{values}]) {{ b }} }}")
            assert ("tokens" in answer.body["errors"][0]["message"]) is is_refused

    @pytest.mark.parametrize("text", ["1", "1.5", "-1", "1e5"])
    def test_of_a_name_holds_for_numbers(self, text: str):
        long = text + "0" * limits.MAX_NAME_LENGTH
        assert refusal(f"{{ a(b: {text}) }}") is None
        assert refusal(f"{{ a(b: {long}) }}") is not None

    @pytest.mark.parametrize("quote", ['"', '"""'])
    def test_of_a_name_leaves_strings_alone(self, quote: str):
        assert refusal(f"{{ a(b: {quote}{'c' * 60_000}{quote}) }}") is None


class TestFragments:
    def test_count_where_they_are_spread(self):
        lists = 'tokens(organizationId: "", first: 100) { nodes { id } }'
        once = cost("query { ...A } fragment A on Query {" + lists + "}")
        assert once == cost("{" + lists + "}")
        twice = cost("query { ...A ... { ...A } } fragment A on Query {" + lists + "}")
        assert twice == 2 * once

    def test_count_when_nobody_spreads_them(self):
        many = "__typename " * limits.MAX_FIELDS
        assert refusal("{ a } fragment A on Query {" + many + "}") is not None

    def test_in_each_other_make_a_bomb(self):
        chain = "".join(f"fragment F{i} on Q {{ ...F{i + 1} ...F{i + 1} }}" for i in range(40))
        reason = refusal("{ ...F0 }" + chain + "fragment F40 on Q { a }")
        assert reason is not None
        assert "cost" in reason

    @pytest.mark.parametrize(
        "document",
        [
            "{ ...A } fragment A on Query { ...A }",
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A a }",
            "{ ...A } fragment A on Query { viewer { ...A } }",
            "{ ...Nothing }",
        ],
    )
    async def test_in_circles_are_reported(self, api: Api, document: str):
        assert refusal(document) is None
        assert (await api.run(document)).codes[0] == "BAD_REQUEST"

    def test_in_each_other_count_as_nested(self):
        inner = "".join(
            f"fragment F{i} on Q {{ {'... {' * 20} ...F{i + 1} {'}' * 20} }}" for i in range(4)
        )
        assert "levels of selections" in str(
            refusal("{ ...F0 }" + inner + "fragment F4 on Q { a }")
        )


class TestCost:
    LIST = "{ tokens(organizationId: 1, %s) { nodes { id } } }"
    ITEM = cost_of.ITEM + cost_of.COMPUTED + cost_of.LEAF  # The item, its place in nodes, its id.

    @pytest.mark.parametrize(
        ("first", "counted"),
        [
            ("first: 1", 1),
            ("first: 7", 7),
            ("first: 100", 100),
            ("first: 101", MAX_FIRST),
            ("first: 99999999", MAX_FIRST),
            ("first: 0", 1),
            ("first: -5", 1),
            ("first: null", DEFAULT_FIRST),
            ("after: null", DEFAULT_FIRST),
            ("first: $first", MAX_FIRST),
            ('first: "1"', MAX_FIRST),
            ("first: [1]", MAX_FIRST),
        ],
    )
    def test_counts_first(self, first: str, counted: int):
        assert cost(self.LIST % first) == counted * self.ITEM + cost_of.QUERY

    def test_multiplies_along_a_path(self):
        users = "{ applicationUsers(organizationId: 1, first: 10) { nodes { %s } } }"
        alone = cost(users % "id")
        inner = cost(users % "tokens(first: 20) { nodes { id } }")
        assert inner == alone - 10 + 10 * (20 * self.ITEM + cost_of.LIST)

    def test_is_the_dearest_operation(self):
        small, large = self.LIST % "first: 1", self.LIST % "first: 9"
        assert cost(f"query A {small} query B {large} query C {small}") == cost(large)

    def test_lets_a_page_of_users_with_some_tokens_each_pass(self):
        document = (
            "{ applicationUsers(organizationId: 1) { nodes {"
            " id name state tokens(first: 10) { nodes { id status lastUsedTime } } } } }"
        )
        assert refusal(document) is None

    def test_refuses_the_largest_pages_in_each_other(self):
        document = (
            "{ applicationUsers(organizationId: 1, first: 100) {"
            " nodes { tokens(first: 100) { nodes { id } } } } }"
        )
        assert "cost" in str(refusal(document))

    def test_knows_every_field_of_the_schema_that_takes_first(self):
        def takes_first(field: GraphQLField) -> bool:
            return "first" in field.args

        types = [t for t in GRAPHQL_SCHEMA.type_map.values() if isinstance(t, GraphQLObjectType)]
        found = {name for t in types for name, field in t.fields.items() if takes_first(field)}
        assert found == LISTS


class TestErrors:
    async def test_are_answered_up_to_a_number(self, organization: Organization):
        for wrong, answered in (19, 19), (20, MAX_ERRORS), (100, MAX_ERRORS):
            document = "{" + " ".join(f"wrong{i}" for i in range(wrong)) + "}"
            errors = (await organization.admin.run(document)).body["errors"]
            assert len(errors) == answered
            assert ("Too many" in errors[-1]["message"]) is (wrong > 19)

    async def test_of_values_are_too(self, organization: Organization):
        answer = await organization.admin.run(
            "query($s: [TokenStatus!]) {"
            " tokens(organizationId: 1, filter: {statuses: $s}) { nodes { id } } }",
            {"s": ["WRONG"] * 128},
        )
        assert len(answer.body["errors"]) == MAX_ERRORS

    async def test_have_short_messages(self, organization: Organization):
        answer = await organization.admin.run(
            "query($s: [TokenStatus!]) {"
            " tokens(organizationId: 1, filter: {statuses: $s}) { nodes { id } } }",
            {"s": ["W" * 60_000]},
        )
        assert [len(error["message"]) for error in answer.body["errors"]] == [MAX_MESSAGE]

    async def test_suggest_what_may_be_meant_where_they_are_few(self, api: Api):
        for wrong, suggests in (1, True), (MAX_ERRORS_WITH_SUGGESTIONS + 1, False):
            document = "{" + " ".join(f"viewer{i} {{ id }}" for i in range(wrong)) + "}"
            message = (await api.run(document)).body["errors"][0]["message"]
            assert ("Did you mean 'viewer'?" in message) is suggests

    async def test_suggest_values_where_they_are_few(self, organization: Organization):
        # A list of a hundred misspelt actions took a tenth of a second to compare with all.
        for wrong, suggests in (1, True), (MAX_ERRORS_WITH_SUGGESTIONS + 1, False):
            answer = await organization.admin.run(
                "query($s: [TokenStatus!]) {"
                " tokens(organizationId: 1, filter: {statuses: $s}) { nodes { id } } }",
                {"s": ["ACTIV"] * wrong},
            )
            message = answer.body["errors"][0]["message"]
            assert ("Did you mean the enum value 'ACTIVE'?" in message) is suggests
