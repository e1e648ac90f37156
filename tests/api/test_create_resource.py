"""createResource."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from app import ids
from app.resources import MAX_DEPTH
from tests.api.resource_tree import chain, create, find, last_event, project, unit
from tests.api_client import Organization
from tests.owner import Owner, organization_key


class TestCreated:
    async def test_every_field(self, organization: Organization) -> None:
        made = await create(organization, " Sales ")
        assert made["id"].startswith("resource_")
        assert made == {
            "id": made["id"],
            "kind": "ORGANIZATIONAL_UNIT",
            "name": "Sales",
            "createTime": made["createTime"],
            "parent": None,
            "createdBy": {"id": organization.admin_id},
            "viewerCanUpdate": True,
            "viewerCanDelete": True,
        }
        assert await find(organization.admin, made["id"]) == made

    async def test_below_a_unit(self, organization: Organization) -> None:
        sales = await unit(organization, "Sales")
        for kind in ("ORGANIZATIONAL_UNIT", "PROJECT"):
            made = await create(organization, "Europe", sales, kind=kind)
            assert (made["kind"], made["parent"]) == (kind, {"id": sales})

    async def test_the_organization_as_parent_is_directly_below_it(
        self, organization: Organization
    ) -> None:
        made = await create(organization, "Sales", organization.id)
        assert made["parent"] is None

    async def test_the_deepest_level(self, organization: Organization) -> None:
        units = await chain(organization, MAX_DEPTH - 1)
        made = await create(organization, "leaf", units[-1], kind="PROJECT")
        assert made["parent"] == {"id": units[-1]}

    async def test_a_line_in_the_trail(self, organization: Organization, owner: Owner) -> None:
        sales = await unit(organization, "Sales")
        made = await project(organization, "Shop", sales)
        assert await last_event(owner, made) == (
            "organization:resource:create",
            "PROJECT",
            {
                "name": {"before": None, "after": "Shop"},
                "parentId": {"before": None, "after": sales},
            },
        )


class TestNameTaken:
    @pytest.mark.parametrize("kind", ["ORGANIZATIONAL_UNIT", "PROJECT"])
    async def test_beside_it_in_any_case(self, organization: Organization, kind: str) -> None:
        sales = await unit(organization, "Sales")
        for parent_id in (None, sales):
            assert "id" in await create(organization, "Shop", parent_id, kind=kind)
            refused = await create(organization, "SHOP", parent_id, kind=kind)
            assert refused["__typename"] == "NameTakenError"
            thing = "project" if kind == "PROJECT" else "organizational unit"
            assert refused["message"].startswith(
                f"Another {thing} with the same parent is already called “SHOP”"
            )

    async def test_but_not_elsewhere_or_of_another_kind(self, organization: Organization) -> None:
        sales = await unit(organization, "Shop")
        assert "id" in await create(organization, "Shop", sales)
        assert "id" in await create(organization, "Shop", kind="PROJECT")


class TestInvalid:
    async def test_the_organization_is_no_kind_to_create(
        self, organization: Organization, owner: Owner
    ) -> None:
        before = await owner.snapshot(organization.id)
        refused = await create(organization, " ", kind="ORGANIZATION")
        problems = {problem["path"]: problem["code"] for problem in refused["fields"]}
        assert problems == {"name": "TOO_SHORT", "kind": "NOT_ALLOWED"}
        assert await owner.snapshot(organization.id) == before

    async def test_below_a_project(self, organization: Organization) -> None:
        refused = await create(organization, "Europe", await project(organization, "Shop"))
        (problem,) = refused["fields"]
        assert (problem["path"], problem["code"]) == ("parentId", "NOT_ALLOWED")
        assert "project" in problem["message"]

    async def test_too_deep(self, organization: Organization) -> None:
        units = await chain(organization, MAX_DEPTH)
        refused = await create(organization, "leaf", units[-1], kind="PROJECT")
        (problem,) = refused["fields"]
        assert (problem["path"], problem["code"]) == ("parentId", "NOT_ALLOWED")
        assert f"at most {MAX_DEPTH} levels" in problem["message"]

    @pytest.mark.parametrize("parent_id", ["", "resource_1", "user_" + "0" * 44, "Sales"])
    async def test_what_is_no_id(self, organization: Organization, parent_id: str) -> None:
        refused = await create(organization, "Europe", parent_id)
        (problem,) = refused["fields"]
        assert (problem["path"], problem["code"]) == ("parentId", "INVALID_ID")


class TestNotFound:
    async def test_parent_missing_or_of_another_organization(
        self,
        organization: Organization,
        new_organization: Callable[[], Awaitable[Organization]],
        owner: Owner,
    ) -> None:
        other = await new_organization()
        theirs = await unit(other, "Theirs")
        found = ids.parse_resource_id(theirs)
        assert found is not None
        own = organization_key(organization.id)
        before = await owner.snapshot(organization.id)
        answers = [
            await create(organization, "Europe", parent_id)
            for parent_id in (
                ids.resource_id(own, uuid4()),
                ids.resource_id(own, found[1]),
                ids.resource_id(uuid4(), uuid4()),
                theirs,
                other.id,
            )
        ]
        assert answers == [answers[0]] * len(answers)
        assert answers[0] == {
            "__typename": "NotFoundError",
            "message": "There is no such parent.",
        }
        assert await owner.snapshot(organization.id) == before

    async def test_another_organization(
        self, organization: Organization, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        other = await new_organization()
        refused = await create(organization, "Europe", organizationId=other.id)
        assert refused["__typename"] == "NotFoundError"
