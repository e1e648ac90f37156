"""updateGroup."""

from typing import Any
from uuid import uuid4

import pytest

from app import ids
from tests.api.grouping import create, events, find, grant, group, manager
from tests.api_client import Api, Organization
from tests.owner import Owner, organization_key


async def update(api: Api, group_id: str, **fields: Any) -> dict[str, Any]:
    made = await api.mutate(
        "updateGroup", "group { id name description }", groupId=group_id, **fields
    )
    return made.get("group") or made


class TestUpdated:
    @pytest.mark.parametrize(
        ("fields", "name", "description"),
        [
            ({}, "team", "x"),
            ({"name": " crew "}, "crew", "x"),
            ({"name": "TEAM"}, "TEAM", "x"),
            ({"description": "y"}, "team", "y"),
            ({"description": None}, "team", None),
            ({"description": " "}, "team", None),
            ({"name": "crew", "description": "y"}, "crew", "y"),
        ],
    )
    async def test_what_is_left_out_stays(
        self, organization: Organization, fields: dict[str, Any], name: str, description: str | None
    ) -> None:
        made = await create(organization, "team", description="x")
        changed = await update(organization.admin, made["id"], **fields)
        assert changed == {"id": made["id"], "name": name, "description": description}
        assert await find(organization.admin, made["id"]) == made | changed

    async def test_a_line_in_the_trail_of_what_changed(
        self, organization: Organization, owner: Owner
    ) -> None:
        made = await create(organization, "team", description="x")
        await update(organization.admin, made["id"], name="crew", description="x")
        await update(organization.admin, made["id"], name="crew")
        assert (await events(owner, made["id"]))[1:] == [
            ("organization:group:update", None, {"name": {"before": "team", "after": "crew"}})
        ]

    async def test_by_who_manages_groups_where_it_holds_no_permission(
        self, organization: Organization, owner: Owner
    ) -> None:
        group_id = await group(organization, name="team")
        api = await manager(organization, owner)
        assert (await update(api, group_id, name="crew"))["name"] == "crew"
        await grant(organization, group_id)
        answer = await api.run(
            "mutation($i: UpdateGroupInput!) { updateGroup(input: $i) { __typename } }",
            {"i": {"groupId": group_id, "name": "readers"}},
        )
        assert answer.codes == ["FORBIDDEN"]
        found = await find(api, group_id)
        assert found
        assert found["name"] == "crew"
        assert found["viewerCanUpdate"] is False
        # The control: it is the caller who is refused.
        assert (await update(organization.admin, group_id, name="readers"))["name"] == "readers"


class TestNameTaken:
    async def test_by_another_group(self, organization: Organization, owner: Owner) -> None:
        await group(organization, name="crew")
        group_id = await group(organization)
        before = await owner.snapshot(organization.id)
        refused = await update(organization.admin, group_id, name="CREW", description="y")
        assert refused["__typename"] == "NameTakenError"
        assert "Another group" in refused["message"]
        assert await owner.snapshot(organization.id) == before


class TestNotFound:
    async def test_a_missing_one(self, organization: Organization) -> None:
        missing = ids.member_id("group", organization_key(organization.id), uuid4())
        refused = await update(organization.admin, missing, name="crew")
        assert refused == {"__typename": "NotFoundError", "message": "There is no such group."}
