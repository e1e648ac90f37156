"""Deactivating and removing people, at once with each other and with grants.

``APPUSERS_TEST_ROUNDS=10000`` runs more rounds.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import access, administrators, people, permissions
from app.access import ORGANIZATION_ADMIN, USERS_WRITE, Membership, OrgAdmin, Principal, UserWriter
from app.errors import Failure, Forbidden, LastAdministrator, NotFound, Unauthenticated
from app.permissions import Place
from db import organizations
from db import permissions as grants
from db.pool import Connection, Database
from tests.conftest import CATALOGUE
from tests.db import rows
from tests.postgres import Urls
from tests.rounds import ROUNDS

READ = "project:services:read"


@dataclass(frozen=True)
class Town:
    """An organization of two administrators, a manager of people, and somebody without anything."""

    pool: Database
    owner: "asyncpg.Connection[Any]"
    organization_id: UUID
    keys: dict[str, UUID]

    def principal(self, name: str, *held: str) -> Principal:
        own = Membership(self.organization_id, self.keys[name], False, frozenset(held))
        return Principal({self.organization_id: own}, CATALOGUE)

    def writer(self, name: str) -> UserWriter:
        """Return the proof of a manager of people; an administrator is one, too."""
        held = USERS_WRITE if name == "mary" else ORGANIZATION_ADMIN
        return access.require(self.principal(name, held), UserWriter, self.organization_id)

    async def begin(self) -> None:
        """Have everybody back, as it was."""
        async with self.owner.transaction():
            # Triggers keep from it what the service can never do.
            await self.owner.execute("SET LOCAL session_replication_role = replica")
            await self.owner.execute(
                "UPDATE organization_user SET state = 'ACTIVE', delete_time = NULL"
                " WHERE organization_id = $1 AND state <> 'ACTIVE'",
                self.organization_id,
            )
            await self.owner.execute(
                "DELETE FROM permission_grant WHERE organization_id = $1", self.organization_id
            )
            for name, held in (
                ("ann", ORGANIZATION_ADMIN),
                ("bob", ORGANIZATION_ADMIN),
                ("mary", USERS_WRITE),
            ):
                grant = rows.grant(
                    organization_id=self.organization_id,
                    principal_id=self.keys[name],
                    resource_id=self.organization_id,
                    permission=held,
                )
                await rows.insert(self.owner, "permission_grant", grant)

    async def deactivate(self, actor: str, whom: str) -> None:
        await people.update(self.pool, self.writer(actor), self.keys[whom], state="DEACTIVATED")

    async def remove(self, actor: str, whom: str) -> None:
        await people.remove(self.pool, self.writer(actor), self.keys[whom])

    async def grant(self, actor: str, whom: str) -> None:
        admin = access.require(
            self.principal(actor, ORGANIZATION_ADMIN), OrgAdmin, self.organization_id
        )
        place = Place(self.keys[whom], False, self.organization_id)
        await permissions.grant(self.pool, CATALOGUE, admin, place, [READ])

    async def administrators(self) -> int:
        return await self.owner.fetchval(
            "SELECT count(*) FROM organization_user u JOIN permission_grant g"
            "    ON g.organization_id = u.organization_id AND g.principal_id = u.user_id"
            " WHERE u.organization_id = $1 AND u.state = 'ACTIVE' AND g.permission = $2",
            self.organization_id,
            ORGANIZATION_ADMIN,
        )


@pytest.fixture
async def town(copied: Urls, pool: Database) -> AsyncIterator[Town]:
    owner = await asyncpg.connect(copied.owner)
    row = rows.organization()
    organization_id = UUID(str(row["organization_id"]))
    keys = {name: uuid4() for name in ("ann", "bob", "mary", "ada")}
    await rows.insert(owner, "organization", row)
    for user_id in keys.values():
        person = rows.person(organization_id=organization_id, user_id=user_id)
        await rows.insert(owner, "organization_user", person)
    yield Town(pool, owner, organization_id, keys)
    await owner.close()


async def outcome(act: Awaitable[None]) -> str:
    try:
        await act
    except Failure as refused:
        return type(refused).__name__
    return "done"


REFUSALS = {kind.__name__ for kind in (LastAdministrator, Forbidden, Unauthenticated, NotFound)}


class TestLastAdministrator:
    @pytest.mark.parametrize(
        "acts", ["deactivate deactivate", "remove remove", "deactivate remove"]
    )
    async def test_somebody_stays(self, town: Town, acts: str) -> None:
        first, second = acts.split()
        for number in range(-(-ROUNDS // 3)):
            await town.begin()
            both = [
                outcome(getattr(town, first)("ann", "bob")),
                outcome(getattr(town, second)("bob", "ann")),
            ]
            outcomes = await asyncio.gather(*(both if number % 2 else both[::-1]))
            assert await town.administrators() == 1, outcomes
            assert outcomes.count("done") == 1
            assert set(outcomes) - {"done"} <= REFUSALS

    @pytest.mark.parametrize(
        "acts", ["deactivate deactivate", "remove remove", "deactivate remove"]
    )
    async def test_and_where_each_leaves(self, town: Town, acts: str) -> None:
        first, second = acts.split()
        for _ in range(20):
            await town.begin()
            outcomes = await asyncio.gather(
                outcome(getattr(town, first)("ann", "ann")),
                outcome(getattr(town, second)("bob", "bob")),
            )
            assert sorted(outcomes) == ["LastAdministrator", "done"]
            assert await town.administrators() == 1

    async def test_control_without_the_lock_nobody_stays(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
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
        monkeypatch.setattr(administrators.permissions, "has_administrator", look_together)
        await town.begin()
        outcomes = await asyncio.gather(
            outcome(town.deactivate("ann", "ann")), outcome(town.remove("bob", "bob"))
        )
        assert outcomes == ["done", "done"]
        assert await town.administrators() == 0


class TestGuard:
    """A manager of people removes somebody while an administrator grants to them."""

    async def test_whoever_was_granted_to_is_not_removed(self, town: Town) -> None:
        seen: set[tuple[str, ...]] = set()
        for number in range(ROUNDS):
            await town.begin()
            both = [outcome(town.remove("mary", "ada")), outcome(town.grant("ann", "ada"))]
            if number % 2:
                granted, removed = await asyncio.gather(*both[::-1])
            else:
                removed, granted = await asyncio.gather(*both)
            seen.add((removed, granted))
        assert seen <= {("done", "NotFound"), ("Forbidden", "done")}
        assert len(seen) == 2, "either came first at times"

    async def test_control_without_the_lock_it_is(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked, granted = asyncio.Event(), asyncio.Event()
        look = grants.holds_any

        async def no_lock(connection: Connection, organization_id: UUID) -> None:
            del connection, organization_id

        async def look_before(
            connection: Connection, organization_id: UUID, principal_id: UUID
        ) -> bool:
            found = await look(connection, organization_id, principal_id)
            looked.set()
            async with asyncio.timeout(3):
                await granted.wait()
            return found

        async def grant() -> None:
            await looked.wait()
            async with town.pool.tenant(town.organization_id) as connection:
                await grants.insert(
                    connection,
                    town.organization_id,
                    town.keys["ada"],
                    is_group=False,
                    resource_id=town.organization_id,
                    permissions=[READ],
                    created_by=town.keys["ann"],
                )
            granted.set()

        monkeypatch.setattr(organizations, "lock", no_lock)
        monkeypatch.setattr(people.permissions, "holds_any", look_before)
        await town.begin()
        outcomes = await asyncio.gather(outcome(town.remove("mary", "ada")), outcome(grant()))
        assert outcomes == ["done", "done"]
