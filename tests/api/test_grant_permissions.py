"""grantPermissions."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from app import permissions
from app.database import Database
from tests.api.estate import Estate, missing, principal, resource_key
from tests.api_client import Organization
from tests.owner import ADMIN

APP_USERS = "organization:app_users:write"
LOGS = "organization:event_logs:read"
DEVELOPER, READ_ONLY = "developer", "read_only"


class TestGranted:
    @pytest.mark.parametrize("who", ["application user", "person", "group"])
    @pytest.mark.parametrize(
        ("where", "kind"),
        [
            ("organization", "ORGANIZATION"),
            ("unit", "ORGANIZATIONAL_UNIT"),
            ("project", "PROJECT"),
        ],
    )
    async def test_to_anybody_on_anything(
        self, estate: Estate, who: str, where: str, kind: str
    ) -> None:
        unit = await estate.unit()
        on = {
            "organization": estate.organization.id,
            "unit": unit,
            "project": await estate.project(unit),
        }[where]
        to = {
            "application user": await estate.organization.user(),
            "person": await estate.person(),
            "group": await estate.group(),
        }[who]
        made = await estate.act("grant", to, on, READ_ONLY, DEVELOPER)
        assert made == {
            "__typename": "GrantPermissionsSuccess",
            "permissions": [DEVELOPER, READ_ONLY],
            "granted": [DEVELOPER, READ_ONLY],
        }
        assert await estate.held(to, on) == [DEVELOPER, READ_ONLY]
        assert await estate.events() == [
            {
                "action": "grant",
                "kind": kind,
                "target": resource_key(on),
                "principal": principal(to)[1],
                "actor": principal(estate.organization.admin_id)[1],
                "before": [],
                "after": [DEVELOPER, READ_ONLY],
            }
        ]

    async def test_what_is_held_stays(self, estate: Estate) -> None:
        to = await estate.organization.user()
        await estate.give(to, LOGS)
        made = await estate.act("grant", to, estate.organization.id, APP_USERS, LOGS)
        assert (made["permissions"], made["granted"]) == ([APP_USERS, LOGS], [APP_USERS])
        (event,) = await estate.events()
        assert (event["before"], event["after"]) == ([LOGS], [APP_USERS, LOGS])

    async def test_again_changes_nothing(self, estate: Estate) -> None:
        to = await estate.organization.user()
        await estate.act("grant", to, estate.organization.id, LOGS)
        before = await estate.owner.snapshot(estate.organization.id)
        made = await estate.act("grant", to, estate.organization.id, LOGS)
        assert (made["permissions"], made["granted"]) == ([LOGS], [])
        assert await estate.owner.snapshot(estate.organization.id) == before
        assert len(await estate.events()) == 1

    async def test_it_works_at_once(self, estate: Estate) -> None:
        """In the answer to the next request of a token that is older."""
        user_id = await estate.organization.user()
        _, full = await estate.organization.token(user_id)
        robot = estate.organization.admin.with_token(full)
        ask = f'{{ applicationUser(id: "{user_id}") {{ name }} }}'
        assert (await robot.run(ask)).codes == ["FORBIDDEN"]
        group = await estate.group(user_id)
        await estate.act("grant", group, estate.organization.id, APP_USERS)
        assert (await robot.query(ask))["applicationUser"] == {"name": "ci"}

    async def test_to_a_deactivated_user(self, estate: Estate) -> None:
        to = await estate.organization.user()
        await estate.set_state(to, "DEACTIVATED")
        made = await estate.act("grant", to, estate.organization.id, LOGS)
        assert made["granted"] == [LOGS]

    async def test_an_application_user_may_be_administrator(self, estate: Estate) -> None:
        """Super admin it cannot be; that is another thing, and nowhere in the catalogue."""
        to = await estate.organization.user()
        made = await estate.act("grant", to, estate.organization.id, ADMIN)
        assert made["granted"] == [ADMIN]

    async def test_when_and_by_whom_are_kept(self, estate: Estate) -> None:
        to = await estate.organization.user()
        await estate.act("grant", to, estate.organization.id, LOGS)
        row = await estate.owner.connection.fetchrow(
            "SELECT create_time, created_by FROM permission_grant"
            " WHERE organization_id = $1 AND principal_id = $2",
            *principal(to),
        )
        assert row is not None
        assert row["created_by"] == principal(estate.organization.admin_id)[1]
        assert abs(datetime.now(UTC) - row["create_time"]) < timedelta(minutes=1)

    async def test_a_name_that_left_the_catalogue_may_be_repeated(self, estate: Estate) -> None:
        to = await estate.organization.user()
        await estate.give(to, "gone:from:catalogue")
        made = await estate.act("grant", to, estate.organization.id, "gone:from:catalogue", LOGS)
        assert made["granted"] == [LOGS]


class TestInvalidInput:
    @pytest.mark.parametrize(
        ("what", "names", "problems"),
        [
            ("none", [], [("permissions", "TOO_SHORT")]),
            ("101", [f"a{n}" for n in range(101)], [("permissions", "TOO_LONG")]),
            ("unknown", [LOGS, "a:b"], [("permissions[1]", "UNKNOWN_VALUE")]),
            ("empty", [""], [("permissions[0]", "UNKNOWN_VALUE")]),
            ("NUL", [LOGS + "\0"], [("permissions[0]", "UNKNOWN_VALUE")]),
            ("upper case", [LOGS.upper()], [("permissions[0]", "UNKNOWN_VALUE")]),
            ("white space", [f" {LOGS}"], [("permissions[0]", "UNKNOWN_VALUE")]),
            ("everything", ["*"], [("permissions[0]", "UNKNOWN_VALUE")]),
            ("a scope", ["user:read"], [("permissions[0]", "UNKNOWN_VALUE")]),
            ("30000 characters", ["x" * 30000], [("permissions[0]", "UNKNOWN_VALUE")]),
            ("twice", [LOGS, APP_USERS, LOGS], [("permissions[2]", "DUPLICATE_VALUE")]),
            (
                "several at once",
                [LOGS, LOGS, "x"],
                [("permissions[1]", "DUPLICATE_VALUE"), ("permissions[2]", "UNKNOWN_VALUE")],
            ),
        ],
    )
    async def test_names(
        self, estate: Estate, what: str, names: list[str], problems: list[tuple[str, str]]
    ) -> None:
        to = await estate.organization.user()
        before = await estate.owner.snapshot(estate.organization.id)
        made = await estate.act("grant", to, estate.organization.id, *names)
        assert [(p["path"], p["code"]) for p in made["fields"]] == problems
        assert await estate.owner.snapshot(estate.organization.id) == before

    @pytest.mark.parametrize("name", [ADMIN, APP_USERS, LOGS])
    @pytest.mark.parametrize("level", ["unit", "project"])
    async def test_the_organization_alone_has_them(
        self, estate: Estate, name: str, level: str
    ) -> None:
        to = await estate.organization.user()
        on = await (estate.unit() if level == "unit" else estate.project())
        made = await estate.act("grant", to, on, READ_ONLY, name)
        (problem,) = made["fields"]
        assert (problem["path"], problem["code"]) == ("permissions[1]", "NOT_ALLOWED")
        assert "only on ORGANIZATION." in problem["message"]
        assert await estate.held(to, on) == []

    async def test_a_token_is_not_repeated(self, estate: Estate) -> None:
        to = await estate.organization.user()
        _, full = await estate.organization.token(to)
        made = await estate.act("grant", to, estate.organization.id, full)
        assert full not in str(made)


class TestNotFound:
    async def test_principal_or_resource(
        self, estate: Estate, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        other = Estate(await new_organization(), estate.owner)
        here, there = estate.organization.id, other.organization.id
        user, deleted = await estate.organization.user(), await estate.person()
        await estate.set_state(deleted, "DELETED")
        group, unit = await estate.group(), await estate.unit()
        before = await estate.owner.snapshot(here, there)
        for to in (
            await other.organization.user(),
            await other.group(),
            missing("user", there),
            missing("user", here),
            missing("group", here),
            deleted,
            # A thing of the other kind by the same key.
            group.replace("group_", "user_"),
            user.replace("user_", "group_"),
        ):
            made = await estate.act("grant", to, here, LOGS)
            assert made == {
                "__typename": "NotFoundError",
                "message": "There is no such user or group.",
            }
        for on in (
            there,
            await other.unit(),
            missing("resource", there),
            missing("resource", here),
            unit[:-22] + there[4:],
            (await other.unit())[:-22] + here[4:],
        ):
            made = await estate.act("grant", user, on, READ_ONLY)
            assert made == {"__typename": "NotFoundError", "message": "There is no such resource."}
        assert [row for row in before if row[0] == "grant"] == [
            row for row in await estate.owner.snapshot(here, there) if row[0] == "grant"
        ]
        assert await estate.events() == []


class TestForbidden:
    @pytest.mark.parametrize(
        "permission", [None, APP_USERS, "organization:groups:write", "organization:users:write"]
    )
    async def test_administrators_alone(self, estate: Estate, permission: str | None) -> None:
        user_id = await estate.organization.user()
        if permission:
            await estate.give(user_id, permission)
        _, full = await estate.organization.token(user_id)
        robot = estate.organization.admin.with_token(full)
        answer = await robot.run(
            """mutation($i: GrantPermissionsInput!) {
                grantPermissions(input: $i) { __typename } }""",
            {
                "i": {
                    "principalId": user_id,
                    "resourceId": estate.organization.id,
                    "permissions": [ADMIN],
                }
            },
        )
        assert answer.codes == ["FORBIDDEN"]
        assert ADMIN not in await estate.held(user_id)


class TestControl:
    async def test_without_the_level_a_unit_would_take_an_administrator(
        self, estate: Estate, monkeypatch: pytest.MonkeyPatch, database: Database
    ) -> None:
        async def always(*_: object) -> str:
            return "ORGANIZATION"

        monkeypatch.setattr(permissions, "_level", always)
        unit, user_id = await estate.unit(), await estate.organization.user()
        made = await estate.act("grant", user_id, unit, ADMIN)
        assert made["granted"] == [ADMIN]
