"""revokeAllTokens."""

from typing import Any
from uuid import uuid4

from app import ids
from tests.api.managers import manager
from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner, organization_key


async def revoke_all(api: Api, user_id: str) -> dict[str, Any]:
    return await api.mutate("revokeAllTokens", "revokedTokenCount", applicationUserId=user_id)


class TestRevoked:
    async def test_every_token_of_the_user_and_no_other(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        made = [await organization.token(user_id) for _ in range(3)]
        _, other = await organization.token(await organization.user("other"))
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=made[0][0])
        assert await revoke_all(organization.admin, user_id) == {
            "__typename": "RevokeAllTokensSuccess",
            "revokedTokenCount": 2,
        }
        assert not any([await is_accepted(organization.admin, full) for _, full in made])
        assert await is_accepted(organization.admin, other)

    async def test_again_changes_nothing(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        await organization.token(user_id)
        await revoke_all(organization.admin, user_id)
        before = await owner.snapshot(organization.id)
        assert (await revoke_all(organization.admin, user_id))["revokedTokenCount"] == 0
        assert await owner.snapshot(organization.id) == before

    async def test_by_who_manages_application_users(
        self, organization: Organization, owner: Owner
    ) -> None:
        narrow = await manager(organization, owner)
        user_id = await organization.user()
        await organization.token(user_id)
        assert (await revoke_all(narrow, user_id))["revokedTokenCount"] == 1


class TestNotFound:
    async def test_a_missing_user_a_deleted_one_and_a_person(
        self, organization: Organization, owner: Owner
    ) -> None:
        deleted = await organization.user()
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=deleted
        )
        missing = ids.member_id("user", organization_key(organization.id), uuid4())
        before = await owner.snapshot(organization.id)
        for user_id in (missing, deleted, organization.admin_id):
            made = await revoke_all(organization.admin, user_id)
            assert made["__typename"] == "NotFoundError"
        assert await owner.snapshot(organization.id) == before
