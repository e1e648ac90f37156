"""Activity: what moves a token's last use, and what extends its life before the answer."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from ipaddress import ip_address

import pytest

from app import activity, settings
from app.activity import Activity
from app.settings import SettingsError
from db import presented
from db.pool import DatabaseUnavailable
from tests.db.activity_scene import HERE, Scene, Writes, gone, scene_on
from tests.postgres import Server

THERE = ip_address("198.51.100.1")
LONGEST = 60.0
"""Seconds between two flushes, as far as settings go."""
SOON, LATE = timedelta(seconds=59), timedelta(seconds=91)


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


class TestExtension:
    async def test_near_the_end_is_written_before_the_answer(self, scene: Scene) -> None:
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        await remembered.note(token, HERE, "curl")
        found = await scene.last(token_id)
        assert found["expiry_time"] == token.check_time + timedelta(hours=1)
        await remembered.flush()
        assert await scene.count(token_id) == 1

    @pytest.mark.parametrize(("left", "sliding"), [(LATE, True), (SOON, False)])
    async def test_otherwise_it_waits(self, scene: Scene, left: timedelta, sliding: bool) -> None:
        remembered = scene.activity()
        token_id = await scene.token(left, extend_when_used=sliding)
        before = await scene.last(token_id)
        await remembered.note(await scene.look_up(token_id), HERE, "curl")
        assert await scene.last(token_id) == before
        await remembered.flush()
        after = await scene.last(token_id)
        assert (after["expiry_time"] > before["expiry_time"]) is sliding

    async def test_of_many_at_once_is_few_statements(self, scene: Scene, writes: Writes) -> None:
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        await asyncio.gather(*(remembered.note(token, HERE, "curl") for _ in range(30)))
        assert len(writes.sizes) <= 2
        assert await scene.count(token_id) == 30
        assert (await scene.last(token_id))["expiry_time"] == token.check_time + timedelta(hours=1)

    async def test_that_is_not_written_in_time(self, scene: Scene, writes: Writes) -> None:
        """Whoever asked is told at the deadline; the use is written once all the same."""
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        writes.may_begin.clear()
        deadline = asyncio.get_running_loop().time() + 0.1
        async with asyncio.timeout(5):
            with pytest.raises(DatabaseUnavailable, match="in time"):
                await remembered.note(token, HERE, "curl", deadline)
        writes.may_begin.set()
        await remembered.flush()
        assert await scene.count(token_id) == 1
        assert (await scene.last(token_id))["expiry_time"] > token.check_time + LATE

    async def test_that_cannot_be_written(self, scene: Scene, writes: Writes) -> None:
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        writes.fails_before = gone
        with pytest.raises(DatabaseUnavailable):
            await remembered.note(await scene.look_up(token_id), HERE, "curl")
        writes.fails_before = lambda _: None
        await remembered.flush()
        assert await scene.count(token_id) == 1

    async def test_whose_caller_leaves(self, scene: Scene, writes: Writes) -> None:
        remembered = scene.activity()
        token_id = await scene.token(SOON, extend_when_used=True)
        token = await scene.look_up(token_id)
        writes.may_end.clear()
        noting = asyncio.create_task(remembered.note(token, HERE, "curl"))
        await writes.began.wait()
        noting.cancel()
        await asyncio.gather(noting, return_exceptions=True)
        writes.may_end.set()
        await remembered.flush()
        assert await scene.count(token_id) == 1

    @pytest.mark.parametrize("interval", [0.1, 30, LONGEST])
    async def test_never_waits_for_a_flush_that_might_be_late(
        self, scene: Scene, interval: float
    ) -> None:
        """At any setting, what is only remembered has as long again as a flush might take."""
        remembered = scene.activity(interval)
        token_id = await scene.token(timedelta(seconds=interval + 29), extend_when_used=True)
        token = await scene.look_up(token_id)
        await remembered.note(token, HERE, "curl")
        found = await scene.last(token_id)
        assert found["expiry_time"] == token.check_time + timedelta(hours=1)

    def test_there_is_no_longer_interval(self) -> None:
        settings.load(activity_flush_seconds=LONGEST)
        with pytest.raises(SettingsError):
            settings.load(activity_flush_seconds=LONGEST + 1)

    async def test_control_without_the_margin_it_is_late(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(activity, "SPARE_SECONDS", 0)
        # More than EXTEND_SECONDS, which alone would do for short intervals.
        token_id = await scene.token(timedelta(seconds=60.5), extend_when_used=True)
        before = await scene.last(token_id)
        await scene.activity(LONGEST).note(await scene.look_up(token_id), HERE, "curl")
        assert await scene.last(token_id) == before
