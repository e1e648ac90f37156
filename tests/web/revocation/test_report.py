"""``POST /credentials/revoke``: whoever has found tokens ends them by presenting them."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

import pytest

from app import look_up_lines, token_format
from app.look_ups import LookUps
from db import presented
from tests.api import hooks
from tests.api.trail import changes, events
from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner, organization_key, token_key
from tests.service import Service
from tests.statements import statements
from tests.web.revocation.presenting import Presenter, assert_given_back, assert_reported, status

Made = tuple[str, str, str]

DELIVERIES = "query($id: ID!) { webhookEndpoint(id: $id) { deliveries { nodes { action } } } }"


class TestRevoked:
    async def test_all_of_them_with_an_event_each(
        self, organization: Organization, finder: Presenter, api: Api
    ) -> None:
        users = [await organization.user(name) for name in ("one", "two")]
        tokens = {
            (await organization.token(user_id))[::-1]: user_id for user_id in (*users, *users)
        }
        answer = await finder.report(*(full for full, _ in tokens))
        assert_reported(answer)
        for (full, token_id), user_id in tokens.items():
            assert not await is_accepted(api, full)
            assert await status(organization, token_id) == ("REVOKED", user_id)
        found = await events(organization.admin, organization.id, actions=["FOUND_TOKEN_REVOKE"])
        assert len(found) == 4
        assert {event["targetId"] for event in found} == {token_id for _, token_id in tokens}
        for event in found:
            assert event["outcome"] == "SUCCEEDED"
            assert event["actionName"] == "application_user:found_token:revoke"
            assert event["actorTokenId"] == event["targetId"]
            assert event["actorId"] == event["principalId"]
            assert event["ip"] == "203.0.113.9"
            assert event["requestId"] == answer.headers["x-request-id"]
            assert changes(event) == {"status": ('"ACTIVE"', '"REVOKED"')}

    async def test_one_that_is_in_it_twice_once(
        self, organization: Organization, finder: Presenter, made: Made
    ) -> None:
        assert_reported(await finder.report(made[2], made[2]))
        found = await events(organization.admin, organization.id, actions=["FOUND_TOKEN_REVOKE"])
        assert len(found) == 1

    async def test_one_with_white_space_around_it(
        self, organization: Organization, finder: Presenter, api: Api
    ) -> None:
        """It comes of pasting, and of files that end in a line break."""
        user_id = await organization.user()
        tokens = [(await organization.token(user_id))[1] for _ in range(4)]
        one, two, three, four = tokens
        assert_reported(await finder.report(f"{one}\n", f"  {two}\t"))
        assert_given_back(await finder.give_back(f"{three}\r\n"))
        assert_given_back(await finder.give_back(f" {four} "))
        for full in tokens:
            assert not await is_accepted(api, full)

    async def test_of_several_organizations(
        self,
        organization: Organization,
        new_organization: Callable[[], Awaitable[Organization]],
        finder: Presenter,
        api: Api,
    ) -> None:
        places = [organization, await new_organization(), await new_organization()]
        tokens = [await place.token(await place.user()) for place in places]
        assert_reported(await finder.report(*(full for _, full in tokens)))
        for place, (token_id, full) in zip(places, tokens, strict=True):
            assert not await is_accepted(api, full)
            found = await events(place.admin, place.id, actions=["FOUND_TOKEN_REVOKE"])
            assert [event["targetId"] for event in found] == [token_id]

    async def test_a_persons_token(
        self, organization: Organization, finder: Presenter, api: Api
    ) -> None:
        full = organization.admin.token or ""
        assert_reported(await finder.report(full))
        assert not await is_accepted(api, full)

    async def test_a_thousand(
        self, organization: Organization, finder: Presenter, api: Api, owner: Owner
    ) -> None:
        user_id = await organization.user()
        tokens = [(await organization.token(user_id))[1] for _ in range(20)]
        # The rest of the list names tokens that there are not.
        missing = [
            token_format.make(organization_key(organization.id), uuid4()) for _ in range(980)
        ]
        assert_reported(await finder.report(*tokens, *missing))
        for full in tokens:
            assert not await is_accepted(api, full)

    async def test_is_told_to_webhooks(
        self, organization: Organization, finder: Presenter, made: Made
    ) -> None:
        endpoint_id = await hooks.made(organization, actions=["FOUND_TOKEN_REVOKE"])
        assert_reported(await finder.report(made[2]))
        found = await organization.admin.query(DELIVERIES, id=endpoint_id)
        assert found["webhookEndpoint"]["deliveries"]["nodes"] == [{"action": "FOUND_TOKEN_REVOKE"}]


class TestNothingToRevoke:
    async def test_is_told_in_the_same_way(
        self, organization: Organization, finder: Presenter, owner: Owner, made: Made
    ) -> None:
        before = await owner.snapshot(organization.id)
        look_alike = token_format.make(*token_key(made[1]))
        for nothing in (
            [""],
            ["junk", "\0", "é", "🚀", "appu_", "x" * 60_000],
            [look_alike, token_format.make(uuid4(), uuid4())],
            list(islice(cycle(["a"]), 1000)),
        ):
            assert_reported(await finder.report(*nothing))
        assert await owner.snapshot(organization.id) == before

    async def test_a_second_time_changes_nothing(
        self, organization: Organization, finder: Presenter, owner: Owner, made: Made
    ) -> None:
        assert_reported(await finder.report(made[2]))
        before = await owner.snapshot(organization.id)
        assert_reported(await finder.report(made[2]))
        assert await owner.snapshot(organization.id) == before

    async def test_leaves_the_rest_of_the_list_alone(
        self, organization: Organization, finder: Presenter, api: Api, made: Made
    ) -> None:
        _, kept = await organization.token(made[0])
        assert_reported(await finder.report("junk", made[2], token_format.make(uuid4(), uuid4())))
        assert not await is_accepted(api, made[2])
        assert await is_accepted(api, kept)


class TestAtOnce:
    async def test_each_token_ends_once(
        self, organization: Organization, api: Api, made: Made
    ) -> None:
        """The holder, two finders and an administrator."""
        user_id = made[0]
        finder = Presenter(api.client)
        for _ in range(10):
            token_id, full = await organization.token(user_id)
            answers = await asyncio.gather(
                finder.give_back(full),
                finder.give_back(full),
                organization.admin.mutate("revokeToken", "token { status }", tokenId=token_id),
                finder.give_back(full),
            )
            assert answers[2]["token"]["status"] == "REVOKED"
            found = await events(organization.admin, organization.id, targetId=token_id)
            assert [event["action"] for event in found] == ["TOKEN_REVOKE", "TOKEN_GENERATE"]

    async def test_lists_in_opposite_orders_do_not_lock_each_other_out(
        self,
        organization: Organization,
        new_organization: Callable[[], Awaitable[Organization]],
        busy: Presenter,
        api: Api,
    ) -> None:
        other = await new_organization()
        for _ in range(5):
            tokens: list[str] = []
            for place in (organization, other):
                user_id = await place.user(str(uuid4()))
                tokens += [(await place.token(user_id))[1] for _ in range(3)]
            for answer in await asyncio.gather(
                busy.report(*tokens), busy.report(*reversed(tokens))
            ):
                assert_reported(answer)
            for full in tokens:
                assert not await is_accepted(api, full)

    async def test_administrators_meanwhile_do_not_lock_it_out(
        self, organization: Organization, busy: Presenter, api: Api
    ) -> None:
        admin = organization.admin
        for _ in range(5):
            users = [await organization.user(str(uuid4())) for _ in range(3)]
            held = [await organization.token(user_id) for user_id in users for _ in range(3)]
            tokens = [full for _, full in held]
            answers = await asyncio.gather(
                busy.report(*tokens),
                admin.mutate(
                    "revokeTokens", "revokedTokenCount", tokenIds=[each for each, _ in held[::-1]]
                ),
                admin.mutate("revokeAllTokens", "revokedTokenCount", applicationUserId=users[0]),
                admin.mutate("deleteApplicationUser", "__typename", applicationUserId=users[1]),
                busy.report(*tokens[::-1]),
            )
            assert_reported(answers[0])
            assert_reported(answers[4])
            for full in tokens:
                assert not await is_accepted(api, full)


class TestAside:
    """Anybody may present a thousand look-alikes: no verification is to wait for them."""

    async def verified(
        self,
        revoking: Service,
        finder: Presenter,
        organization: Organization,
        monkeypatch: pytest.MonkeyPatch,
    ) -> bool:
        """Tell whether a token is verified while a list's look-ups get no answer."""
        _, full = await organization.token(await organization.user())
        begun, may_end = asyncio.Event(), asyncio.Event()
        find = presented.find_tokens

        async def slow(connection: Any, *asked: Any) -> Any:
            if len(asked[0]) > 1:
                begun.set()
                await may_end.wait()
            return await find(connection, *asked)

        monkeypatch.setattr(presented, "find_tokens", slow)
        monkeypatch.setattr(look_up_lines, "SLOW_SECONDS", 60)
        missing = [token_format.make(uuid4(), uuid4()) for _ in range(1000)]
        reporting = asyncio.create_task(finder.report(*missing))
        await begun.wait()
        verifying = asyncio.create_task(
            finder.client.get(
                "/verify",
                params={"organization_id": organization.id},
                headers={"Authorization": f"Bearer {full}"},
            )
        )
        # Less than a look-up may take: the list's own is under way for as long.
        answered, _ = await asyncio.wait([verifying], timeout=0.5)
        may_end.set()
        await reporting
        assert (await verifying).status_code == 200
        return bool(answered)

    async def test_of_all_verifications(
        self,
        revoking: Service,
        finder: Presenter,
        organization: Organization,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        assert await self.verified(revoking, finder, organization, monkeypatch)

    async def test_control_in_one_line(
        self,
        revoking: Service,
        finder: Presenter,
        organization: Organization,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        ask = LookUps.ask

        def in_line(self: LookUps, *asked: Any, aside: bool) -> Any:
            return ask(self, *asked)

        monkeypatch.setattr(LookUps, "ask", in_line)
        assert not await self.verified(revoking, finder, organization, monkeypatch)


class TestStatements:
    async def test_junk_takes_none(self, revoking: Service, finder: Presenter, made: Made) -> None:
        wrong = made[2][:-1] + ("0" if made[2][-1] != "0" else "1")
        async with statements(revoking) as seen:
            assert_reported(await finder.report(*[f"junk {n}" for n in range(999)], wrong))
        assert seen == []

    async def test_one_looks_up_many(self, revoking: Service, finder: Presenter) -> None:
        missing = [token_format.make(uuid4(), uuid4()) for _ in range(200)]
        async with statements(revoking) as seen:
            assert_reported(await finder.report(*missing))
        assert len(seen) == 4

    async def test_many_of_one_organization_take_as_many_as_one(
        self, organization: Organization, revoking: Service, finder: Presenter, made: Made
    ) -> None:
        counts: list[int] = []
        for size in (1, 10):
            tokens = [(await organization.token(made[0]))[1] for _ in range(size)]
            async with statements(revoking) as seen:
                assert_reported(await finder.report(*tokens))
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 6
