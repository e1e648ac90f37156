"""addGroupMembers and removeGroupMembers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest

from app import ids
from app.group_members import MISSING_USER
from tests.api.grouping import (
    add,
    delete_user,
    events,
    grant,
    group,
    manager,
    members,
    people,
    remove,
)
from tests.api_client import Api, Organization
from tests.owner import Owner, organization_key, user_key

Act = Callable[[Api, str, Sequence[str]], Awaitable[dict[str, Any]]]
BOTH = pytest.mark.parametrize("act", [add, remove])


def foreign(organization: Organization, user_id: str) -> dict[str, str]:
    """Return ids that lead to no user of an organization, one of them another's."""
    own, (other, theirs) = organization_key(organization.id), user_key(user_id)
    return {
        "foreign": user_id,
        "missing there": ids.member_id("user", other, uuid4()),
        "missing with its organization": ids.member_id("user", uuid4(), uuid4()),
        "missing here": ids.member_id("user", own, uuid4()),
        "grafted": ids.member_id("user", own, theirs),
    }


class TestAdded:
    async def test_people_and_application_users(self, organization: Organization) -> None:
        users = [organization.admin_id, await organization.user()]
        group_id = await group(organization)
        made = await add(organization.admin, group_id, users)
        assert made == {"__typename": "AddGroupMembersSuccess", "addedCount": 2}
        assert await members(organization, group_id) == set(users)

    async def test_deactivated_ones_too(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        group_id = await group(organization, user_id)
        assert await members(organization, group_id) == {user_id}

    async def test_who_is_in_it_already_counts_as_done(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        group_id = await group(organization, user_id)
        before = await owner.snapshot(organization.id)
        assert (await add(organization.admin, group_id, [user_id]))["addedCount"] == 0
        assert await owner.snapshot(organization.id) == before
        both = [user_id, organization.admin_id]
        assert (await add(organization.admin, group_id, both))["addedCount"] == 1

    async def test_a_line_in_the_trail_for_each(
        self, organization: Organization, owner: Owner
    ) -> None:
        one, two = await organization.user("one"), await organization.user("two")
        group_id = await group(organization, one)
        await add(organization.admin, group_id, [one, two])
        assert (await events(owner, group_id))[1:] == [
            ("group:member:add", one, {"member": {"before": None, "after": one}}),
            ("group:member:add", two, {"member": {"before": None, "after": two}}),
        ]

    async def test_what_the_group_holds_is_theirs_from_the_answer_on(
        self, organization: Organization
    ) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        robot = organization.admin.with_token(full)
        query = "query($o: ID!) { applicationUsers(organizationId: $o) { nodes { id } } }"
        group_id = await group(organization)
        await grant(organization, group_id)
        assert (await robot.run(query, {"o": organization.id})).codes == ["FORBIDDEN"]
        await add(organization.admin, group_id, [user_id])
        assert (await robot.run(query, {"o": organization.id})).codes == []
        await remove(organization.admin, group_id, [user_id])
        assert (await robot.run(query, {"o": organization.id})).codes == ["FORBIDDEN"]

    async def test_by_who_manages_groups(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        await owner.grant(user_id)
        api = await manager(organization, owner)
        group_id = await group(organization)
        await grant(organization, await group(organization, user_id, name="another"))
        assert (await add(api, group_id, [user_id]))["addedCount"] == 1
        assert (await remove(api, group_id, [user_id]))["removedCount"] == 1


class TestRemoved:
    async def test_they_are_out(self, organization: Organization) -> None:
        one, two = await organization.user("one"), await organization.user("two")
        group_id = await group(organization, one, two)
        assert await remove(organization.admin, group_id, [one]) == {
            "__typename": "RemoveGroupMembersSuccess",
            "removedCount": 1,
        }
        assert await members(organization, group_id) == {two}

    async def test_who_is_not_in_it_counts_as_done(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        group_id = await group(organization)
        before = await owner.snapshot(organization.id)
        assert (await remove(organization.admin, group_id, [user_id]))["removedCount"] == 0
        assert await owner.snapshot(organization.id) == before

    async def test_a_line_in_the_trail_for_each(
        self, organization: Organization, owner: Owner
    ) -> None:
        one, two = await organization.user("one"), await organization.user("two")
        group_id = await group(organization, one)
        await remove(organization.admin, group_id, [two, one])
        assert (await events(owner, group_id))[2:] == [
            ("group:member:remove", one, {"member": {"before": one, "after": None}})
        ]

    async def test_a_deleted_user_is_in_no_group(self, organization: Organization) -> None:
        user_id = await organization.user()
        group_id = await group(organization, user_id)
        await delete_user(organization, user_id)
        assert await members(organization, group_id) == set()


class TestNotFound:
    @BOTH
    async def test_one_that_leads_nowhere_stops_all(
        self,
        new_organization: Callable[[], Awaitable[Organization]],
        owner: Owner,
        act: Act,
    ) -> None:
        ours, theirs = await new_organization(), await new_organization()
        inside, outside = await ours.user("inside"), await ours.user("outside")
        group_id = await group(ours, inside)
        wrong = foreign(ours, await theirs.user("theirs"))
        gone = await ours.user("gone")
        await delete_user(ours, gone)
        wrong["deleted"] = gone
        before = await owner.snapshot(ours.id, theirs.id)
        answers = {
            what: await act(ours.admin, group_id, [inside, outside, user_id])
            for what, user_id in wrong.items()
        }
        refused = {"__typename": "NotFoundError", "message": MISSING_USER}
        assert answers == dict.fromkeys(wrong, refused)
        assert await owner.snapshot(ours.id, theirs.id) == before

    @BOTH
    async def test_the_group(
        self, new_organization: Callable[[], Awaitable[Organization]], act: Act
    ) -> None:
        ours, theirs = await new_organization(), await new_organization()
        user_id = await ours.user()
        own = organization_key(ours.id)
        for missing in (await group(theirs), ids.member_id("group", own, uuid4())):
            assert await act(ours.admin, missing, [user_id]) == {
                "__typename": "NotFoundError",
                "message": "There is no such group.",
            }


class TestInvalidInput:
    @BOTH
    async def test_the_longest_list(
        self, organization: Organization, owner: Owner, act: Act
    ) -> None:
        group_id = await group(organization)
        users = await people(organization, owner, 1001)
        if act is remove:
            await add(organization.admin, group_id, users[:1000])
        before = await owner.snapshot(organization.id)
        refused = await act(organization.admin, group_id, users)
        assert refused["fields"] == [
            {"path": "userIds", "code": "TOO_LONG", "message": "userIds has at most 1000 ids."}
        ]
        assert await owner.snapshot(organization.id) == before
        made = await act(organization.admin, group_id, users[:1000])
        assert 1000 in (made.get("addedCount"), made.get("removedCount"))
        lines = await events(owner, group_id)
        assert len({user_id for _, user_id, _ in lines}) == 1001

    @BOTH
    async def test_every_wrong_one_is_named(
        self, organization: Organization, owner: Owner, act: Act
    ) -> None:
        user_id = await organization.user()
        group_id = await group(organization)
        before = await owner.snapshot(organization.id)
        wrong = [user_id, "rubbish", organization.id, user_id]
        refused = await act(organization.admin, group_id, wrong)
        assert [(field["path"], field["code"]) for field in refused["fields"]] == [
            ("userIds[1]", "INVALID_ID"),
            ("userIds[2]", "INVALID_ID"),
            ("userIds[3]", "DUPLICATE_VALUE"),
        ]
        assert await owner.snapshot(organization.id) == before

    @BOTH
    async def test_an_empty_list(self, organization: Organization, act: Act) -> None:
        refused = await act(organization.admin, await group(organization), [])
        assert refused["fields"] == [
            {"path": "userIds", "code": "TOO_SHORT", "message": "userIds names at least one."}
        ]


class TestTogether:
    async def test_eight_that_add_the_same_add_each_once(
        self, organization: Organization, owner: Owner
    ) -> None:
        users = await people(organization, owner, 20)
        group_id = await group(organization)
        made = await asyncio.gather(
            *(add(organization.admin, group_id, users[:: (-1) ** n]) for n in range(8))
        )
        assert sorted(one["addedCount"] for one in made) == [0] * 7 + [20]
        assert len(await members(organization, group_id)) == 20
