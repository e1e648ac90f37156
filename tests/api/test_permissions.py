"""Every root field declares its permission and asks for just that: a walk over the whole schema.

A field that is added without its permission in the description, with another one in its resolver,
or without any check, fails.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
import strawberry
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import Info

from app.access import (
    APP_USERS_WRITE,
    EVENT_LOGS_READ,
    GROUPS_WRITE,
    ORGANIZATION_ADMIN,
    TOKENS_VERIFY,
    USERS_WRITE,
)
from app.api.anonymous import CredentialRequired
from app.api.context import Context
from app.api.scalars import SCALARS
from app.api.schema import Query
from tests.api.operations import SCHEMA, Operation, operations
from tests.api.place import Place, make_place, place_in
from tests.api_client import Api, Organization
from tests.postgres import Urls

ADMINISTERING = {APP_USERS_WRITE, USERS_WRITE, GROUPS_WRITE, EVENT_LOGS_READ}
NARROW = ADMINISTERING | {TOKENS_VERIFY}
FREE = {"viewer", "permissionCatalogue", "availableScopes"}
"""What a caller without any permission may ask for."""
OF_THE_THING = {"node": APP_USERS_WRITE}
"""Asked about a token here."""

EACH = pytest.mark.parametrize(
    "operation", [pytest.param(operation, id=operation.name) for operation in operations()]
)


def declared(operation: Operation) -> set[str]:
    """Return the permissions, beside the administrator's, each of which a description says gives
    the operation."""
    if operation.name in OF_THE_THING:
        return {OF_THE_THING[operation.name]}
    words = re.findall(r"Permission: ([^;.]*)", operation.field.description or "")[-1]
    if words.startswith("none"):
        return set()
    if words.startswith(f"any that this service enforces but `{TOKENS_VERIFY}`"):
        return ADMINISTERING
    names = set(re.findall(r"`([^`]+)`", words))
    assert names <= NARROW | {ORGANIZATION_ADMIN}
    assert names
    return names - {ORGANIZATION_ADMIN}


def undeclared(graphql_schema: GraphQLSchema) -> list[str]:
    """Return the root fields whose description names no permission."""
    return [
        name
        for root in (graphql_schema.query_type, graphql_schema.mutation_type)
        if root is not None
        for name, field in root.fields.items()
        if "Permission: " not in (field.description or "")
    ]


async def holder(place: Place, permission: str | None) -> Api:
    """Return a new application user with one permission on the organization, or none."""
    user_id = await place.organization.user(f"robot with {permission}")
    _, full = await place.organization.token(user_id)
    if permission is not None:
        made = await place.organization.admin.mutate(
            "grantPermissions",
            "permissions",
            principalId=user_id,
            resourceId=place.organization.id,
            permissions=[permission],
        )
        assert made["permissions"] == [permission]
    return place.organization.admin.with_token(full)


@dataclass(frozen=True)
class Gate:
    """A place that nothing changes, and those who knock at it."""

    place: Place
    holders: dict[str | None, Api]


@pytest.fixture(scope="module")
async def gate(api: Api, urls: Urls) -> Gate:
    """What is refused or only asked for changes nothing, so that all tests of it share a place."""
    place = await place_in(api, urls, "Gate")
    return Gate(place, {name: await holder(place, name) for name in (None, *sorted(NARROW))})


@pytest.fixture
async def place(
    gate: Gate, new_organization: Callable[[], Awaitable[Organization]], operation: Operation
) -> Place:
    """A place to be let in: of one's own, unless all that one does there is to look."""
    return gate.place if operation.kind == "query" else await make_place(await new_organization())


async def outcome(caller: Api, place: Place, operation: Operation) -> list[str]:
    """Run an operation and return the codes of the errors, or the name of the failure."""
    answer = await caller.run(operation.document(0), place.variables(operation.name))
    if answer.codes:
        assert not (answer.body.get("data") or {}).get(operation.name)
        return answer.codes
    found = answer.data[operation.name]
    names = [one["__typename"] for one in (found if isinstance(found, list) else [found])]
    return [name for name in names if name.endswith("Error")]


class TestDeclared:
    def test_each_root_field_names_its_permission(self) -> None:
        assert undeclared(SCHEMA) == []

    def test_fields_that_lead_to_other_things_name_it_too(self) -> None:
        """A token and an application user are reached through viewer, without permission."""
        for type_name, names in {
            "Token": ["user", "createdBy", "revokedBy"],
            "ApplicationUser": ["tokens", "createdBy"],
            "Resource": ["parent", "createdBy"],
        }.items():
            thing = SCHEMA.type_map[type_name]
            assert isinstance(thing, GraphQLObjectType)
            for name in names:
                assert "Permission: " in (thing.fields[name].description or "")


class TestAsked:
    @EACH
    async def test_anonymous_callers_get_nowhere(
        self, gate: Gate, api: Api, operation: Operation
    ) -> None:
        answer = await api.run(operation.document(0), gate.place.variables(operation.name))
        assert answer.codes == ["UNAUTHENTICATED"]
        assert answer.response.status_code == 401
        assert answer.response.headers["WWW-Authenticate"] == "Bearer"
        assert not answer.body.get("data")

    @EACH
    async def test_what_is_not_declared_lets_nobody_in(
        self, gate: Gate, operation: Operation
    ) -> None:
        for permission in {None} | NARROW - declared(operation):
            found = await outcome(gate.holders[permission], gate.place, operation)
            assert found == ([] if operation.name in FREE else ["FORBIDDEN"]), permission

    @EACH
    async def test_what_is_declared_does(
        self, gate: Gate, place: Place, operation: Operation
    ) -> None:
        for permission in sorted(declared(operation))[:1]:
            known = place is gate.place
            caller = gate.holders[permission] if known else await holder(place, permission)
            assert "FORBIDDEN" not in await outcome(caller, place, operation)

    @EACH
    async def test_an_administrator_may(self, place: Place, operation: Operation) -> None:
        """The control of the tests above: it is the caller that they refuse, not the document."""
        found = await outcome(place.organization.admin, place, operation)
        # The place has a request already.
        assert found == ["LimitRequestPendingError"] * (operation.name == "requestLimitIncrease")

    async def test_a_token_may_revoke_itself(self, organization: Organization) -> None:
        place = await make_place(organization)
        robot = place.organization.admin.with_token(place.full)
        made = await robot.mutate("revokeToken", "token { status }", tokenId=place.token_id)
        assert made["token"] == {"status": "REVOKED"}


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
        assert undeclared(careless._schema) == ["tokenCount"]  # pyright: ignore[reportPrivateUsage]

    async def test_a_forgotten_check_is_still_closed_to_anonymous_callers(self) -> None:
        careless = strawberry.Schema(
            merge_types("Query", (Query, self.Forgotten)),
            extensions=[CredentialRequired],
            config=StrawberryConfig(scalar_map=SCALARS),
        )
        context = Context(None, None, None, None, None, None)  # pyright: ignore[reportArgumentType]
        refused = await careless.execute("{ tokenCount }", context_value=context)
        assert refused.data is None
        assert refused.errors
        assert "Send an access token" in refused.errors[0].message
