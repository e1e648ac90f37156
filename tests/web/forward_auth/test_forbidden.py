"""Requests that are stopped because their token may not do what the gateway asks for."""

from uuid import uuid4

import pytest

from app import ids
from tests.api.grouping import grant
from tests.api_client import Organization
from tests.owner import organization_key
from tests.web.forward_auth.gateway import PERMISSION, Gateway, holder, resource


async def assert_forbidden(gateway: Gateway, token: str, question: dict[str, str]) -> None:
    answer = await gateway.ask(token, question)
    assert answer.status_code == 403
    assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'
    assert answer.json() == {
        "error": "insufficient_scope",
        "error_description": "The access token does not have the permission that this needs.",
    }


class TestForbidden:
    async def test_without_the_grant(self, organization: Organization, gateway: Gateway) -> None:
        _, full = await organization.token(await organization.user())
        question = {"organization_id": organization.id, "permission": PERMISSION}
        await assert_forbidden(gateway, full, question)

    @pytest.mark.parametrize(
        ("scopes", "passes"),
        [
            (["services:read"], True),
            (["services:write"], True),
            (["user:read", "projects:write"], False),
        ],
    )
    async def test_without_the_scope(
        self, organization: Organization, gateway: Gateway, scopes: list[str], passes: bool
    ) -> None:
        full = await holder(organization, scopes=scopes)
        question = {"organization_id": organization.id, "permission": PERMISSION}
        assert await gateway.lets_through(full, question) is passes

    async def test_beyond_the_ceiling(self, organization: Organization, gateway: Gateway) -> None:
        """Who may mint for users without permission gives them no way to come by one."""
        desk = await organization.user("desk")
        await grant(organization, desk, "organization:app_users:write")
        _, minter = await organization.token(desk)
        user_id = await organization.user("later")
        made = await organization.admin.with_token(minter).mutate(
            "generateToken", "fullToken", applicationUserId=user_id
        )
        await grant(organization, user_id, PERMISSION)
        question = {"organization_id": organization.id, "permission": PERMISSION}
        await assert_forbidden(gateway, made["fullToken"], question)
        _, with_ceiling = await organization.token(user_id)
        assert await gateway.lets_through(with_ceiling, question)

    async def test_on_a_resource_that_is_not_there(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        missing = ids.resource_id(organization_key(organization.id), uuid4())
        gone = await resource(organization)
        await organization.admin.mutate("deleteResource", "resourceId", resourceId=gone)
        full = await holder(organization)
        question = {"organization_id": organization.id, "permission": PERMISSION}
        assert await gateway.lets_through(full, question)
        for resource_id in (missing, gone):
            await assert_forbidden(gateway, full, question | {"resource_id": resource_id})

    async def test_on_a_resource_of_another_organization(
        self, organization: Organization, new_organization: object, gateway: Gateway
    ) -> None:
        """A gateway for all organizations names a resource of one of them."""
        other = await new_organization()  # type: ignore[operator]
        theirs = await resource(other)
        question = {"organization_id": "any", "permission": PERMISSION, "resource_id": theirs}
        assert await gateway.lets_through(await holder(other, theirs), question)
        await assert_forbidden(gateway, await holder(organization), question)
        await assert_forbidden(
            gateway, await holder(organization, name="x"), question | {"resource_id": other.id}
        )

    async def test_on_a_resource_under_the_name_of_another_organization(
        self, organization: Organization, new_organization: object, gateway: Gateway
    ) -> None:
        """What an id says it belongs to does not lend it to somebody else."""
        other = await new_organization()  # type: ignore[operator]
        own = await resource(organization)
        renamed = own[: -len(other.id) + 4] + other.id[4:]
        full = await holder(organization)
        question = {"organization_id": "any", "permission": PERMISSION}
        assert await gateway.lets_through(full, question | {"resource_id": own})
        await assert_forbidden(gateway, full, question | {"resource_id": renamed})
