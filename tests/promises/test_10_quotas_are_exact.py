"""Quotas are exact under any concurrency.

Application users are created, deleted and limits set at once, by two nodes over the API and by
rounds of transactions. The controls count rows and insert, in two statements and in one.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db import organizations
from db.pool import Connection, Database
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.db import rows
from tests.owner import Owner, organization_key
from tests.postgres import Urls
from tests.promises.conftest import Figure
from tests.rounds import ROUNDS
from tests.service import started

CLAIMS = 5
RELEASES = 2


@pytest.fixture
async def writer(copied: Urls) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """The owner, outside any transaction."""
    connection = await asyncpg.connect(copied.owner)
    yield connection
    await connection.close()


@pytest.fixture
async def organization_id(writer: "asyncpg.Connection[Any]") -> UUID:
    row = rows.organization(application_user_limit=10)
    await rows.insert(writer, "organization", row)
    return UUID(str(row["organization_id"]))


async def counted(pool: Database, organization_id: UUID) -> organizations.Organization:
    async with pool.tenant(organization_id) as connection:
        found = await organizations.find(connection, organization_id)
    assert found is not None
    return found


async def claim(pool: Database, organization_id: UUID) -> bool:
    async with pool.tenant(organization_id) as connection:
        return await organizations.claim_application_user(connection, organization_id)


async def release(pool: Database, organization_id: UUID) -> bool:
    async with pool.tenant(organization_id) as connection:
        await organizations.release_application_user(connection, organization_id)
    return True


async def set_limit(pool: Database, organization_id: UUID, limit: int) -> bool:
    async with pool.tenant(organization_id) as connection:
        await organizations.lock(connection, organization_id)
        await organizations.set_limit(connection, organization_id, limit)
    return True


async def create(node: Api, organization: Organization, name: str) -> dict[str, Any]:
    return await node.mutate(
        "createApplicationUser",
        "applicationUser { id }",
        organizationId=organization.id,
        name=name,
    )


async def delete(node: Api, user_id: str) -> dict[str, Any]:
    return await node.mutate(
        "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
    )


async def count(owner: Owner, organization: Organization) -> int:
    """How many application users there are, counted one by one."""
    return await owner.connection.fetchval(
        "SELECT count(*) FROM organization_user"
        " WHERE organization_id = $1 AND is_application_user AND delete_time IS NULL",
        organization_key(organization.id),
    )


class TestNodes:
    async def test_together_make_as_many_as_the_limit(
        self, urls: Urls, organization: Organization, owner: Owner, figure: Figure
    ) -> None:
        """64 requests at a time at two nodes, while application users are deleted."""
        await owner.connection.execute(
            "UPDATE organization SET application_user_limit = 10 WHERE organization_id = $1",
            organization_key(organization.id),
        )
        rounds = max(2, ROUNDS // 250)
        living: list[str] = []
        async with started(settings_for(urls)) as one, started(settings_for(urls)) as other:
            token = organization.admin.token
            nodes = [await one.caller(token=token), await other.caller(token=token)]
            for number in range(rounds):
                gone = [living.pop() for _ in range(min(3, len(living)))]
                acts = [create(nodes[n % 2], organization, f"{number} {n}") for n in range(64)]
                acts += [delete(nodes[n % 2], user_id) for n, user_id in enumerate(gone)]
                done = await asyncio.gather(*acts)
                kinds = Counter(answer["__typename"] for answer in done)
                living += [
                    answer["applicationUser"]["id"]
                    for answer in done[:64]
                    if "applicationUser" in answer
                ]
                made = kinds.pop("CreateApplicationUserSuccess", 0)
                assert kinds == {"LimitReachedError": 64 - made} | (
                    {"DeleteApplicationUserSuccess": len(gone)} if gone else {}
                )
                assert len(living) == await count(owner, organization) <= 10
            # What deletions made room for at the last is there to be had, and no more.
            await asyncio.gather(*(create(nodes[n % 2], organization, f"{n}") for n in range(64)))
        assert await count(owner, organization) == 10
        figure(f"{64 * rounds:,} creates at two nodes at a limit of 10: never 11")


class TestQuota:
    async def test_is_exact(self, pool: Database, organization_id: UUID) -> None:
        claimed = await asyncio.gather(*(claim(pool, organization_id) for _ in range(64)))
        assert claimed.count(True) == 10
        assert (await counted(pool, organization_id)).application_user_count == 10

    async def test_a_claim_that_is_rolled_back_counts_for_nobody(
        self, pool: Database, organization_id: UUID
    ) -> None:
        class Undone(Exception):
            pass

        async def undo(number: int) -> None:
            async with pool.tenant(organization_id) as connection:
                assert await organizations.claim_application_user(connection, organization_id)
                if number % 2:
                    raise Undone

        done = await asyncio.gather(*(undo(n) for n in range(10)), return_exceptions=True)
        assert sum(isinstance(one, Undone) for one in done) == 5
        assert (await counted(pool, organization_id)).application_user_count == 5

    async def test_rounds_of_claims_releases_and_other_limits(
        self, pool: Database, organization_id: UUID, figure: Figure
    ) -> None:
        """The count is what was claimed and not released, and no claim went past any limit."""
        dice = random.Random(ROUNDS)
        seen: set[int] = set()
        for _ in range(ROUNDS):
            before = await counted(pool, organization_id)
            released = min(RELEASES, before.application_user_count)
            limit = dice.randrange(1, 12)
            acts = [claim(pool, organization_id) for _ in range(CLAIMS)]
            acts += [release(pool, organization_id) for _ in range(released)]
            acts.append(set_limit(pool, organization_id, limit))
            dice.shuffle(acts)
            done = await asyncio.gather(*acts)
            claimed = done.count(True) - released - 1
            after = await counted(pool, organization_id)
            assert after.application_user_limit == limit
            assert after.application_user_count == (
                before.application_user_count + claimed - released
            )
            assert after.application_user_count <= max(
                limit, before.application_user_limit, before.application_user_count
            )
            seen.add(claimed)
        assert len(seen) > 2, "the limit was met in the middle, too"
        figure(f"{ROUNDS:,} rounds of claims, releases and other limits: exact in each")

    @pytest.mark.parametrize("statement", ["two statements", "one statement"])
    async def test_control_counting_rows_overshoots(
        self, pool: Database, organization_id: UUID, statement: str
    ) -> None:
        """Count, then insert: every transaction sees room for itself."""
        together = asyncio.Barrier(12)

        async def insert(connection: Connection) -> str:
            if statement == "two statements":
                living = await connection.fetchval(
                    "SELECT count(*) FROM organization_user WHERE organization_id = $1",
                    organization_id,
                )
                await together.wait()
                if living >= 10:
                    return "INSERT 0 0"
            else:
                await together.wait()
            return await connection.execute(
                """
                INSERT INTO organization_user
                       (organization_id, user_id, is_application_user, name, name_key, email)
                SELECT $1, g.id, true, g.id::text, g.id::text, 'app@example.invalid'
                  FROM gen_random_uuid() AS g (id)
                 WHERE (SELECT count(*) FROM organization_user
                         WHERE organization_id = $1) < 10
                """,
                organization_id,
            )

        async def create() -> bool:
            async with pool.tenant(organization_id) as connection:
                made = await insert(connection)
                # Nobody has committed yet: that is what counting cannot see.
                await together.wait()
                return made == "INSERT 0 1"

        made = await asyncio.gather(*(create() for _ in range(12)))
        assert all(made)
