"""Activity: nobody's uses wait for all of somebody else's, nor for what cannot be written."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app import activity
from app.activity import Activity
from app.waiting_uses import Key, WaitingUses
from db import presented
from db.pool import DatabaseUnavailable
from db.presented import PresentedToken, TokenUse
from tests.db.activity_scene import HERE, Scene, Writes, gone, scene_on
from tests.db.rows import B_TOKEN, B
from tests.postgres import Server

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
async def scene(server: Server) -> AsyncGenerator[Scene]:
    async with scene_on(server) as made:
        yield made


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> Writes:
    made = Writes()
    monkeypatch.setattr(presented, "record_token_uses", made.record)
    return made


async def note_tokens(scene: Scene, remembered: Activity, count: int) -> list[UUID]:
    """Note a use of so many tokens of A."""
    token_ids = [await scene.token() for _ in range(count)]
    for token_id in token_ids:
        await remembered.note(await scene.look_up(token_id), HERE, "curl")
    return token_ids


async def of_b(scene: Scene) -> PresentedToken:
    """What a look-up says of B's token."""
    async with scene.pool.connection() as connection:
        (found,) = await presented.find_tokens(connection, [B], [B_TOKEN])
    return found


class Unfair(WaitingUses):
    """The control: first come, first served."""

    def in_turn(self) -> Any:
        return iter(list(self._uses))


class TestTurns:
    async def organizations(
        self, scene: Scene, writes: Writes, remembered: Activity
    ) -> list[list[UUID]]:
        """Whose uses are written together, where A has many that came before B's."""
        written: list[list[UUID]] = []

        def see(uses: Sequence[TokenUse]) -> None:
            written.append([use.organization_id for use in uses])

        writes.fails_before = see
        await note_tokens(scene, remembered, 9)
        await remembered.note(await of_b(scene), HERE, "curl")
        await remembered.flush()
        return written

    @pytest.fixture(autouse=True)
    def four(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(activity, "BATCH", 4)

    async def test_of_organizations(self, scene: Scene, writes: Writes) -> None:
        first, *_ = await self.organizations(scene, writes, scene.activity())
        assert B in first
        assert len(first) == 4

    async def test_control_in_the_order_they_came(self, scene: Scene, writes: Writes) -> None:
        remembered = Activity(scene.pool, 60, timedelta(seconds=60), Unfair())
        first, *others = await self.organizations(scene, writes, remembered)
        assert B not in first
        assert B in others[-1]

    @pytest.mark.parametrize(("interval", "at_once"), [(0.02, True), (60.0, False)])
    async def test_who_comes_during_a_long_flush_waits_for_an_interval(
        self, scene: Scene, writes: Writes, interval: float, at_once: bool
    ) -> None:
        """At 60 seconds, the control, it is the next flush's."""
        remembered = scene.activity(interval)
        await note_tokens(scene, remembered, 12)
        token = await of_b(scene)
        written: list[bool] = []

        def see(uses: Sequence[TokenUse]) -> None:
            written.append(B in {use.organization_id for use in uses})

        writes.fails_before = see
        writes.may_end.clear()
        flushing = asyncio.create_task(remembered.flush())
        await writes.began.wait()
        await remembered.note(token, HERE, "curl")
        await asyncio.sleep(0.03)
        writes.may_end.set()
        await flushing
        assert written == ([False, True, False, False] if at_once else [False, False, False])

    def test_the_keys_of_a_token_come_one_behind_the_other(self) -> None:
        waiting = WaitingUses()
        token_ids = [UUID(int=number) for number in range(1, 4)]
        keys: list[Key] = [
            (token_id, None, agent, None) for agent in ("a", "b") for token_id in token_ids
        ]
        for key in keys:
            waiting.keep(key, _use(UUID(int=9), key))
        assert [key[0] for key in waiting.in_turn()] == sorted(token_ids * 2)

    def test_whoever_was_served_comes_back_at_the_end(self) -> None:
        waiting = WaitingUses()
        keys: list[Key] = [(UUID(int=number), None, "", None) for number in range(1, 4)]
        for key in keys:
            waiting.keep(key, _use(UUID(int=9), key))
        waiting.take(keys[:1])
        waiting.keep(keys[0], _use(UUID(int=9), keys[0]))
        assert list(waiting.in_turn()) == [keys[1], keys[2], keys[0]]


def _use(organization_id: UUID, key: Key) -> TokenUse:
    return TokenUse(organization_id, key[0], key[0], NOON, NOON, None, key[2])


def too_long(of: Callable[[TokenUse], bool]) -> Callable[[Sequence[TokenUse]], Exception | None]:
    """What has one of these in it takes too long."""
    return lambda uses: TimeoutError() if any(of(use) for use in uses) else None


class TestTooLong:
    @pytest.mark.parametrize("failure", [TimeoutError(), asyncpg.QueryCanceledError("canceled")])
    async def test_the_others_are_written(
        self, scene: Scene, writes: Writes, failure: Exception
    ) -> None:
        remembered = scene.activity()
        heavy, *others = await note_tokens(scene, remembered, 40)
        writes.fails_before = lambda uses: (
            failure if heavy in {use.token_id for use in uses} else None
        )
        with pytest.raises(DatabaseUnavailable):
            await remembered.flush()
        assert await scene.count(*others) == 39
        assert remembered.waiting == 1
        # 40, 20, 10, 5, 2 or 3, 1: each half is as much as the other.
        assert sum(size > 1 for size in writes.sizes) <= 11
        writes.fails_before = lambda _: None
        await remembered.flush()
        assert await scene.count(heavy, *others) == 40

    async def test_of_several_users(self, scene: Scene, writes: Writes) -> None:
        remembered = scene.activity()
        token_ids = await note_tokens(scene, remembered, 40)
        heavy = {token_ids[3], token_ids[30]}
        writes.fails_before = too_long(lambda use: use.token_id in heavy)
        for _ in range(3):
            with pytest.raises(DatabaseUnavailable):
                await remembered.flush()
        assert await scene.count(*token_ids) == 38
        assert remembered.waiting == 2

    async def test_what_is_too_much_at_a_time_is_written(
        self, scene: Scene, writes: Writes
    ) -> None:
        remembered = scene.activity()
        token_ids = await note_tokens(scene, remembered, 40)
        writes.fails_before = lambda uses: TimeoutError() if len(uses) > 10 else None
        await remembered.flush()
        assert await scene.count(*token_ids) == 40
        assert writes.sizes == [40, 20, 20, 10, 10, 10, 10]

    async def test_other_batches_go_before_its_halves(
        self, scene: Scene, writes: Writes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(activity, "BATCH", 4)
        remembered = scene.activity()
        heavy, *_ = await note_tokens(scene, remembered, 10)
        writes.fails_before = too_long(lambda use: use.token_id == heavy)
        with pytest.raises(DatabaseUnavailable):
            await remembered.flush()
        assert writes.sizes[:2] == [4, 4]
        assert remembered.waiting == 1

    async def test_a_flush_ends_where_nothing_is_written(
        self, scene: Scene, writes: Writes
    ) -> None:
        remembered = scene.activity()
        token_ids = await note_tokens(scene, remembered, 40)
        writes.fails_before = too_long(lambda _: True)
        with pytest.raises(DatabaseUnavailable):
            await remembered.flush()
        assert len(writes.sizes) == activity.MOST_TIMEOUTS
        writes.fails_before = lambda _: None
        await remembered.flush()
        assert await scene.count(*token_ids) == 40

    async def test_control_where_the_database_is_away(self, scene: Scene, writes: Writes) -> None:
        """There is no sense in halves of it."""
        remembered = scene.activity()
        await note_tokens(scene, remembered, 40)
        writes.fails_before = gone
        with pytest.raises(DatabaseUnavailable):
            await remembered.flush()
        assert writes.sizes == [40]
