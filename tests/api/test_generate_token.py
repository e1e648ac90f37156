"""generateToken."""

from tests.api_client import Organization


class TestGenerated:
    async def test_the_token_works_at_once(self, organization: Organization) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id, description="deploys")
        answer = await organization.admin.with_token(full).query(
            "{ viewer { memberships { user { id name } } token { isCurrent status } } }"
        )
        assert answer["viewer"]["memberships"] == [{"user": {"id": user_id, "name": "ci"}}]
        assert answer["viewer"]["token"] == {"isCurrent": True, "status": "ACTIVE"}
