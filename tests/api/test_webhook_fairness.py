"""Webhooks of many tenants: nobody's dead endpoints keep the events of others back."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from app import webhook_delivery
from tests.api.post import Hook, Post
from tests.receiver import Receiver, receiving
from tests.waiting import until

BACKLOG = 40


async def back_up(post: Post, receiver: Receiver, count: int = 2) -> list[Hook]:
    """Return endpoints of so many tenants, each of which waits for its backlog for an hour."""
    hooks = [await post.hook(receiver) for _ in range(count)]
    for hook in hooks:
        for number in range(BACKLOG):
            await hook.organization.user(f"ci {number}")
        await post.owner.execute(
            """UPDATE webhook_delivery SET next_attempt_time = now() - interval '1 hour'
                WHERE organization_id = $1""",
            hook.ids[0],
        )
    return hooks


def as_they_wait(waiting: list[UUID], *, key: object) -> list[UUID]:
    """Sort nothing."""
    del key
    return waiting


async def seen(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""

    async def ask() -> bool:
        return condition()

    await until(ask)


class TestTwoBacklogs:
    async def test_an_event_of_another_tenant_is_among_the_first(self, post: Post) -> None:
        async with receiving(0) as silent, receiving() as receiver:
            await back_up(post, silent)
            await (await post.hook(receiver)).organization.user()
            delivering = asyncio.create_task(post.deliverer().deliver_due())
            await seen(lambda: len(receiver.received) == 1)
            assert len(silent.received) <= 2 * webhook_delivery.AT_ONCE_OF_ONE
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)

    async def test_it_is_the_first_that_a_slot_is_freed_for(
        self, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Even where those who wait longest take every slot: who is served least comes next."""
        monkeypatch.setattr(webhook_delivery, "AT_ONCE", 2 * webhook_delivery.AT_ONCE_OF_ONE)
        # What is freed in the same moment may be filled again before it.
        assert await self._sent_before(post) <= 2 * webhook_delivery.AT_ONCE

    async def test_by_the_longest_wait_alone_it_would_not_be(
        self, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above."""
        monkeypatch.setattr(webhook_delivery, "AT_ONCE", 2 * webhook_delivery.AT_ONCE_OF_ONE)
        monkeypatch.setattr(webhook_delivery, "sorted", as_they_wait, raising=False)
        assert await self._sent_before(post) > 2 * webhook_delivery.AT_ONCE

    async def _sent_before(self, post: Post) -> int:
        """Return how often the backlogged were tried before the event of a healthy tenant."""
        async with receiving(500) as failing, receiving() as receiver:
            # Long against the time that it takes to notice what came.
            failing.delay = 0.25
            await back_up(post, failing)
            await (await post.hook(receiver)).organization.user()
            delivering = asyncio.create_task(post.deliverer().deliver_due())
            await seen(lambda: len(receiver.received) == 1)
            tried = len(failing.received)
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
        return tried


def test_a_few_dead_tenants_do_not_fill_a_worker() -> None:
    assert webhook_delivery.AT_ONCE >= 8 * webhook_delivery.AT_ONCE_OF_ONE
