"""One statement of a request resolves permissions, however many groups, levels and questions."""

import functools
from collections.abc import AsyncGenerator

import pytest
from asyncpg.connection import LoggedQuery
from strawberry.dataloader import DataLoader

from db.authority import FIND_SQL
from tests.api.estate import Estate
from tests.api_client import Api
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.service import Service, started
from tests.statements import statements, watched

LOGS = "organization:event_logs:read"


@pytest.fixture(scope="module")
async def narrow(urls: Urls) -> AsyncGenerator[Service]:
    """An application with a single connection, so that one logger sees every statement."""
    settings = settings_for(urls, database_connections=1, activity_flush_seconds=60)
    async with started(settings) as running:
        yield running


@pytest.fixture
async def caller(narrow: Service, estate: Estate) -> Api:
    """The administrator, as a caller of the application that is watched."""
    return await narrow.caller(token=estate.organization.admin.token)


def about(*asked: tuple[str, str]) -> str:
    """Return a document that asks what each holds on something, and why."""
    return " ".join(
        f"""a{n}: effectivePermissions(principalId: "{who}", resourceId: "{on}") {{ permissions }}
        s{n}: effectivePermissions(principalId: "{who}", resourceId: "{on}") {{
            permissions sourceCount sources {{ granted groupId }} }}
        b{n}: explainPermission(principalId: "{who}", resourceId: "{on}", permission: "{LOGS}") {{
            granted groupId }}"""
        for n, (who, on) in enumerate(asked)
    ).join("{}")


async def grow(estate: Estate, groups: int, levels: int) -> tuple[str, str]:
    """Return a user in so many groups, each granted something on each of so many levels."""
    user_id = await estate.person()
    on = [estate.organization.id]
    for _ in range(levels):
        on.append(await estate.unit(on[-1] if len(on) > 1 else None))
    for _ in range(groups):
        group = await estate.group(user_id)
        await estate.give(group, LOGS)
        for level in on:
            await estate.give(group, "read_only", level)
    return user_id, on[-1]


async def count(narrow: Service, caller: Api, document: str) -> int:
    async with statements(narrow) as seen:
        await caller.query(document)
    assert sum("permission_grant" in sql for sql in seen) >= 1
    return len(seen)


class TestOneStatement:
    @pytest.mark.parametrize(("groups", "levels"), [(0, 0), (1, 1), (30, 8)])
    async def test_whatever_there_is(
        self, estate: Estate, narrow: Service, caller: Api, groups: int, levels: int
    ) -> None:
        user_id, on = await grow(estate, groups, levels)
        # Beside it there is the look-up of the token.
        assert await count(narrow, caller, about((user_id, on))) == 2

    async def test_whatever_is_asked(self, estate: Estate, narrow: Service, caller: Api) -> None:
        user_id, on = await grow(estate, 3, 3)
        group, here = await estate.group(), estate.organization.id
        asked = [(user_id, on), (user_id, here), (group, on), (estate.organization.admin_id, on)]
        assert await count(narrow, caller, about(*asked)) == 2

    async def test_about_oneself(self, estate: Estate, narrow: Service) -> None:
        user_id = await estate.organization.user()
        await estate.give(await estate.group(user_id), LOGS)
        _, full = await estate.organization.token(user_id)
        caller = await narrow.caller(token=full)
        asked = [(user_id, estate.organization.id), (user_id, await estate.unit())]
        assert await count(narrow, caller, about(*asked)) == 2

    async def test_control_a_statement_for_each_would_be_seen(
        self, estate: Estate, narrow: Service, caller: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        careless = functools.partial(DataLoader, max_batch_size=1)
        monkeypatch.setattr("app.api.loaders.DataLoader", careless)
        group, here = await estate.group(), estate.organization.id
        asked = [(group, here), (estate.organization.admin_id, here)]
        assert await count(narrow, caller, about(*asked)) == 5


class TestGrantsThemselves:
    """They are read where somebody asks for them: they may be thousands where names are few."""

    @pytest.mark.parametrize(
        ("selection", "are_read"),
        [
            ("permissions", False),
            ("permissions sources { granted }", True),
            ("sourceCount", True),
            ("of: sourceCount", True),
            ("sourceCount: permissions", False),
            ("... { ... on EffectivePermissions { sources(first: 1) { granted } } }", True),
            ("...A ...A", True),
            ("permissions sources @skip(if: true) { granted }", False),
            ("permissions sources @include(if: $no) { granted }", False),
            ("permissions sources @skip(if: $no) { granted }", True),
            ("permissions ...A @include(if: $no)", False),
            ("permissions ... @skip(if: $yes) { sourceCount }", False),
            ("permissions ... @skip(if: $no) @include(if: $yes) { sourceCount }", True),
        ],
    )
    async def test_where_they_are_selected(
        self, estate: Estate, narrow: Service, caller: Api, selection: str, are_read: bool
    ) -> None:
        one = (
            f'effectivePermissions(principalId: "{estate.organization.admin_id}",'
            f' resourceId: "{estate.organization.id}")'
        )
        document = f"""query($no: Boolean = false, $yes: Boolean!) {{
            {one} {{ {selection} }}
            unused: {one} @skip(if: $yes) @include(if: $no) {{ ...A }} }}
            fragment A on EffectivePermissions {{ ...B ...B }}
            fragment B on EffectivePermissions {{ permissions sourceCount }}"""
        seen: list[LoggedQuery] = []
        async with watched(narrow, seen.append):
            await caller.query(document, yes=True)
        (asked,) = [query.args for query in seen if query.query == FIND_SQL]
        assert asked[-1] == [are_read]

    async def test_where_one_of_two_selections_of_a_field_does(
        self, estate: Estate, narrow: Service, caller: Api
    ) -> None:
        one = (
            f'effectivePermissions(principalId: "{estate.organization.admin_id}",'
            f' resourceId: "{estate.organization.id}")'
        )
        seen: list[LoggedQuery] = []
        async with watched(narrow, seen.append):
            found = await caller.query(f"{{ {one} {{ permissions }} {one} {{ sourceCount }} }}")
        assert found["effectivePermissions"]["sourceCount"] == 1
        (asked,) = [query.args for query in seen if query.query == FIND_SQL]
        assert asked[-1] == [True]


class TestGrants:
    async def test_a_list_and_who_granted(
        self, estate: Estate, narrow: Service, caller: Api
    ) -> None:
        await grow(estate, 5, 3)
        await estate.act("grant", await estate.group(), estate.organization.id, LOGS)
        document = f"""{{ permissionGrants(organizationId: "{estate.organization.id}") {{
            nodes {{ principalId resourceId permission createdBy {{ id }} }} }} }}"""
        assert await count(narrow, caller, document) == 3

    async def test_acts(self, estate: Estate, narrow: Service, caller: Api) -> None:
        """Lock, look again, lock, what is held, change, trail; the resource, the administrator."""
        user_id, unit = await estate.organization.user(), await estate.unit()
        for verb, on, name, most in (
            ("grant", estate.organization.id, LOGS, 7),
            ("grant", unit, "read_only", 8),
            ("grant", unit, "read_only", 6),
            ("revoke", unit, "read_only", 8),
            ("set", estate.organization.id, "role:organization:admin", 8),
            ("set", estate.organization.id, "read_only", 9),
        ):
            kind = f"{verb}Permissions"
            async with statements(narrow) as seen:
                await caller.query(
                    f"""mutation {{ {kind}(input: {{principalId: "{user_id}", resourceId: "{on}",
                        permissions: ["{name}"]}}) {{ __typename }} }}"""
                )
            assert len(seen) == most, seen
