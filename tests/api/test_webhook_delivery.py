"""Webhooks on their way: what is sent, what proves it, and what becomes of it."""

import json
from dataclasses import replace
from datetime import datetime

from app.token_format import Peppers
from tests.api.post import HERE, Post, verifies
from tests.conftest import settings_for
from tests.postgres import Urls
from tests.receiver import receiving
from tests.service import started
from tests.waiting import until

EVENT_FIELDS = """id organizationId sequence eventTime action outcome actorKind actorId actorTokenId
    ip userAgent requestId targetKind targetId principalId changes reason"""


class TestSent:
    async def test_an_event_as_a_cloud_event(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            user_id = await hook.organization.user("ci", description="Deploys.")
            assert await post.deliverer().deliver_due() == 1
        (received,) = receiver.received
        assert received.target == "/hook"
        assert received.headers["content-type"] == "application/cloudevents+json"
        event = json.loads(received.body)
        data = event.pop("data")
        assert event == {
            "specversion": "1.0",
            "id": received.headers["webhook-id"],
            "source": f"/organizations/{hook.organization.id}",
            "type": "application-users.organization.application_user.create",
            "time": data["eventTime"],
            "subject": user_id,
            "datacontenttype": "application/json",
        }
        assert set(data) == set(EVENT_FIELDS.split())
        assert data["id"] == event["id"]
        assert event["id"].startswith("event_")
        assert datetime.fromisoformat(event["time"]).tzinfo is not None
        assert (data["action"], data["outcome"], data["actorKind"], data["actorId"]) == (
            "organization:application_user:create",
            "SUCCEEDED",
            "USER",
            hook.organization.admin_id,
        )
        assert data["actorTokenId"].startswith("token_")
        assert data["ip"] == "127.0.0.1"
        assert (data["targetKind"], data["targetId"]) == ("APPLICATION_USER", user_id)
        assert data["changes"]["description"] == {"before": None, "after": "Deploys."}
        row = await post.row(hook)
        assert row["deliver_time"] is not None
        assert (row["attempt_count"], row["last_status"], row["last_error"]) == (1, 204, None)
        assert (row["next_attempt_time"], row["lease_end_time"]) == (None, None)

    async def test_it_is_sent_once(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            assert await post.deliverer().deliver_due() == 1
            assert await post.deliverer().deliver_due() == 0
            await post.hurry()
            assert await post.deliverer().deliver_due() == 0
        assert len(receiver.received) == 1

    async def test_all_actions_start_with_its_own_creation(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver, actions=None)
            await hook.organization.token(await hook.organization.user())
            await post.deliverer().deliver_due()
        assert sorted(json.loads(each.body)["type"] for each in receiver.received) == [
            "application-users.application_user.token.generate",
            "application-users.organization.application_user.create",
            "application-users.organization.webhook.create",
        ]
        for each in receiver.received:
            assert hook.key.encode() not in each.body

    async def test_only_chosen_actions(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver, actions=["TOKEN_GENERATE"])
            await hook.organization.user()
            assert await post.deliverer().deliver_due() == 0

    async def test_only_the_organization_s_own(self, post: Post) -> None:
        async with receiving() as receiver:
            await post.hook(receiver)
            await (await post.organization()).user()
            assert await post.deliverer().deliver_due() == 0

    async def test_two_endpoints(self, post: Post) -> None:
        async with receiving() as one, receiving() as other:
            hook = await post.hook(one)
            await post.hook(other, hook.organization)
            await hook.organization.user()
            assert await post.deliverer().deliver_due() == 2
        assert one.received[0].body == other.received[0].body
        assert (
            one.received[0].headers["webhook-signature"]
            != other.received[0].headers["webhook-signature"]
        )

    async def test_a_worker_does_it_by_itself(self, post: Post, outbox: Urls) -> None:
        settings = settings_for(
            outbox,
            webhook_allow_http=True,
            webhook_allowed_networks=HERE,
            webhook_poll_seconds=0.05,
        )
        async with receiving() as receiver, started(settings):
            hook = await post.hook(receiver)
            await hook.organization.user()

            async def arrived() -> bool:
                return (await post.row(hook))["deliver_time"] is not None

            await until(arrived)


class TestSigned:
    async def test_the_signature_is_the_key_s(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            await post.deliverer().deliver_due()
        (received,) = receiver.received
        assert verifies(hook.key, received)
        # Controls: what a receiver would take for ours must be ours to the last byte.
        other = await post.hook(receiver, hook.organization)
        assert not verifies(other.key, received)
        assert not verifies(hook.key, replace(received, body=received.body + b" "))
        for header in ("webhook-id", "webhook-timestamp"):
            changed = {**received.headers, header: received.headers[header] + "0"}
            assert not verifies(hook.key, replace(received, headers=changed))

    async def test_the_timestamp_is_the_attempt_s(self, post: Post) -> None:
        async with receiving(500, 204) as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            await post.deliverer().deliver_due()
            await post.owner.execute("UPDATE webhook_delivery SET next_attempt_time = now()")
            await post.deliverer().deliver_due()
        now = await post.owner.fetchval("SELECT extract(epoch FROM now())")
        for received in receiver.received:
            assert abs(int(received.headers["webhook-timestamp"]) - now) < 60
            assert verifies(hook.key, received)
        first, second = receiver.received
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.body == second.body

    async def test_both_keys_for_a_day_after_a_rotation(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            rotated = await hook.organization.admin.mutate(
                "rotateWebhookSigningKey", "signingKey", webhookEndpointId=hook.endpoint_id
            )
            await hook.organization.user("one")
            await post.deliverer().deliver_due()
            await post.owner.execute(
                "UPDATE webhook_endpoint"
                "   SET previous_key_end_time = previous_key_end_time - interval '24 hours'"
                " WHERE organization_id = $1 AND endpoint_id = $2",
                *hook.ids,
            )
            await hook.organization.user("two")
            await post.deliverer().deliver_due()
        meanwhile, later = receiver.received
        assert verifies(rotated["signingKey"], meanwhile)
        assert verifies(hook.key, meanwhile)
        assert verifies(rotated["signingKey"], later)
        assert not verifies(hook.key, later)

    async def test_a_pepper_that_is_gone(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            await post.deliverer(Peppers(2, {2: b"x" * 32})).deliver_due()
        assert receiver.received == []
        assert "pepper" in (await post.row(hook))["last_error"]

    async def test_an_older_pepper_still_signs(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            peppers = Peppers(2, {2: b"x" * 32, **webhook_peppers(post)})
            await post.deliverer(peppers).deliver_due()
        assert verifies(hook.key, receiver.received[0])


def webhook_peppers(post: Post) -> dict[int, bytes]:
    return dict(post.deliverer().peppers.keys)
