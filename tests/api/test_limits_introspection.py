"""Introspection under the bounds: what tools send passes, and its cost counts like any other."""

import inspect

import pytest
from graphql import GraphQLSchema, execute, get_introspection_query, parse

from app.api import cost as cost_of
from app.api.schema import schema
from tests.api.test_limits import cost, refusal
from tests.api_client import Api

GRAPHQL_SCHEMA: GraphQLSchema = schema._schema  # pyright: ignore[reportPrivateUsage]
OPTIONS = [
    name
    for name, parameter in inspect.signature(get_introspection_query).parameters.items()
    if isinstance(parameter.default, bool)
]


def returned(document: str) -> int:
    """Return how many fields the answer to an introspection holds."""
    answer = execute(GRAPHQL_SCHEMA, parse(document))
    assert not inspect.isawaitable(answer)
    return _fields(answer.data)


def _fields(value: object) -> int:
    if isinstance(value, dict):
        return sum(1 + _fields(inner) for inner in value.values())
    return sum(map(_fields, value)) if isinstance(value, list) else 0


class TestTools:
    async def test_pass_with_all_options(self, api: Api):
        document = get_introspection_query(**dict.fromkeys(OPTIONS, True))
        assert "errors" not in (await api.run(document)).body

    async def test_pass_with_none(self, api: Api):
        document = get_introspection_query(**dict.fromkeys(OPTIONS, False))
        assert "errors" not in (await api.run(document)).body


class TestCost:
    @pytest.mark.parametrize(
        "document",
        [
            "{ __schema { types { name } } }",
            "{ __schema { types { fields { name type { name } } } } }",
            "{ __schema { types { fields { args { name } } } } }",
            "{ __schema { types { inputFields { name } enumValues { name } } } }",
            "{ __schema { types { possibleTypes { name } interfaces { name } } } }",
            "{ __schema { directives { name locations args { name } } } }",
            '{ __type(name: "Query") { fields { name args { name type { name } } } } }',
            '{ __type(name: "Token") { fields { type { ofType { fields { name } } } } } }',
            '{ __type(name: "User") { possibleTypes { fields { type { fields { name } } } } } }',
            "{ ...F } fragment F on Query { __schema { types { ...G } } }"
            " fragment G on __Type { fields { name } }",
            get_introspection_query(),
        ],
    )
    def test_is_never_less_than_what_comes_back(self, document: str):
        times = cost_of.introspection_times(GRAPHQL_SCHEMA)
        # The root field itself counts once, and the cost is cut to a whole number.
        assert cost(document) + 1 >= times * (returned(document) - 1)

    def test_of_everything_leaves_room_for_little_more(self):
        everything = get_introspection_query(**dict.fromkeys(OPTIONS, True))
        share = cost(everything) / cost_of.MAX_COST
        assert round(share * cost_of.FULL_INTROSPECTIONS, 2) == 1

    def test_of_an_alias_counts_again(self):
        one = "__schema { types { fields { name description } } }"
        assert abs(cost(f"{{ a: {one} b: {one} }}") - 2 * cost(f"{{ {one} }}")) <= 1

    def test_refuses_many_schemas_in_one(self):
        inner = "__schema { types { name fields { name description args { name } } } }"
        assert "cost" in str(refusal("{" + "".join(f"a{i}: {inner}" for i in range(25)) + "}"))

    def test_refuses_types_of_fields_of_types(self):
        inner = "kind name description specifiedByURL isOneOf"
        for _ in range(2):
            inner = f"fields {{ type {{ ofType {{ {inner} }} }} }}"
        assert "cost" in str(refusal(f"{{ __schema {{ types {{ {inner} }} }} }}"))

    def test_knows_how_deep_types_are_wrapped(self):
        inner = "name"
        for _ in range(5):
            inner = f"ofType {{ {inner} }}"
        inner = f"type {{ {inner} }}"
        document = f"fields {{ {inner} args {{ {inner} }} }} inputFields {{ {inner} }}"
        answer = execute(GRAPHQL_SCHEMA, parse(f"{{ __schema {{ types {{ {document} }} }} }}"))
        assert not inspect.isawaitable(answer)
        deepest = "{'ofType': {'ofType': {'ofType': {'ofType': None}}}}"
        assert deepest in str(answer.data)
        assert deepest.replace("None", "{'ofType': None}") not in str(answer.data)

    def test_leaves_fields_of_the_same_names_elsewhere_alone(self):
        found = cost("{ viewer { fields { args { types } } } }")
        assert found == cost_of.QUERY + 3
