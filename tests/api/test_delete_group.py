"""deleteGroup."""

from typing import Any
from uuid import uuid4

import pytest

from app import guards, ids
from tests.api.grouping import APP_USERS_WRITE, anybody, events, find, grant, group, manager
from tests.api_client import Answer, Api, Organization
from tests.owner import ADMIN, Owner, organization_key


async def delete(api: Api, group_id: str) -> dict[str, Any]:
    return await api.mutate("deleteGroup", "groupId", groupId=group_id)


async def attempt(api: Api, group_id: str) -> Answer:
    return await api.run(
        "mutation($i: DeleteGroupInput!) { deleteGroup(input: $i) { __typename } }",
        {"i": {"groupId": group_id}},
    )


class TestDeleted:
    async def test_it_is_gone_with_memberships_and_grants(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        before = await owner.snapshot(organization.id)
        group_id = await group(organization, user_id)
        await grant(organization, group_id)
        list_users = "query($o: ID!) { applicationUsers(organizationId: $o) { nodes { id } } }"
        robot = organization.admin.with_token(full)
        await robot.query(list_users, o=organization.id)
        assert await delete(organization.admin, group_id) == {
            "__typename": "DeleteGroupSuccess",
            "groupId": group_id,
        }
        assert await find(organization.admin, group_id) is None
        answer = await robot.run(list_users, {"o": organization.id})
        assert answer.codes == ["FORBIDDEN"]
        after = [row for row in await owner.snapshot(organization.id) if row[0] != "event"]
        assert after == [row for row in before if row[0] != "event"]

    async def test_a_line_in_the_trail_that_names_them(
        self, organization: Organization, owner: Owner
    ) -> None:
        users = sorted([await organization.user("ci"), organization.admin_id])
        group_id = await group(organization, *users)
        await grant(organization, group_id)
        await delete(organization.admin, group_id)
        assert (await events(owner, group_id))[-1] == (
            "organization:group:delete",
            None,
            {
                "name": {"before": "team", "after": None},
                "permissions": {
                    "before": [f"{APP_USERS_WRITE} on {organization.id}"],
                    "after": None,
                },
                "members": {"before": users, "after": None},
            },
        )

    async def test_the_name_is_free(self, organization: Organization) -> None:
        await delete(organization.admin, await group(organization))
        assert await group(organization)

    async def test_by_who_manages_groups(self, organization: Organization, owner: Owner) -> None:
        group_id = await group(organization, organization.admin_id)
        made = await delete(await manager(organization, owner), group_id)
        assert made["__typename"] == "DeleteGroupSuccess"


class TestNotFound:
    async def test_a_second_time(self, organization: Organization) -> None:
        group_id = await group(organization)
        await delete(organization.admin, group_id)
        assert await delete(organization.admin, group_id) == {
            "__typename": "NotFoundError",
            "message": "There is no such group.",
        }

    async def test_a_missing_one(self, organization: Organization) -> None:
        missing = ids.member_id("group", organization_key(organization.id), uuid4())
        assert (await delete(organization.admin, missing))["__typename"] == "NotFoundError"


class TestForbidden:
    async def test_one_that_holds_a_permission_is_the_administrators(
        self, organization: Organization, owner: Owner
    ) -> None:
        group_id = await group(organization)
        await grant(organization, group_id)
        api = await manager(organization, owner)
        before = await owner.snapshot(organization.id)
        answer = await attempt(api, group_id)
        assert answer.codes == ["FORBIDDEN"]
        assert answer.body["errors"][0]["message"] == guards.Guarded.GROUP.value
        assert await find(api, group_id)
        assert await owner.snapshot(organization.id) == before

    async def test_control_without_the_guard_it_is_deleted(
        self, organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        group_id = await group(organization)
        await grant(organization, group_id)
        api = await manager(organization, owner)
        monkeypatch.setattr(guards, "may_pass", anybody)
        assert (await attempt(api, group_id)).codes == []
        assert await find(organization.admin, group_id) is None


class TestLastAdministrator:
    async def test_who_is_it_through_the_group(
        self, organization: Organization, owner: Owner
    ) -> None:
        group_id = await group(organization, organization.admin_id)
        await grant(organization, group_id, ADMIN)
        await owner.take_grants(organization.admin_id)
        before = await owner.snapshot(organization.id)
        refused = await delete(organization.admin, group_id)
        assert refused["__typename"] == "LastAdministratorError"
        assert await owner.snapshot(organization.id) == before

    async def test_with_another_one_it_goes(self, organization: Organization) -> None:
        group_id = await group(organization, organization.admin_id)
        await grant(organization, group_id, ADMIN)
        made = await delete(organization.admin, group_id)
        assert made["__typename"] == "DeleteGroupSuccess"
