"""setPermissions."""

import pytest

from tests.api.estate import Estate, missing
from tests.conftest import CATALOGUE
from tests.owner import ADMIN

APP_USERS = "organization:app_users:write"
GROUPS = "organization:groups:write"
LOGS = "organization:event_logs:read"
READ_ONLY = "read_only"


class TestSet:
    @pytest.mark.parametrize(
        ("held", "asked", "granted", "revoked"),
        [
            ([], [LOGS], [LOGS], []),
            ([LOGS], [], [], [LOGS]),
            ([], [], [], []),
            ([APP_USERS, LOGS], [LOGS, APP_USERS], [], []),
            ([APP_USERS, LOGS], [LOGS, GROUPS], [GROUPS], [APP_USERS]),
            (["gone:from:catalogue", LOGS], [LOGS], [], ["gone:from:catalogue"]),
            (["gone:from:catalogue"], ["gone:from:catalogue", LOGS], [LOGS], []),
        ],
    )
    @pytest.mark.parametrize("who", ["user", "group"])
    async def test_exactly_these(
        self,
        estate: Estate,
        who: str,
        held: list[str],
        asked: list[str],
        granted: list[str],
        revoked: list[str],
    ) -> None:
        to = await (estate.organization.user() if who == "user" else estate.group())
        for name in held:
            await estate.give(to, name)
        made = await estate.act("set", to, estate.organization.id, *asked)
        assert made == {
            "__typename": "SetPermissionsSuccess",
            "permissions": sorted(asked),
            "granted": granted,
            "revoked": revoked,
        }
        assert await estate.held(to) == sorted(asked)
        kept = sorted(set(held) & set(asked))
        expected = [("revoke", sorted(held), kept)] if revoked else []
        expected += [("grant", kept, sorted(asked))] if granted else []
        events = await estate.events()
        told = [(event["action"], event["before"], event["after"]) for event in events]
        assert told == expected

    async def test_other_places_keep_theirs(self, estate: Estate) -> None:
        user_id, unit = await estate.organization.user(), await estate.unit()
        group = await estate.group(user_id)
        await estate.give(user_id, LOGS)
        await estate.give(group, READ_ONLY, unit)
        await estate.give(user_id, READ_ONLY, unit)
        await estate.act("set", user_id, unit, "developer")
        assert await estate.held(user_id) == [LOGS]
        assert await estate.held(group, unit) == [READ_ONLY]
        assert await estate.held(user_id, unit) == ["developer"]

    async def test_a_kept_grant_keeps_its_time(self, estate: Estate) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, LOGS)
        sql = """SELECT create_time FROM permission_grant
                  WHERE organization_id = $1 AND permission = $2"""
        before = await estate.owner.connection.fetchval(sql, estate.key, LOGS)
        await estate.act("set", user_id, estate.organization.id, LOGS, GROUPS)
        assert await estate.owner.connection.fetchval(sql, estate.key, LOGS) == before

    async def test_every_name_of_a_level_at_once(self, estate: Estate) -> None:
        for on, level in (
            (estate.organization.id, "ORGANIZATION"),
            (await estate.unit(), "ORGANIZATIONAL_UNIT"),
            (await estate.project(), "PROJECT"),
        ):
            names = sorted(n for n, entry in CATALOGUE.entries.items() if level in entry.levels)
            made = await estate.act("set", await estate.person(), on, *names)
            assert made["granted"] == names


class TestInvalidInput:
    @pytest.mark.parametrize(
        ("names", "path", "code"),
        [
            ([LOGS] * 101, "permissions", "TOO_LONG"),
            (["a:b"], "permissions[0]", "UNKNOWN_VALUE"),
            ([LOGS, GROUPS, LOGS], "permissions[2]", "DUPLICATE_VALUE"),
        ],
    )
    async def test_names(self, estate: Estate, names: list[str], path: str, code: str) -> None:
        user_id = await estate.organization.user()
        await estate.give(user_id, APP_USERS)
        made = await estate.act("set", user_id, estate.organization.id, *names)
        (problem,) = made["fields"]
        assert (problem["path"], problem["code"]) == (path, code)
        assert await estate.held(user_id) == [APP_USERS]

    async def test_at_a_level_that_cannot_have_it(self, estate: Estate) -> None:
        made = await estate.act("set", await estate.person(), await estate.unit(), READ_ONLY, ADMIN)
        (problem,) = made["fields"]
        assert (problem["path"], problem["code"]) == ("permissions[1]", "NOT_ALLOWED")


class TestNotFound:
    async def test_principal_or_resource(self, estate: Estate) -> None:
        here = estate.organization.id
        for to, on in (
            (missing("user", here), here),
            (await estate.organization.user(), missing("resource", here)),
        ):
            made = await estate.act("set", to, on)
            assert made["__typename"] == "NotFoundError"
