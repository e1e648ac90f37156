"""``POST /revoke``: the holder of a token ends it by presenting it, RFC 7009."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from app import token_format
from tests.api.policies import set_policy
from tests.api.trail import changes, events
from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner, organization_key, token_key
from tests.service import Service
from tests.statements import statements
from tests.web.revocation.conftest import PROXY
from tests.web.revocation.presenting import Presenter, assert_given_back, status

Made = tuple[str, str, str]


class TestRevoked:
    async def test_for_good(
        self, organization: Organization, finder: Presenter, api: Api, made: Made
    ) -> None:
        user_id, token_id, full = made
        assert await is_accepted(api, full)
        assert_given_back(await finder.give_back(full))
        assert not await is_accepted(api, full)
        assert await status(organization, token_id) == ("REVOKED", user_id)

    async def test_with_an_event_of_the_holder(
        self, organization: Organization, finder: Presenter, made: Made
    ) -> None:
        user_id, token_id, full = made
        answer = await finder.give_back(full)
        event = (await events(organization.admin, organization.id))[0]
        assert (event["action"], event["outcome"]) == ("TOKEN_REVOKE", "SUCCEEDED")
        assert (event["actorKind"], event["actorId"]) == ("USER", user_id)
        assert event["actorTokenId"] == token_id
        assert (event["targetKind"], event["targetId"]) == ("TOKEN", token_id)
        assert event["principalId"] == user_id
        assert (event["ip"], event["userAgent"][:12]) == ("203.0.113.9", "python-httpx")
        assert event["requestId"] == answer.headers["x-request-id"]
        assert changes(event) == {"status": ('"ACTIVE"', '"REVOKED"')}

    @pytest.mark.parametrize("hint", ["access_token", "refresh_token", "", "anything"])
    async def test_whatever_the_hint(
        self, finder: Presenter, api: Api, made: Made, hint: str
    ) -> None:
        assert_given_back(await finder.give_back(made[2], token_type_hint=hint, client_id="x"))
        assert not await is_accepted(api, made[2])

    async def test_from_anywhere(
        self, organization: Organization, finder: Presenter, made: Made
    ) -> None:
        token_id, full = await organization.token(
            made[0], maxAgeSeconds=3600, ipAllowlist=["192.0.2.0/24"]
        )
        await set_policy(organization, allowedNetworks=["192.0.2.0/24", "127.0.0.0/8"])
        assert_given_back(await finder.give_back(full))
        assert (await status(organization, token_id))[0] == "REVOKED"

    async def test_a_persons_token(
        self, organization: Organization, finder: Presenter, api: Api
    ) -> None:
        full = organization.admin.token or ""
        assert_given_back(await finder.give_back(full))
        assert not await is_accepted(api, full)

    @pytest.mark.parametrize("state", ["expired", "deactivated", "unused", "in its overlap"])
    async def test_in_any_state(
        self,
        organization: Organization,
        finder: Presenter,
        owner: Owner,
        made: Made,
        state: str,
    ) -> None:
        """What is deactivated could come back; what has expired is found and given back too."""
        user_id, token_id, full = made
        if state == "expired":
            await owner.set_left(token_id, -1)
        elif state == "unused":
            await owner.deactivate(token_id)
        elif state == "deactivated":
            await organization.admin.mutate(
                "updateApplicationUser",
                "applicationUser { id }",
                applicationUserId=user_id,
                state="DEACTIVATED",
            )
        else:
            await organization.admin.mutate(
                "rotateToken", "__typename", tokenId=token_id, overlapSeconds=600
            )
        assert_given_back(await finder.give_back(full))
        assert await status(organization, token_id) == ("REVOKED", user_id)

    async def test_from_the_address_that_a_trusted_proxy_saw(
        self, organization: Organization, revoking: Service, made: Made
    ) -> None:
        behind = await revoking.caller(PROXY)
        answer = await behind.client.post(
            "/revoke",
            data={"token": made[2]},
            headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7", "User-Agent": "curl/8"},
        )
        assert_given_back(answer)
        event = (await events(organization.admin, organization.id))[0]
        assert (event["ip"], event["userAgent"]) == ("192.0.2.7", "curl/8")

    async def test_a_credential_beside_it_is_not_looked_at(
        self, organization: Organization, finder: Presenter, api: Api, made: Made
    ) -> None:
        for other in (f"Bearer {organization.admin.token}", "Basic YTpi"):
            answer = await finder.client.post(
                "/revoke", data={"token": made[2]}, headers={"Authorization": other}
            )
            assert_given_back(answer)
        assert not await is_accepted(api, made[2])
        assert await is_accepted(api, organization.admin.token or "")


class TestNothingToRevoke:
    async def test_is_told_in_the_same_way(
        self,
        organization: Organization,
        finder: Presenter,
        owner: Owner,
        made: Made,
    ) -> None:
        _, token_id, full = made
        before = await owner.snapshot(organization.id)
        organization_id = organization_key(organization.id)
        for nothing in (
            "junk",
            "é",
            "\0",
            full[:-1],
            full[:-1] + ("0" if full[-1] != "0" else "1"),
            f"x{full}",
            f"{full} {full}",
            token_format.make(*token_key(token_id)),
            token_format.make(organization_id, uuid4()),
            token_format.make(uuid4(), uuid4()),
            "eyJhbGciOiJub25lIn0.e30.",
            "x" * 60_000,
        ):
            assert_given_back(await finder.give_back(nothing))
        assert await owner.snapshot(organization.id) == before

    async def test_a_second_time_changes_nothing(
        self, organization: Organization, finder: Presenter, owner: Owner, made: Made
    ) -> None:
        assert_given_back(await finder.give_back(made[2]))
        before = await owner.snapshot(organization.id)
        assert_given_back(await finder.give_back(made[2]))
        assert await owner.snapshot(organization.id) == before

    async def test_an_administrators_revocation_stands(
        self, organization: Organization, finder: Presenter, made: Made
    ) -> None:
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=made[1])
        assert_given_back(await finder.give_back(made[2]))
        assert await status(organization, made[1]) == ("REVOKED", organization.admin_id)

    async def test_a_look_alike_leaves_the_real_one_alone(
        self, finder: Presenter, api: Api, made: Made
    ) -> None:
        _, token_id, full = made
        assert_given_back(await finder.give_back(token_format.make(*token_key(token_id))))
        assert await is_accepted(api, full)

    async def test_without_the_secret_being_looked_at_it_would_not(
        self, finder: Presenter, api: Api, made: Made, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above."""
        _, token_id, full = made

        def anything(*_: object) -> bool:
            return True

        monkeypatch.setattr(token_format, "matches", anything)
        assert_given_back(await finder.give_back(token_format.make(*token_key(token_id))))
        monkeypatch.undo()
        assert not await is_accepted(api, full)

    async def test_other_organizations_are_left_alone(
        self,
        organization: Organization,
        new_organization: Callable[[], Awaitable[Organization]],
        finder: Presenter,
        owner: Owner,
        made: Made,
    ) -> None:
        other = await new_organization()
        await other.token(await other.user())
        before = await owner.snapshot(other.id)
        assert_given_back(await finder.give_back(made[2]))
        assert await owner.snapshot(other.id) == before


class TestStatements:
    async def test_junk_takes_none(self, revoking: Service, finder: Presenter, made: Made) -> None:
        full = made[2]
        async with statements(revoking) as seen:
            for junk in ("junk", full[:-1], full + "0", full[:-1] + "_"):
                assert_given_back(await finder.give_back(junk))
        assert seen == []

    async def test_a_look_alike_takes_a_look_up_and_no_more(
        self, revoking: Service, finder: Presenter, made: Made
    ) -> None:
        look_alike = token_format.make(*token_key(made[1]))
        async with statements(revoking) as seen:
            assert_given_back(await finder.give_back(look_alike))
        assert len(seen) == 1

    async def test_a_token_takes_few(
        self, revoking: Service, finder: Presenter, made: Made
    ) -> None:
        async with statements(revoking) as seen:
            assert_given_back(await finder.give_back(made[2]))
        assert 1 < len(seen) <= 6, seen


class TestUse:
    async def test_it_is_none(
        self, revoking: Service, finder: Presenter, owner: Owner, made: Made
    ) -> None:
        assert_given_back(await finder.give_back(made[2]))
        await revoking.activity.flush()
        assert (await owner.token(made[1]))["last_used_time"] is None
