"""Many at once: one row a key, and no order of locks that waits in a circle.

A deadlock would surface as DatabaseUnavailable, which nothing here catches.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import access, application_users
from app.access import AppUserWriter
from app.errors import NameTaken, NotFound
from db import organizations, presented, token_endings, tokens, users
from db.pool import Database
from db.presented import TokenUse
from tests.conftest import CATALOGUE
from tests.db import rows
from tests.postgres import Urls

ROUNDS = 40


@pytest.fixture
async def committed(copied: Urls) -> Callable[[str, rows.Row], Awaitable[None]]:
    """Writes a row as the owner and leaves it there."""

    async def write(table: str, row: rows.Row) -> None:
        connection = await asyncpg.connect(copied.owner)
        await rows.insert(connection, table, row)
        await connection.close()

    return write


Write = Callable[[str, rows.Row], Awaitable[None]]


@pytest.fixture
async def organization_id(committed: Write) -> UUID:
    row = rows.organization(application_user_limit=10)
    await committed("organization", row)
    return UUID(str(row["organization_id"]))


async def admin_of(organization_id: UUID, committed: Write) -> AppUserWriter:
    person = rows.person(organization_id=organization_id)
    await committed("organization_user", person)
    user_id = UUID(str(person["user_id"]))
    granted = {"principal_id": user_id, "permission": access.ORGANIZATION_ADMIN}
    own = {"organization_id": organization_id, "resource_id": organization_id}
    await committed("permission_grant", rows.grant(**own, **granted))
    permissions = frozenset({access.ORGANIZATION_ADMIN})
    membership = access.Membership(organization_id, user_id, False, permissions)
    principal = access.Principal({organization_id: membership}, CATALOGUE)
    return access.require(principal, AppUserWriter, organization_id)


class TestIdempotencyKey:
    async def test_is_used_once(self, pool: Database) -> None:
        async def insert(user_id: UUID) -> UUID | None:
            async with pool.tenant(rows.A) as connection:
                await users.share_application_user(connection, rows.A, user_id)
                made = await tokens.insert(
                    connection,
                    organization_id=rows.A,
                    token_id=uuid4(),
                    user_id=user_id,
                    secret_hmac=bytes(32),
                    pepper_version=1,
                    description=None,
                    max_age_seconds=None,
                    extend_when_used=False,
                    ip_allowlist=None,
                    scopes=None,
                    created_by=rows.BOB,
                    idempotency_key="once",
                    idempotency_input=b"",
                )
                found = await tokens.find_by_idempotency_key(connection, rows.A, rows.BOB, "once")
                assert found is not None
                assert made is None or made.token_id == found[0]
                return made.token_id if made else None

        made = await asyncio.gather(*(insert((rows.ALICE, rows.BOB)[n % 2]) for n in range(16)))
        assert len([token_id for token_id in made if token_id]) == 1


class TestLockOrder:
    async def test_create_rename_and_delete_under_the_same_names(
        self, pool: Database, committed: Write, organization_id: UUID
    ) -> None:
        admin = await admin_of(organization_id, committed)
        names = ["ci", "cd", "deploy"]
        alive: set[UUID] = set()

        async def act(seed: int) -> None:
            dice = random.Random(seed)
            for _ in range(8):
                name = dice.choice(names)
                try:
                    if not alive or dice.random() < 0.4:
                        made = await application_users.create(
                            pool, admin, name=name, description=None
                        )
                        alive.add(made.user_id)
                    elif dice.random() < 0.5:
                        chosen = dice.choice(sorted(alive))
                        await application_users.update(pool, admin, chosen, name=name)
                    else:
                        chosen = dice.choice(sorted(alive))
                        await application_users.delete(pool, admin, chosen)
                        alive.discard(chosen)
                except (NameTaken, NotFound):
                    pass

        await asyncio.gather(*(act(seed) for seed in range(16)))
        async with pool.tenant(organization_id) as connection:
            found = await organizations.find(connection, organization_id)
            living = await connection.fetchval(
                "SELECT count(*) FROM organization_user"
                " WHERE is_application_user AND state <> 'DELETED'"
            )
        assert found is not None
        assert found.application_user_count == living == len(alive)


async def a_user(committed: Write, held: int) -> tuple[UUID, list[UUID]]:
    """Write a user of A with tokens and return their ids."""
    user = rows.user()
    await committed("organization_user", user)
    made = [rows.token(user_id=user["user_id"]) for _ in range(held)]
    for row in made:
        await committed("token", row)
    return UUID(str(user["user_id"])), [UUID(str(row["token_id"])) for row in made]


def use_of(user_id: UUID, token_id: UUID, when: datetime) -> TokenUse:
    return TokenUse(rows.A, token_id, user_id, when, when, "192.0.2.1", "curl")


class TestUses:
    async def test_batches_with_crossed_tokens(self, pool: Database, committed: Write) -> None:
        held = [await a_user(committed, 4) for _ in range(3)]
        start = datetime.now(UTC)

        async def record(number: int) -> None:
            # Under users that do not exist: the rows of users would make the batches take turns.
            uses = [
                use_of(uuid4(), token_id, start + timedelta(milliseconds=number))
                for _, token_ids in held
                for token_id in token_ids
            ]
            random.Random(number).shuffle(uses)
            async with pool.connection() as connection:
                await presented.record_token_uses(connection, uses)

        await asyncio.gather(*(record(number) for number in range(ROUNDS)))
        async with pool.tenant(rows.A) as connection:
            latest = await connection.fetchval(
                "SELECT min(last_used_time) FROM token WHERE user_id = ANY ($1)",
                [user_id for user_id, _ in held],
            )
        assert latest == start + timedelta(milliseconds=ROUNDS - 1)

    async def test_deletion_and_batches_at_once(self, pool: Database, committed: Write) -> None:
        admin = await admin_of(rows.A, committed)
        async with pool.tenant(rows.A) as connection:
            await connection.execute("UPDATE organization SET application_user_count = 1000")
        old = datetime.now(UTC) - timedelta(hours=1)

        async def record(user_id: UUID, token_ids: list[UUID], number: int) -> None:
            uses = [use_of(user_id, one, old + timedelta(seconds=number)) for one in token_ids]
            async with pool.connection() as connection:
                await presented.record_token_uses(connection, uses)

        for _ in range(ROUNDS):
            user_id, token_ids = await a_user(committed, 3)
            await asyncio.gather(
                record(user_id, token_ids, 1),
                application_users.delete(pool, admin, user_id),
                record(user_id, token_ids[::-1], 2),
            )

    async def test_a_late_batch_waits_for_a_deletion_before_it_locks_a_token(
        self, pool: Database, committed: Write
    ) -> None:
        user_id, token_ids = await a_user(committed, 2)
        now = datetime.now(UTC)
        async with pool.connection() as connection:
            await presented.record_token_uses(connection, [use_of(user_id, token_ids[0], now)])

        async def record_late() -> None:
            late = [use_of(user_id, token_ids[1], now - timedelta(seconds=1))]
            async with pool.connection() as connection:
                await presented.record_token_uses(connection, late)

        async with pool.tenant(rows.A) as deletion:
            await users.mark_deleted(deletion, rows.A, user_id, rows.BOB)
            late = asyncio.create_task(record_late())
            assert not (await asyncio.wait([late], timeout=0.2))[0]
            held = await token_endings.lock_all(deletion, rows.A, user_id)
            assert {token.token_id for token in held} == set(token_ids)
            await token_endings.mark_several_revoked(deletion, rows.A, token_ids, rows.BOB)
        await late
        async with pool.tenant(rows.A) as connection:
            assert (
                await connection.fetchval(
                    "SELECT last_activity_time FROM organization_user WHERE user_id = $1", user_id
                )
                == now
            )
