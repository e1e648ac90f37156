"""The hash chain of the audit trail: what was done to it behind the service's back is named.

By the owner of the tables, with triggers off.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import audit_trail
from app.audit_chain import digest
from app.database import Database
from db.audit_pages import AuditEvent
from tests.db import rows
from tests.db.rows import Connection
from tests.db.trails import found, read
from tests.postgres import Urls


@pytest.fixture
async def culprit(copied: Urls) -> AsyncIterator[Connection]:
    """The owner of the tables, past every trigger; what it does stays."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(copied.owner)
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


WHERE = " WHERE organization_id = $1 AND sequence = "


class TestChanged:
    @pytest.mark.parametrize(
        ("sequence", "change"),
        [
            (3, "event_time = event_time + interval '1 microsecond'"),
            (3, "action = 'organization:group:delete'"),
            (3, "outcome = 'REFUSED', reason = ''"),
            (4, "outcome = 'SUCCEEDED', reason = NULL"),
            (4, "reason = 'tokens: yes'"),
            (5, "actor_kind = 'OPERATOR'"),
            (3, "actor_kind = 'SERVICE', actor_user_id = NULL"),
            (2, "actor_user_id = gen_random_uuid()"),
            (2, "actor_token_id = gen_random_uuid()"),
            (2, "actor_token_id = NULL"),
            (2, "ip = '192.0.2.2'"),
            (2, "ip = '192.0.2.1/24'"),
            (2, "ip = NULL"),
            (3, "ip = '192.0.2.1'"),
            (4, "ip = '2001:db8::2'"),
            (2, "user_agent = 'wget'"),
            (2, "user_agent = NULL"),
            (3, "user_agent = ''"),
            (2, "request_id = 'request-2'"),
            # What moves from one value to the next is still told.
            (2, "user_agent = user_agent || 'r', request_id = 'equest-1'"),
            (2, "target_kind = 'PROJECT'"),
            (2, "target_id = gen_random_uuid()"),
            (2, "principal_id = gen_random_uuid()"),
            (2, "principal_id = NULL"),
            (3, "principal_id = gen_random_uuid()"),
            (2, "changes = '{}'"),
            (2, "changes = (changes::text || ' ')::json"),
            (2, "changes = replace(changes::text, '1', '2')::json"),
            (1, "action = 'organization:group:delete'"),
            (6, "action = 'organization:group:create'"),
            (1, "previous_hash = sha256('')"),
            (3, "previous_hash = sha256('')"),
            (3, "hash = sha256('')"),
            (6, "hash = sha256('')"),
            (3, "hash = ''"),
        ],
    )
    async def test_a_column(
        self, pool: Database, trail: UUID, culprit: Connection, sequence: int, change: str
    ) -> None:
        sql = f"UPDATE audit_event SET {change} {WHERE} $2"
        assert await culprit.execute(sql, trail, sequence) == "UPDATE 1"
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("CHANGED", sequence)
        assert f"Event {sequence}" in str(named)
        if change.startswith(("hash", "previous_hash")) and sequence < 6:
            assert f"{change.split(maxsplit=1)[0]} was changed" in str(named)

    async def test_no_column_is_forgotten(self, owner: Connection) -> None:
        """The table has no column that no test above or below changes."""
        columns = await owner.fetch(
            "SELECT attname FROM pg_attribute"
            " WHERE attrelid = 'audit_event'::regclass AND attnum > 0 AND NOT attisdropped"
        )
        marks = type(self).test_a_column.pytestmark  # type: ignore[attr-defined]
        tried = " ".join(case[1] for case in marks[0].args[1])
        assert {row["attname"] for row in columns if f"{row['attname']} =" not in tried} == {
            "organization_id",
            "sequence",
        }

    async def test_the_place(self, pool: Database, trail: UUID, culprit: Connection) -> None:
        await culprit.execute(f"UPDATE audit_event SET sequence = 99 {WHERE} 3", trail)
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("REMOVED", 3)

    async def test_the_organization(self, pool: Database, trail: UUID, culprit: Connection) -> None:
        await culprit.execute(
            f"UPDATE audit_event SET organization_id = '{uuid4()}' {WHERE} 3", trail
        )
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("REMOVED", 3)

    async def test_with_a_hash_of_its_own(
        self, pool: Database, trail: UUID, culprit: Connection
    ) -> None:
        event = replace((await read(pool, trail))[2], target_id=uuid4())
        await culprit.execute(
            f"UPDATE audit_event SET target_id = $2, hash = $3 {WHERE} 3",
            trail,
            event.target_id,
            digest(event.previous_hash, event),
        )
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("CHANGED", 3)
        assert "Event 3 was exchanged" in str(named)


class TestRemoved:
    @pytest.mark.parametrize("sequence", [1, 3, 6])
    async def test_one(
        self, pool: Database, trail: UUID, culprit: Connection, sequence: int
    ) -> None:
        await culprit.execute(f"DELETE FROM audit_event {WHERE} $2", trail, sequence)
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("REMOVED", sequence)

    async def test_several(self, pool: Database, trail: UUID, culprit: Connection) -> None:
        await culprit.execute(f"DELETE FROM audit_event {WHERE} ANY ('{{3,4}}')", trail)
        named = await found(pool, trail)
        assert (named.sequence, str(named)) == (3, "Events 3 to 4 were removed.")

    async def test_all(self, pool: Database, trail: UUID, culprit: Connection) -> None:
        await culprit.execute("DELETE FROM audit_event WHERE organization_id = $1", trail)
        named = await found(pool, trail)
        assert (named.sequence, str(named)) == (1, "Events 1 to 6 were removed at the end.")

    async def test_with_those_behind_it_moved_up(
        self, pool: Database, trail: UUID, culprit: Connection
    ) -> None:
        await culprit.execute(f"DELETE FROM audit_event {WHERE} 3", trail)
        for sequence in (4, 5, 6):
            await culprit.execute(
                f"UPDATE audit_event SET sequence = sequence - 1 {WHERE} $2", trail, sequence
            )
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("REMOVED", 3)


class TestInserted:
    async def test_in_the_middle(self, pool: Database, trail: UUID, culprit: Connection) -> None:
        await self._make_room(culprit, trail, 3)
        event = replace((await read(pool, trail))[1], sequence=3, hash=bytes(32))
        await self._write(culprit, event)
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("INSERTED", 3)

    async def test_with_a_hash_of_its_own(
        self, pool: Database, trail: UUID, culprit: Connection
    ) -> None:
        await self._make_room(culprit, trail, 3)
        before = (await read(pool, trail))[1]
        event = replace(before, sequence=3, previous_hash=before.hash)
        await self._write(culprit, replace(event, hash=digest(before.hash, event)))
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("INSERTED", 3)

    @pytest.mark.parametrize("sequence", [7, 9])
    async def test_at_the_end(
        self, pool: Database, trail: UUID, culprit: Connection, sequence: int
    ) -> None:
        last = (await read(pool, trail))[-1]
        event = replace(last, sequence=sequence, previous_hash=last.hash)
        await self._write(culprit, replace(event, hash=digest(last.hash, event)))
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("INSERTED", sequence)

    async def _make_room(self, culprit: Connection, trail: UUID, place: int) -> None:
        for sequence in range(6, place - 1, -1):
            await culprit.execute(
                f"UPDATE audit_event SET sequence = sequence + 1 {WHERE} $2", trail, sequence
            )

    async def _write(self, culprit: Connection, event: AuditEvent) -> None:
        row = {name: getattr(event, name) for name in AuditEvent.__slots__}
        del row["principal_is_user"]
        await rows.insert(culprit, "audit_event", row)


class TestReordered:
    async def test_two(self, pool: Database, trail: UUID, culprit: Connection) -> None:
        for old, new in ((3, 99), (5, 3), (99, 5)):
            await culprit.execute(f"UPDATE audit_event SET sequence = {new} {WHERE} {old}", trail)
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("REORDERED", 3)
        assert "was event 5" in str(named)

    async def test_neighbours(self, pool: Database, trail: UUID, culprit: Connection) -> None:
        for old, new in ((3, 99), (4, 3), (99, 4)):
            await culprit.execute(f"UPDATE audit_event SET sequence = {new} {WHERE} {old}", trail)
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == ("REORDERED", 3)


class TestEnd:
    @pytest.mark.parametrize(
        ("change", "damage", "sequence"),
        [
            ("UPDATE audit_chain SET last_hash = sha256('')", "CHANGED", 6),
            ("UPDATE audit_chain SET last_sequence = 5", "INSERTED", 6),
            ("UPDATE audit_chain SET last_sequence = 8", "REMOVED", 7),
            ("DELETE FROM audit_chain", "CHANGED", 6),
        ],
    )
    async def test_its_record_is_changed(
        self,
        pool: Database,
        trail: UUID,
        culprit: Connection,
        change: str,
        damage: str,
        sequence: int,
    ) -> None:
        await culprit.execute(change + " WHERE organization_id = $1", trail)
        named = await found(pool, trail)
        assert (named.damage, named.sequence) == (damage, sequence)

    async def test_cut_off_with_its_record(
        self, pool: Database, trail: UUID, culprit: Connection
    ) -> None:
        """Only who kept the end elsewhere can tell."""
        stored = await audit_trail.head(pool, trail)
        await culprit.execute(f"DELETE FROM audit_event {WHERE} 6", trail)
        await culprit.execute(
            "UPDATE audit_chain c SET last_sequence = 5, last_hash = e.hash FROM audit_event e"
            " WHERE c.organization_id = $1 AND e.organization_id = $1 AND e.sequence = 5",
            trail,
        )
        assert (await audit_trail.verify(pool, trail)).sequence == 5
        named = await found(pool, trail, stored)
        assert (named.damage, named.sequence) == ("REMOVED", 6)
        assert "the end that you kept is event 6" in str(named)

    async def test_the_whole_chain_is_written_anew(
        self, pool: Database, trail: UUID, culprit: Connection
    ) -> None:
        """By somebody who can compute hashes, too."""
        stored = await audit_trail.head(pool, trail)
        previous = bytes(32)
        for event in await read(pool, trail):
            forged = replace(event, target_id=uuid4(), previous_hash=previous)
            forged = replace(forged, hash=digest(previous, forged))
            await culprit.execute(
                f"UPDATE audit_event SET target_id = $3, previous_hash = $4, hash = $5 {WHERE} $2",
                trail,
                forged.sequence,
                forged.target_id,
                previous,
                forged.hash,
            )
            previous = forged.hash
        await culprit.execute(
            "UPDATE audit_chain SET last_hash = $2 WHERE organization_id = $1", trail, previous
        )
        assert (await audit_trail.verify(pool, trail)).hash == previous
        named = await found(pool, trail, stored)
        assert (named.damage, named.sequence) == ("REWRITTEN", 6)
