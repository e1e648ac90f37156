"""Activity: what moves a token's last use."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from ipaddress import ip_address

import pytest

from app.activity import Activity
from db import presented
from tests.db.activity_scene import HERE, Scene, Writes, scene_on
from tests.postgres import Server

THERE = ip_address("198.51.100.1")


@pytest.fixture(scope="module")
async def scene(server: Server) -> AsyncGenerator[Scene]:
    async with scene_on(server) as made:
        yield made


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> Writes:
    made = Writes()
    monkeypatch.setattr(presented, "record_token_uses", made.record)
    return made


class TestNews:
    async def test_the_same_again_is_counted_and_moves_nothing(self, scene: Scene) -> None:
        remembered, token_id = scene.activity(), await scene.token()
        await remembered.note(await scene.look_up(token_id), HERE, "curl")
        await remembered.flush()
        before = await scene.last(token_id)
        for seconds in (1, 59):
            await remembered.note(await scene.look_up(token_id, seconds), HERE, "curl")
            await remembered.flush()
        assert await scene.last(token_id) == before
        assert await scene.count(token_id) == 3
        await remembered.note(await scene.look_up(token_id, 61), HERE, "curl")
        await remembered.flush()
        after = await scene.last(token_id)
        assert after["last_used_time"] - before["last_used_time"] > timedelta(seconds=60)

    @pytest.mark.parametrize("changes", [{"extend_when_used": True}, {"overlap": True}])
    async def test_of_some_tokens_every_use_moves_it(
        self, scene: Scene, changes: dict[str, bool]
    ) -> None:
        remembered = scene.activity()
        if "overlap" in changes:
            now = await scene.owner.fetchval("SELECT now()")
            later = now + timedelta(hours=1)
            token_id = await scene.token(supersede_time=now, overlap_end_time=later)
        else:
            token_id = await scene.token(timedelta(hours=1), extend_when_used=True)
        for _ in range(2):
            token = await scene.look_up(token_id)
            await remembered.note(token, HERE, "curl")
            await remembered.flush()
            assert (await scene.last(token_id))["last_used_time"] == token.check_time

    async def while_written(self, scene: Scene, writes: Writes, remembered: Activity) -> str:
        """Which address is the last one, where a use like the one recorded comes in a write."""
        token_id = await scene.token()
        await remembered.note(await scene.look_up(token_id), HERE, "curl")
        await remembered.flush()
        await remembered.note(await scene.look_up(token_id), THERE, "curl")
        writes.began.clear()
        writes.may_begin.clear()
        flushing = asyncio.create_task(remembered.flush())
        await writes.began.wait()
        await remembered.note(await scene.look_up(token_id), HERE, "curl")
        writes.may_begin.set()
        await flushing
        await remembered.flush()
        return (await scene.last(token_id))["last_ip"]

    async def test_behind_news_that_is_being_written_it_is_news(
        self, scene: Scene, writes: Writes
    ) -> None:
        assert await self.while_written(scene, writes, scene.activity()) == str(HERE)

    async def test_control_that_forgets_the_news_too_early(
        self, scene: Scene, writes: Writes
    ) -> None:
        remembered = scene.activity()

        class Hasty(Writes):
            async def record(self, connection: object, uses: object) -> None:
                remembered._news.clear()  # pyright: ignore[reportPrivateUsage]
                await writes.record(connection, uses)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(presented, "record_token_uses", Hasty().record)
            assert await self.while_written(scene, writes, remembered) == str(THERE)
