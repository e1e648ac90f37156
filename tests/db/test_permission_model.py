"""What the service says of permissions in random organizations is what a model says.

``APPUSERS_TEST_EXAMPLES=5000`` draws more of them.
"""

from collections.abc import AsyncIterator
from random import Random
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import access, authority
from app.access import NEEDS, Membership, OrgReader, Principal
from app.authority import Ask, Authority
from app.catalogue import Catalogue
from db import actors
from db import authority as rows
from db.pool import Database
from tests.conftest import CATALOGUE
from tests.db import permission_worlds
from tests.db.permission_worlds import World
from tests.postgres import Urls
from tests.rounds import EXAMPLES


@pytest.fixture(scope="module")
async def writer(copied: Urls) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(copied.owner)
    yield connection
    await connection.close()


def principal(world: World, user_id: UUID, permissions: frozenset[str]) -> Principal:
    own = Membership(world.organization_id, user_id, world.users.get(user_id, False), permissions)
    return Principal({world.organization_id: own}, CATALOGUE)


def reader_of(world: World) -> OrgReader:
    administrator = principal(world, UUID(int=1), frozenset({access.ORGANIZATION_ADMIN}))
    return access.require(administrator, OrgReader, world.organization_id)


async def differences(world: World, pool: Database) -> list[str]:
    """Say where the service and the model differ."""
    wrong: list[str] = []
    asked = [
        Ask(holder, is_group, place, True)
        for holder, is_group in world.holders
        for place in world.places
    ]
    answers = await authority.find(pool, reader_of(world), asked)
    for ask, answer in zip(asked, answers, strict=True):
        if not isinstance(answer, Authority):
            wrong.append(f"{ask} is missing")
            continue
        told = set(answer.permissions(CATALOGUE))
        if told != world.permissions(ask.principal_id, ask.resource_id, CATALOGUE):
            wrong.append(f"{ask} comes to {told}")
        wrong += unexplained(world, ask, answer, CATALOGUE)
    for user_id in world.users:
        wrong += await misjudged(world, user_id, pool)
    return wrong


def unexplained(world: World, ask: Ask, answer: Authority, catalogue: Catalogue) -> list[str]:
    """Say which permissions come from other grants than the model says."""
    sources = world.sources(ask.principal_id, ask.resource_id)
    wrong: list[str] = []
    for name in catalogue.entries:
        told = [
            (source.group_id or ask.principal_id, source.resource_id, source.granted)
            for source in answer.giving(catalogue, name)
        ]
        expected = [
            grant for grant in sources if name in permission_worlds.opened(grant[2], catalogue)
        ]
        if sorted(told) != sorted(expected):
            wrong.append(f"{ask} has {name} from {told}")
    return wrong


async def misjudged(world: World, user_id: UUID, pool: Database) -> list[str]:
    """Say what the service lets a user do in the organization that the model does not, or not so.

    It asks as the service does on every change, and about oneself.
    """
    organization_id = world.organization_id
    async with pool.tenant(organization_id) as connection:
        standing = await actors.find_standing(connection, organization_id, user_id, None)
    assert standing is not None
    asking = principal(world, user_id, frozenset(standing.permissions))
    expected = world.permissions(user_id, organization_id, CATALOGUE)
    wrong = [
        f"{user_id} and {kind.__name__}"
        for kind, need in NEEDS.items()
        if access.may(asking, kind, organization_id) == expected.isdisjoint(need.permissions)
    ]
    (own,) = await authority.find_own(
        pool, asking, organization_id, [Ask(user_id, False, organization_id, False)]
    )
    if not isinstance(own, Authority) or set(own.permissions(CATALOGUE)) != expected:
        wrong.append(f"{user_id} about itself")
    return wrong


class TestModel:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(dice=st.randoms(use_true_random=False))
    async def test_the_service_says_the_same(
        self, pool: Database, writer: "asyncpg.Connection[asyncpg.Record]", dice: Random
    ) -> None:
        world = permission_worlds.draw(dice, CATALOGUE)
        await permission_worlds.write(world, writer)
        assert await differences(world, pool) == []

    def test_the_worlds_are_worth_it(self) -> None:
        """The control of the drawing: levels, groups and roles matter in many of them."""
        worlds = [permission_worlds.draw(Random(seed), CATALOGUE) for seed in range(200)]
        through_groups = above = deep = roles = 0
        for world in worlds:
            for holder, _ in world.holders:
                for place in world.places:
                    sources = world.sources(holder, place)
                    through_groups += any(grant[0] != holder for grant in sources)
                    above += any(grant[1] != place for grant in sources)
                    parent = world.parents.get(world.parents.get(place, place), place)
                    deep += any(grant[1] == parent != place for grant in sources)
                    roles += any(CATALOGUE.entries[grant[2]].is_role for grant in sources)
        assert min(through_groups, above, deep, roles) > 200


BROKEN = [
    ("groups are forgotten", "m.user_id = a.principal_id", "m.user_id = a.resource_id"),
    ("levels above are forgotten", "r.resource_id = b.parent_id", "r.resource_id = b.resource_id"),
    ("the organization is forgotten", "$1 || ARRAY(", "a.resource_id || ARRAY("),
    ("every resource counts", "g.resource_id = ANY (w.path)", "true"),
    ("everybody counts", "g.principal_id = ANY (w.principals)", "true"),
    ("groups alone count", "a.principal_id || ARRAY(", "$1 || ARRAY("),
    ("below counts for above", "r.resource_id = b.parent_id", "r.parent_id = b.resource_id"),
]


class TestControl:
    @pytest.mark.parametrize(("_what", "right", "wrong"), BROKEN, ids=[row[0] for row in BROKEN])
    async def test_a_broken_statement_is_found(
        self,
        pool: Database,
        writer: "asyncpg.Connection[asyncpg.Record]",
        monkeypatch: pytest.MonkeyPatch,
        _what: str,
        right: str,
        wrong: str,
    ) -> None:
        assert right in rows.FIND_SQL
        monkeypatch.setattr(rows, "FIND_SQL", rows.FIND_SQL.replace(right, wrong))
        for seed in range(50):
            world = permission_worlds.draw(Random(seed), CATALOGUE)
            await permission_worlds.write(world, writer)
            if await differences(world, pool):
                return
        pytest.fail("fifty worlds do not tell it from the right one")

    async def test_a_broken_standing_is_found(
        self,
        pool: Database,
        writer: "asyncpg.Connection[asyncpg.Record]",
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        right = "AND g.resource_id = $1"
        assert right in actors.FIND_STANDING_SQL
        broken = actors.FIND_STANDING_SQL.replace(right, "AND g.resource_id <> $1")
        monkeypatch.setattr(actors, "FIND_STANDING_SQL", broken)
        for seed in range(50):
            world = permission_worlds.draw(Random(seed), CATALOGUE)
            await permission_worlds.write(world, writer)
            if await differences(world, pool):
                return
        pytest.fail("fifty worlds do not tell it from the right one")
