"""What a token may on a resource, decided here: grants, their levels, ceiling and scopes."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from app import catalogue, ids
from tests.api.grouping import add, grant, group
from tests.api.managers import manager
from tests.api_client import Organization
from tests.owner import Owner, organization_key
from tests.web.forward_auth.gateway import resource
from tests.web.introspection.asking import ResourceServer

READ, WRITE = "project:services:read", "project:services:write"


async def permissions(
    server_of: ResourceServer, full: str, resource_id: str | None = None
) -> list[str]:
    """Return what a token may."""
    form = {} if resource_id is None else {"resource_id": resource_id}
    return (await server_of.active(full, **form))["permissions"]


class TestGrants:
    async def test_reach_the_resource_and_all_below_it(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        unit = await resource(organization, "unit", kind="ORGANIZATIONAL_UNIT")
        project = await resource(organization, "below", parentId=unit)
        beside = await resource(organization, "beside")
        await grant(organization, user_id, READ, unit)
        assert await permissions(server_of, full, unit) == [READ]
        assert await permissions(server_of, full, project) == [READ]
        assert await permissions(server_of, full, beside) == []
        assert await permissions(server_of, full) == []
        assert await permissions(server_of, full, organization.id) == []

    async def test_add_up_over_levels_and_groups(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        project = await resource(organization)
        group_id = await group(organization)
        await add(organization.admin, group_id, [user_id])
        await grant(organization, group_id, WRITE, project)
        await grant(organization, user_id, READ)
        assert await permissions(server_of, full, project) == sorted([READ, WRITE])
        assert await permissions(server_of, full) == [READ]

    async def test_of_a_role_are_opened(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        project = await resource(organization)
        await grant(organization, user_id, "developer", project)
        told = await permissions(server_of, full, project)
        assert told == sorted(catalogue.load().expand(["developer"]))
        assert {"developer", READ} <= set(told)


class TestCut:
    async def test_by_scopes(self, organization: Organization, server_of: ResourceServer) -> None:
        user_id = await organization.user()
        await grant(organization, user_id, READ)
        await grant(organization, user_id, WRITE)
        for scopes, told in (
            (["services:read"], [READ]),
            (["services:write"], sorted([READ, WRITE])),
            (["billing:write"], []),
        ):
            _, full = await organization.token(user_id, scopes=scopes)
            assert await permissions(server_of, full) == told

    async def test_by_the_ceiling_of_a_sleeper(
        self, organization: Organization, server_of: ResourceServer, owner: Owner
    ) -> None:
        narrow = await manager(organization, owner)
        user_id = await organization.user("sleeper")
        made = await narrow.mutate("generateToken", "fullToken", applicationUserId=user_id)
        _, full = await organization.token(user_id)
        await grant(organization, user_id, READ)
        assert await permissions(server_of, made["fullToken"]) == []
        assert await permissions(server_of, full) == [READ]


class TestAllowed:
    async def test_is_told_where_a_permission_is_asked_for(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        project = await resource(organization)
        await grant(organization, user_id, READ, project)
        for form, allowed in (
            ({"permission": READ, "resource_id": project}, True),
            ({"permission": WRITE, "resource_id": project}, False),
            ({"permission": READ}, False),
            ({"permission": READ, "resource_id": organization.id}, False),
        ):
            assert (await server_of.active(full, **form))["allowed"] is allowed
        for form in ({}, {"resource_id": project}, {"permission": ""}):
            assert "allowed" not in await server_of.active(full, **form)

    async def test_by_a_role(self, organization: Organization, server_of: ResourceServer) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        await grant(organization, user_id, "developer")
        for permission in (READ, "developer"):
            assert (await server_of.active(full, permission=permission))["allowed"] is True


class TestNoSuchResource:
    @pytest.mark.parametrize("which", ["missing", "foreign", "other organization", "disguised"])
    async def test_nothing_is_allowed_there(
        self,
        organization: Organization,
        server_of: ResourceServer,
        new_organization: Callable[[], Awaitable[Organization]],
        which: str,
    ) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        await grant(organization, user_id, READ)
        other = await new_organization()
        own, theirs = organization_key(organization.id), organization_key(other.id)
        resource_id = {
            "missing": ids.member_id("resource", own, uuid4()),
            "foreign": await resource(other),
            "other organization": other.id,
            # It names what is this organization's as the other's.
            "disguised": ids.member_id("resource", theirs, own),
        }[which]
        told = await server_of.active(full, permission=READ, resource_id=resource_id)
        assert told["resource_id"] == resource_id
        assert (told["permissions"], told["allowed"]) == ([], False)
        assert (await server_of.active(full, permission=READ))["allowed"] is True
