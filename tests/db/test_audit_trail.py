"""The audit trail as it is written: in one chain, by one function, never changed; it verifies."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import audit_trail
from app.audit import as_json
from app.audit_chain import BEGINNING
from app.database import Database
from app.errors import NotFound
from db import audit, audit_pages
from db.audit_pages import EventFilter
from tests.db import rows
from tests.db.rows import Connection
from tests.db.trails import EVENTS, append, read


class TestUntouched:
    async def test_verifies(self, pool: Database, trail: UUID) -> None:
        end = await audit_trail.verify(pool, trail)
        assert end.sequence == 6
        assert end == await audit_trail.head(pool, trail)
        assert await audit_trail.verify(pool, trail, stored=end) == end

    async def test_goes_on_behind_a_stored_end(self, pool: Database, trail: UUID) -> None:
        stored = await audit_trail.head(pool, trail)
        await append(pool, trail, EVENTS[2])
        assert (await audit_trail.verify(pool, trail, stored=stored)).sequence == 7

    async def test_an_empty_one(self, pool: Database, fresh_id: UUID) -> None:
        assert await audit_trail.verify(pool, fresh_id) == BEGINNING

    async def test_of_nobody(self, pool: Database) -> None:
        with pytest.raises(NotFound):
            await audit_trail.verify(pool, uuid4())

    async def test_in_pages(
        self, pool: Database, trail: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit_trail, "BATCH", 2)
        seen: list[int] = []
        end = await audit_trail.verify(pool, trail, progress=seen.append)
        assert (end.sequence, seen) == (6, [2, 4, 6])

    async def test_while_others_write(self, pool: Database, trail: UUID) -> None:
        async def write() -> None:
            for _ in range(40):
                await append(pool, trail, EVENTS[2])

        writing = asyncio.create_task(write())
        while not writing.done():
            await audit_trail.verify(pool, trail)
        await writing
        assert (await audit_trail.verify(pool, trail)).sequence == 46


class TestProtected:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_event SET user_agent = NULL",
            "DELETE FROM audit_event",
            "TRUNCATE audit_event CASCADE",
            "TRUNCATE organization CASCADE",
        ],
    )
    async def test_the_owner_is_refused_by_a_trigger(
        self, owner: Connection, trail: UUID, statement: str
    ) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="never changed or removed"):
            await owner.execute(statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO audit_event SELECT e.* FROM audit_event e",
            "UPDATE audit_event SET user_agent = NULL",
            "DELETE FROM audit_event",
            "TRUNCATE audit_event",
            "INSERT INTO audit_chain SELECT c.* FROM audit_chain c",
            "UPDATE audit_chain SET last_sequence = 0",
            "DELETE FROM audit_chain",
            "SELECT 1 FROM audit_event FOR UPDATE",
            "ALTER TABLE audit_event DISABLE TRIGGER USER",
            "SET LOCAL session_replication_role = replica",
        ],
    )
    async def test_the_serving_role_is_refused(
        self, serving: Connection, trail: UUID, statement: str
    ) -> None:
        await serving.execute(f"SET LOCAL app.organization_id = '{trail}'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await serving.execute(statement)

    @pytest.mark.parametrize("tenant", [None, "", str(rows.A)])
    async def test_the_serving_role_appends_in_its_own_tenant_alone(
        self, serving: Connection, trail: UUID, tenant: str | None
    ) -> None:
        if tenant is not None:
            await serving.execute(f"SET LOCAL app.organization_id = '{tenant}'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="own transaction"):
            await audit.append(serving, trail, as_json(EVENTS))

    async def test_it_cannot_choose_the_time_or_the_place(
        self, pool: Database, fresh_id: UUID
    ) -> None:
        """What the function is not asked for it does not take."""
        forged = as_json(EVENTS[:1]).replace(
            '"reason"', '"sequence":50,"event_time":"2000-01-01Z","hash":"00","reason"'
        )
        async with pool.tenant(fresh_id) as connection:
            await audit.append(connection, fresh_id, forged)
        (event,) = await read(pool, fresh_id)
        assert (event.sequence, event.event_time.year > 2000) == (1, True)
        assert (await audit_trail.verify(pool, fresh_id)).sequence == 1

    async def test_another_tenants_trail_is_not_read(self, pool: Database, trail: UUID) -> None:
        async with pool.tenant(rows.A) as connection:
            kept = EventFilter()
            assert await audit_pages.list_page(connection, trail, kept, "ASC", 0, 10) == []
            assert await audit_pages.find(connection, trail, 1) is None
            assert await audit_pages.find_head(connection, trail) is None


class TestConcurrent:
    async def test_eight_writers_make_one_chain(self, pool: Database, fresh_id: UUID) -> None:
        async def write(number: int) -> None:
            for _ in range(25):
                await append(pool, fresh_id, *EVENTS[: 1 + number % 3])

        await asyncio.gather(*(write(number) for number in range(8)))
        count = sum(25 * (1 + number % 3) for number in range(8))
        found = await read(pool, fresh_id)
        assert [event.sequence for event in found] == list(range(1, count + 1))[:1000]
        assert (await audit_trail.verify(pool, fresh_id)).sequence == count

    async def test_what_is_rolled_back_leaves_no_gap(self, pool: Database, fresh_id: UUID) -> None:
        class Undone(Exception):
            pass

        async def write(number: int) -> None:
            async with pool.tenant(fresh_id) as connection:
                await audit.append(connection, fresh_id, as_json(EVENTS[:2]))
                if number % 2:
                    raise Undone

        done = await asyncio.gather(*(write(n) for n in range(16)), return_exceptions=True)
        assert sum(isinstance(one, Undone) for one in done) == 8
        assert (await audit_trail.verify(pool, fresh_id)).sequence == 16
