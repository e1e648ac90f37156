"""What an application user may do with its own token: without a grant, and with one."""

import pytest

from tests.api_client import Api, Organization
from tests.owner import Owner

ORGANIZATION = "query($id: ID!) { organization(id: $id) { id } }"


@pytest.fixture
async def user_id(organization: Organization) -> str:
    return await organization.user("robot")


@pytest.fixture
async def robot(organization: Organization, user_id: str) -> Api:
    """A caller with an application user's token."""
    _, full = await organization.token(user_id, description="its own")
    return organization.admin.with_token(full)


class TestWithoutGrant:
    async def test_it_sees_itself(
        self, organization: Organization, user_id: str, robot: Api
    ) -> None:
        found = await robot.query(
            """{ viewer {
                memberships { organizationId organizationName permissions
                    user { __typename id name state isApplicationUser ... on ApplicationUser {
                        description viewerCanGenerateToken viewerCanUpdate viewerCanDelete } } }
                token { description status isCurrent viewerCanRevoke } } }"""
        )
        assert found["viewer"] == {
            "memberships": [
                {
                    "organizationId": organization.id,
                    "organizationName": "Acme",
                    "permissions": [],
                    "user": {
                        "__typename": "ApplicationUser",
                        "id": user_id,
                        "name": "robot",
                        "state": "ACTIVE",
                        "isApplicationUser": True,
                        "description": None,
                        "viewerCanGenerateToken": False,
                        "viewerCanUpdate": False,
                        "viewerCanDelete": False,
                    },
                }
            ],
            "token": {
                "description": "its own",
                "status": "ACTIVE",
                "isCurrent": True,
                "viewerCanRevoke": True,
            },
        }

    async def test_its_token_is_its_own(self, user_id: str, robot: Api) -> None:
        found = await robot.query("{ viewer { token { user { id name } } } }")
        assert found["viewer"]["token"]["user"] == {"id": user_id, "name": "robot"}

    @pytest.mark.parametrize(
        "way_in",
        [
            "memberships { user { ... on ApplicationUser { tokens { nodes { id } } } } }",
            "memberships { user { ... on ApplicationUser { createdBy { id } } } }",
            "token { createdBy { id } }",
            "token { revokedBy { id } }",
        ],
    )
    async def test_from_there_it_gets_nowhere(self, robot: Api, way_in: str) -> None:
        answer = await robot.run(f"{{ viewer {{ {way_in} }} }}")
        assert answer.codes == ["FORBIDDEN"]
        assert "@" not in answer.response.text

    async def test_it_knows_itself_even_as_it_ends_itself(self, robot: Api, user_id: str) -> None:
        own = (await robot.query("{ viewer { token { id user { id } } } }"))["viewer"]["token"]
        assert own["user"] == {"id": user_id}
        revoked = await robot.mutate(
            "revokeToken", "token { status user { id } }", tokenId=own["id"]
        )
        assert revoked["token"] == {"status": "REVOKED", "user": {"id": user_id}}


class TestWithGrant:
    async def test_it_is_an_administrator(
        self, organization: Organization, owner: Owner, user_id: str, robot: Api
    ) -> None:
        await owner.grant(user_id)
        found = await robot.query("{ viewer { memberships { permissions } } }")
        assert found["viewer"]["memberships"] == [{"permissions": ["role:organization:admin"]}]
        made = await robot.mutate(
            "createApplicationUser",
            "applicationUser { id createdBy { id } }",
            organizationId=organization.id,
            name="made by a robot",
        )
        assert made["applicationUser"]["createdBy"] == {"id": user_id}
        listed = await robot.query(
            "query($id: ID!) { applicationUsers(organizationId: $id) { nodes { id } } }",
            id=organization.id,
        )
        assert len(listed["applicationUsers"]["nodes"]) == 2

    async def test_another_permission_is_not_that_one(
        self, organization: Organization, owner: Owner, user_id: str, robot: Api
    ) -> None:
        await owner.grant(user_id, "role:organization:administrator")
        answer = await robot.run(ORGANIZATION, {"id": organization.id})
        assert answer.codes == ["FORBIDDEN"]

    async def test_a_grant_below_the_organization_is_none_on_it(
        self, organization: Organization, owner: Owner, user_id: str, robot: Api
    ) -> None:
        await owner.grant(user_id, resource_id=await owner.project(organization.id))
        answer = await robot.run(ORGANIZATION, {"id": organization.id})
        assert answer.codes == ["FORBIDDEN"]

    async def test_it_ends_at_the_next_request(
        self, organization: Organization, owner: Owner, user_id: str, robot: Api
    ) -> None:
        await owner.grant(user_id)
        assert (await robot.run(ORGANIZATION, {"id": organization.id})).codes == []
        await owner.take_grants(user_id)
        assert (await robot.run(ORGANIZATION, {"id": organization.id})).codes == ["FORBIDDEN"]
