"""groups, group and node: what each filter keeps, pages, and who is in a group."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app import ids
from tests.api.grouping import create, find, grant, group, manager, people
from tests.api.listing import GROUPS
from tests.api_client import Api, Organization
from tests.owner import Owner, organization_key

MEMBERS = """query($g: ID!, $n: Int, $c: String) { group(id: $g) { members(first: $n, after: $c) {
    nodes { id } edges { cursor joinTime node { __typename id name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""


async def page(
    api: Api, group_id: str, first: int | None = None, after: str | None = None
) -> dict[str, Any]:
    found = await api.query(MEMBERS, g=group_id, n=first, c=after)
    return found["group"]["members"]


class TestFilters:
    async def test_table(self, organization: Organization) -> None:
        user_id, other_id = await organization.user("ci"), await organization.user("cd")
        names = {
            await group(organization, user_id, name="Ärzte"): "a",
            await group(organization, user_id, organization.admin_id, name="Bäcker"): "b",
            await group(organization, name="100% sure"): "c",
        }
        foreign = ids.member_id("user", uuid4(), uuid4())
        table: list[tuple[dict[str, Any], set[str]]] = [
            ({}, {"a", "b", "c"}),
            ({"search": None, "memberId": None}, {"a", "b", "c"}),
            ({"search": "ä"}, {"a", "b"}),
            ({"search": "A\u0308R"}, {"a"}),
            ({"search": "0% s"}, {"c"}),
            ({"search": "_"}, set()),
            ({"search": "  "}, {"a", "b", "c"}),
            ({"memberId": user_id}, {"a", "b"}),
            ({"memberId": organization.admin_id}, {"b"}),
            ({"memberId": other_id}, set()),
            ({"memberId": foreign}, set()),
            ({"memberId": user_id, "search": "bä"}, {"b"}),
        ]
        for keep, expected in table:
            found = await GROUPS.page(organization.admin, organization.id, keep=keep)
            assert {names[node["id"]] for node in found["nodes"]} == expected, keep


class TestPages:
    @pytest.mark.parametrize("field", ["CREATE_TIME", "NAME"])
    @pytest.mark.parametrize("direction", ["ASC", "DESC"])
    @pytest.mark.parametrize("by_member", [False, True])
    async def test_each_group_comes_once_in_order(
        self, organization: Organization, field: str, direction: str, by_member: bool
    ) -> None:
        names = ["b", "D", "a", "C", "e"]
        by_time = [await group(organization, organization.admin_id, name=name) for name in names]
        by_name = [group_id for _, group_id in sorted(zip("bdace", by_time, strict=True))]
        expected = by_time if field == "CREATE_TIME" else by_name
        found = await GROUPS.walk(
            organization.admin,
            organization.id,
            2,
            keep={"memberId": organization.admin_id} if by_member else None,
            order={"field": field, "direction": direction},
        )
        assert found == (expected if direction == "ASC" else expected[::-1])

    async def test_the_newest_first(self, organization: Organization) -> None:
        made = [await group(organization, name=name) for name in "abc"]
        assert await GROUPS.walk(organization.admin, organization.id) == made[::-1]


class TestMembers:
    async def test_pages_of_members(self, organization: Organization, owner: Owner) -> None:
        """Those who were added at once have one join time: the id decides."""
        users = sorted(await people(organization, owner, 5), reverse=True)
        group_id = await group(organization, *users)
        latest = await organization.user("latest")
        await organization.admin.mutate(
            "addGroupMembers", "addedCount", groupId=group_id, userIds=[latest]
        )
        walked: list[str] = []
        after: str | None = None
        for size in (4, 2):
            found = await page(organization.admin, group_id, 4, after)
            assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
            assert found["pageInfo"]["hasNextPage"] is (after is None)
            assert [edge["node"]["id"] for edge in found["edges"]] == [
                node["id"] for node in found["nodes"]
            ]
            assert len(found["nodes"]) == size
            after = found["pageInfo"]["endCursor"]
            assert after == found["edges"][-1]["cursor"]
            walked += [node["id"] for node in found["nodes"]]
        assert walked == [latest, *users]

    async def test_when_they_joined(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        before = datetime.now(UTC)
        group_id = await group(organization, user_id)
        (edge,) = (await page(organization.admin, group_id))["edges"]
        assert edge["node"] == {"__typename": "ApplicationUser", "id": user_id, "name": "ci"}
        joined = datetime.fromisoformat(edge["joinTime"])
        assert abs(joined - before) < timedelta(minutes=1)

    async def test_an_empty_page(self, organization: Organization) -> None:
        assert await page(organization.admin, await group(organization)) == {
            "nodes": [],
            "edges": [],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            },
        }

    @pytest.mark.parametrize(
        ("given", "path"), [({"n": 0}, "first"), ({"n": 101}, "first"), ({"c": "x"}, "after")]
    )
    async def test_bad_pages(
        self, organization: Organization, given: dict[str, Any], path: str
    ) -> None:
        answer = await organization.admin.run(MEMBERS, {"g": await group(organization)} | given)
        assert answer.codes == ["BAD_REQUEST"]
        assert answer.body["errors"][0]["extensions"]["fields"][0]["path"] == path


class TestHoldsPermissions:
    async def test_on_whatever_level(self, organization: Organization, owner: Owner) -> None:
        project = ids.member_id(
            "resource",
            organization_key(organization.id),
            await owner.project(organization.id),
        )
        empty, here, below = [await group(organization, name=name) for name in "abc"]
        await grant(organization, here)
        await grant(organization, below, "developer", project)
        api = await manager(organization, owner)
        for caller, may in ((organization.admin, True), (api, False)):
            for group_id, holds in ((empty, False), (here, True), (below, True)):
                found = await find(caller, group_id)
                assert found
                assert found["holdsPermissions"] is holds
                expected = may or not holds
                assert found["viewerCanUpdate"] is expected
                assert found["viewerCanDelete"] is found["viewerCanChangeMembers"] is expected


class TestOne:
    async def test_by_its_id(self, organization: Organization) -> None:
        made = await create(organization, "team", description="x")
        found = await organization.admin.query(
            """query($id: ID!) { group(id: $id) { id }
                node(id: $id) { __typename id ... on Group { name description } } }""",
            id=made["id"],
        )
        assert found == {
            "group": {"id": made["id"]},
            "node": {
                "__typename": "Group",
                "id": made["id"],
                "name": "team",
                "description": "x",
            },
        }

    async def test_nowhere(self, new_organization: Callable[[], Awaitable[Organization]]) -> None:
        ours, theirs = await new_organization(), await new_organization()
        for group_id in (
            await group(theirs),
            ids.member_id("group", organization_key(ours.id), uuid4()),
        ):
            found = await ours.admin.query(
                "query($id: ID!) { group(id: $id) { id } node(id: $id) { id } }", id=group_id
            )
            assert found == {"group": None, "node": None}


class TestForbidden:
    async def test_who_manages_application_users_sees_no_groups(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user("robot")
        await owner.grant(user_id, "organization:app_users:write")
        _, full = await organization.token(user_id)
        robot = organization.admin.with_token(full)
        group_id = await group(organization)
        for document, variables in (
            ("query($id: ID!) { group(id: $id) { id } }", {"id": group_id}),
            ("query($id: ID!) { node(id: $id) { id } }", {"id": group_id}),
            (
                "query($id: ID!) { groups(organizationId: $id) { nodes { id } } }",
                {"id": organization.id},
            ),
        ):
            answer = await robot.run(document, variables)
            assert answer.codes == ["FORBIDDEN"]

    async def test_reading_takes_a_scope(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user("robot")
        await owner.grant(user_id, "organization:groups:write")
        _, reading = await organization.token(user_id, scopes=["user:read"])
        reader = organization.admin.with_token(reading)
        group_id = await group(organization)
        found = await find(reader, group_id)
        assert found
        assert found["viewerCanUpdate"] is found["viewerCanChangeMembers"] is False
        answer = await reader.run(
            "mutation($i: UpdateGroupInput!) { updateGroup(input: $i) { __typename } }",
            {"i": {"groupId": group_id, "name": "crew"}},
        )
        assert answer.codes == ["FORBIDDEN"]
        assert "user:write" in answer.body["errors"][0]["message"]
