"""Uses recorded by several workers at a time, and while tokens end and old uses are forgotten."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app import revocations
from app.access import AppUserWriter
from app.activity_retention import Pruner
from app.errors import Failure
from db import presented
from db.pool import DatabaseUnavailable
from db.presented import TokenUse
from tests.db.token_scene import Scene, scene_on, together
from tests.postgres import Server
from tests.rounds import ROUNDS

MOST = 5


@pytest.fixture(scope="module")
async def scene(server: Server) -> AsyncGenerator[Scene]:
    async with scene_on(server) as made:
        yield made


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token's day is full after a few rows."""
    monkeypatch.setattr(presented, "MOST_ROWS_A_DAY", MOST)


def batch(
    scene: Scene, held: list[tuple[UUID, UUID]], *, when: datetime | None = None, news: bool = True
) -> list[TokenUse]:
    """Uses of tokens of users, one of each, from one of eight addresses, in any order."""
    at = when or datetime.now(UTC)
    uses = [
        TokenUse(
            *(scene.organization_id, token_id, user_id, at, at),
            f"192.0.2.{random.randint(1, 8)}",
            random.choice(["", "curl"]),
            is_other=random.random() < 0.1,
            is_news=news and random.random() < 0.5,
        )
        for user_id, token_id in held
    ]
    random.shuffle(uses)
    return uses


async def record(scene: Scene, uses: list[TokenUse]) -> None:
    async with scene.pool.connection() as connection:
        await presented.record_token_uses(connection, uses)


async def counted(scene: Scene) -> Counter[UUID]:
    found = await scene.owner.fetch(
        "SELECT token_id, sum(use_count)::integer AS uses FROM token_use GROUP BY token_id"
    )
    return Counter({row["token_id"]: row["uses"] for row in found})


async def fullest(scene: Scene) -> int:
    """How many rows the fullest day of a token has."""
    return await scene.owner.fetchval(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM token_use WHERE NOT is_other"
        "                     GROUP BY token_id, use_date) c"
    )


class TestNoneIsLost:
    """A deadlock surfaces as DatabaseUnavailable."""

    async def test_rounds(self, scene: Scene) -> None:
        writer = scene.proof(AppUserWriter)
        users = [await scene.user() for _ in range(3)]
        held = [(user_id, await scene.token(user_id)) for user_id in users for _ in range(3)]
        noted = Counter[UUID]()
        for number in range(ROUNDS):
            if number % 20 == 0:
                # Others take the place of those that have ended.
                users = [await scene.user() for _ in range(3)]
                held = [(one, await scene.token(one)) for one in users for _ in range(3)]
            token_ids = [token_id for _, token_id in held]
            batches = [batch(scene, held * 2), batch(scene, held), batch(scene, held[::-1])]
            acts: list[Awaitable[Any]] = [record(scene, uses) for uses in batches]
            if number % 20 == 10:
                acts.append(revocations.revoke_several(scene.pool, writer, token_ids[:4][::-1]))
                acts.append(scene.delete(users[1]))
                acts.append(revocations.revoke_all(scene.pool, writer, users[2]))
            made = await together(*acts)
            assert not any(isinstance(one, Failure) for one in made)
            noted.update(use.token_id for uses in batches for use in uses)
        assert await counted(scene) == noted
        assert await fullest(scene) == MOST

    async def test_beside_the_release_before(self, scene: Scene) -> None:
        user_id = await scene.user()
        held = [(user_id, await scene.token(user_id)) for _ in range(4)]
        noted = Counter[UUID]()

        async def record_as_before() -> None:
            now = datetime.now(UTC)
            async with scene.pool.connection() as connection:
                await connection.execute(
                    "SELECT record_token_uses($1, $2, $3, $4, $5, $6)",
                    [scene.organization_id] * 4,
                    [token_id for _, token_id in held[::-1]],
                    [user_id] * 4,
                    [now] * 4,
                    [None] * 4,
                    ["curl"] * 4,
                )

        for _ in range(max(1, ROUNDS // 10)):
            uses = batch(scene, held)
            await together(record(scene, uses), record_as_before(), record_as_before())
            noted.update(use.token_id for use in uses)
        found = await counted(scene)
        assert {token_id: found[token_id] for token_id in noted} == noted

    async def test_while_days_are_forgotten(self, scene: Scene) -> None:
        """Late uses of a day that is being forgotten: each is counted, or forgotten with it.

        These two may lock rows crosswise; whom PostgreSQL then ends tries again, as workers do.
        """
        user_id = await scene.user()
        held = [(user_id, await scene.token(user_id)) for _ in range(8)]
        old = datetime.now(UTC) - timedelta(days=3)
        pruner = Pruner(scene.pool, 1)

        async def record_late() -> None:
            uses = batch(scene, held, when=old, news=False)
            try:
                await record(scene, uses)
            except DatabaseUnavailable:
                await record(scene, uses)

        async def prune() -> None:
            with suppress(DatabaseUnavailable):
                await pruner.run()

        for _ in range(max(1, ROUNDS // 10)):
            await together(
                record_late(), prune(), record_late(), prune(), record(scene, batch(scene, held))
            )
        await pruner.run()
        found = await scene.owner.fetchval(
            "SELECT sum(use_count) FROM token_use WHERE token_id = ANY ($1)",
            [token_id for _, token_id in held],
        )
        assert found == 8 * max(1, ROUNDS // 10)


class TestTurns:
    """Two that saw the same room would fill it twice."""

    def uses(self, scene: Scene, user_id: UUID, token_id: UUID, first: int) -> list[TokenUse]:
        now = datetime.now(UTC)
        start = (scene.organization_id, token_id, user_id, now, now)
        return [TokenUse(*start, f"192.0.2.{first + n}", "", is_news=False) for n in range(MOST)]

    async def in_turn(self, scene: Scene) -> tuple[bool, int]:
        """Whether a writer waited for one that had not committed, and what became of the day."""
        user_id = await scene.user()
        token_id = await scene.token(user_id)
        async with scene.pool.tenant(scene.organization_id) as connection:
            await presented.record_token_uses(connection, self.uses(scene, user_id, token_id, 1))
            other = asyncio.create_task(record(scene, self.uses(scene, user_id, token_id, 101)))
            waits = not (await asyncio.wait([other], timeout=0.3))[0]
        await other
        rows = await scene.owner.fetchval(
            "SELECT count(*) FROM token_use WHERE token_id = $1 AND NOT is_other", token_id
        )
        return waits, rows

    async def test_are_taken(self, scene: Scene) -> None:
        assert await self.in_turn(scene) == (True, MOST)

    async def test_control_without_the_lock(self, scene: Scene) -> None:
        source = await scene.owner.fetchval(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'record_token_uses'"
        )
        lock = "PERFORM pg_advisory_xact_lock(7012026110115);"
        assert lock in source
        try:
            await scene.owner.execute(source.replace(lock, ""))
            assert await self.in_turn(scene) == (False, 2 * MOST)
        finally:
            await scene.owner.execute(source)
