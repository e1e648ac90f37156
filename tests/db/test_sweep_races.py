"""The sweep beside others: each is swept once, and what saves a token between look and act."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from db import presented
from db import sweeps as statements
from db.keyset import FIRST_ID, LAST_ID
from db.pool import Database
from db.presented import TokenUse
from tests.db.rows import Connection
from tests.db.sweep_scene import NOW, Tenant, ago, sweep


@pytest.fixture
async def tenant(writer: Connection) -> Tenant:
    made = Tenant(writer)
    await made.make()
    return made


class TestSaved:
    """What happens between the look and the act counts."""

    async def look(self, pool: Database, tenant: Tenant) -> list[UUID]:
        async with pool.tenant(tenant.id) as connection:
            found = await statements.list_unused(connection, tenant.id, FIRST_ID, LAST_ID, 10)
        return [token.token_id for token in found]

    async def act(self, pool: Database, tenant: Tenant, token_ids: list[UUID]) -> list[UUID]:
        async with pool.tenant(tenant.id) as connection:
            swept = await statements.sweep(connection, tenant.id, token_ids)
        return [token.token_id for token in swept]

    async def test_by_a_use(self, pool: Database, tenant: Tenant) -> None:
        used, unused = await tenant.token(31), await tenant.token(31)
        looked = await self.look(pool, tenant)
        assert sorted(looked) == sorted([used, unused])
        user_id = UUID(str(tenant.user["user_id"]))
        use = TokenUse(tenant.id, used, user_id, NOW, NOW, "192.0.2.1", "")
        async with pool.connection() as connection:
            await presented.record_token_uses(connection, [use])
        assert await self.act(pool, tenant, looked) == [unused]
        assert await tenant.state(used) == "kept"

    async def test_without_asking_again_it_would_be_lost(
        self, pool: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above."""
        careless = statements.SWEEP_SQL.replace(
            f"AND (({statements.DEACTIVATE_DUE}) OR {statements.REVOKE_DUE})", ""
        )
        assert careless != statements.SWEEP_SQL
        monkeypatch.setattr(statements, "SWEEP_SQL", careless)
        used = await tenant.token(31)
        looked = await self.look(pool, tenant)
        await tenant.writer.execute(
            "UPDATE token SET last_used_time = now() WHERE token_id = $1", used
        )
        assert await self.act(pool, tenant, looked) == [used]

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE organization_policy SET deactivate_unused_days = 60 WHERE organization_id = $1",
            "DELETE FROM organization_policy WHERE organization_id = $1",
            "UPDATE token SET activate_time = now() WHERE organization_id = $1",
            "UPDATE token SET revoke_time = now() WHERE organization_id = $1",
        ],
    )
    async def test_by_another_policy_or_state(
        self, pool: Database, tenant: Tenant, change: str
    ) -> None:
        await tenant.token(31)
        looked = await self.look(pool, tenant)
        await tenant.writer.execute(change, tenant.id)
        assert await self.act(pool, tenant, looked) == []

    async def test_by_a_lock_until_the_next_sweep(self, pool: Database, tenant: Tenant) -> None:
        """A token that somebody writes is skipped: whoever holds it may wait for another one."""
        busy, idle = await tenant.token(31), await tenant.token(31)
        async with tenant.writer.transaction():
            await tenant.writer.execute(
                "UPDATE token SET description = 'x' WHERE token_id = $1", busy
            )
            assert await sweep(pool, tenant) == [idle]
        assert await sweep(pool, tenant) == [busy]

    async def test_otherwise_the_sweep_would_wait(
        self, pool: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above."""
        waiting = statements.SWEEP_SQL.replace(" SKIP LOCKED", "")
        assert waiting != statements.SWEEP_SQL
        monkeypatch.setattr(statements, "SWEEP_SQL", waiting)
        busy = await tenant.token(31)
        async with tenant.writer.transaction():
            await tenant.writer.execute(
                "UPDATE token SET description = 'x' WHERE token_id = $1", busy
            )
            swept = asyncio.create_task(sweep(pool, tenant))
            assert not (await asyncio.wait([swept], timeout=0.2))[0]
        assert await swept == [busy]


class TestAtOnce:
    async def test_each_is_swept_once(self, pool: Database, tenant: Tenant) -> None:
        made = [await tenant.token(31 + number) for number in range(60)]
        swept = await asyncio.gather(*(sweep(pool, tenant) for _ in range(4)))
        assert sorted(token_id for one in swept for token_id in one) == sorted(made)
        events = await tenant.events()
        assert sorted(target for _, target in events) == sorted(made)

    async def test_without_the_condition_there_would_be_two(
        self, pool: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above."""
        careless = statements.SWEEP_SQL.replace(
            f"AND (({statements.DEACTIVATE_DUE}) OR {statements.REVOKE_DUE})", ""
        )
        monkeypatch.setattr(statements, "SWEEP_SQL", careless)
        both_looked = asyncio.Barrier(2)
        look = statements.list_unused

        async def looked(*arguments: Any) -> Any:
            found = await look(*arguments)
            await both_looked.wait()
            return found

        monkeypatch.setattr(statements, "list_unused", looked)
        token_id = await tenant.token(31)
        await asyncio.gather(sweep(pool, tenant), sweep(pool, tenant))
        assert [target for _, target in await tenant.events()] == [token_id, token_id]

    async def test_uses_meanwhile_make_no_second_event(
        self, pool: Database, tenant: Tenant
    ) -> None:
        made = [await tenant.token(31) for _ in range(40)]
        user_id = UUID(str(tenant.user["user_id"]))

        async def use(number: int) -> None:
            when = ago(20) + timedelta(seconds=number)
            for token_id in made[number::4]:
                one = TokenUse(tenant.id, token_id, user_id, when, when, None, "")
                two = TokenUse(tenant.id, made[-number - 1], user_id, when, when, None, "")
                async with pool.connection() as connection:
                    await presented.record_token_uses(connection, [one, two])

        await asyncio.gather(
            *(use(number) for number in range(4)), *(sweep(pool, tenant) for _ in range(4))
        )
        events = await tenant.events()
        assert len({target for _, target in events}) == len(events)
