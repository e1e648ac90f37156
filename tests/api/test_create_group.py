"""createGroup."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.api.grouping import create, delete_user, events, find, manager
from tests.api.test_create_application_user import SAME_NAMES
from tests.api_client import Organization
from tests.owner import Owner


class TestCreated:
    async def test_every_field(self, organization: Organization) -> None:
        made = await create(organization, " Deployers ", description=" Who deploys. ")
        assert made["id"].startswith("group_")
        assert made == {
            "id": made["id"],
            "name": "Deployers",
            "description": "Who deploys.",
            "createTime": made["createTime"],
            "createdBy": {"id": organization.admin_id},
            "members": {"nodes": []},
            "holdsPermissions": False,
            "viewerCanUpdate": True,
            "viewerCanDelete": True,
            "viewerCanChangeMembers": True,
        }
        assert await find(organization.admin, made["id"]) == made

    @pytest.mark.parametrize(("given", "kept"), [(None, None), ("", None), (" \n ", None)])
    async def test_descriptions_may_be_missing(
        self, organization: Organization, given: str | None, kept: str | None
    ) -> None:
        assert (await create(organization, description=given))["description"] == kept

    async def test_by_who_manages_groups(self, organization: Organization, owner: Owner) -> None:
        api = await manager(organization, owner)
        made = await create(organization, api=api)
        assert made["viewerCanChangeMembers"] is True
        found = await find(organization.admin, made["id"])
        assert found
        assert found["createdBy"] not in (None, {"id": organization.admin_id})

    async def test_a_line_in_the_trail(self, organization: Organization, owner: Owner) -> None:
        made = await create(organization, "team", description="x")
        assert await events(owner, made["id"]) == [
            (
                "organization:group:create",
                None,
                {
                    "name": {"before": None, "after": "team"},
                    "description": {"before": None, "after": "x"},
                },
            )
        ]


class TestNameTaken:
    @pytest.mark.parametrize(("_why", "first", "second"), SAME_NAMES)
    async def test_names_that_people_read_as_one(
        self, organization: Organization, owner: Owner, _why: str, first: str, second: str
    ) -> None:
        await create(organization, first)
        before = await owner.snapshot(organization.id)
        refused = await create(organization, second)
        assert refused["__typename"] == "NameTakenError"
        assert refused["message"].startswith("Another group of this organization is already called")
        assert await owner.snapshot(organization.id) == before

    async def test_a_group_may_be_called_like_a_user(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        assert (await create(organization, "ci"))["name"] == "ci"
        await delete_user(organization, user_id)

    async def test_another_organization_is_another_world(
        self, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        for organization in (await new_organization(), await new_organization()):
            assert (await create(organization, "team"))["name"] == "team"

    async def test_one_of_eight_at_once_gets_the_name(self, organization: Organization) -> None:
        made = await asyncio.gather(*(create(organization, "team") for _ in range(8)))
        kinds = sorted(str(one.get("__typename")) for one in made)
        assert kinds == ["NameTakenError"] * 7 + ["None"]


class TestForbidden:
    async def test_without_the_permission(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user("robot")
        await owner.grant(user_id, "organization:users:write")
        _, full = await organization.token(user_id)
        answer = await organization.admin.with_token(full).run(
            "mutation($i: CreateGroupInput!) { createGroup(input: $i) { __typename } }",
            {"i": {"organizationId": organization.id, "name": "team"}},
        )
        assert answer.codes == ["FORBIDDEN"]
        assert "organization:groups:write" in answer.body["errors"][0]["message"]
