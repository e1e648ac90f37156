"""revokeToken."""

import asyncio
from typing import Any

from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner


async def revoke(api: Api, token_id: str) -> dict[str, Any]:
    made = await api.mutate(
        "revokeToken",
        "token { id status revokeTime revokedBy { id } viewerCanRevoke }",
        tokenId=token_id,
    )
    return made.get("token") or made


class TestRevoked:
    async def test_every_field(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user())
        token = await revoke(organization.admin, token_id)
        assert token["revokeTime"] is not None
        assert token | {"revokeTime": None} == {
            "id": token_id,
            "status": "REVOKED",
            "revokeTime": None,
            "revokedBy": {"id": organization.admin_id},
            "viewerCanRevoke": False,
        }

    async def test_it_is_refused_from_the_answer_on(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id)
        _, other = await organization.token(user_id)
        assert await is_accepted(organization.admin, full)
        await revoke(organization.admin, token_id)
        assert not await is_accepted(organization.admin, full)
        assert await is_accepted(organization.admin, other)

    async def test_an_expired_one(self, organization: Organization, owner: Owner) -> None:
        token_id, _ = await organization.token(await organization.user(), maxAgeSeconds=600)
        await owner.set_left(token_id, -1)
        assert (await revoke(organization.admin, token_id))["status"] == "REVOKED"

    async def test_a_deactivated_users(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        assert (await revoke(organization.admin, token_id))["status"] == "REVOKED"

    async def test_the_administrators_own(self, organization: Organization) -> None:
        found = await organization.admin.query("{ viewer { token { id } } }")
        token = await revoke(organization.admin, found["viewer"]["token"]["id"])
        assert token["status"] == "REVOKED"
        assert organization.admin.token is not None
        assert not await is_accepted(organization.admin, organization.admin.token)


class TestRevokedAgain:
    async def test_the_first_time_and_actor_stand(
        self, organization: Organization, owner: Owner
    ) -> None:
        minter_id = await organization.user("second")
        await owner.grant(minter_id)
        _, full = await organization.token(minter_id)
        token_id, _ = await organization.token(await organization.user())
        first = await revoke(organization.admin.with_token(full), token_id)
        assert first["revokedBy"] == {"id": minter_id}
        before = await owner.snapshot(organization.id)
        assert await revoke(organization.admin, token_id) == first
        assert await owner.snapshot(organization.id) == before

    async def test_eight_at_once_agree(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user())
        made = await asyncio.gather(*(revoke(organization.admin, token_id) for _ in range(8)))
        assert all(one == made[0] for one in made)
        assert made[0]["status"] == "REVOKED"


class TestByItself:
    SELECTION = "token { id status isCurrent viewerCanRevoke revokeTime }"

    async def test_a_token_without_grant_revokes_itself(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id)
        own = organization.admin.with_token(full)
        before = await own.query("{ viewer { token { viewerCanRevoke } } }")
        assert before["viewer"]["token"] == {"viewerCanRevoke": True}
        made = await own.mutate("revokeToken", self.SELECTION, tokenId=token_id)
        assert made["token"]["status"] == "REVOKED"
        assert made["token"]["isCurrent"] is True
        assert made["token"]["viewerCanRevoke"] is False
        assert not await is_accepted(organization.admin, full)
        found = await organization.admin.query(
            "query($id: ID!) { node(id: $id) { ... on Token { revokedBy { id } } } }", id=token_id
        )
        assert found["node"]["revokedBy"] == {"id": user_id}

    async def test_whatever_its_scopes(self, organization: Organization) -> None:
        token_id, full = await organization.token(
            await organization.user(), scopes=["projects:read"]
        )
        made = await organization.admin.with_token(full).mutate(
            "revokeToken", self.SELECTION, tokenId=token_id
        )
        assert made["token"]["status"] == "REVOKED"

    async def test_and_no_other_of_its_own_user(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        other_id, _ = await organization.token(user_id)
        before = await owner.snapshot(organization.id)
        answer = await organization.admin.with_token(full).run(
            "mutation($i: RevokeTokenInput!) { revokeToken(input: $i) { __typename } }",
            {"i": {"tokenId": other_id}},
        )
        assert answer.codes == ["FORBIDDEN"]
        assert await owner.snapshot(organization.id) == before
