"""Ends of tokens and users at the same time as tokens are minted, rotated and used."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from app import revocations
from app.access import AppUserWriter
from app.errors import Failure, InvalidInput, NotFound
from app.rotation import Rotated
from db import presented, users
from db.presented import TokenUse
from db.tokens import Token
from tests.db.token_scene import (
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


# A token that is accepted although its user is deleted.
UNDEAD_SQL = """
SELECT t.token_id
  FROM token t
  JOIN organization_user u ON u.organization_id = t.organization_id AND u.user_id = t.user_id
 WHERE t.organization_id = $1 AND t.revoke_time IS NULL AND u.state = 'DELETED'
   AND $2::uuid IS NOT NULL
"""


class TestDeleteAgainstMint:
    async def test_rounds(self, scene: Scene) -> None:
        outcomes = {"minted": 0, "refused": 0}
        for number in range(ROUNDS):
            user_id = await scene.user()
            if number % 2:
                token_id = await scene.token(user_id)
                makes: Awaitable[Any] = scene.rotate(token_id)
            else:
                makes = scene.mint(user_id, admin=True)
            made, _ = await together(makes, scene.delete(user_id))
            assert isinstance(made, Token | Rotated | NotFound | InvalidInput)
            outcomes["refused" if isinstance(made, Failure) else "minted"] += 1
        assert await wrong(scene, UNDEAD_SQL) == []
        assert min(outcomes.values()) > 0, outcomes

    async def test_control_without_the_lock(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked, go_on = asyncio.Event(), asyncio.Event()

        async def slow(*arguments: Any) -> users.User | None:
            found = await unlocked(*arguments)
            looked.set()
            await go_on.wait()
            return found

        monkeypatch.setattr(users, "share_application_user", slow)
        user_id = await scene.user()
        mint = asyncio.create_task(scene.mint(user_id, admin=True))
        await looked.wait()
        await scene.delete(user_id)
        go_on.set()
        made = await mint
        assert await wrong(scene, UNDEAD_SQL) == [made.token_id]
        await clear(scene)

    async def test_revoking_all_waits_for_a_mint(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user_id = await scene.user()
        looked, go_on = pause_after_the_look(monkeypatch, user_id)
        mint = asyncio.create_task(scene.mint(user_id))
        await looked.wait()
        writer = scene.proof(AppUserWriter)
        revoking = asyncio.create_task(revocations.revoke_all(scene.pool, writer, user_id))
        assert not (await asyncio.wait([revoking], timeout=0.2))[0]
        go_on.set()
        await mint
        assert await revoking == 1


class TestNobodyWaitsInACircle:
    """A deadlock would surface as DatabaseUnavailable, which nothing here catches."""

    async def test_bulk_revocations_deletions_and_batches_of_uses(self, scene: Scene) -> None:
        writer = scene.proof(AppUserWriter)

        async def record(uses: list[tuple[UUID, UUID]]) -> None:
            now = datetime.now(UTC)
            batch = [
                TokenUse(scene.organization_id, token_id, user_id, now, now, None, "curl")
                for user_id, token_id in uses
            ]
            async with scene.pool.connection() as connection:
                await presented.record_token_uses(connection, batch)

        for _ in range(max(1, ROUNDS // 20)):
            user_ids = [await scene.user() for _ in range(3)]
            held = [(one, await scene.token(one)) for one in user_ids for _ in range(4)]
            token_ids = [token_id for _, token_id in held]
            random.shuffle(token_ids)
            made = await together(
                record(held),
                revocations.revoke_several(scene.pool, writer, token_ids),
                record(held[::-1]),
                revocations.revoke_several(scene.pool, writer, token_ids[::-1]),
                scene.delete(user_ids[1]),
                revocations.revoke_all(scene.pool, writer, user_ids[2]),
            )
            assert not any(isinstance(one, Failure) for one in made)
