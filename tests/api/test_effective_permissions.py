"""effectivePermissions."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.api.estate import Estate, missing
from tests.api_client import Answer, Api, Organization
from tests.conftest import CATALOGUE
from tests.owner import ADMIN

APP_USERS = "organization:app_users:write"
LOGS = "organization:event_logs:read"
READ_ONLY = sorted(CATALOGUE.expand(["read_only"]))
DOCUMENT = """query($p: ID!, $r: ID!) {
    effectivePermissions(principalId: $p, resourceId: $r) { permissions } }"""


async def ask(caller: Api, principal_id: str, resource_id: str) -> Answer:
    return await caller.run(DOCUMENT, {"p": principal_id, "r": resource_id})


async def effective(estate: Estate, principal_id: str, resource_id: str) -> list[str]:
    found = (await ask(estate.organization.admin, principal_id, resource_id)).data
    return found["effectivePermissions"]["permissions"]


async def robot(estate: Estate, user_id: str, **fields: Any) -> Api:
    """Return an application user as a caller."""
    _, full = await estate.organization.token(user_id, **fields)
    return estate.organization.admin.with_token(full)


class TestAddedUp:
    async def test_over_levels_and_groups(self, estate: Estate) -> None:
        here = estate.organization.id
        unit = await estate.unit()
        inner = await estate.unit(unit)
        project, beside = await estate.project(inner), await estate.project(unit)
        user_id = await estate.organization.user()
        group = await estate.group(user_id, await estate.person())
        await estate.give(user_id, LOGS)
        await estate.give(user_id, "service:logs:read", project)
        await estate.give(group, "read_only", inner)
        await estate.give(group, "service:metrics:read", beside)
        await estate.give(await estate.group(), "admin", unit)
        await estate.give(await estate.person(), "operator", project)
        assert await effective(estate, user_id, here) == [LOGS]
        assert await effective(estate, user_id, unit) == [LOGS]
        assert await effective(estate, user_id, inner) == sorted([LOGS, *READ_ONLY])
        assert await effective(estate, user_id, project) == sorted(
            [LOGS, "service:logs:read", *READ_ONLY]
        )
        assert await effective(estate, user_id, beside) == [LOGS, "service:metrics:read"]
        assert await effective(estate, group, project) == READ_ONLY
        assert await effective(estate, group, beside) == ["service:metrics:read"]
        assert await effective(estate, await estate.person(), project) == []

    async def test_an_administrator_may_everything(self, estate: Estate) -> None:
        everything = sorted(CATALOGUE.entries)
        project = await estate.project(await estate.unit())
        for on in (estate.organization.id, project):
            assert await effective(estate, estate.organization.admin_id, on) == everything

    async def test_what_the_catalogue_does_not_have_gives_nothing(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, "gone:from:catalogue")
        assert await effective(estate, user_id, estate.organization.id) == []

    async def test_a_deactivated_user_keeps_its_own(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, LOGS)
        await estate.set_state(user_id, "DEACTIVATED")
        assert await effective(estate, user_id, estate.organization.id) == [LOGS]


class TestOneself:
    async def test_needs_no_permission(self, estate: Estate) -> None:
        user_id, project = await estate.organization.user(), await estate.project()
        await estate.give(await estate.group(user_id), "read_only", project)
        caller = await robot(estate, user_id)
        found = (await ask(caller, user_id, project)).data
        assert found["effectivePermissions"] == {"permissions": READ_ONLY}
        found = (await ask(caller, user_id, estate.organization.id)).data
        assert found["effectivePermissions"] == {"permissions": []}

    async def test_nor_a_scope(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        caller = await robot(estate, user_id, scopes=["billing:read"])
        assert (await ask(caller, user_id, estate.organization.id)).codes == []

    async def test_a_missing_resource_is_missing(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        answer = await ask(
            await robot(estate, user_id), user_id, missing("resource", estate.organization.id)
        )
        assert answer.body["errors"][0]["message"] == "There is no such resource."


class TestForbidden:
    @pytest.mark.parametrize("permission", [None, APP_USERS, LOGS, "organization:users:write"])
    async def test_to_ask_about_others(self, estate: Estate, permission: str | None) -> None:
        user_id = await estate.organization.user()
        if permission:
            await estate.give(user_id, permission)
        caller = await robot(estate, user_id)
        group = await estate.group(user_id)
        own_as_group = user_id.replace("user_", "group_")
        for other in (
            estate.organization.admin_id,
            group,
            own_as_group,
            missing("user", estate.organization.id),
        ):
            answer = await ask(caller, other, estate.organization.id)
            assert answer.codes == ["FORBIDDEN"]
            assert ADMIN in answer.body["errors"][0]["message"]
            assert answer.body["data"] is None


class TestNotFound:
    async def test_principal_or_resource(
        self, estate: Estate, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        other = Estate(await new_organization(), estate.owner)
        here, there = estate.organization.id, other.organization.id
        user, deleted = await estate.organization.user(), await estate.person()
        await estate.give(deleted, LOGS)
        await estate.set_state(deleted, "DELETED")
        group, unit = await estate.group(), await other.unit()
        for to in (
            await other.organization.user(),
            await other.group(),
            missing("user", there),
            missing("group", here),
            deleted,
            group.replace("group_", "user_"),
            user.replace("user_", "group_"),
        ):
            answer = await ask(estate.organization.admin, to, here)
            assert answer.body["errors"][0]["message"] == "There is no such user or group."
            assert answer.codes == ["BAD_REQUEST"]
        for on in (there, unit, missing("resource", here), unit[:-22] + here[4:]):
            answer = await ask(estate.organization.admin, user, on)
            assert answer.body["errors"][0]["message"] == "There is no such resource."
            assert answer.codes == ["BAD_REQUEST"]

    @pytest.mark.parametrize(
        ("principal_id", "resource_id", "named"),
        [
            ("rubbish", "%org", "principalId"),
            ("%org", "%org", "principalId"),
            ("%user", "%user", "resourceId"),
            ("%user", "", "resourceId"),
            ("%user", "resource_\0", "resourceId"),
        ],
    )
    async def test_no_ids(
        self, estate: Estate, principal_id: str, resource_id: str, named: str
    ) -> None:
        real = {"%org": estate.organization.id, "%user": estate.organization.admin_id}
        answer = await ask(
            estate.organization.admin,
            real.get(principal_id, principal_id),
            real.get(resource_id, resource_id),
        )
        (error,) = answer.body["errors"]
        assert error["extensions"]["fields"][0]["path"] == named
        assert error["extensions"]["fields"][0]["code"] == "INVALID_ID"
