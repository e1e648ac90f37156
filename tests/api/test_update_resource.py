"""updateResource: renames and moves."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from app import ids
from app.resources import MAX_DEPTH
from tests.api.resource_tree import (
    chain,
    create,
    find,
    last_event,
    parents,
    project,
    unit,
    update,
)
from tests.api_client import Organization
from tests.owner import Owner, organization_key


class TestRenamed:
    async def test_and_nothing_else(self, organization: Organization, owner: Owner) -> None:
        before = await create(organization, "Sales")
        after = await update(organization, before["id"], name=" Trade ")
        assert after == before | {"name": "Trade"}
        assert await find(organization.admin, before["id"]) == after
        assert await last_event(owner, before["id"]) == (
            "organization:resource:update",
            "ORGANIZATIONAL_UNIT",
            {"name": {"before": "Sales", "after": "Trade"}},
        )

    async def test_a_name_may_change_its_case(self, organization: Organization) -> None:
        sales = await unit(organization, "Sales")
        assert (await update(organization, sales, name="SALES"))["name"] == "SALES"

    async def test_the_old_name_is_free(self, organization: Organization) -> None:
        sales = await unit(organization, "Sales")
        await update(organization, sales, name="Trade")
        assert await unit(organization, "Sales") != sales

    async def test_nothing_asked_changes_nothing(
        self, organization: Organization, owner: Owner
    ) -> None:
        sales = await unit(organization, "Sales")
        shop = await create(organization, "Shop", sales, kind="PROJECT")
        before = await owner.snapshot(organization.id)
        line = await last_event(owner, shop["id"])
        for fields in ({}, {"name": "Shop"}, {"parentId": sales}):
            assert await update(organization, shop["id"], **fields) == shop
        assert await owner.snapshot(organization.id) == before
        assert await last_event(owner, shop["id"]) == line


class TestMoved:
    async def test_to_another_unit_and_with_all_below(
        self, organization: Organization, owner: Owner
    ) -> None:
        sales, trade = await unit(organization, "Sales"), await unit(organization, "Trade")
        europe = await unit(organization, "Europe", sales)
        shop = await project(organization, "Shop", europe)
        moved = await update(organization, europe, parentId=trade)
        assert (moved["parent"], moved["name"]) == ({"id": trade}, "Europe")
        assert await parents(organization) == {
            sales: None,
            trade: None,
            europe: trade,
            shop: europe,
        }
        assert await last_event(owner, europe) == (
            "organization:resource:update",
            "ORGANIZATIONAL_UNIT",
            {"parentId": {"before": sales, "after": trade}},
        )

    async def test_null_and_the_organization_are_directly_below_it(
        self, organization: Organization
    ) -> None:
        sales = await unit(organization, "Sales")
        for parent_id in (None, organization.id):
            shop = await project(organization, "Shop", sales)
            assert (await update(organization, shop, parentId=parent_id, name=str(parent_id)))[
                "parent"
            ] is None

    async def test_and_renamed_at_once_where_the_old_name_is_taken(
        self, organization: Organization
    ) -> None:
        sales = await unit(organization, "Sales")
        await project(organization, "Shop", sales)
        shop = await project(organization, "Shop")
        refused = await update(organization, shop, parentId=sales)
        assert refused["__typename"] == "NameTakenError"
        moved = await update(organization, shop, parentId=sales, name="Shop 2")
        assert (moved["parent"], moved["name"]) == ({"id": sales}, "Shop 2")

    async def test_as_deep_as_there_are_levels(self, organization: Organization) -> None:
        units = await chain(organization, MAX_DEPTH - 2)
        below = await chain(organization, 2, "below")
        moved = await update(organization, below[0], parentId=units[-1])
        assert moved["parent"] == {"id": units[-1]}


class TestInvalid:
    async def test_no_deeper(self, organization: Organization, owner: Owner) -> None:
        units = await chain(organization, MAX_DEPTH - 1)
        below = await chain(organization, 2, "below")
        before = await owner.snapshot(organization.id)
        refused = await update(organization, below[0], parentId=units[-1])
        (problem,) = refused["fields"]
        assert (problem["path"], problem["code"]) == ("parentId", "NOT_ALLOWED")
        assert f"would make {MAX_DEPTH + 1}" in problem["message"]
        assert await owner.snapshot(organization.id) == before

    async def test_a_rename_at_the_deepest_level_is_no_move(
        self, organization: Organization
    ) -> None:
        units = await chain(organization, MAX_DEPTH)
        renamed = await update(organization, units[-1], name="leaf", parentId=units[-2])
        assert renamed["name"] == "leaf"

    @pytest.mark.parametrize("place", [0, 1, 2])
    async def test_a_unit_below_itself(
        self, organization: Organization, owner: Owner, place: int
    ) -> None:
        units = await chain(organization, 3)
        before = await owner.snapshot(organization.id)
        refused = await update(organization, units[0], parentId=units[place])
        (problem,) = refused["fields"]
        assert (problem["path"], problem["code"]) == ("parentId", "NOT_ALLOWED")
        assert "itself" in problem["message"]
        assert await owner.snapshot(organization.id) == before

    async def test_below_a_project(self, organization: Organization) -> None:
        shop = await project(organization, "Shop")
        for moved in (await unit(organization, "Sales"), shop):
            refused = await update(organization, moved, parentId=shop)
            (problem,) = refused["fields"]
            assert (problem["path"], problem["code"]) == ("parentId", "NOT_ALLOWED")
            assert "project" in problem["message"]

    async def test_no_name(self, organization: Organization) -> None:
        refused = await update(organization, await unit(organization, "Sales"), name=None)
        (problem,) = refused["fields"]
        assert (problem["path"], problem["code"]) == ("name", "REQUIRED")

    async def test_the_organization_is_none(self, organization: Organization) -> None:
        refused = await update(organization, organization.id, name="Other")
        (problem,) = refused["fields"]
        assert (problem["path"], problem["code"]) == ("resourceId", "INVALID_ID")


class TestNotFound:
    async def test_parent_missing_or_of_another_organization(
        self, organization: Organization, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        other = await new_organization()
        theirs = await unit(other, "Theirs")
        shop = await project(organization, "Shop")
        answers = [
            await update(organization, shop, parentId=parent_id)
            for parent_id in (
                ids.resource_id(organization_key(organization.id), uuid4()),
                theirs,
                other.id,
            )
        ]
        assert answers == [answers[0]] * 3
        assert answers[0]["__typename"] == "NotFoundError"
        assert (await parents(organization))[shop] is None

    async def test_missing_or_of_another_organization(
        self, organization: Organization, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        other = await new_organization()
        missing = ids.resource_id(organization_key(organization.id), uuid4())
        theirs = await unit(other, "Theirs")
        answers = [await update(organization, each, name="Ours") for each in (missing, theirs)]
        assert answers[0] == answers[1]
        assert answers[0]["message"] == "There is no such resource."
