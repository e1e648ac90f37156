"""Members against grants and against minting: who may only manage groups or tokens lifts nobody.

The trail tells what happened in which order: its lines are in the order of the commits.
"""

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import pytest

from app import access, group_members, minting, permissions
from app.access import (
    APP_USERS_WRITE,
    GROUPS_WRITE,
    ORGANIZATION_ADMIN,
    AppUserWriter,
    GroupWriter,
    Membership,
    OrgAdmin,
    Principal,
)
from app.database import Database
from app.errors import Forbidden
from app.permissions import Place
from db import group_members as member_rows
from db import organizations
from db import permissions as grant_rows
from tests.api_client import Organization
from tests.conftest import CATALOGUE, PEPPERS
from tests.owner import Owner, user_key
from tests.rounds import ROUNDS

Proof = TypeVar("Proof", bound=access.Actor)
ADD, GRANT, MINT = (
    "group:member:add",
    "principal:permission:grant",
    "application_user:token:generate",
)


@dataclass(frozen=True)
class Race:
    """An organization with an administrator and somebody who may one thing only."""

    database: Database
    owner: Owner
    organization_id: UUID
    admin: OrgAdmin
    admin_groups: GroupWriter
    manager: GroupWriter
    minter: AppUserWriter

    async def add(self, writer: GroupWriter, group_id: UUID, user_id: UUID) -> None:
        members = [(self.organization_id, user_id)]
        await group_members.add(self.database, writer, group_id, members)

    async def grant(self, group_id: UUID) -> None:
        place = Place(group_id, is_group=True, resource_id=self.organization_id)
        await permissions.grant(self.database, CATALOGUE, self.admin, place, [ORGANIZATION_ADMIN])

    async def mint(self, user_id: UUID) -> None:
        await minting.generate(self.database, PEPPERS, CATALOGUE, self.minter, user_id)

    async def groups(self, count: int) -> list[UUID]:
        rows = await self.owner.connection.fetch(
            "INSERT INTO user_group (organization_id, group_id, name, name_key)"
            " SELECT $1, id, id, id FROM (SELECT gen_random_uuid() AS id"
            "   FROM generate_series(1, $2::integer)) AS made RETURNING group_id",
            self.organization_id,
            count,
        )
        return [row["group_id"] for row in rows]

    async def users(self, count: int) -> list[UUID]:
        rows = await self.owner.connection.fetch(
            "INSERT INTO organization_user"
            "       (organization_id, user_id, is_application_user, name, name_key, email)"
            " SELECT $1, id, true, id, id, 'app@example.invalid' FROM ("
            "   SELECT gen_random_uuid() AS id FROM generate_series(1, $2::integer)) AS made"
            " RETURNING user_id",
            self.organization_id,
            count,
        )
        return [row["user_id"] for row in rows]

    async def orders(self, *actions: str) -> dict[UUID, list[str]]:
        """Return what happened with each user or group, in order."""
        rows = await self.owner.connection.fetch(
            """
            SELECT CASE WHEN action = $2 AND $3 THEN target_id ELSE principal_id END AS subject,
                   action
              FROM audit_event
             WHERE organization_id = $1 AND action = ANY ($4::text[]) AND outcome = 'SUCCEEDED'
             ORDER BY sequence
            """,
            self.organization_id,
            ADD,
            GRANT in actions,
            list(actions),
        )
        found: dict[UUID, list[str]] = {}
        for row in rows:
            found.setdefault(row["subject"], []).append(row["action"])
        return found


@pytest.fixture
async def race(organization: Organization, database: Database, owner: Owner) -> Race:
    organization_id, admin_id = user_key(organization.admin_id)

    def prove(kind: type[Proof], user_id: UUID, permission: str) -> Proof:
        place = Membership(organization_id, user_id, False, frozenset({permission}))
        principal = Principal({organization_id: place}, CATALOGUE)
        return access.require(principal, kind, organization_id)

    made: dict[str, UUID] = {}
    for permission in (GROUPS_WRITE, APP_USERS_WRITE):
        user_id = await organization.user(permission)
        await owner.grant(user_id, permission)
        made[permission] = user_key(user_id)[1]
    return Race(
        database,
        owner,
        organization_id,
        prove(OrgAdmin, admin_id, ORGANIZATION_ADMIN),
        prove(GroupWriter, admin_id, ORGANIZATION_ADMIN),
        prove(GroupWriter, made[GROUPS_WRITE], GROUPS_WRITE),
        prove(AppUserWriter, made[APP_USERS_WRITE], APP_USERS_WRITE),
    )


async def at_once(*acts: Coroutine[Any, Any, None]) -> int:
    """Start acts a little apart, in any order, and return how many were forbidden."""

    async def start(act: Coroutine[Any, Any, None]) -> bool:
        await asyncio.sleep(random.uniform(0, 0.002))
        try:
            await act
        except Forbidden:
            return True
        return False

    return sum(await asyncio.gather(*map(start, acts)))


async def no_lock(*_: Any) -> None:
    """Let others in."""


class TestAddAgainstGrant:
    """Somebody who manages groups adds a member while an administrator grants to the group."""

    async def test_nobody_is_moved_into_a_group_that_holds_anything(self, race: Race) -> None:
        (user_id,) = await race.users(1)
        forbidden = 0
        for group_id in await race.groups(ROUNDS):
            forbidden += await at_once(
                race.add(race.manager, group_id, user_id), race.grant(group_id)
            )
        orders = list((await race.orders(ADD, GRANT)).values())
        assert orders.count([GRANT]) == forbidden
        assert orders.count([ADD, GRANT]) == ROUNDS - forbidden
        assert 0 < forbidden < ROUNDS

    async def test_the_grant_waits_for_who_looked(
        self, race: Race, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orders, granting = await self._grant_after_the_look(race, monkeypatch)
        await granting
        assert orders == [[ADD]]
        assert list((await race.orders(ADD, GRANT)).values()) == [[ADD, GRANT]]

    async def test_control_without_the_lock_it_does_not(
        self, race: Race, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(organizations, "lock", no_lock)
        orders, granting = await self._grant_after_the_look(race, monkeypatch)
        await granting
        assert orders == [[GRANT, ADD]]

    @staticmethod
    async def _grant_after_the_look(
        race: Race, monkeypatch: pytest.MonkeyPatch
    ) -> tuple[list[list[str]], asyncio.Task[None]]:
        """Grant between the guard's look and the commit of who adds, if that is possible."""
        (group_id,), (user_id,) = await race.groups(1), await race.users(1)
        look = grant_rows.holds_any
        started: list[asyncio.Task[None]] = []

        async def look_and_wait(*arguments: Any) -> bool:
            found = await look(*arguments)
            started.append(asyncio.create_task(race.grant(group_id)))
            await asyncio.wait(started, timeout=0.3)
            return found

        monkeypatch.setattr(grant_rows, "holds_any", look_and_wait)
        await race.add(race.manager, group_id, user_id)
        (granting,) = started
        # Without the lock the grant was committed before; with it, it may be by now.
        orders = list((await race.orders(ADD, GRANT)).values())
        return [order[:1] if order == [ADD, GRANT] else order for order in orders], granting


class TestAddAgainstMint:
    """An administrator moves a user into a group that holds something, while who may only manage
    application users mints a token for it."""

    async def test_nobody_mints_for_who_holds_anything(self, race: Race) -> None:
        (group_id,) = await race.groups(1)
        await race.grant(group_id)
        forbidden = 0
        for user_id in await race.users(ROUNDS):
            forbidden += await at_once(
                race.add(race.admin_groups, group_id, user_id), race.mint(user_id)
            )
        orders = list((await race.orders(ADD, MINT)).values())
        assert orders.count([ADD]) == forbidden
        assert orders.count([MINT, ADD]) == ROUNDS - forbidden
        assert 0 < forbidden < ROUNDS

    @pytest.mark.parametrize("taken", [{"organization", "user"}, {"organization"}, {"user"}])
    async def test_adding_waits_for_who_looked(
        self, race: Race, monkeypatch: pytest.MonkeyPatch, taken: set[str]
    ) -> None:
        """Both lock the organization and the user, and either is enough."""
        assert await self._add_after_the_look(race, monkeypatch, taken) == [MINT, ADD]

    async def test_control_without_the_locks_it_does_not(
        self, race: Race, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert await self._add_after_the_look(race, monkeypatch, set()) == [ADD, MINT]

    @staticmethod
    async def _add_after_the_look(
        race: Race, monkeypatch: pytest.MonkeyPatch, taken: set[str]
    ) -> list[str]:
        """Add between the guard's look and the commit of who mints, if that is possible."""

        async def lock_nobody(_connection: Any, _organization: Any, user_ids: Any) -> set[UUID]:
            return set(user_ids)

        if "organization" not in taken:
            monkeypatch.setattr(organizations, "share", no_lock)
        if "user" not in taken:
            monkeypatch.setattr(member_rows, "lock_users", lock_nobody)
        (group_id,), (user_id,) = await race.groups(1), await race.users(1)
        await race.grant(group_id)
        look = grant_rows.holds_any
        started: list[asyncio.Task[None]] = []

        async def look_and_wait(connection: Any, organization_id: UUID, whose: UUID) -> bool:
            found = await look(connection, organization_id, whose)
            if whose == user_id:
                adding = race.add(race.admin_groups, group_id, user_id)
                started.append(asyncio.create_task(adding))
                await asyncio.wait(started, timeout=0.3)
            return found

        monkeypatch.setattr(grant_rows, "holds_any", look_and_wait)
        await race.mint(user_id)
        await asyncio.gather(*started)
        return (await race.orders(ADD, MINT))[user_id]
