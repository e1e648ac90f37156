"""node."""

from tests.api_client import Organization

DOCUMENT = """query($id: ID!) { node(id: $id) { __typename id
    ... on Organization { name }
    ... on User { name email }
    ... on Token { description } } }"""


class TestFound:
    async def test_each_kind(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        token_id, _ = await organization.token(user_id, description="deploys")
        for public_id, kind in (
            (organization.id, "Organization"),
            (organization.admin_id, "OrganizationUser"),
            (user_id, "ApplicationUser"),
            (token_id, "Token"),
        ):
            found = await organization.admin.query(DOCUMENT, id=public_id)
            assert found["node"]["__typename"] == kind
            assert found["node"]["id"] == public_id

    async def test_a_revoked_token(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user())
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        found = await organization.admin.query(DOCUMENT, id=token_id)
        assert found["node"]["id"] == token_id


class TestNull:
    async def test_a_deleted_user(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
        )
        assert await organization.admin.query(DOCUMENT, id=user_id) == {"node": None}
