"""The outbox between workers: written with the event, sent by one at a time, lost by none."""

import asyncio
import re
from collections import Counter

import asyncpg
import pytest

from app import audit, changes, webhook_delivery
from db import webhook_deliveries
from tests.api.hooks import update
from tests.api.post import Hook, Post
from tests.receiver import receiving
from tests.waiting import until

EVENTS = 20


async def fill(post: Post, hook: Hook, count: int = EVENTS) -> None:
    """Have an endpoint wait for so many events."""
    await post.owner.execute(
        "UPDATE organization SET application_user_limit = 1000 WHERE organization_id = $1",
        hook.ids[0],
    )
    for number in range(count):
        await hook.organization.user(f"ci {number}")


class TestOutbox:
    async def test_it_is_written_when_the_change_commits(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            assert (await post.row(hook))["attempt_count"] == 0

    async def test_a_change_that_is_refused_leaves_none(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver, actions=["APPLICATION_USER_CREATE"])
            await hook.organization.user("ci")
            found = await hook.organization.admin.mutate(
                "createApplicationUser",
                "applicationUser { id }",
                organizationId=hook.organization.id,
                name="CI",
            )
            assert found["__typename"] == "NameTakenError"
            assert len(await post.rows(hook)) == 1

    async def test_a_change_that_fails_behind_its_event_leaves_none(
        self, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            real = changes.rows.append

            async def appends_and_fails(*arguments: object) -> None:
                await real(*arguments)  # pyright: ignore[reportArgumentType]
                raise ValueError("a bug behind the last statement")

            with monkeypatch.context() as patch:
                patch.setattr(changes.rows, "append", appends_and_fails)
                answer = await hook.organization.admin.run(
                    """mutation($o: ID!) { createApplicationUser(
                        input: {organizationId: $o, name: "ci"}) { __typename } }""",
                    {"o": hook.organization.id},
                )
                assert answer.codes == ["INTERNAL"]
                assert await post.rows(hook) == []
            await hook.organization.user("ci")
            assert len(await post.rows(hook)) == 1


async def race(post: Post) -> Counter[str]:
    """Have four workers deliver at once; return how often each event arrived."""
    async with receiving() as receiver:
        receiver.delay = 0.02
        hook = await post.hook(receiver)
        await fill(post, hook)
        made = await asyncio.gather(*(post.deliverer().deliver_due() for _ in range(4)))
        assert sum(made) == len(receiver.received)
        return Counter(each.headers["webhook-id"] for each in receiver.received)


class TestLease:
    async def test_workers_at_once_deliver_once(self, post: Post) -> None:
        arrived = await race(post)
        assert len(arrived) == EVENTS
        assert set(arrived.values()) == {1}

    async def test_the_control_without_a_lease_they_deliver_more_often(
        self, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loose = re.sub(r"AND \(d.lease_end_time IS NULL OR .*\)", "", webhook_deliveries.CLAIM_SQL)
        assert loose != webhook_deliveries.CLAIM_SQL
        monkeypatch.setattr(webhook_deliveries, "CLAIM_SQL", loose)
        assert max((await race(post)).values()) > 1

    async def test_a_worker_that_ends_in_between(self, post: Post) -> None:
        async with receiving(0, 204) as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            killed = asyncio.create_task(post.deliverer().deliver_due())
            await until(lambda: _true(len(receiver.received) == 1))
            killed.cancel()
            await asyncio.gather(killed, return_exceptions=True)
            row = await post.row(hook)
            assert (row["attempt_count"], row["deliver_time"]) == (1, None)
            assert row["lease_end_time"] is not None
            # As long as the lease holds nobody else sends it.
            assert await post.deliverer().deliver_due() == 0
            await post.owner.execute("UPDATE webhook_delivery SET lease_end_time = now()")
            assert await post.deliverer().deliver_due() == 1
        assert [each.headers["webhook-id"] for each in receiver.received] == [
            receiver.received[0].headers["webhook-id"]
        ] * 2
        row = await post.row(hook)
        assert (row["attempt_count"], row["last_status"]) == (2, 204)

    async def test_workers_that_always_end_give_up_too(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            await post.owner.execute(
                """UPDATE webhook_delivery SET attempt_count = $1
                    WHERE next_attempt_time IS NOT NULL""",
                webhook_delivery.ATTEMPTS,
            )
            assert await post.deliverer().deliver_due() == 0
        row = await post.row(hook)
        assert (row["next_attempt_time"], row["last_error"]) == (
            None,
            "The service was stopped during every attempt.",
        )

    async def test_who_comes_late_does_not_judge_the_later_attempt(self, post: Post) -> None:
        """A worker that outlives its lease must not undo what the next one found out."""
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            organization_id, _ = hook.ids
            claims: list[webhook_deliveries.Claim] = []
            for _ in range(2):
                async with post.database.tenant(organization_id) as connection:
                    claims += await webhook_deliveries.claim(
                        connection,
                        organization_id,
                        at_most=1,
                        attempts=9,
                        lease_seconds=0,
                    )
            early, late = claims
            async with post.database.tenant(early.organization_id) as connection:
                await webhook_deliveries.mark_failed(
                    connection, early, status=500, error="x", again_after=None
                )
            assert (await post.row(hook))["next_attempt_time"] is not None
            async with post.database.tenant(late.organization_id) as connection:
                await webhook_deliveries.mark_delivered(connection, late, 204)
                await webhook_deliveries.mark_failed(
                    connection, late, status=500, error="x", again_after=None
                )
            assert (await post.row(hook))["last_status"] == 204


async def _true(found: bool) -> bool:
    return found


class TestFairness:
    async def test_attempts_at_once_are_bounded(
        self, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with receiving() as receiver:
            receiver.delay = 0.05
            of_one, limit = webhook_delivery.AT_ONCE_OF_ONE, 2 * webhook_delivery.AT_ONCE_OF_ONE
            monkeypatch.setattr(webhook_delivery, "AT_ONCE", limit)
            hooks = [await post.hook(receiver) for _ in range(3)]
            for hook in hooks[:1]:
                await fill(post, hook, 10)
            await post.deliverer().deliver_due()
            assert receiver.most_at_once == of_one
            for hook in hooks[1:]:
                await fill(post, hook, 10)
            await post.hurry()
            await post.deliverer().deliver_due()
        assert receiver.most_at_once == limit
        assert len(receiver.received) == 30

    async def test_who_is_silent_keeps_nobody_waiting(self, post: Post) -> None:
        async with receiving(0) as silent, receiving() as receiver:
            await fill(post, await post.hook(silent))
            hook = await post.hook(receiver)
            await fill(post, hook, 6)
            delivering = asyncio.create_task(post.deliverer().deliver_due())
            await until(lambda: _true(len(receiver.received) == 6))
            assert len(silent.received) == webhook_delivery.AT_ONCE_OF_ONE
            # What comes meanwhile is seen meanwhile.
            await hook.organization.user("later")
            await until(lambda: _true(len(receiver.received) == 7))
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)


class TestRace:
    async def test_an_event_and_the_end_of_its_endpoint(self, post: Post) -> None:
        """Neither waits for the other for ever, and nothing is left that would always be due."""
        async with receiving() as receiver:
            hooks = [await post.hook(receiver, actions=None) for _ in range(3)]
            for hook in hooks:
                ends = hook.organization.admin.mutate(
                    "deleteWebhookEndpoint",
                    "webhookEndpointId",
                    webhookEndpointId=hook.endpoint_id,
                )
                users = [asyncio.create_task(hook.organization.user(f"ci {n}")) for n in range(5)]
                found = await ends
                await asyncio.gather(*users)
                assert found["__typename"] == "DeleteWebhookEndpointSuccess"
            await post.deliverer().deliver_due()
            assert not await post.owner.fetchval(
                "SELECT count(*) FROM list_organizations_to_notify(100)"
            )

    async def test_changes_of_an_endpoint_at_once(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await asyncio.gather(
                *(update(hook.organization, hook.endpoint_id, description=str(n)) for n in range(6))
            )
        assert (
            await post.owner.fetchval(
                """SELECT count(*) FROM audit_event
                WHERE organization_id = $1 AND action = 'organization:webhook:update'""",
                hook.ids[0],
            )
            == 6
        )


async def test_who_waits_longest_comes_first(post: Post) -> None:
    async with receiving() as receiver:
        early, late = await post.hook(receiver), await post.hook(receiver)
        await fill(post, late, 3)
        await fill(post, early, 1)
        await post.owner.execute(
            """UPDATE webhook_delivery SET next_attempt_time = now() - interval '1 hour'
                WHERE organization_id = $1""",
            early.ids[0],
        )
        found = await post.owner.fetch("SELECT * FROM list_organizations_to_notify(1)")
        assert [row["organization_id"] for row in found] == [early.ids[0]]


async def test_the_name_of_an_event_is_the_trail_s(post: Post) -> None:
    async with receiving() as receiver:
        hook = await post.hook(receiver)
        await hook.organization.user()
        await post.deliverer().deliver_due()
        row = await post.row(hook)
    expected = audit.event_id(hook.ids[0], row["sequence"])
    assert receiver.received[0].headers["webhook-id"] == expected


async def test_the_serving_role_may_not_write_the_outbox(post: Post) -> None:
    async with receiving() as receiver:
        hook = await post.hook(receiver)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with post.database.tenant(hook.ids[0]) as connection:
            await connection.execute(
                """INSERT INTO webhook_delivery (organization_id, endpoint_id, sequence)
                   VALUES ($1, $2, 1)""",
                *hook.ids,
            )
