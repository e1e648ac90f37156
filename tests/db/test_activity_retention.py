"""The history of uses is forgotten day by day, in every organization, and nothing else is."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from app import activity_retention
from app.activity_retention import Pruner
from db import token_uses
from tests.db import plans, rows
from tests.db.activity_scene import Scene, scene_on
from tests.db.plans import Mode, explain
from tests.db.rows import A_TOKEN, B_TOKEN, BARBARA, A, B
from tests.postgres import Server

LAST = time(23, 59, 59, 999999, tzinfo=UTC)


@pytest.fixture(scope="module")
async def scene(server: Server) -> AsyncGenerator[Scene]:
    async with scene_on(server) as made:
        yield made


@pytest.fixture(autouse=True)
async def clean(scene: Scene) -> None:
    await scene.owner.execute("DELETE FROM token_use")


async def put(
    scene: Scene, days: int, *, organization_id: UUID = A, at: time = LAST, count: int = 1
) -> None:
    """Write rows of a day so long ago; the last use of that day is near its end."""
    today: date = await scene.owner.fetchval("SELECT (now() AT TIME ZONE 'UTC')::date")
    day = today - timedelta(days=days)
    own = {} if organization_id == A else {"token_id": B_TOKEN, "user_id": BARBARA}
    for number in range(count):
        row = rows.token_use(
            organization_id=organization_id,
            use_date=day,
            ip=f"192.0.2.{number}",
            first_use_time=datetime.combine(day, at),
            last_use_time=datetime.combine(day, LAST),
            **own,
        )
        await rows.insert(scene.owner, "token_use", row)


async def left(scene: Scene, organization_id: UUID = A) -> list[int]:
    """Of which days there are rows, as days ago."""
    found = await scene.owner.fetch(
        "SELECT (now() AT TIME ZONE 'UTC')::date - use_date AS days FROM token_use"
        " WHERE organization_id = $1 ORDER BY 1",
        organization_id,
    )
    return [row["days"] for row in found]


class TestForgotten:
    @pytest.mark.parametrize("at", [time(0, tzinfo=UTC), LAST])
    @pytest.mark.parametrize("keep", [1, 30])
    async def test_days_as_a_whole(self, scene: Scene, keep: int, at: time) -> None:
        for days in (0, 1, keep - 1, keep, keep + 1, keep + 2, 4000):
            await scene.owner.execute(
                "DELETE FROM token_use WHERE use_date = now()::date - $1::int", days
            )
            await put(scene, days, at=at)
        await Pruner(scene.pool, keep).run()
        assert await left(scene) == sorted({0, 1, keep - 1, keep})

    async def test_in_every_organization(self, scene: Scene) -> None:
        for organization_id in (A, B):
            await put(scene, 91, organization_id=organization_id)
            await put(scene, 89, organization_id=organization_id)
        await Pruner(scene.pool, 90).run()
        assert (await left(scene), await left(scene, B)) == ([89], [89])

    async def test_in_batches(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(activity_retention, "BATCH", 3)
        await put(scene, 5, count=10)
        await put(scene, 2, count=2)
        async with scene.pool.tenant(A) as connection:
            assert await token_uses.prune(connection, A, older_than_days=3, at_most=3) == 3
        await Pruner(scene.pool, 3).run()
        assert await left(scene) == [2, 2]

    async def test_by_several_workers_at_once(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(activity_retention, "BATCH", 7)
        await put(scene, 5, count=100)
        await asyncio.gather(*(Pruner(scene.pool, 3).run() for _ in range(4)))
        await Pruner(scene.pool, 3).run()
        assert await left(scene) == []

    async def test_last_uses_stay(self, scene: Scene) -> None:
        await scene.owner.execute("UPDATE token SET last_used_time = now() - interval '1 year'")
        before = await scene.last(A_TOKEN)
        await put(scene, 300)
        await Pruner(scene.pool, 90).run()
        assert await scene.last(A_TOKEN) == before


class TestPlan:
    @pytest.mark.parametrize("mode", plans.MODES)
    async def test_by_time_and_by_key(self, scene: Scene, mode: Mode) -> None:
        await scene.owner.execute("SET session_replication_role = replica")
        await scene.owner.execute(
            "INSERT INTO token_use (organization_id, token_id, user_id, use_date, user_agent,"
            "                       use_count, first_use_time, last_use_time)"
            " SELECT CASE WHEN n % 2 = 0 THEN $1::uuid ELSE $2 END, $3, $4, t.at::date,"
            "        n::text, 1, t.at, t.at"
            "   FROM generate_series(1, 20000) AS n,"
            "        LATERAL (SELECT now() - make_interval(mins => n * 10) AS at) t",
            A,
            B,
            A_TOKEN,
            BARBARA,
        )
        await scene.owner.execute("RESET session_replication_role; ANALYZE token_use")
        async with scene.pool.tenant(A) as connection:
            plan = await explain(connection, mode, token_uses.PRUNE_SQL, [A, 90, 1000])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        reads = {node.index: node for node in plan.nodes if node.index}
        assert set(reads) == {"token_use_by_time", "token_use_pkey"}, plan.text
        assert "first_use_time < " in reads["token_use_by_time"].index_condition, plan.text
        assert plan.sorts == [], plan.text
