"""An organization keeps an administrator, whatever order several calls at once run in.

``APPUSERS_TEST_ROUNDS=10000`` runs more of them.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import access, permissions
from app.access import ORGANIZATION_ADMIN, Membership, OrgAdmin, Principal
from app.errors import Forbidden, LastAdministrator
from app.permissions import Place
from db import organizations
from db import permissions as grants
from db.pool import Connection, Database
from tests.conftest import CATALOGUE
from tests.db import rows
from tests.postgres import Urls
from tests.rounds import ROUNDS

Act: TypeAlias = tuple[str, str]
"""Who takes the administration from whom: an actor's and a holder's name."""


@dataclass(frozen=True)
class Scene:
    """Who is administrator, and what is done at once."""

    what: str
    holders: str
    acts: Sequence[Act]

    def __str__(self) -> str:
        return self.what


# Ann and Bob are people, Rob is an application user. Ann is in groups x and z, Bob in y and z.
SCENES = [
    Scene("each removes the other", "ann bob", [("ann", "bob"), ("bob", "ann")]),
    Scene("each leaves", "ann bob", [("ann", "ann"), ("bob", "bob")]),
    Scene("a third removes both", "ann bob rob", [("rob", "ann"), ("rob", "bob")]),
    Scene("all three leave", "ann bob rob", [("ann", "ann"), ("bob", "bob"), ("rob", "rob")]),
    Scene("a group and a person", "x bob", [("ann", "x"), ("bob", "bob")]),
    Scene("a group and whom it removes", "x bob", [("ann", "bob"), ("bob", "x")]),
    Scene("two groups", "x y", [("ann", "x"), ("bob", "y")]),
    Scene("two groups crosswise", "x y", [("ann", "y"), ("bob", "x")]),
    Scene("a group of both, and one of them", "z ann", [("bob", "z"), ("ann", "ann")]),
    Scene("a group of a robot is none", "x y w", [("rob", "x"), ("rob", "y"), ("rob", "w")]),
]
MEMBERS = {"x": ["ann"], "y": ["bob"], "z": ["ann", "bob"], "w": ["rob"]}


@dataclass(frozen=True)
class Town:
    """An organization whose administrators change from round to round."""

    pool: Database
    owner: "asyncpg.Connection[Any]"
    organization_id: UUID
    keys: dict[str, UUID]

    def admin(self, name: str) -> OrgAdmin:
        """Return the proof of who was administrator when the request came."""
        own = Membership(
            self.organization_id, self.keys[name], name == "rob", frozenset({ORGANIZATION_ADMIN})
        )
        principal = Principal({self.organization_id: own}, CATALOGUE)
        return access.require(principal, OrgAdmin, self.organization_id)

    async def begin(self, scene: Scene) -> None:
        """Make these the administrators, and no others."""
        names = scene.holders.split()
        async with self.owner.transaction():
            await self.owner.execute(
                "DELETE FROM permission_grant WHERE organization_id = $1", self.organization_id
            )
            await give(self, names)

    async def take(self, act: Act, number: int) -> str:
        """Do an act, in one of two ways, and return what became of it."""
        actor, holder = act
        place = Place(self.keys[holder], holder in MEMBERS, self.organization_id)
        try:
            if number % 2:
                await permissions.set_exactly(
                    self.pool, CATALOGUE, self.admin(actor), place, ["read_only"]
                )
            else:
                await permissions.revoke(
                    self.pool, CATALOGUE, self.admin(actor), place, [ORGANIZATION_ADMIN]
                )
        except (LastAdministrator, Forbidden) as refused:
            return type(refused).__name__
        return "done"

    async def race(self, scene: Scene, number: int) -> list[str]:
        """Do what a scene says, all at once."""
        await self.begin(scene)
        acts = scene.acts if number % 4 < 2 else scene.acts[::-1]
        return await asyncio.gather(*(self.take(act, number) for act in acts))

    async def has_administrator(self) -> bool:
        async with self.pool.tenant(self.organization_id) as connection:
            return await connection.fetchval(
                """
                SELECT EXISTS (
                    SELECT FROM permission_grant g
                      JOIN organization_user u ON u.organization_id = g.organization_id
                       AND (u.user_id = g.principal_id OR EXISTS (
                               SELECT FROM group_member m
                                WHERE m.organization_id = g.organization_id
                                  AND m.group_id = g.principal_id AND m.user_id = u.user_id))
                     WHERE g.organization_id = $1 AND g.permission = $2
                       AND NOT u.is_application_user AND u.state = 'ACTIVE')
                """,
                self.organization_id,
                ORGANIZATION_ADMIN,
            )


async def give(town: Town, names: Sequence[str]) -> None:
    for name in names:
        grant = rows.grant(
            organization_id=town.organization_id,
            principal_id=town.keys[name],
            is_group=name in MEMBERS,
            resource_id=town.organization_id,
            permission=ORGANIZATION_ADMIN,
        )
        await rows.insert(town.owner, "permission_grant", grant)


@pytest.fixture
async def town(copied: Urls, pool: Database) -> AsyncIterator[Town]:
    owner = await asyncpg.connect(copied.owner)
    row = rows.organization()
    organization_id = UUID(str(row["organization_id"]))
    keys = {name: uuid4() for name in ("ann", "bob", "rob", *MEMBERS)}
    own = {"organization_id": organization_id}
    await rows.insert(owner, "organization", row)
    for name in ("ann", "bob", "rob"):
        user = rows.user(**own, user_id=keys[name], is_application_user=name == "rob")
        await rows.insert(owner, "organization_user", user)
    for group, members in MEMBERS.items():
        await rows.insert(owner, "user_group", rows.group(**own, group_id=keys[group]))
        for member in members:
            place = rows.membership(**own, group_id=keys[group], user_id=keys[member])
            await rows.insert(owner, "group_member", place)
    yield Town(pool, owner, organization_id, keys)
    await owner.close()


class TestRace:
    @pytest.mark.parametrize("scene", SCENES, ids=str)
    async def test_somebody_stays(self, town: Town, scene: Scene) -> None:
        seen: set[str] = set()
        for number in range(-(-ROUNDS // len(SCENES))):
            outcomes = await town.race(scene, number)
            assert await town.has_administrator(), outcomes
            assert "done" in outcomes
            seen.update(outcomes)
        assert seen > {"done"}


class TestControl:
    async def test_without_the_lock_nobody_stays(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each looks at the organization while the other's change is not committed yet."""
        both = asyncio.Barrier(2)
        look = grants.has_administrator

        async def no_lock(connection: Connection, organization_id: UUID) -> None:
            del connection, organization_id

        async def look_together(connection: Connection, organization_id: UUID) -> bool:
            found = await look(connection, organization_id)
            async with asyncio.timeout(3):
                await both.wait()
            return found

        monkeypatch.setattr(organizations, "lock", no_lock)
        monkeypatch.setattr(grants, "has_administrator", look_together)
        for scene in SCENES[:3]:
            assert await town.race(scene, 0) == ["done", "done"]
            assert not await town.has_administrator()

    async def test_without_the_look_nobody_stays(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def no_look(change: object) -> None:
            del change

        monkeypatch.setattr(permissions, "keep_administrator", no_look)
        for scene in (SCENES[1], SCENES[2], SCENES[6]):
            assert await town.race(scene, 0) == ["done", "done"]
            assert not await town.has_administrator()
