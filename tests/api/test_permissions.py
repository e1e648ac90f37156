"""Every root field declares its permission and asks for it: a walk over the whole schema.

A field that is added without a row here, without its permission in the description, or without a
check in its resolver fails.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import Info

from app.api.anonymous import CredentialRequired
from app.api.context import Context
from app.api.scalars import SCALARS
from app.api.schema import Query, schema
from tests.api.world import World
from tests.api_client import Api

# What a caller without any permission may ask for.
FREE = {"viewer"}


def roots(graphql_schema: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLField]]:
    """Yield (operation, name, field) of every root field."""
    for operation, root in (
        ("query", graphql_schema.query_type),
        ("mutation", graphql_schema.mutation_type),
        ("subscription", graphql_schema.subscription_type),
    ):
        if root is not None:
            for name, field in root.fields.items():
                yield operation, name, field


def sdl_schema(of: strawberry.Schema) -> GraphQLSchema:
    """Return the graphql-core schema behind Strawberry's."""
    return of._schema  # pyright: ignore[reportPrivateUsage]


ROOTS = [
    pytest.param(operation, name, field, id=name)
    for operation, name, field in roots(sdl_schema(schema))
]


def example(world: World, root: str, name: str, wanted: object) -> Any:
    """Return a value that a required argument of a root field takes."""
    kind = wanted.of_type if isinstance(wanted, GraphQLNonNull) else wanted
    if isinstance(kind, GraphQLInputObjectType):
        return {
            key: example(world, root, key, field.type)
            for key, field in kind.fields.items()
            if is_required_input_field(field)
        }
    values = {
        "organizationId": world.organization.id,
        "applicationUserId": world.user_id,
        "tokenId": world.token_id,
        "name": "walked",
        "organization.id": world.organization.id,
        "applicationUser.id": world.user_id,
        "node.id": world.token_id,
    }
    return values[f"{root}.id" if name == "id" else name]


def document(
    world: World, operation: str, name: str, field: GraphQLField
) -> tuple[str, dict[str, Any]]:
    """Return a document that asks for one root field with what it needs, and its variables."""
    needed = {key: arg for key, arg in field.args.items() if is_required_argument(arg)}
    variables = {key: example(world, name, key, arg.type) for key, arg in needed.items()}
    head = ", ".join(f"${key}: {arg.type}" for key, arg in needed.items())
    given = ", ".join(f"{key}: ${key}" for key in needed)
    text = f"{operation}{f'({head})' if head else ''} {{ {name}{f'({given})' if given else ''}"
    selection = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""
    return f"{text}{selection} }}", variables


def undeclared(graphql_schema: GraphQLSchema) -> list[str]:
    """Return the root fields whose description names no permission."""
    return [
        name
        for _, name, field in roots(graphql_schema)
        if "Permission: " not in (field.description or "")
    ]


class TestDeclared:
    def test_each_root_field_names_its_permission(self) -> None:
        assert undeclared(sdl_schema(schema)) == []

    @pytest.mark.parametrize(("operation", "name", "field"), ROOTS)
    def test_by_its_name_in_the_catalogue(
        self, operation: str, name: str, field: GraphQLField
    ) -> None:
        description = field.description or ""
        if name in FREE:
            assert "Permission: none" in description
        else:
            assert "Permission: `role:organization:admin`" in description

    def test_fields_that_lead_to_other_things_name_it_too(self) -> None:
        """A token and an application user are reached through viewer, without permission."""
        for type_name, names in {
            "Token": ["user", "createdBy", "revokedBy"],
            "ApplicationUser": ["tokens", "createdBy"],
        }.items():
            thing = sdl_schema(schema).type_map[type_name]
            assert isinstance(thing, GraphQLObjectType)
            for name in names:
                assert "Permission: " in (thing.fields[name].description or "")


class TestAnonymous:
    @pytest.mark.parametrize(("operation", "name", "field"), ROOTS)
    async def test_unauthenticated(
        self, world: World, api: Api, operation: str, name: str, field: GraphQLField
    ) -> None:
        answer = await api.run(*document(world, operation, name, field))
        assert answer.codes == ["UNAUTHENTICATED"]
        assert answer.response.status_code == 401
        assert answer.response.headers["WWW-Authenticate"] == "Bearer"
        assert not answer.body.get("data")


class TestWithoutGrant:
    @pytest.mark.parametrize(("operation", "name", "field"), ROOTS)
    async def test_forbidden(
        self, world: World, operation: str, name: str, field: GraphQLField
    ) -> None:
        """An application user without a grant, in its own organization, about its own things."""
        _, full = await world.organization.token(world.user_id)
        robot = world.organization.admin.with_token(full)
        answer = await robot.run(*document(world, operation, name, field))
        if name in FREE:
            assert answer.codes == []
        else:
            assert answer.codes == ["FORBIDDEN"]
            assert "role:organization:admin" in answer.body["errors"][0]["message"]
            assert not (answer.body.get("data") or {}).get(name)

    async def test_but_a_token_may_revoke_itself(self, world: World) -> None:
        robot = world.organization.admin.with_token(world.full)
        made = await robot.mutate("revokeToken", "token { status }", tokenId=world.token_id)
        assert made["token"] == {"status": "REVOKED"}


class TestAdministrator:
    @pytest.mark.parametrize(("operation", "name", "field"), ROOTS)
    async def test_may(self, world: World, operation: str, name: str, field: GraphQLField) -> None:
        """The control of the tests above: it is the caller that they refuse, not the document."""
        text, variables = document(world, operation, name, field)
        if name == "updateToken":
            variables["input"]["description"] = "walked"
        answer = await world.organization.admin.run(text, variables)
        assert answer.codes == []
        found = answer.data[name]
        assert found is not None
        assert not found["__typename"].endswith("Error")


class TestTheWalk:
    """Controls: the walk sees a field that somebody forgot to guard."""

    @strawberry.type
    class Forgotten:
        @strawberry.field(description="How many tokens there are.")
        def token_count(self, info: Info[Context, None]) -> int:
            return 7

    async def test_it_sees_a_field_without_permission(self) -> None:
        careless = strawberry.Schema(
            merge_types("Query", (Query, self.Forgotten)),
            config=StrawberryConfig(scalar_map=SCALARS),
        )
        assert undeclared(sdl_schema(careless)) == ["tokenCount"]

    async def test_a_forgotten_check_is_still_closed_to_anonymous_callers(self) -> None:
        careless = strawberry.Schema(
            merge_types("Query", (Query, self.Forgotten)),
            extensions=[CredentialRequired],
            config=StrawberryConfig(scalar_map=SCALARS),
        )
        context = Context(None, None, None)  # pyright: ignore[reportArgumentType]
        refused = await careless.execute("{ tokenCount }", context_value=context)
        assert refused.data is None
        assert refused.errors
        assert "Send an access token" in refused.errors[0].message
