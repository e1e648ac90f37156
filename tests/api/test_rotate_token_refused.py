"""rotateToken, where it changes nothing."""

import pytest

from tests.api.managers import person_token
from tests.api.test_rotate_token import DOCUMENT, look, problem, rotate
from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner


class TestRefused:
    @pytest.mark.parametrize("overlap", [-1, 604_801, 2_147_483_647])
    async def test_overlaps_that_are_none(self, organization: Organization, overlap: int) -> None:
        token_id, _ = await organization.token(await organization.user())
        made = await rotate(organization.admin, token_id, overlapSeconds=overlap)
        assert problem(made) == ("overlapSeconds", "OUT_OF_RANGE")

    async def test_an_overlap_beyond_its_own_expiry(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, old = await organization.token(await organization.user(), maxAgeSeconds=3600)
        before = await owner.snapshot(organization.id)
        made = await rotate(organization.admin, token_id, overlapSeconds=3601)
        assert problem(made) == ("overlapSeconds", "OUT_OF_RANGE")
        assert "expires before" in made["message"]
        assert await owner.snapshot(organization.id) == before
        assert await is_accepted(organization.admin, old)

    async def test_a_revoked_one(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user())
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        made = await rotate(organization.admin, token_id)
        assert problem(made) == ("tokenId", "NOT_ALLOWED")
        assert "revoked" in made["message"]

    async def test_an_expired_one(self, organization: Organization, owner: Owner) -> None:
        token_id, _ = await organization.token(await organization.user(), maxAgeSeconds=600)
        await owner.set_left(token_id, -1)
        made = await rotate(organization.admin, token_id)
        assert problem(made) == ("tokenId", "NOT_ALLOWED")
        assert "expired" in made["message"]

    async def test_one_deactivated_for_disuse(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, _ = await organization.token(await organization.user())
        await owner.deactivate(token_id)
        made = await rotate(organization.admin, token_id)
        assert problem(made) == ("tokenId", "NOT_ALLOWED")
        assert "nobody used it" in made["message"]

    async def test_a_deactivated_users(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        made = await rotate(organization.admin, token_id)
        assert problem(made) == ("tokenId", "NOT_ALLOWED")
        assert "application user is deactivated" in made["message"]

    async def test_a_deleted_users(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
        )
        assert problem(await rotate(organization.admin, token_id)) == ("tokenId", "NOT_ALLOWED")

    async def test_a_persons(self, organization: Organization, owner: Owner) -> None:
        token_id = await person_token(organization, owner)
        before = await owner.snapshot(organization.id)
        made = await rotate(organization.admin, token_id)
        assert problem(made) == ("tokenId", "NOT_ALLOWED")
        assert await owner.snapshot(organization.id) == before

    async def test_one_wider_than_the_caller(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        caller_id = await organization.user("caller")
        await owner.grant(caller_id)
        _, full = await organization.token(caller_id, scopes=["authentication:write"])
        narrow = organization.admin.with_token(full)
        before = await owner.snapshot(organization.id)
        made = await rotate(narrow, token_id)
        assert problem(made) == ("tokenId", "EXCEEDS_CALLER")
        assert await owner.snapshot(organization.id) == before
        assert (await look(narrow, token_id))["viewerCanRotate"] is False
        assert (await look(organization.admin, token_id))["viewerCanRotate"] is True

    async def test_itself_where_it_ends_at_a_fixed_time(
        self, organization: Organization, owner: Owner
    ) -> None:
        """Otherwise it would live for ever, from one successor to the next."""
        user_id = await organization.user()
        await owner.grant(user_id)
        token_id, full = await organization.token(user_id, maxAgeSeconds=3600)
        await owner.set_left(token_id, 1000)
        made = await rotate(organization.admin.with_token(full), token_id)
        assert problem(made) == ("tokenId", "EXCEEDS_CALLER")

    async def test_what_its_user_may_not(self, organization: Organization, owner: Owner) -> None:
        """A token does not rotate itself as it may revoke itself."""
        token_id, full = await organization.token(await organization.user())
        before = await owner.snapshot(organization.id)
        answer = await organization.admin.with_token(full).run(
            DOCUMENT, {"input": {"tokenId": token_id}}
        )
        assert answer.codes == ["FORBIDDEN"]
        assert await owner.snapshot(organization.id) == before

    async def test_one_that_the_policy_would_not_let_anybody_make(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, _ = await organization.token(await organization.user())
        await organization.admin.mutate(
            "setOrganizationPolicy",
            "__typename",
            organizationId=organization.id,
            policy={"expiryRequired": True},
        )
        before = await owner.snapshot(organization.id)
        made = await rotate(organization.admin, token_id)
        assert problem(made) == ("tokenId", "NOT_ALLOWED")
        assert "policy asks for maxAgeSeconds" in made["message"]
        assert await owner.snapshot(organization.id) == before
