"""Activity: every use is counted once, whatever happens between its note and its row."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from ipaddress import ip_address
from uuid import UUID, uuid4

import pytest

from app import activity
from app.activity import Activity
from app.waiting_uses import Key
from db import presented
from db.pool import DatabaseUnavailable
from db.presented import PersonMembership
from tests.db import rows
from tests.db.activity_scene import HERE, Scene, Writes, gone, scene_on
from tests.db.rows import A
from tests.postgres import Server
from tests.rounds import ROUNDS


@pytest.fixture(scope="module")
async def scene(server: Server) -> AsyncGenerator[Scene]:
    async with scene_on(server) as made:
        yield made


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> Writes:
    made = Writes()
    monkeypatch.setattr(presented, "record_token_uses", made.record)
    return made


def is_empty(remembered: Activity) -> bool:
    """Nothing is kept of what was written."""
    return not (
        remembered._uses  # pyright: ignore[reportPrivateUsage]
        or remembered._news  # pyright: ignore[reportPrivateUsage]
        or remembered._late  # pyright: ignore[reportPrivateUsage]
    )


class TestCounted:
    async def test_by_address_program_and_day(self, scene: Scene) -> None:
        remembered, token_id = scene.activity(), await scene.token()
        there = ip_address("2001:db8::1")
        for _ in range(3):
            token = await scene.look_up(token_id)
            for address, agent in ((HERE, "curl"), (HERE, "curl"), (there, "curl"), (None, None)):
                await remembered.note(token, address, agent)
            await remembered.note(token, HERE, "x")
            await remembered.flush()
        expected = {("192.0.2.1", "curl"): 6, ("2001:db8::1", "curl"): 3, (None, ""): 3}
        assert await scene.history(token_id) == expected | {("192.0.2.1", "x"): 3}
        assert is_empty(remembered)

    async def test_at_midnight(self, scene: Scene) -> None:
        remembered, token_id = scene.activity(), await scene.token()
        token = await scene.look_up(token_id)
        midnight = token.check_time.replace(hour=0, minute=0, second=0, microsecond=0)
        for moment in (midnight - timedelta(microseconds=1), midnight, midnight):
            await remembered.note(token._replace(check_time=moment), HERE, "curl")
        await remembered.flush()
        found = await scene.owner.fetch(
            "SELECT use_date, use_count FROM token_use WHERE token_id = $1", token_id
        )
        assert {tuple(row) for row in found} == {
            (midnight.date() - timedelta(days=1), 1),
            (midnight.date(), 2),
        }

    async def test_whichever_answer_comes_first(self, scene: Scene, writes: Writes) -> None:
        """What look-ups say of the time need not come in its order, nor when a write failed."""
        remembered, token_id = scene.activity(), await scene.token()
        writes.fails_before = gone
        for seconds in (5, 1, 9, 4):
            await remembered.note(await scene.look_up(token_id, seconds), HERE, "curl")
            with pytest.raises(DatabaseUnavailable):
                await remembered.flush()
        writes.fails_before = lambda _: None
        await remembered.flush()
        row = await scene.owner.fetchrow(
            "SELECT use_count, last_use_time - first_use_time AS span FROM token_use"
            " WHERE token_id = $1",
            token_id,
        )
        assert row is not None
        assert row["use_count"] == 4
        assert timedelta(seconds=8) <= row["span"] < timedelta(seconds=9)

    async def test_in_batches(
        self, scene: Scene, writes: Writes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(activity, "BATCH", 3)
        remembered = scene.activity()
        token_ids = [await scene.token() for _ in range(8)]
        for token_id in token_ids:
            await remembered.note(await scene.look_up(token_id), HERE, "curl")
        await remembered.flush()
        assert writes.sizes == [3, 3, 2]
        assert await scene.count(*token_ids) == 8

    async def test_nothing_is_no_statement(self, scene: Scene, writes: Writes) -> None:
        await scene.activity().flush()
        assert writes.sizes == []


class TestDuringAWrite:
    async def test_notes_are_the_next_ones(self, scene: Scene, writes: Writes) -> None:
        remembered, token_id = scene.activity(), await scene.token()
        token = await scene.look_up(token_id)
        await remembered.note(token, HERE, "curl")
        writes.may_end.clear()
        flushing = asyncio.create_task(remembered.flush())
        await writes.began.wait()
        await remembered.note(token, HERE, "curl")
        await remembered.note(token, None, "curl")
        writes.may_end.set()
        await flushing
        assert await scene.count(token_id) == 1
        await remembered.flush()
        assert await scene.history(token_id) == {("192.0.2.1", "curl"): 2, (None, "curl"): 1}

    async def test_a_flush_waits_for_the_one_before(self, scene: Scene, writes: Writes) -> None:
        """And writes what that one failed to."""
        remembered, token_id = scene.activity(), await scene.token()
        await remembered.note(await scene.look_up(token_id), HERE, "curl")
        writes.may_begin.clear()
        first = asyncio.create_task(remembered.flush())
        await writes.began.wait()
        second = asyncio.create_task(remembered.flush())
        outcomes = iter([gone([]), None])
        writes.fails_before = lambda _: next(outcomes)
        writes.may_begin.set()
        with pytest.raises(DatabaseUnavailable):
            await first
        await second
        assert await scene.count(token_id) == 1
        assert is_empty(remembered)


async def turmoil(scene: Scene, remembered: Activity, writes: Writes) -> tuple[int, int]:
    """How many uses were noted and how many counted, while writes fail and others go on."""
    tokens = [await scene.look_up(await scene.token()) for _ in range(4)]
    noted = 0
    writes.fails_before = lambda uses: gone(uses) if random.random() < 0.4 else None

    async def note() -> None:
        nonlocal noted
        for _ in range(ROUNDS // 10):
            await remembered.note(random.choice(tokens), random.choice([HERE, None]), "curl")
            noted += 1
            await asyncio.sleep(random.choice([0, 0, 0.001]))

    async def flush() -> None:
        for _ in range(ROUNDS // 20):
            try:
                await remembered.flush()
            except DatabaseUnavailable:
                await asyncio.sleep(0)

    await asyncio.gather(*(note() for _ in range(4)), *(flush() for _ in range(2)))
    writes.fails_before = lambda _: None
    await remembered.flush()
    return noted, await scene.count(*(token.token_id for token in tokens))


class Forgetful(Activity):
    """The control: what could not be written is gone."""

    async def _write(self, keys: Sequence[Key]) -> None:
        try:
            await super()._write(keys)
        except DatabaseUnavailable:
            self._uses.take(keys)
            raise


class TestTurmoil:
    async def test_none_is_lost_and_none_counted_twice(
        self, scene: Scene, writes: Writes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(activity, "BATCH", 2)
        remembered = scene.activity()
        noted, counted = await turmoil(scene, remembered, writes)
        assert counted == noted
        assert is_empty(remembered)

    async def test_control_without_what_puts_them_back(
        self, scene: Scene, writes: Writes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(activity, "BATCH", 2)
        forgetful = Forgetful(scene.pool, 60, timedelta(seconds=60))
        noted, counted = await turmoil(scene, forgetful, writes)
        assert counted < noted

    async def test_what_may_have_been_written_is_written_again(
        self, scene: Scene, writes: Writes
    ) -> None:
        """The history would rather have a use twice than never."""
        remembered, token_id = scene.activity(), await scene.token()
        await remembered.note(await scene.look_up(token_id), HERE, "curl")
        writes.fails_behind = gone([])
        with pytest.raises(DatabaseUnavailable):
            await remembered.flush()
        writes.fails_behind = None
        await remembered.flush()
        assert await scene.count(token_id) == 2


class TestBugs:
    async def test_one_that_cannot_be_written_holds_up_no_other(
        self, scene: Scene, writes: Writes
    ) -> None:
        remembered = scene.activity()
        token_ids = [await scene.token() for _ in range(5)]
        for token_id in token_ids:
            await remembered.note(await scene.look_up(token_id), HERE, "curl")

        def fail(uses: object) -> Exception | None:
            assert isinstance(uses, list)
            return ValueError() if token_ids[2] in {use.token_id for use in uses} else None

        writes.fails_before = fail
        await remembered.flush()
        assert [await scene.count(one) for one in token_ids] == [1, 1, 0, 1, 1]
        assert not remembered._uses  # pyright: ignore[reportPrivateUsage]


class TestPeople:
    async def test_have_no_history(self, scene: Scene) -> None:
        row = rows.person()
        user_id = UUID(str(row["user_id"]))
        await rows.insert(scene.owner, "organization_user", row)
        now = await scene.owner.fetchval("SELECT now()")
        remembered = scene.activity()
        remembered.note_person(PersonMembership(A, user_id, [], now))
        await remembered.flush()
        active = await scene.owner.fetchval(
            "SELECT last_activity_time FROM organization_user WHERE user_id = $1", user_id
        )
        assert active == now
        assert await scene.count(user_id) == 0
        assert is_empty(remembered)

    async def test_unknown_tokens_are_nobodys(self, scene: Scene) -> None:
        remembered, token_id = scene.activity(), await scene.token()
        token = await scene.look_up(token_id)
        await remembered.note(token._replace(token_id=uuid4()), HERE, "curl")
        await remembered.note(token, HERE, "curl")
        await remembered.flush()
        assert await scene.count(token_id) == 1
        assert is_empty(remembered)
