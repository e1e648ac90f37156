"""Minting at the same time as its user is granted something, and rotating twice at once.

The outcome is judged by the rows and by the trail, whose sequence is the order of the commits.
``APPUSERS_TEST_ROUNDS=10000`` runs more of each.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app import minting
from app.errors import AlreadyRotated, Forbidden
from app.rotation import Rotated
from db import organizations, rotations, users
from db import tokens as token_rows
from db.tokens import Token
from tests.db.token_scene import (
    READ,
    Scene,
    clear,
    pause_after_the_look,
    scene_on,
    together,
    unlocked,
    wrong,
)
from tests.postgres import Server
from tests.rounds import ROUNDS


@pytest.fixture(scope="module")
async def scene(server: Server) -> AsyncGenerator[Scene]:
    async with scene_on(server) as made:
        yield made


# A token in the hands of who is not administrator that carries what its user was granted.
LEAKED_SQL = """
SELECT t.token_id
  FROM token t
 WHERE t.organization_id = $1 AND t.created_by = $2 AND t.revoke_time IS NULL
   AND t.permission_ceiling IS DISTINCT FROM '{}'
   AND EXISTS (SELECT FROM permission_grant g
                WHERE g.organization_id = $1
                  AND g.principal_id = ANY (t.user_id || ARRAY(
                          SELECT m.group_id FROM group_member m
                           WHERE m.organization_id = $1 AND m.user_id = t.user_id)))
"""
# A token minted for who held a permission by then: its event stands behind the grant's.
LATE_SQL = """
SELECT m.target_id
  FROM audit_event m
  JOIN audit_event g ON g.organization_id = $1 AND g.sequence < m.sequence
   AND g.action IN ('principal:permission:grant', 'group:member:add')
   AND (m.principal_id IN (g.target_id, g.principal_id)
        OR EXISTS (SELECT FROM group_member s
                    WHERE s.organization_id = $1 AND s.user_id = m.principal_id
                      AND s.group_id IN (g.target_id, g.principal_id)))
 WHERE m.organization_id = $1 AND m.actor_user_id = $2
   AND m.action = 'application_user:token:generate' AND m.outcome = 'SUCCEEDED'
"""

WAYS = ("to the user", "to its group", "by joining a group")


async def way_of(scene: Scene, user_id: UUID, way: str) -> Awaitable[None]:
    """Return the act by which a user comes to hold a permission."""
    if way == "to the user":
        return scene.grant(user_id)
    if way == "to its group":
        return scene.grant(await scene.group(user_id), is_group=True)
    return scene.join(await scene.group(permission=READ), user_id)


class TestGrantAgainstMint:
    async def test_rounds(self, scene: Scene) -> None:
        outcomes = {"minted": 0, "refused": 0}
        for number in range(ROUNDS):
            user_id = await scene.user()
            gives = await way_of(scene, user_id, WAYS[number % 3])
            minted, _ = await together(scene.mint(user_id), gives)
            assert isinstance(minted, Token | Forbidden)
            outcomes["minted" if isinstance(minted, Token) else "refused"] += 1
            if isinstance(minted, Token):
                assert minted.permission_ceiling == []
        assert await wrong(scene, LEAKED_SQL) == []
        assert await wrong(scene, LATE_SQL) == []
        # Otherwise there was no race.
        assert min(outcomes.values()) > 0, outcomes

    @pytest.mark.parametrize("way", WAYS)
    async def test_the_other_waits_for_the_mint(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch, way: str
    ) -> None:
        """Between the look at what the user holds and the commit nothing is granted."""
        user_id = await scene.user()
        gives = await way_of(scene, user_id, way)
        looked, go_on = pause_after_the_look(monkeypatch, user_id)
        mint = asyncio.create_task(scene.mint(user_id))
        await looked.wait()
        giving = asyncio.ensure_future(gives)
        assert not (await asyncio.wait([giving], timeout=0.2))[0]
        go_on.set()
        await asyncio.gather(mint, giving)
        assert await wrong(scene, LATE_SQL) == []

    @pytest.mark.parametrize("way", WAYS)
    async def test_control_without_the_lock(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch, way: str
    ) -> None:
        async def nothing(*_: object) -> None: ...

        monkeypatch.setattr(organizations, "share", nothing)
        monkeypatch.setattr(users, "share_application_user", unlocked)
        user_id = await scene.user()
        gives = await way_of(scene, user_id, way)
        looked, go_on = pause_after_the_look(monkeypatch, user_id)
        mint = asyncio.create_task(scene.mint(user_id))
        await looked.wait()
        await gives
        go_on.set()
        made = await mint
        assert await wrong(scene, LATE_SQL) == [made.token_id]
        await clear(scene)

    @pytest.mark.parametrize("way", WAYS)
    async def test_control_without_the_ceiling(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch, way: str
    ) -> None:
        insert = token_rows.insert

        async def careless(*arguments: Any, **row: Any) -> Any:
            return await insert(*arguments, **row | {"permission_ceiling": None})

        monkeypatch.setattr(token_rows, "insert", careless)
        user_id = await scene.user()
        gives = await way_of(scene, user_id, way)
        made = await scene.mint(user_id)
        await gives
        assert await wrong(scene, LEAKED_SQL) == [made.token_id]
        await clear(scene)


async def successors(scene: Scene, token_id: UUID) -> int:
    return await scene.owner.fetchval(
        "SELECT count(*) FROM token WHERE organization_id = $1 AND predecessor_id = $2",
        scene.organization_id,
        token_id,
    )


class TestRotateAgainstRotate:
    async def test_rounds(self, scene: Scene) -> None:
        user_id = await scene.user()
        for _ in range(ROUNDS):
            token_id = await scene.token(user_id)
            made = await together(scene.rotate(token_id), scene.rotate(token_id))
            (won,) = [one for one in made if isinstance(one, Rotated)]
            (lost,) = [one for one in made if isinstance(one, AlreadyRotated)]
            assert lost.successor_id == won.token.token_id
            assert await successors(scene, token_id) == 1

    async def test_control_without_the_claim(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both find a token that was not rotated; then nothing but the trigger is in the way."""
        careless = rotations.SUPERSEDE_SQL.replace("AND supersede_time IS NULL", "")
        assert careless != rotations.SUPERSEDE_SQL
        monkeypatch.setattr(rotations, "SUPERSEDE_SQL", careless)
        both, permit = asyncio.Barrier(2), minting.permit

        async def slow(*arguments: Any) -> None:
            await permit(*arguments)
            await both.wait()

        monkeypatch.setattr(minting, "permit", slow)
        token_id = await scene.token(await scene.user())
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="stays so"):
            await together(scene.rotate(token_id), scene.rotate(token_id))
        # The last two walls: the trigger, and the index.
        await scene.owner.execute(
            "DROP INDEX token_successor; ALTER TABLE token DISABLE TRIGGER token_stays_ended"
        )
        token_id = await scene.token(await scene.user())
        made = await together(scene.rotate(token_id), scene.rotate(token_id))
        assert all(isinstance(one, Rotated) for one in made)
        assert await successors(scene, token_id) == 2
        await clear(scene)
        await scene.owner.execute(
            "ALTER TABLE token ENABLE TRIGGER token_stays_ended;"
            " CREATE UNIQUE INDEX token_successor ON token (organization_id, predecessor_id)"
            " WHERE predecessor_id IS NOT NULL"
        )
