"""resources and resource: what there is below an organization."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from app import ids
from tests.api.listing import List
from tests.api.resource_tree import find, project, unit
from tests.api_client import Organization
from tests.owner import Owner, organization_key

RESOURCES = List("resources", "ResourceFilter", "ResourceOrder")


async def listed(organization: Organization, keep: dict[str, Any] | None = None) -> list[str]:
    """Return the ids that a filter keeps."""
    return await RESOURCES.walk(organization.admin, organization.id, keep=keep)


class TestList:
    async def test_newest_first_on_every_level(self, organization: Organization) -> None:
        sales = await unit(organization, "Sales")
        europe = await unit(organization, "Europe", sales)
        shop = await project(organization, "Shop", europe)
        assert await listed(organization) == [shop, europe, sales]

    async def test_filters(self, organization: Organization) -> None:
        sales = await unit(organization, "Sales")
        europe = await unit(organization, "Europe", sales)
        shop = await project(organization, "Shop Größe", sales)
        bare = await project(organization, "Bare")
        for keep, expected in (
            ({"parentId": sales}, [shop, europe]),
            ({"parentId": europe}, []),
            ({"parentId": organization.id}, [bare, sales]),
            ({"parentId": None}, [bare, shop, europe, sales]),
            ({"kinds": ["PROJECT"]}, [bare, shop]),
            ({"kinds": ["PROJECT", "ORGANIZATIONAL_UNIT"]}, [bare, shop, europe, sales]),
            ({"kinds": ["ORGANIZATION"]}, []),
            ({"search": "GRÖSSE"}, [shop]),
            ({"search": " "}, [bare, shop, europe, sales]),
            ({"parentId": sales, "kinds": ["ORGANIZATIONAL_UNIT"], "search": "e"}, [europe]),
        ):
            assert await listed(organization, keep) == expected, keep

    async def test_by_name(self, organization: Organization) -> None:
        made = {name: await project(organization, name) for name in ("b", "C", "a")}
        for direction, names in (("ASC", "abC"), ("DESC", "Cba")):
            order = {"field": "NAME", "direction": direction}
            for first in (1, 2, 100):
                found = await RESOURCES.walk(
                    organization.admin, organization.id, first, order=order
                )
                assert found == [made[name] for name in names]

    @pytest.mark.parametrize("field", ["CREATE_TIME", "NAME"])
    @pytest.mark.parametrize("direction", ["ASC", "DESC"])
    @pytest.mark.parametrize("below", [False, True])
    async def test_pages_hold_each_once(
        self, organization: Organization, owner: Owner, field: str, direction: str, below: bool
    ) -> None:
        parent = await unit(organization, "Parent")
        made = {await project(organization, f"p {n}", parent) for n in range(7)}
        await owner.connection.execute(
            "UPDATE resource SET create_time = '2026-01-01Z' WHERE organization_id = $1",
            organization_key(organization.id),
        )
        keep = {"parentId": parent} if below else None
        order = {"field": field, "direction": direction}
        found = await RESOURCES.walk(organization.admin, organization.id, 2, keep=keep, order=order)
        assert len(found) == len(set(found))
        assert set(found) == (made if below else made | {parent})

    async def test_parent_missing_or_of_another_organization(
        self, organization: Organization, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        other = await new_organization()
        theirs = await unit(other, "Theirs")
        await project(other, "Below", theirs)
        found = ids.parse_resource_id(theirs)
        assert found is not None
        own = organization_key(organization.id)
        for parent_id in (
            ids.resource_id(own, uuid4()),
            ids.resource_id(own, found[1]),
            theirs,
            other.id,
        ):
            assert await listed(organization, {"parentId": parent_id}) == []

    @pytest.mark.parametrize(
        ("keep", "path", "code"),
        [
            ({"parentId": "rubbish"}, "filter.parentId", "INVALID_ID"),
            ({"kinds": []}, "filter.kinds", "TOO_SHORT"),
            ({"search": "a\0b"}, "filter.search", "INVALID_CHARACTER"),
        ],
    )
    async def test_bad_input(
        self, organization: Organization, keep: dict[str, Any], path: str, code: str
    ) -> None:
        answer = await organization.admin.run(RESOURCES.document, {"o": organization.id, "f": keep})
        (problem,) = answer.body["errors"][0]["extensions"]["fields"]
        assert (problem["path"], problem["code"]) == (path, code)


class TestOne:
    async def test_by_its_id_and_as_a_node(self, organization: Organization) -> None:
        shop = await project(organization, "Shop")
        found = await organization.admin.query(
            """query($id: ID!) { node(id: $id) { id ... on Resource { name kind } } }""", id=shop
        )
        assert found["node"] == {"id": shop, "name": "Shop", "kind": "PROJECT"}
        one = await find(organization.admin, shop)
        assert one is not None
        assert one["id"] == shop

    async def test_missing_foreign_and_the_organization(
        self, organization: Organization, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        other = await new_organization()
        own = organization_key(organization.id)
        for nothing in (
            await project(other, "Theirs"),
            ids.resource_id(own, uuid4()),
            ids.member_id("resource", own, own),
        ):
            assert await find(organization.admin, nothing) is None
        answer = await organization.admin.run(
            "query($id: ID!) { resource(id: $id) { id } }", {"id": organization.id}
        )
        (problem,) = answer.body["errors"][0]["extensions"]["fields"]
        assert problem["code"] == "INVALID_ID"


class TestForbidden:
    @pytest.mark.parametrize(
        "permission", ["organization:app_users:write", "organization:groups:write"]
    )
    async def test_for_less_than_an_administrator(
        self, organization: Organization, owner: Owner, permission: str
    ) -> None:
        shop = await project(organization, "Shop")
        user = await organization.user()
        _, full = await organization.token(user)
        await owner.grant(user, permission)
        robot = organization.admin.with_token(full)
        for document in (
            f'{{ resources(organizationId: "{organization.id}") {{ nodes {{ id }} }} }}',
            f'{{ resource(id: "{shop}") {{ id }} }}',
            f'{{ node(id: "{shop}") {{ id }} }}',
            f"""mutation {{ createResource(input: {{organizationId: "{organization.id}",
                kind: PROJECT, name: "x"}}) {{ __typename }} }}""",
            f"""mutation {{ updateResource(input: {{resourceId: "{shop}", name: "x"}}) {{
                __typename }} }}""",
            f'mutation {{ deleteResource(input: {{resourceId: "{shop}"}}) {{ __typename }} }}',
        ):
            assert (await robot.run(document)).codes == ["FORBIDDEN"], document

    async def test_a_token_that_may_only_read(
        self, organization: Organization, owner: Owner
    ) -> None:
        shop = await project(organization, "Shop")
        user = await organization.user()
        _, full = await organization.token(user, scopes=["user:read"])
        await owner.grant(user)
        reader = organization.admin.with_token(full)
        found = await reader.query(
            "query($id: ID!) { resource(id: $id) { viewerCanUpdate viewerCanDelete } }", id=shop
        )
        assert found["resource"] == {"viewerCanUpdate": False, "viewerCanDelete": False}
        answer = await reader.run(
            f'mutation {{ deleteResource(input: {{resourceId: "{shop}"}}) {{ __typename }} }}'
        )
        assert answer.codes == ["FORBIDDEN"]
