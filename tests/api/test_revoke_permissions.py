"""revokePermissions, and the administrator that an organization keeps."""

import pytest

from app import administrators
from tests.api.estate import Estate, missing, principal, resource_key
from tests.owner import ADMIN

APP_USERS = "organization:app_users:write"
LOGS = "organization:event_logs:read"
DEVELOPER, READ_ONLY = "developer", "read_only"


class TestRevoked:
    @pytest.mark.parametrize("who", ["application user", "person", "group"])
    @pytest.mark.parametrize("where", ["organization", "unit", "project"])
    async def test_from_anybody_on_anything(self, estate: Estate, who: str, where: str) -> None:
        on = {
            "organization": estate.organization.id,
            "unit": await estate.unit(),
            "project": await estate.project(),
        }[where]
        holder = {
            "application user": await estate.organization.user(),
            "person": await estate.person(),
            "group": await estate.group(),
        }[who]
        for name in (READ_ONLY, DEVELOPER, "operator"):
            await estate.give(holder, name, on)
        made = await estate.act("revoke", holder, on, READ_ONLY, "operator")
        assert made == {
            "__typename": "RevokePermissionsSuccess",
            "permissions": [DEVELOPER],
            "revoked": ["operator", READ_ONLY],
        }
        assert await estate.held(holder, on) == [DEVELOPER]
        (event,) = await estate.events()
        assert event["action"] == "revoke"
        assert (event["target"], event["principal"]) == (resource_key(on), principal(holder)[1])
        assert event["before"] == [DEVELOPER, "operator", READ_ONLY]
        assert event["after"] == [DEVELOPER]

    async def test_again_changes_nothing(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, LOGS)
        await estate.act("revoke", user_id, estate.organization.id, LOGS)
        before = await estate.owner.snapshot(estate.organization.id)
        made = await estate.act("revoke", user_id, estate.organization.id, LOGS)
        assert (made["permissions"], made["revoked"]) == ([], [])
        assert await estate.owner.snapshot(estate.organization.id) == before
        assert len(await estate.events()) == 1

    async def test_other_places_keep_theirs(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        unit, group = await estate.unit(), await estate.group(user_id)
        for holder, on in ((user_id, None), (user_id, unit), (group, unit)):
            await estate.give(holder, READ_ONLY, on)
        await estate.act("revoke", user_id, unit, READ_ONLY)
        assert await estate.held(user_id) == [READ_ONLY]
        assert await estate.held(group, unit) == [READ_ONLY]
        assert await estate.held(user_id, unit) == []

    async def test_what_a_role_includes_is_not_taken_from_its_holder(self, estate: Estate) -> None:
        user_id, project = await estate.organization.user(), await estate.project()
        await estate.give(user_id, DEVELOPER, project)
        made = await estate.act("revoke", user_id, project, READ_ONLY)
        assert (made["permissions"], made["revoked"]) == ([DEVELOPER], [])

    async def test_it_works_at_once(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        group = await estate.group(user_id)
        await estate.give(group, APP_USERS)
        _, full = await estate.organization.token(user_id)
        robot = estate.organization.admin.with_token(full)
        ask = f'{{ applicationUser(id: "{user_id}") {{ name }} }}'
        assert (await robot.query(ask))["applicationUser"] == {"name": "ci"}
        await estate.act("revoke", group, estate.organization.id, APP_USERS)
        assert (await robot.run(ask)).codes == ["FORBIDDEN"]

    async def test_a_name_that_left_the_catalogue(self, estate: Estate) -> None:
        """What is held can be taken, whatever the operator did to the catalogue since."""
        user_id, unit = await estate.organization.user(), await estate.unit()
        await estate.give(user_id, "gone:from:catalogue", unit)
        await estate.give(user_id, LOGS, unit)
        made = await estate.act("revoke", user_id, unit, "gone:from:catalogue", LOGS)
        assert made["revoked"] == ["gone:from:catalogue", LOGS]


class TestInvalidInput:
    @pytest.mark.parametrize(
        ("names", "path", "code"),
        [
            ([], "permissions", "TOO_SHORT"),
            ([LOGS] * 101, "permissions", "TOO_LONG"),
            ([LOGS, "a:b"], "permissions[1]", "UNKNOWN_VALUE"),
            (["\0"], "permissions[0]", "UNKNOWN_VALUE"),
            ([LOGS, LOGS], "permissions[1]", "DUPLICATE_VALUE"),
        ],
    )
    async def test_names(self, estate: Estate, names: list[str], path: str, code: str) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, LOGS)
        made = await estate.act("revoke", user_id, estate.organization.id, *names)
        (problem,) = made["fields"]
        assert (problem["path"], problem["code"]) == (path, code)
        assert await estate.held(user_id) == [LOGS]

    async def test_at_a_level_that_cannot_have_it(self, estate: Estate) -> None:
        made = await estate.act(
            "revoke", await estate.organization.user(), await estate.project(), LOGS
        )
        assert made["fields"][0]["code"] == "NOT_ALLOWED"


class TestNotFound:
    async def test_principal_or_resource(self, estate: Estate) -> None:
        here = estate.organization.id
        user_id = await estate.organization.user()
        made = await estate.act("revoke", missing("group", here), here, LOGS)
        assert made["__typename"] == "NotFoundError"
        made = await estate.act("revoke", user_id, missing("resource", here), READ_ONLY)
        assert made["__typename"] == "NotFoundError"


class TestLastAdministrator:
    async def kept(self, estate: Estate, holder: str, *names: str) -> None:
        """Assert that the holder cannot lose these, and that nothing changes."""
        before = await estate.owner.snapshot(estate.organization.id)
        for verb, given in (("revoke", names), ("set", (LOGS,)), ("set", ())):
            made = await estate.act(verb, holder, estate.organization.id, *given)
            assert made["__typename"] == "LastAdministratorError", made
            assert "another person administrator" in made["message"]
        assert await estate.owner.snapshot(estate.organization.id) == before
        assert await estate.events() == []

    async def test_the_only_one(self, estate: Estate) -> None:
        await estate.give(estate.organization.admin_id, LOGS)
        await self.kept(estate, estate.organization.admin_id, LOGS, ADMIN)

    async def test_with_an_administrator_that_is_no_person(self, estate: Estate) -> None:
        robot = await estate.organization.user()
        await estate.give(robot)
        await estate.give(await estate.group(robot))
        await self.kept(estate, estate.organization.admin_id, ADMIN)

    @pytest.mark.parametrize("state", ["DEACTIVATED", "DELETED"])
    async def test_with_another_that_cannot_act(self, estate: Estate, state: str) -> None:
        other = await estate.person()
        await estate.give(other)
        await estate.set_state(other, state)
        await self.kept(estate, estate.organization.admin_id, ADMIN)

    async def test_with_a_group_that_nobody_is_in(self, estate: Estate) -> None:
        await estate.give(await estate.group())
        await self.kept(estate, estate.organization.admin_id, ADMIN)

    async def test_with_a_person_that_may_much_else(self, estate: Estate) -> None:
        other = await estate.person()
        await estate.give(other, APP_USERS)
        await estate.give(other, "organization:users:write")
        await self.kept(estate, estate.organization.admin_id, ADMIN)

    async def test_through_a_group(self, estate: Estate) -> None:
        group = await estate.group(estate.organization.admin_id, await estate.organization.user())
        await estate.give(group)
        made = await estate.act(
            "revoke", estate.organization.admin_id, estate.organization.id, ADMIN
        )
        assert made["revoked"] == [ADMIN]
        await self.kept_by_group(estate, group)

    async def kept_by_group(self, estate: Estate, group: str) -> None:
        for verb, given in (("revoke", (ADMIN,)), ("set", ())):
            made = await estate.act(verb, group, estate.organization.id, *given)
            assert made["__typename"] == "LastAdministratorError", made
        assert await estate.held(group) == [ADMIN]

    @pytest.mark.parametrize("how", ["directly", "through a group"])
    async def test_with_another_it_may_go(self, estate: Estate, how: str) -> None:
        other = await estate.person()
        await estate.give(other if how == "directly" else await estate.group(other))
        made = await estate.act(
            "revoke", estate.organization.admin_id, estate.organization.id, ADMIN
        )
        assert made["revoked"] == [ADMIN]

    async def test_what_is_no_administration_may_go(self, estate: Estate) -> None:
        admin_id = estate.organization.admin_id
        await estate.give(admin_id, LOGS)
        made = await estate.act("revoke", admin_id, estate.organization.id, LOGS)
        assert made["revoked"] == [LOGS]

    async def test_control_without_the_look(
        self, estate: Estate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def always(*_: object) -> bool:
            return True

        monkeypatch.setattr(administrators.permissions, "has_administrator", always)
        made = await estate.act(
            "revoke", estate.organization.admin_id, estate.organization.id, ADMIN
        )
        assert made["revoked"] == [ADMIN]
        found = await estate.organization.admin.query("{ viewer { memberships { permissions } } }")
        assert found["viewer"]["memberships"] == [{"permissions": []}]
