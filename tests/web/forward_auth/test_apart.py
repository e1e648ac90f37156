"""What holds up one organization's mutations holds up no verification, and no use of a token."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from tests.api_client import Api, Organization
from tests.owner import Owner, organization_key
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
