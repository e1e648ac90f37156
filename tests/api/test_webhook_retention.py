"""What webhooks were sent is forgotten after 30 days, and nothing else is."""

import pytest

from app import webhook_retention
from app.webhook_retention import Pruner
from tests.api.post import Hook, Post
from tests.receiver import receiving


async def age(post: Post, hook: Hook, days: float) -> None:
    """Make every event of an organization so old, as nobody but the owner of the server can."""
    await post.owner.execute("SET session_replication_role = replica")
    await post.owner.execute(
        "UPDATE audit_event SET event_time = now() - make_interval(secs => $2 * 86400)"
        " WHERE organization_id = $1",
        hook.ids[0],
        days,
    )
    await post.owner.execute("RESET session_replication_role")


class TestForgotten:
    @pytest.mark.parametrize(("days", "left"), [(30.1, 0), (29.9, 5)])
    async def test_what_is_old_and_done(
        self, post: Post, monkeypatch: pytest.MonkeyPatch, days: float, left: int
    ) -> None:
        monkeypatch.setattr(webhook_retention, "BATCH", 2)
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            for number in range(5):
                await hook.organization.user(f"ci {number}")
            await post.deliverer().deliver_due()
        await age(post, hook, days)
        await Pruner(post.database).run()
        assert len(await post.rows(hook)) == left
        assert await post.owner.fetchval(
            "SELECT count(*) > 5 FROM audit_event WHERE organization_id = $1", hook.ids[0]
        )

    async def test_what_is_still_to_be_sent_stays(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            await age(post, hook, 100)
            await Pruner(post.database).run()
            assert await post.deliverer().deliver_due() == 1
            await Pruner(post.database).run()
            assert await post.rows(hook) == []

    async def test_what_is_newer_stays(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user("old")
            await age(post, hook, 31)
            await hook.organization.user("new")
            await post.deliverer().deliver_due()
        await Pruner(post.database).run()
        assert len(await post.rows(hook)) == 1
