"""effectivePermissions: which grants it all comes from."""

from typing import Any

import pytest

from tests.api.estate import Estate, missing
from tests.api_client import Answer, Api

LOGS = "organization:event_logs:read"
READ = "project:services:read"
GONE = "service:gone:read"
DOCUMENT = """query($p: ID!, $r: ID!, $f: Int) {
    effectivePermissions(principalId: $p, resourceId: $r) {
        permissions sourceCount
        sources(first: $f) { granted resourceId groupId createTime createdBy { id } } } }"""
EXPLAIN = """query($p: ID!, $r: ID!, $n: String!) {
    explainPermission(principalId: $p, resourceId: $r, permission: $n) {
        granted resourceId groupId createTime createdBy { id } } }"""


async def ask(caller: Api, principal_id: str, resource_id: str, first: int | None = None) -> Answer:
    return await caller.run(DOCUMENT, {"p": principal_id, "r": resource_id, "f": first})


async def effective(
    estate: Estate, principal_id: str, resource_id: str, first: int | None = None
) -> dict[str, Any]:
    found = await ask(estate.organization.admin, principal_id, resource_id, first)
    return found.data["effectivePermissions"]


def brief(found: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(one["granted"], one["resourceId"], one["groupId"]) for one in found["sources"]]


class TestSources:
    async def test_every_grant_that_reaches_it(self, estate: Estate) -> None:
        here = estate.organization.id
        unit = await estate.unit()
        project = await estate.project(unit)
        user_id = await estate.organization.user()
        group = await estate.group(user_id)
        await estate.give(group, "read_only", here)
        await estate.give(user_id, GONE, project)
        await estate.give(user_id, "operator", unit)
        await estate.give(group, READ, unit)
        await estate.give(user_id, LOGS)
        await estate.give(await estate.group(), "admin", project)
        await estate.give(user_id, READ, await estate.project(unit))
        found = await effective(estate, user_id, project)
        assert brief(found) == [
            (GONE, project, None),
            ("operator", unit, None),
            (LOGS, here, None),
            ("read_only", here, group),
            (READ, unit, group),
        ]
        assert found["sourceCount"] == 5
        found = await effective(estate, group, project)
        assert brief(found) == [("read_only", here, None), (READ, unit, None)]
        found = await effective(estate, user_id, here)
        assert brief(found) == [(LOGS, here, None), ("read_only", here, group)]

    async def test_they_explain_each_permission(self, estate: Estate) -> None:
        """Those of them that are a permission, or a role that gives it, are its explanation."""
        user_id, project = await estate.organization.user(), await estate.project()
        group = await estate.group(user_id)
        await estate.act("grant", group, estate.organization.id, "read_only")
        await estate.act("grant", user_id, project, "developer")
        await estate.act("grant", user_id, estate.organization.id, LOGS)
        found = await effective(estate, user_id, project)
        assert LOGS in found["permissions"]
        assert READ in found["permissions"]
        for permission in found["permissions"]:
            explained = await estate.organization.admin.query(
                EXPLAIN, p=user_id, r=project, n=permission
            )
            sources = explained["explainPermission"]
            assert sources
            assert [one for one in found["sources"] if one in sources] == sources

    async def test_nothing(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        assert await effective(estate, user_id, await estate.project()) == {
            "permissions": [],
            "sourceCount": 0,
            "sources": [],
        }

    async def test_when_and_by_whom(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.act("grant", user_id, estate.organization.id, LOGS)
        await estate.give(user_id, READ)
        by_a_user, by_the_operator = (await effective(estate, user_id, estate.organization.id))[
            "sources"
        ]
        assert by_a_user["createdBy"] == {"id": estate.organization.admin_id}
        assert by_a_user["createTime"].endswith("Z")
        assert by_the_operator["createdBy"] is None


class TestMany:
    async def test_are_counted_and_the_first_are_told(self, estate: Estate) -> None:
        user_id, unit = await estate.organization.user(), await estate.unit()
        group = await estate.group(user_id)
        names = [f"service:gone{number:03}:read" for number in range(101)]
        for name in names:
            await estate.give(group, name)
        await estate.give(user_id, LOGS)
        for first, told in ((1, 1), (2, 2), (100, 100), (None, 50)):
            found = await effective(estate, user_id, unit, first)
            assert found["sourceCount"] == 102
            granted = [one["granted"] for one in found["sources"]]
            assert granted == [LOGS, *names[: told - 1]]

    @pytest.mark.parametrize("first", [0, -1, 101])
    async def test_no_page_is_of_so_many(self, estate: Estate, first: int) -> None:
        answer = await ask(
            estate.organization.admin, estate.organization.admin_id, estate.organization.id, first
        )
        (error,) = answer.body["errors"]
        assert error["extensions"]["fields"][0]["path"] == "first"
        assert error["extensions"]["fields"][0]["code"] == "OUT_OF_RANGE"


class TestOneself:
    async def test_needs_no_permission_but_for_the_giver(self, estate: Estate) -> None:
        user_id, project = await estate.organization.user(), await estate.project()
        group = await estate.group(user_id)
        await estate.give(group, "developer", project)
        _, full = await estate.organization.token(user_id)
        caller = estate.organization.admin.with_token(full)
        found = await caller.query(
            DOCUMENT.replace("createdBy { id }", ""), p=user_id, r=project, f=1
        )
        assert brief(found["effectivePermissions"]) == [("developer", project, group)]
        answer = await ask(caller, user_id, project)
        assert answer.codes == ["FORBIDDEN"]
        path = ["effectivePermissions", "sources", 0, "createdBy"]
        assert answer.body["errors"][0]["path"] == path
        assert brief(answer.body["data"]["effectivePermissions"]) == [("developer", project, group)]

    async def test_others_may_not_ask(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, LOGS)
        _, full = await estate.organization.token(user_id)
        caller = estate.organization.admin.with_token(full)
        for other in (estate.organization.admin_id, missing("group", estate.organization.id)):
            answer = await ask(caller, other, estate.organization.id)
            assert (answer.codes, answer.body["data"]) == (["FORBIDDEN"], None)
