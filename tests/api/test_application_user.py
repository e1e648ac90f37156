"""applicationUser."""

from tests.api_client import Organization

DOCUMENT = "query($id: ID!) { applicationUser(id: $id) { id name } }"


class TestFound:
    async def test_it(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        found = await organization.admin.query(DOCUMENT, id=user_id)
        assert found["applicationUser"] == {"id": user_id, "name": "ci"}

    async def test_a_deactivated_one(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        found = await organization.admin.query(DOCUMENT, id=user_id)
        assert found["applicationUser"] == {"id": user_id, "name": "ci"}


class TestNull:
    async def test_a_person_is_none(self, organization: Organization) -> None:
        found = await organization.admin.query(DOCUMENT, id=organization.admin_id)
        assert found == {"applicationUser": None}

    async def test_a_deleted_one(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
        )
        assert await organization.admin.query(DOCUMENT, id=user_id) == {"applicationUser": None}
