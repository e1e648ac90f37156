"""organization."""

import pytest

from app import organizations
from app.database import Database
from tests.api_client import Organization
from tests.owner import Owner, organization_key

EVERYTHING = """query($id: ID!) { organization(id: $id) {
    id name createTime applicationUserLimit applicationUserCount
    viewerCanCreateApplicationUser } }"""


class TestFound:
    async def test_every_field(self, organization: Organization) -> None:
        await organization.user()
        found = await organization.admin.query(EVERYTHING, id=organization.id)
        assert found["organization"]["createTime"].endswith("Z")
        assert found["organization"] | {"createTime": ""} == {
            "id": organization.id,
            "name": "Acme",
            "createTime": "",
            "applicationUserLimit": 50,
            "applicationUserCount": 1,
            "viewerCanCreateApplicationUser": True,
        }

    @pytest.mark.parametrize(("limit", "can"), [(0, False), (1, False), (2, True)])
    async def test_the_button_follows_the_limit(
        self, organization: Organization, database: Database, limit: int, can: bool
    ) -> None:
        await organization.user()
        await organizations.set_limit(database, organization_key(organization.id), limit)
        found = await organization.admin.query(EVERYTHING, id=organization.id)
        assert found["organization"]["applicationUserLimit"] == limit
        assert found["organization"]["viewerCanCreateApplicationUser"] is can

    async def test_a_reading_token_has_no_buttons(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        await owner.grant(user_id)
        _, full = await organization.token(user_id, scopes=["authentication:read"])
        found = await organization.admin.with_token(full).query(
            """query($o: ID!, $u: ID!) {
                organization(id: $o) { viewerCanCreateApplicationUser }
                applicationUser(id: $u) {
                    viewerCanGenerateToken viewerCanUpdate viewerCanDelete
                    tokens { nodes { isCurrent viewerCanRevoke } } }
                tokens(organizationId: $o) { nodes { isCurrent viewerCanRevoke } } }""",
            o=organization.id,
            u=user_id,
        )
        assert found["organization"] == {"viewerCanCreateApplicationUser": False}
        own = [{"isCurrent": True, "viewerCanRevoke": True}]
        assert found["applicationUser"] == {
            "viewerCanGenerateToken": False,
            "viewerCanUpdate": False,
            "viewerCanDelete": False,
            "tokens": {"nodes": own},
        }
        assert found["tokens"]["nodes"] == [*own, {"isCurrent": False, "viewerCanRevoke": False}]
