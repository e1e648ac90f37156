"""viewer. What an application user sees of itself is in ``test_application_user_as_caller``."""

from tests.api_client import Organization


class TestAdministrator:
    async def test_every_field(self, organization: Organization) -> None:
        found = await organization.admin.query(
            """{ viewer {
                memberships { organizationId organizationName permissions
                    user { __typename id name email isApplicationUser state } }
                token { id description status isCurrent scopes ipAllowlist expiryTime
                    user { id } createdBy { id } viewerCanRevoke } } }"""
        )
        token = found["viewer"].pop("token")
        assert found["viewer"]["memberships"] == [
            {
                "organizationId": organization.id,
                "organizationName": "Acme",
                "permissions": ["role:organization:admin"],
                "user": {
                    "__typename": "OrganizationUser",
                    "id": organization.admin_id,
                    "name": "admin@acme.example",
                    "email": "admin@acme.example",
                    "isApplicationUser": False,
                    "state": "ACTIVE",
                },
            }
        ]
        assert token | {"id": ""} == {
            "id": "",
            "description": "First administrator, made by bootstrap",
            "status": "ACTIVE",
            "isCurrent": True,
            "scopes": None,
            "ipAllowlist": None,
            "expiryTime": None,
            "user": {"id": organization.admin_id},
            "createdBy": None,
            "viewerCanRevoke": True,
        }

    async def test_only_the_token_of_the_request_is_current(
        self, organization: Organization
    ) -> None:
        token_id, _ = await organization.token(await organization.user())
        found = await organization.admin.query(
            "query($id: ID!) { node(id: $id) { ... on Token { isCurrent } } }", id=token_id
        )
        assert found["node"] == {"isCurrent": False}
