"""Webhooks that do not arrive: what is tried again, given up, and not even tried."""

import asyncio

import pytest

from app import webhook_connections, webhook_delivery
from app.webhook_targets import PUBLIC_HTTPS, TargetRules
from tests.api.hooks import delete, update
from tests.api.post import Post
from tests.receiver import receiving


class TestFailed:
    @pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
    async def test_an_answer_that_is_no_success(self, post: Post, status: int) -> None:
        async with receiving(status, 204) as receiver:
            receiver.content = b"what an endpoint says is kept nowhere"
            hook = await post.hook(receiver)
            await hook.organization.user()
            assert await post.deliverer().deliver_due() == 1
            row = await post.row(hook)
            assert (row["attempt_count"], row["last_status"]) == (1, status)
            assert row["last_error"] == f"The endpoint answered {status}."
            assert 5 < row["pause"] <= 12.5
            assert row["deliver_time"] is None
            assert await post.deliverer().deliver_due() == 0
            await post.hurry()
            assert await post.deliverer().deliver_due() == 1
            row = await post.row(hook)
        assert (row["attempt_count"], row["last_status"], row["last_error"]) == (2, 204, None)
        assert row["deliver_time"] is not None

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_redirects_are_not_followed(self, post: Post, status: int) -> None:
        async with receiving(status) as receiver, receiving() as elsewhere:
            receiver.headers["Location"] = elsewhere.url
            hook = await post.hook(receiver)
            await hook.organization.user()
            await post.deliverer().deliver_due()
        assert len(receiver.received) == 1
        assert elsewhere.received == []
        row = await post.row(hook)
        assert row["last_status"] == status
        assert "redirects are not followed" in row["last_error"]

    async def test_silence(self, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(webhook_connections, "DEADLINE_SECONDS", 0.2)
        async with receiving(0) as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            await post.deliverer().deliver_due()
        row = await post.row(hook)
        assert len(receiver.received) == 1
        assert (row["last_status"], row["last_error"]) == (
            None,
            "There was no answer within 0.2 seconds.",
        )
        assert row["pause"] > 0

    async def test_an_endless_answer_is_not_waited_for(self, post: Post) -> None:
        async with receiving(200) as receiver:
            receiver.headers["Content-Length"] = str(10**12)
            receiver.content = b"x" * 10**6
            hook = await post.hook(receiver)
            await hook.organization.user()
            await post.deliverer().deliver_due()
        assert (await post.row(hook))["deliver_time"] is not None

    @pytest.mark.parametrize("answer", [b"220 mail.example ESMTP\r\n", b"\0" * 100, b""])
    async def test_what_is_not_http(self, post: Post, answer: bytes) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server, receiving() as receiver:
            receiver.port, port = server.sockets[0].getsockname()[1], receiver.port
            hook = await post.hook(receiver)
            receiver.port = port
            await hook.organization.user()
            await post.deliverer().deliver_due()
        row = await post.row(hook)
        assert (row["last_status"], row["last_error"]) == (None, "The answer is not HTTP.")

    async def test_nobody_there(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
        await hook.organization.user()
        await post.deliverer().deliver_due()
        assert (await post.row(hook))["last_error"] == "The connection could not be made."

    @pytest.mark.parametrize(
        ("rules", "said"),
        [(PUBLIC_HTTPS, "https alone"), (TargetRules(allow_http=True), "not public")],
    )
    async def test_a_target_that_is_not_allowed_any_more(
        self, post: Post, rules: TargetRules, said: str
    ) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            await post.deliverer(rules=rules).deliver_due()
        assert receiver.received == []
        assert said in (await post.row(hook))["last_error"]

    async def test_it_is_given_up_in_the_end(self, post: Post) -> None:
        async with receiving(500) as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user()
            for _ in range(webhook_delivery.ATTEMPTS + 3):
                await post.deliverer().deliver_due()
                await post.hurry()
        assert len(receiver.received) == webhook_delivery.ATTEMPTS
        row = await post.row(hook)
        assert row["attempt_count"] == webhook_delivery.ATTEMPTS
        assert (row["next_attempt_time"], row["deliver_time"]) == (None, None)
        found = await hook.organization.admin.query(
            """query($id: ID!) { node(id: $id) { ... on WebhookEndpoint { deliveries { nodes {
                state lastStatus lastError nextAttemptTime } } } } }""",
            id=hook.endpoint_id,
        )
        assert found["node"]["deliveries"]["nodes"] == [
            {
                "state": "FAILED",
                "lastStatus": 500,
                "lastError": "The endpoint answered 500.",
                "nextAttemptTime": None,
            }
        ]

    def test_pauses_grow_from_seconds_to_hours(self) -> None:
        pauses = [webhook_delivery.pause(n) for n in range(1, webhook_delivery.ATTEMPTS + 1)]
        assert pauses[-1] is None
        known = [pause for pause in pauses if pause is not None]
        assert 10 <= known[0] <= 12.5
        assert all(10 <= pause <= 6 * 3600 for pause in known)
        assert 2 * 86_400 < sum(known) < 4 * 86_400
        assert known[:6] == sorted(known[:6])
        assert len({webhook_delivery.pause(19) for _ in range(10)}) > 1

    async def test_a_bug_in_one_does_not_stop_the_others(
        self, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = webhook_delivery.webhook_messages.body
        broken: list[object] = []

        def breaks(event: webhook_delivery.audit_pages.AuditEvent) -> bytes:
            if not broken:
                broken.append(event)
                raise ValueError("a bug")
            return real(event)

        monkeypatch.setattr(webhook_delivery.webhook_messages, "body", breaks)
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            for number in range(3):
                await hook.organization.user(f"ci {number}")
            await post.deliverer().deliver_due()
            assert len(receiver.received) == 2
            await post.hurry()
            await post.deliverer().deliver_due()
        assert len(receiver.received) == 3


class TestEnded:
    async def test_a_deactivated_endpoint_is_told_of_nothing(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver)
            await hook.organization.user("before")
            await update(hook.organization, hook.endpoint_id, isActive=False)
            await hook.organization.user("meanwhile")
            assert await post.deliverer().deliver_due() == 0
            row = await post.row(hook)
            assert (row["attempt_count"], row["next_attempt_time"]) == (0, None)
            assert row["last_error"] == "The endpoint is not active."
            await update(hook.organization, hook.endpoint_id, isActive=True)
            await hook.organization.user("after")
            assert await post.deliverer().deliver_due() == 1
        assert b"after" in receiver.received[0].body

    async def test_a_deleted_endpoint_is_told_of_nothing(self, post: Post) -> None:
        async with receiving() as receiver:
            hook = await post.hook(receiver, actions=None)
            await hook.organization.user("before")
            await delete(hook.organization, hook.endpoint_id)
            await hook.organization.user("after")
            assert await post.deliverer().deliver_due() == 0
        assert receiver.received == []
