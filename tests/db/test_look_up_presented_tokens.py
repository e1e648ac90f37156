"""look_up_presented_tokens: the release before says the same, and so does a model of permissions.

``APPUSERS_TEST_EXAMPLES=5000`` draws more worlds.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import authority, presented
from db.authority import Ask
from db.pool import Database
from db.presented import PresentedToken
from tests.conftest import CATALOGUE
from tests.db import presented_worlds
from tests.db.presented_worlds import OF_RELEASE_BEFORE, asked_of, differences
from tests.db.rows import A_TOKEN, ALICE, B_TOKEN, A, B, Connection, Row, grant, insert, resource
from tests.postgres import Urls
from tests.rounds import EXAMPLES

SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
DICE = st.randoms(use_true_random=False)


@pytest.fixture(scope="module")
async def writer(copied: Urls) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(copied.owner)
    yield connection
    await connection.close()


@pytest.fixture
async def undone(writer: Connection) -> AsyncIterator[Connection]:
    """The owner, and whatever it does is undone."""
    transaction = writer.transaction()
    await transaction.start()
    yield writer
    await transaction.rollback()


async def before(connection: Connection, tokens: list[Row]) -> list[Row]:
    """What the release before is told of tokens."""
    found = await connection.fetch(
        f"SELECT {OF_RELEASE_BEFORE} FROM look_up_tokens($1, $2)",
        [token["organization_id"] for token in tokens],
        [token["token_id"] for token in tokens],
    )
    return comparable([dict(row) for row in found])


def comparable(found: list[Row]) -> list[Row]:
    """Neither promises an order, of tokens or of permissions."""
    for row in found:
        row["permissions"] = sorted(row["permissions"])  # type: ignore[type-var,arg-type]  # pyright: ignore[reportArgumentType]
    return sorted(found, key=lambda row: str(row["token_id"]))


async def now(connection: Connection, tokens: list[Row], *, named: bool) -> list[Row]:
    """The same of the look-up, with the organization named as the resource or left out."""
    found = await presented.find_tokens(
        connection,
        [UUID(str(token["organization_id"])) for token in tokens],
        [UUID(str(token["token_id"])) for token in tokens],
        [UUID(str(token["organization_id"])) if named else None for token in tokens],
    )
    names = OF_RELEASE_BEFORE.split(", ")
    return comparable([{name: told(token, name) for name in names} for token in found])


def told(token: PresentedToken, name: str) -> object:
    """A column of the release before, which had times for what are seconds in this one."""
    if name == "last_used_time":
        unused = token.unused_seconds
        return None if unused is None else token.check_time - timedelta(seconds=unused)
    if name in ("expiry_time", "overlap_end_time"):
        seconds = getattr(token, name.replace("_time", "_seconds"))
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return getattr(token, name)


class TestTheReleaseBefore:
    @SETTINGS
    @given(dice=DICE)
    async def test_is_told_the_same(self, writer: Connection, dice: Random) -> None:
        _, mine = await presented_worlds.write(dice, CATALOGUE, writer)
        _, others = await presented_worlds.write(dice, CATALOGUE, writer)
        tokens = [*mine, *others]
        told = await before(writer, tokens)
        assert len(told) == len(tokens)
        assert await now(writer, tokens, named=False) == told
        assert await now(writer, tokens, named=True) == told

    async def test_the_worlds_are_worth_it(self, writer: Connection) -> None:
        """The control of the drawing: every reason to refuse, ceilings, policies, both kinds."""
        told: list[Row] = []
        for seed in range(60):
            _, tokens = await presented_worlds.write(Random(seed), CATALOGUE, writer)
            told += await before(writer, tokens)
        reasons = {row["refusal"] for row in told}
        assert reasons == {
            *(None, "REVOKED", "SUPERSEDED", "EXPIRED", "USER_DEACTIVATED", "UNUSED", "POLICY")
        }
        for name in ("is_application_user", "policy_networks", "permissions", "last_ip", "scopes"):
            assert {bool(row[name]) for row in told} == {True, False}


BROKEN = [
    ("groups are forgotten", "AND m.user_id =", "AND m.group_id ="),
    ("levels above are forgotten", "r.resource_id = b.parent_id", "r.resource_id = b.resource_id"),
    ("the organization is forgotten", "SELECT a.organization_id WHERE", "SELECT a.token_id WHERE"),
    ("it is there for missing ones, too", "WHERE EXISTS (SELECT FROM above)", "WHERE true"),
    ("the ceiling is forgotten", "g.permission = ANY (t.permission_ceiling)", "true"),
    ("everybody counts", "AND g.principal_id = ANY", "AND true OR g.principal_id = ANY"),
    ("a name is told twice", "DISTINCT n", "n"),
    ("below counts for above", "r.resource_id = b.parent_id", "r.parent_id = b.resource_id"),
    ("questions are mixed up", "a.number::integer", "1 + (a.number::integer) % 3"),
]


class TestPermissions:
    @SETTINGS
    @given(dice=DICE)
    async def test_on_each_resource_as_the_model_says(
        self, writer: Connection, pool: Database, dice: Random
    ) -> None:
        world, tokens = await presented_worlds.write(dice, CATALOGUE, writer)
        asked = asked_of(world, tokens)
        found = await presented.find_tokens(
            writer,
            [world.organization_id] * len(asked),
            [UUID(str(token["token_id"])) for token, _ in asked],
            [place for _, place in asked],
        )
        assert differences(world, asked, found) == []
        await self.assert_as_authority_says(world.organization_id, tokens, asked, found, pool)

    async def assert_as_authority_says(
        self,
        organization_id: UUID,
        tokens: list[Row],
        asked: list[tuple[Row, UUID]],
        found: list[presented.PresentedToken],
        pool: Database,
    ) -> None:
        """Compare those whose user is not deleted: of others nothing is told there."""
        asks = [Ask(UUID(str(token["user_id"])), False, place, False) for token, place in asked]
        async with pool.tenant(organization_id) as connection:
            answers = await authority.find(connection, organization_id, asks)
        told = {token.number: set(token.permissions) for token in found}
        for number, (rows, (token, _)) in enumerate(zip(answers, asked, strict=True), 1):
            held = {row.permission for row in rows if row.permission}
            ceiling = token["permission_ceiling"]
            if rows[0].has_principal:
                expected = held if ceiling is None else held.intersection(ceiling)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
                assert told[number] == expected

    @pytest.mark.parametrize(("_what", "right", "wrong"), BROKEN, ids=[row[0] for row in BROKEN])
    async def test_control_a_broken_look_up_is_found(
        self, undone: Connection, _what: str, right: str, wrong: str
    ) -> None:
        source = await undone.fetchval(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'look_up_presented_tokens'"
        )
        assert right in source
        await undone.execute(source.replace(right, wrong))
        for seed in range(50):
            world, tokens = await presented_worlds.write(Random(seed), CATALOGUE, undone)
            asked = asked_of(world, tokens)
            found = await presented.find_tokens(
                undone,
                [world.organization_id] * len(asked),
                [UUID(str(token["token_id"])) for token, _ in asked],
                [place for _, place in asked],
            )
            if differences(world, asked, found):
                return
        pytest.fail("fifty worlds do not tell it from the right one")


class TestQuestions:
    async def test_a_resource_of_another_organization_is_a_missing_one(
        self, owner: Connection
    ) -> None:
        foreign = resource(organization_id=B)
        await insert(owner, "resource", foreign)
        for place in (UUID(str(foreign["resource_id"])), B, uuid4()):
            (found,) = await presented.find_tokens(owner, [A], [A_TOKEN], [place])
            assert found.permissions == []

    async def test_one_token_and_several_resources(self, owner: Connection) -> None:
        below = resource()
        place = UUID(str(below["resource_id"]))
        await insert(owner, "resource", below)
        await insert(owner, "permission_grant", grant(resource_id=place, permission="developer"))
        found = await presented.find_tokens(
            owner, [A] * 5, [A_TOKEN] * 5, [None, A, place, uuid4(), place]
        )
        here, there = ["organization:app_users:write"], ["developer"]
        told = {token.number: sorted(token.permissions) for token in found}
        assert told == {1: here, 2: here, 3: there + here, 4: [], 5: there + here}

    async def test_missing_tokens_among_others(self, owner: Connection) -> None:
        pairs = [(B, A_TOKEN), (A, A_TOKEN), (A, uuid4()), (uuid4(), A_TOKEN), (B, B_TOKEN)]
        found = await presented.find_tokens(owner, [o for o, _ in pairs], [t for _, t in pairs])
        assert {(token.number, token.token_id) for token in found} == {(2, A_TOKEN), (5, B_TOKEN)}

    async def test_the_id_of_a_user_is_no_token(self, owner: Connection) -> None:
        assert await presented.find_tokens(owner, [A], [ALICE]) == []

    async def test_none(self, owner: Connection) -> None:
        assert await presented.find_tokens(owner, [], []) == []
