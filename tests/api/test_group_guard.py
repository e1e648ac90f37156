"""Members of groups that hold permissions: the guard, and the last administrator."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from app import guards, ids
from tests.api.grouping import add, anybody, find, grant, group, manager, members, people, remove
from tests.api_client import Answer, Api, Organization
from tests.owner import ADMIN, Owner, organization_key

Act = Callable[[Api, str, Sequence[str]], Awaitable[dict[str, Any]]]
BOTH = pytest.mark.parametrize("act", [add, remove])


async def attempt(api: Api, act: Act, group_id: str, user_ids: Sequence[str]) -> Answer:
    name = "addGroupMembers" if act is add else "removeGroupMembers"
    kind = name[0].upper() + name[1:]
    return await api.run(
        f"mutation($i: {kind}Input!) {{ {name}(input: $i) {{ __typename }} }}",
        {"i": {"groupId": group_id, "userIds": list(user_ids)}},
    )


class TestForbidden:
    @BOTH
    @pytest.mark.parametrize("what", ["the organization", "a project in it"])
    async def test_a_group_that_holds_a_permission_is_the_administrators(
        self, organization: Organization, owner: Owner, act: Act, what: str
    ) -> None:
        user_id = await organization.user()
        group_id = await group(organization, *([user_id] if act is remove else []))
        if what == "the organization":
            await grant(organization, group_id)
        else:
            project = await owner.project(organization.id)
            key = ids.member_id("resource", organization_key(organization.id), project)
            await grant(organization, group_id, "developer", key)
        api = await manager(organization, owner)
        before = await owner.snapshot(organization.id)
        answer = await attempt(api, act, group_id, [user_id])
        assert answer.codes == ["FORBIDDEN"]
        assert answer.body["errors"][0]["message"] == guards.Guarded.GROUP.value
        assert await owner.snapshot(organization.id) == before
        found = await find(api, group_id)
        assert found
        assert found["viewerCanChangeMembers"] is False
        # The control: it is the caller who is refused.
        assert (await attempt(organization.admin, act, group_id, [user_id])).codes == []

    async def test_nobody_lifts_themselves(self, organization: Organization, owner: Owner) -> None:
        api, group_id = await self._group_of_administrators(organization, owner)
        own = await self._own_id(api)
        assert (await attempt(api, add, group_id, [own])).codes == ["FORBIDDEN"]
        assert own not in await members(organization, group_id)

    async def test_control_without_the_guard_they_do(
        self, organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        api, group_id = await self._group_of_administrators(organization, owner)
        own = await self._own_id(api)
        monkeypatch.setattr(guards, "may_pass", anybody)
        assert (await attempt(api, add, group_id, [own])).codes == []
        found = await api.query("{ viewer { memberships { permissions } } }")
        assert ADMIN in found["viewer"]["memberships"][0]["permissions"]

    @staticmethod
    async def _group_of_administrators(organization: Organization, owner: Owner) -> tuple[Api, str]:
        group_id = await group(organization)
        await grant(organization, group_id, ADMIN)
        return await manager(organization, owner), group_id

    @staticmethod
    async def _own_id(api: Api) -> str:
        found = await api.query("{ viewer { memberships { user { id } } } }")
        return found["viewer"]["memberships"][0]["user"]["id"]


class TestLastAdministrator:
    async def test_who_is_it_through_the_group_stays(
        self, organization: Organization, owner: Owner
    ) -> None:
        robot = await organization.user()
        group_id = await group(organization, organization.admin_id, robot)
        await grant(organization, group_id, ADMIN)
        await owner.take_grants(organization.admin_id)
        before = await owner.snapshot(organization.id)
        refused = await remove(organization.admin, group_id, [organization.admin_id])
        assert refused["__typename"] == "LastAdministratorError"
        assert await owner.snapshot(organization.id) == before
        assert (await remove(organization.admin, group_id, [robot]))["removedCount"] == 1

    async def test_with_another_person_in_it_goes(
        self, organization: Organization, owner: Owner
    ) -> None:
        (other,) = await people(organization, owner, 1)
        group_id = await group(organization, organization.admin_id, other)
        await grant(organization, group_id, ADMIN)
        await owner.take_grants(organization.admin_id)
        made = await remove(organization.admin, group_id, [organization.admin_id])
        assert made["removedCount"] == 1

    async def test_two_that_remove_each_other_leave_one(
        self, organization: Organization, owner: Owner
    ) -> None:
        (other,) = await people(organization, owner, 1)
        group_id = await group(organization, organization.admin_id, other)
        await grant(organization, group_id, ADMIN)
        await owner.take_grants(organization.admin_id)
        both = (organization.admin_id, other)
        await asyncio.gather(
            *(attempt(organization.admin, remove, group_id, [user_id]) for user_id in both)
        )
        assert await owner.count(organization.id, "member") == 1
