"""What holds up one organization holds up no verification of another's tokens.

Neither do mutations that wait, nor uses that cannot be written.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db import presented
from db.presented import TokenUse
from tests.api_client import Api, Organization
from tests.owner import Owner, organization_key, user_key
from tests.postgres import Urls
from tests.service import Service
from tests.web.forward_auth.gateway import Gateway

AT_ONCE = 12
"""More than the application has connections."""


async def create(caller: Api, organization: Organization, number: int) -> object:
    return await caller.mutate(
        "createApplicationUser",
        "applicationUser { id }",
        organizationId=organization.id,
        name=f"waits {number}",
    )


async def until_somebody_waits(connection: "asyncpg.Connection[Any]") -> None:
    for _ in range(500):
        if await connection.fetchval(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
        ):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits for the lock")


async def test_a_locked_organization(
    organization: Organization,
    new_organization: Callable[[], Awaitable[Organization]],
    gateway: Gateway,
    watched: Service,
    urls: Urls,
    owner: Owner,
) -> None:
    other = await new_organization()
    token_id, full = await other.token(await other.user())
    caller = await watched.caller(token=organization.admin.token)
    holder = await asyncpg.connect(urls.owner)
    waiting: list[asyncio.Task[object]] = []
    try:
        async with holder.transaction():
            await holder.execute(
                "SELECT FROM organization WHERE organization_id = $1 FOR UPDATE",
                organization_key(organization.id),
            )
            waiting = [
                asyncio.create_task(create(caller, organization, number))
                for number in range(AT_ONCE)
            ]
            await until_somebody_waits(holder)
            for _ in range(5):
                answer = await gateway.ask(full, {"organization_id": other.id})
                assert answer.status_code == 200
            await watched.activity.flush()
            assert (await owner.token(token_id))["last_used_time"] is not None
            assert not any(task.done() for task in waiting)
    finally:
        await holder.close()
        await asyncio.gather(*waiting, return_exceptions=True)


async def verified_beside_a_use_that_waits(
    organization: Organization,
    other: Organization,
    gateway: Gateway,
    watched: Service,
    urls: Urls,
    owner: Owner,
) -> int:
    """Verify a token whose end is near while another organization's use cannot be written."""
    user_id = await organization.user()
    _, used = await organization.token(user_id)
    ending_id, ending = await other.token(
        await other.user(), maxAgeSeconds=3600, extendWhenUsed=True
    )
    await owner.set_left(ending_id, 30)
    assert await gateway.lets_through(used, {"organization_id": organization.id})
    holder = await asyncpg.connect(urls.owner)
    flushing: asyncio.Task[None] | None = None
    try:
        async with holder.transaction():
            await holder.execute(
                "SELECT FROM organization_user WHERE organization_id = $1 AND user_id = $2"
                " FOR UPDATE",
                *user_key(user_id),
            )
            flushing = asyncio.create_task(watched.activity.flush())
            await until_somebody_waits(holder)
            answer = await gateway.ask(ending, {"organization_id": other.id})
            assert not flushing.done()
            return answer.status_code
    finally:
        await holder.close()
        if flushing is not None:
            await asyncio.gather(flushing, return_exceptions=True)


async def test_a_use_that_waits(
    organization: Organization,
    new_organization: Callable[[], Awaitable[Organization]],
    gateway: Gateway,
    watched: Service,
    urls: Urls,
    owner: Owner,
) -> None:
    other = await new_organization()
    assert (
        await verified_beside_a_use_that_waits(organization, other, gateway, watched, urls, owner)
        == 200
    )


async def test_control_extensions_in_line_with_uses(
    organization: Organization,
    new_organization: Callable[[], Awaitable[Organization]],
    gateway: Gateway,
    watched: Service,
    urls: Urls,
    owner: Owner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = await new_organization()
    _, user_id = user_key(await other.user("of the use"))

    async def write(connection: Any, organization_id: UUID, token_id: UUID, when: Any) -> None:
        use = TokenUse(organization_id, token_id, user_id, when, when, None, "")
        await presented.record_token_uses(connection, [use])

    monkeypatch.setattr(presented, "extend_token", write)
    assert (
        await verified_beside_a_use_that_waits(organization, other, gateway, watched, urls, owner)
        == 503
    )


@pytest.fixture
def one_pool(watched: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: look-ups go the way of everything else."""
    look_ups = watched.activity.database
    everything, _ = watched.databases
    monkeypatch.setattr(look_ups, "_pool", everything._pool)  # pyright: ignore[reportPrivateUsage]


@pytest.mark.usefixtures("one_pool")
async def test_control_one_pool(
    organization: Organization,
    new_organization: Callable[[], Awaitable[Organization]],
    gateway: Gateway,
    watched: Service,
    urls: Urls,
    owner: Owner,
) -> None:
    with pytest.raises(AssertionError, match="503"):
        await test_a_locked_organization(
            organization, new_organization, gateway, watched, urls, owner
        )
