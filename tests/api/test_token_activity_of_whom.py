"""tokenActivity: whose uses are asked for, and who may know of them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app import ids
from db import token_uses
from tests.api import bad_lists, bad_values
from tests.api.bad_values import Bad
from tests.api.managers import APP_USERS_WRITE, manager
from tests.api.operations import operations
from tests.api.peopling import person_with_token
from tests.api.recorded_uses import DOCUMENT, NOON, activity, addresses, page, record
from tests.api.test_bad_input_queries import CURSORS, forged, refuse
from tests.api.world import World
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.owner import Owner, organization_key
from tests.postgres import Urls
from tests.service import started
from tests.statements import statements


class TestOfWhat:
    @pytest.fixture
    async def others(self, world: World, owner: Owner) -> tuple[str, str]:
        """Another user with a token; each token of both was used."""
        user_id = await world.organization.user("other")
        token_id, _ = await world.organization.token(user_id)
        await record(owner, world.token_id, "192.0.2.1")
        await record(owner, token_id, "192.0.2.2")
        return user_id, token_id

    async def ask(self, world: World, **variables: str | None) -> list[str | None]:
        """Return the addresses of application users' uses."""
        admin, organization_id = world.organization.admin, world.organization.id
        until = (NOON + timedelta(days=1)).isoformat()
        return addresses(await page(admin, organization_id, until=until, **variables))

    async def test_of_all(self, world: World, others: tuple[str, str]) -> None:
        assert sorted(map(str, await self.ask(world))) == ["192.0.2.1", "192.0.2.2"]

    async def test_of_a_user(self, world: World, others: tuple[str, str]) -> None:
        assert await self.ask(world, user=world.user_id) == ["192.0.2.1"]
        assert await self.ask(world, user=others[0]) == ["192.0.2.2"]

    async def test_of_a_token(self, world: World, others: tuple[str, str]) -> None:
        assert await self.ask(world, token=world.token_id) == ["192.0.2.1"]
        assert await self.ask(world, user=others[0], token=others[1]) == ["192.0.2.2"]

    async def test_of_a_token_of_somebody_else(self, world: World, others: tuple[str, str]) -> None:
        assert await self.ask(world, user=world.user_id, token=others[1]) == []

    async def test_of_what_is_missing_or_foreign(
        self, world: World, others: tuple[str, str]
    ) -> None:
        here, there = organization_key(world.organization.id), uuid4()
        for organization in (here, there):
            user_id = ids.member_id("user", organization, uuid4())
            token_id = ids.member_id("token", organization, uuid4())
            assert await self.ask(world, user=user_id) == []
            assert await self.ask(world, token=token_id) == []
            assert await self.ask(world, user=world.user_id, token=token_id) == []
            assert await self.ask(world, user=user_id, token=world.token_id) == []

    async def test_a_person_is_no_application_user(self, world: World, owner: Owner) -> None:
        """As in ``tokens``: it is answered like a user that does not exist."""
        person_id, caller = await person_with_token(world.organization)
        (token,) = (await caller.query("{ viewer { token { id } } }")).values()
        await record(owner, token["token"]["id"], "192.0.2.3")
        assert await self.ask(world, user=person_id) == []
        assert await self.ask(world, token=token["token"]["id"]) == ["192.0.2.3"]


class TestWho:
    @pytest.fixture
    async def used(self, organization: Organization, owner: Owner) -> Api:
        """A manager of application users; each kind of token was used once."""
        manages = await manager(organization, owner)
        _, person = await person_with_token(organization)
        for number, caller in enumerate((organization.admin, manages, person)):
            await record(owner, await own_token(caller), f"192.0.2.{number}")
        return manages

    async def test_an_administrator_sees_what_people_do(
        self, organization: Organization, used: Api
    ) -> None:
        assert await seen(organization.admin, organization) == [
            "192.0.2.0",
            "192.0.2.1",
            "192.0.2.2",
        ]

    async def test_a_manager_sees_application_users(
        self, organization: Organization, used: Api
    ) -> None:
        assert await seen(used, organization) == ["192.0.2.1"]
        for caller, shown in ((organization.admin, []), (used, ["192.0.2.1"])):
            token_id = await own_token(caller)
            assert await seen(used, organization, token=token_id) == shown

    async def test_control_without_the_rule_a_manager_sees_people(
        self, organization: Organization, used: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rule = "$9::boolean OR"
        assert all(rule in sql for sql in token_uses.LIST_SQL.values())
        broken = {k: sql.replace(rule, "true OR $9 OR") for k, sql in token_uses.LIST_SQL.items()}
        monkeypatch.setattr(token_uses, "LIST_SQL", broken)
        assert await seen(used, organization) == ["192.0.2.0", "192.0.2.1", "192.0.2.2"]

    async def test_and_the_token_that_it_asks_with(
        self, organization: Organization, owner: Owner, used: Api
    ) -> None:
        person_id, person = await person_with_token(organization, "Mary")
        await owner.grant(person_id, APP_USERS_WRITE)
        token_id = await own_token(person)
        await record(owner, token_id, "192.0.2.9")
        assert await seen(person, organization) == ["192.0.2.1", "192.0.2.9"]
        assert await seen(person, organization, token=token_id) == ["192.0.2.9"]
        found = await person.query(
            """query($o: ID!, $t: ID) { tokenActivity(organizationId: $o, tokenId: $t, first: 1,
                until: "2026-02-01T00:00:00Z") { nodes { token { id } user { id } } } }""",
            o=organization.id,
            t=token_id,
        )
        assert found["tokenActivity"]["nodes"] == [
            {"token": {"id": token_id}, "user": {"id": person_id}}
        ]

    async def test_nobody_without_the_permission(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id)
        answer = await organization.admin.with_token(full).run(
            DOCUMENT, {"o": organization.id, "token": token_id}
        )
        assert answer.codes == ["FORBIDDEN"]

    async def test_nobody_without_the_scope(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        await owner.grant(user_id)
        for scopes, codes in ((["authentication:read"], []), (["user:write"], ["FORBIDDEN"])):
            _, full = await organization.token(user_id, scopes=scopes)
            caller = organization.admin.with_token(full)
            assert (await caller.run(DOCUMENT, {"o": organization.id})).codes == codes


async def own_token(caller: Api) -> str:
    """Return the id of the token that a caller has."""
    return (await caller.query("{ viewer { token { id } } }"))["viewer"]["token"]["id"]


async def seen(caller: Api, organization: Organization, **variables: str) -> list[str]:
    """Return where uses were from that a test wrote, as a caller sees them."""
    until = (NOON + timedelta(days=1)).isoformat()
    rows = await activity(caller, organization.id, until=until, **variables)
    return sorted(row["ip"] for row in rows)


def asked(world: World, argument: str) -> str:
    """Return the field with one argument taken from the variable."""
    other = "" if argument == "organizationId" else f'organizationId: "{world.organization.id}", '
    return f"tokenActivity({other}{argument}: $v) {{ nodes {{ ip }} }}"


BAD: dict[str, tuple[str, list[Bad]]] = {
    "organizationId": ("ID!", bad_values.ids("org")),
    "applicationUserId": ("ID", [bad for bad in bad_values.ids("user") if bad.value is not None]),
    "tokenId": ("ID", [bad for bad in bad_values.ids("token") if bad.value is not None]),
    "first": ("Int", bad_lists.FIRSTS),
    "since": ("DateTime", bad_lists.TIMES),
    "until": ("DateTime", bad_lists.TIMES),
}

BAD_CURSOR = Bad("cursor", None, "INVALID_CURSOR", says="pageInfo.endCursor")
BAD_CURSORS = [
    *CURSORS,
    ("of tokens", forged("create_time", "DESC", "2026-01-31T12:00:00+00:00", str(uuid4()))),
    ("against the order", forged("first_use_time", "ASC", "2026-01-31T12:00Z", str(uuid4()))),
    ("no time of this order", forged("first_use_time", "DESC", "tomorrow", str(uuid4()))),
    ("no id in this order", forged("first_use_time", "DESC", "2026-01-31T12:00Z", "x")),
]


class TestBadInput:
    @pytest.mark.parametrize(
        ("argument", "bad"),
        [
            pytest.param(argument, bad, id=f"{argument}-{bad}")
            for argument, (_, table) in BAD.items()
            for bad in table
        ],
    )
    async def test_table(self, shared_world: World, argument: str, bad: Bad) -> None:
        value = shared_world.fill(bad.value)
        field = asked(shared_world, argument)
        await refuse(shared_world, "$v", BAD[argument][0], field, value, argument, bad)

    @pytest.mark.parametrize(
        ("_what", "cursor"), BAD_CURSORS, ids=[what for what, _ in BAD_CURSORS]
    )
    async def test_cursors(self, shared_world: World, _what: str, cursor: str) -> None:
        field = asked(shared_world, "after")
        await refuse(shared_world, "$v", "String", field, cursor, "after", BAD_CURSOR)

    def test_every_argument_has_a_table(self) -> None:
        (field,) = [each.field for each in operations() if each.name == "tokenActivity"]
        assert set(field.args) == {*BAD, "after"}


async def test_as_many_statements_for_few_as_for_many(
    organization: Organization, owner: Owner, urls: Urls
) -> None:
    document = """query($o: ID!) { tokenActivity(organizationId: $o, first: 100) {
        nodes { ip token { id status user { id } } user { id name } } } }"""
    settings = settings_for(urls, database_connections=1, activity_flush_seconds=60)
    async with started(settings) as service:
        api: Api = await service.caller(token=organization.admin.token)
        counts: list[int] = []
        for users in (1, 12):
            for number in range(users):
                user_id = await organization.user(f"ci {users} {number}")
                await record(owner, (await organization.token(user_id))[0])
            async with statements(service) as seen:
                found = await api.query(document, o=organization.id)
            assert len(found["tokenActivity"]["nodes"]) >= users
            counts.append(len(seen))
    assert counts[0] == counts[1]
