"""When uses of a token are written: not too often, in order, and none is lost."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import pytest

from app.database import DatabaseUnavailable
from db.presented import TokenUse, record_token_uses
from tests.api.uses import NEVER, look, use
from tests.api.world import World
from tests.conftest import settings_for
from tests.owner import Owner, token_key, user_key
from tests.postgres import Urls
from tests.service import Service, started
from tests.waiting import until


class TestThrottled:
    async def test_the_same_again_is_not_written(
        self, world: World, lazy: Service, owner: Owner
    ) -> None:
        caller = await lazy.caller()
        await use(caller, world.full)
        await lazy.activity.flush()
        first = await owner.token(world.token_id)
        for _ in range(3):
            await use(caller, world.full)
            await lazy.activity.flush()
        assert await owner.token(world.token_id) == first

    @pytest.mark.parametrize(
        ("address", "agent"), [("192.0.2.9", "pytest"), ("127.0.0.1", "other")]
    )
    async def test_another_address_or_program_is(
        self, world: World, lazy: Service, owner: Owner, address: str, agent: str
    ) -> None:
        await use(await lazy.caller(), world.full)
        await lazy.activity.flush()
        first = await owner.token(world.token_id)
        await use(await lazy.caller(address), world.full, agent)
        await lazy.activity.flush()
        second = await owner.token(world.token_id)
        assert second["last_used_time"] > first["last_used_time"]
        assert (str(second["last_ip"]), second["last_user_agent"]) == (address, agent)

    async def test_and_so_is_a_later_time(self, world: World, lazy: Service, owner: Owner) -> None:
        caller = await lazy.caller()
        await use(caller, world.full)
        await lazy.activity.flush()
        await owner.connection.execute(
            "UPDATE token SET last_used_time = last_used_time - interval '61 seconds'"
            " WHERE organization_id = $1 AND token_id = $2",
            *token_key(world.token_id),
        )
        before = (await owner.token(world.token_id))["last_used_time"]
        await use(caller, world.full)
        await lazy.activity.flush()
        after = (await owner.token(world.token_id))["last_used_time"]
        assert after - before > timedelta(seconds=60)

    async def test_the_last_of_several_in_an_interval_stands(
        self, world: World, lazy: Service, owner: Owner
    ) -> None:
        """Though it is like the one recorded, it is not like the one that waits to be written."""
        caller = await lazy.caller()
        await use(caller, world.full, "one")
        await lazy.activity.flush()
        await use(caller, world.full, "other")
        await use(caller, world.full, "one")
        await lazy.activity.flush()
        assert (await owner.token(world.token_id))["last_user_agent"] == "one"

    async def test_many_at_once_are_one_write(self, world: World, lazy: Service) -> None:
        caller = await lazy.caller()
        await asyncio.gather(*(use(caller, world.full) for _ in range(20)))
        noted = lazy.activity._uses  # pyright: ignore[reportPrivateUsage]
        found = {key: noted.get(key) for key in noted.in_turn()}
        assert [
            use.use_count
            for key, use in found.items()
            if use is not None and key[0] == token_key(world.token_id)[1]
        ] == [20]
        await lazy.activity.flush()
        assert not noted


class TestForwardOnly:
    async def test_an_older_use_changes_nothing(
        self, world: World, lazy: Service, owner: Owner
    ) -> None:
        await use(await lazy.caller(), world.full)
        await lazy.activity.flush()
        before, shown = await owner.token(world.token_id), await look(world)
        organization_id, token_id = token_key(world.token_id)
        older = TokenUse(
            organization_id,
            token_id,
            user_key(world.user_id)[1],
            before["last_used_time"] - timedelta(seconds=1),
            before["last_used_time"] - timedelta(seconds=1),
            str(before["last_ip"]),
            "from the past",
        )
        async with lazy.activity.database.connection() as connection:
            await record_token_uses(connection, [older])
        assert await owner.token(world.token_id) == before
        assert await look(world) == shown


class TestKept:
    async def test_while_the_database_is_away(
        self, world: World, lazy: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await use(await lazy.caller(), world.full)

        async def away(*_: object) -> None:
            raise asyncpg.PostgresConnectionError("the server closed the connection")

        with monkeypatch.context() as patch:
            patch.setattr("db.presented.record_token_uses", away)
            with pytest.raises(DatabaseUnavailable):
                await lazy.activity.flush()
        assert await look(world) == NEVER
        await lazy.activity.flush()
        assert await look(world) != NEVER

    async def test_the_loop_goes_on_after_it(
        self, world: World, urls: Urls, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failed = asyncio.Event()

        async def away(_: object, uses: Sequence[TokenUse]) -> None:
            # Services of other tests may write theirs.
            if token_key(world.token_id)[1] in {use.token_id for use in uses}:
                failed.set()
            raise asyncpg.PostgresConnectionError("the server closed the connection")

        async with started(settings_for(urls, activity_flush_seconds=0.01)) as running:
            with monkeypatch.context() as patch:
                patch.setattr("db.presented.record_token_uses", away)
                await use(await running.caller(), world.full)
                await asyncio.wait_for(failed.wait(), 10)

            async def is_shown() -> bool:
                return await look(world) != NEVER

            await until(is_shown)

    async def test_a_clean_stop_writes_the_rest(self, world: World, urls: Urls) -> None:
        async with started(settings_for(urls, activity_flush_seconds=60)) as running:
            await use(await running.caller(), world.full)
            assert await look(world) == NEVER
        assert await look(world) != NEVER
