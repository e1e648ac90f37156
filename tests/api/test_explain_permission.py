"""explainPermission."""

from typing import Any

import pytest

from tests.api.estate import Estate, missing
from tests.api_client import Answer, Api
from tests.owner import ADMIN

LOGS = "organization:event_logs:read"
READ = "project:services:read"
DOCUMENT = """query($p: ID!, $r: ID!, $n: String!) {
    explainPermission(principalId: $p, resourceId: $r, permission: $n) {
        granted resourceId groupId createTime createdBy { id } } }"""


async def ask(caller: Api, principal_id: str, resource_id: str, permission: str) -> Answer:
    return await caller.run(DOCUMENT, {"p": principal_id, "r": resource_id, "n": permission})


async def explain(
    estate: Estate, principal_id: str, resource_id: str, permission: str
) -> list[dict[str, Any]]:
    found = await ask(estate.organization.admin, principal_id, resource_id, permission)
    return found.data["explainPermission"]


def brief(sources: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(one["granted"], one["resourceId"], one["groupId"]) for one in sources]


class TestSources:
    async def test_every_grant_that_gives_it(self, estate: Estate) -> None:
        here = estate.organization.id
        unit = await estate.unit()
        project = await estate.project(unit)
        user_id = await estate.organization.user()
        group = await estate.group(user_id)
        await estate.give(group, "read_only", here)
        await estate.give(user_id, READ, project)
        await estate.give(user_id, "operator", unit)
        await estate.give(group, READ, unit)
        await estate.give(user_id, "service:logs:read", project)
        await estate.give(await estate.group(), "admin", project)
        await estate.give(user_id, READ, await estate.project(unit))
        assert brief(await explain(estate, user_id, project, READ)) == [
            (READ, project, None),
            ("operator", unit, None),
            ("read_only", here, group),
            (READ, unit, group),
        ]
        assert brief(await explain(estate, group, project, READ)) == [
            ("read_only", here, None),
            (READ, unit, None),
        ]
        assert brief(await explain(estate, user_id, here, READ)) == [("read_only", here, group)]
        assert brief(await explain(estate, user_id, project, "operator")) == [
            ("operator", unit, None)
        ]
        assert await explain(estate, user_id, project, LOGS) == []

    async def test_when_and_by_whom(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.act("grant", user_id, estate.organization.id, LOGS)
        (source,) = await explain(estate, user_id, estate.organization.id, LOGS)
        assert source["createdBy"] == {"id": estate.organization.admin_id}
        assert source["createTime"].endswith("Z")

    async def test_the_operator_is_nobody(self, estate: Estate) -> None:
        admin_id = estate.organization.admin_id
        (source,) = await explain(estate, admin_id, await estate.project(), READ)
        assert (source["granted"], source["createdBy"]) == (ADMIN, None)
        assert source["resourceId"] == estate.organization.id

    async def test_revoking_each_source_takes_it(self, estate: Estate) -> None:
        user_id, project = await estate.organization.user(), await estate.project()
        group = await estate.group(user_id)
        for to, name, on in (
            (user_id, "read_only", project),
            (group, "admin", estate.organization.id),
        ):
            await estate.act("grant", to, on, name)
        for source in await explain(estate, user_id, project, READ):
            await estate.act(
                "revoke", source["groupId"] or user_id, source["resourceId"], source["granted"]
            )
        assert await explain(estate, user_id, project, READ) == []


class TestOutOfTheCatalogue:
    """A name that an operator took out of the catalogue, and that is still granted."""

    GONE = "service:gone:read"

    async def test_its_grants_and_no_role(self, estate: Estate) -> None:
        here = estate.organization.id
        unit = await estate.unit()
        user_id = await estate.organization.user()
        group = await estate.group(user_id)
        await estate.give(user_id, self.GONE, unit)
        await estate.give(group, self.GONE, here)
        await estate.give(user_id, "role:organization:admin")
        project = await estate.project(unit)
        assert brief(await explain(estate, user_id, project, self.GONE)) == [
            (self.GONE, unit, None),
            (self.GONE, here, group),
        ]
        for source in await explain(estate, user_id, project, self.GONE):
            await estate.act(
                "revoke", source["groupId"] or user_id, source["resourceId"], self.GONE
            )
        answer = await ask(estate.organization.admin, user_id, project, self.GONE)
        assert answer.body["errors"][0]["extensions"]["fields"][0]["code"] == "UNKNOWN_VALUE"

    async def test_others_may_not_ask(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.give(estate.organization.admin_id, self.GONE)
        _, full = await estate.organization.token(user_id)
        caller = estate.organization.admin.with_token(full)
        answer = await ask(caller, estate.organization.admin_id, estate.organization.id, self.GONE)
        assert answer.codes == ["FORBIDDEN"]


class TestOneself:
    async def test_needs_no_permission_but_for_the_giver(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        group = await estate.group(user_id)
        project = await estate.project()
        await estate.give(group, "developer", project)
        _, full = await estate.organization.token(user_id)
        caller = estate.organization.admin.with_token(full)
        found = await caller.query(
            DOCUMENT.replace("createdBy { id }", ""), p=user_id, r=project, n=READ
        )
        assert brief(found["explainPermission"]) == [("developer", project, group)]
        answer = await ask(caller, user_id, project, READ)
        assert answer.codes == ["FORBIDDEN"]
        assert answer.body["errors"][0]["path"] == ["explainPermission", 0, "createdBy"]
        assert brief(answer.body["data"]["explainPermission"]) == [("developer", project, group)]


class TestRefused:
    async def test_to_ask_about_others(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, LOGS)
        _, full = await estate.organization.token(user_id)
        caller = estate.organization.admin.with_token(full)
        for other in (estate.organization.admin_id, missing("group", estate.organization.id)):
            answer = await ask(caller, other, estate.organization.id, LOGS)
            assert answer.codes == ["FORBIDDEN"]

    @pytest.mark.parametrize("name", ["", "a:b", "*", "user:read", LOGS + "\0", "x" * 30000])
    async def test_unknown_permissions(self, estate: Estate, name: str) -> None:
        answer = await ask(
            estate.organization.admin, estate.organization.admin_id, estate.organization.id, name
        )
        (error,) = answer.body["errors"]
        assert error["extensions"]["fields"][0]["path"] == "permission"
        assert error["extensions"]["fields"][0]["code"] == "UNKNOWN_VALUE"

    async def test_what_is_missing(self, estate: Estate) -> None:
        here = estate.organization.id
        for to, on in (
            (missing("user", here), here),
            (estate.organization.admin_id, missing("resource", here)),
        ):
            answer = await ask(estate.organization.admin, to, on, LOGS)
            assert "There is no such" in answer.body["errors"][0]["message"]
