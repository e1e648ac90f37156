"""updateApplicationUser."""

from typing import Any

import pytest

from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner


async def update(organization: Organization, user_id: str, **fields: object) -> dict[str, Any]:
    made = await organization.admin.mutate(
        "updateApplicationUser",
        "applicationUser { id name description state createTime }",
        applicationUserId=user_id,
        **fields,
    )
    return made.get("applicationUser") or made


class TestUpdated:
    async def test_every_field(self, organization: Organization) -> None:
        user_id = await organization.user("ci", description="old")
        changed = await update(
            organization, user_id, name=" CD ", description=" new ", state="DEACTIVATED"
        )
        assert changed == {
            "id": user_id,
            "name": "CD",
            "description": "new",
            "state": "DEACTIVATED",
            "createTime": changed["createTime"],
        }
        found = await organization.admin.query(
            "query($id: ID!) { applicationUser(id: $id) { id name description state createTime } }",
            id=user_id,
        )
        assert found["applicationUser"] == changed

    @pytest.mark.parametrize("field", ["name", "description", "state"])
    async def test_a_field_left_out_stays(self, organization: Organization, field: str) -> None:
        user_id = await organization.user("ci", description="old")
        before = await update(organization, user_id)
        change = {"name": "cd", "description": "new", "state": "DEACTIVATED"}[field]
        after = await update(organization, user_id, **{field: change})
        assert after == before | {field: change}

    async def test_null_clears_the_description(self, organization: Organization) -> None:
        user_id = await organization.user("ci", description="old")
        assert (await update(organization, user_id, description=None))["description"] is None

    async def test_nothing_asked_changes_nothing(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user("ci", description="old")
        before = await owner.snapshot(organization.id)
        assert (await update(organization, user_id))["name"] == "ci"
        assert await owner.snapshot(organization.id) == before

    async def test_a_name_may_change_its_case(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        assert (await update(organization, user_id, name="CI"))["name"] == "CI"

    async def test_the_old_name_is_free(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        await update(organization, user_id, name="cd")
        assert await organization.user("ci") != user_id


class TestDeactivated:
    async def test_tokens_are_refused_and_come_back(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id)
        await update(organization, user_id, state="DEACTIVATED")
        assert not await is_accepted(organization.admin, full)
        assert await status(organization.admin, token_id) == "DEACTIVATED"
        await update(organization, user_id, state="ACTIVE")
        assert await is_accepted(organization.admin, full)
        assert await status(organization.admin, token_id) == "ACTIVE"

    async def test_what_died_meanwhile_does_not_come_back(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        revoked, expired = [await organization.token(user_id, maxAgeSeconds=600) for _ in range(2)]
        await update(organization, user_id, state="DEACTIVATED")
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=revoked[0])
        await owner.set_left(expired[0], -1)
        await update(organization, user_id, state="ACTIVE")
        assert await status(organization.admin, revoked[0]) == "REVOKED"
        assert await status(organization.admin, expired[0]) == "EXPIRED"
        for _, full in (revoked, expired):
            assert not await is_accepted(organization.admin, full)

    async def test_twice_is_as_once(self, organization: Organization) -> None:
        user_id = await organization.user()
        for state in ("DEACTIVATED", "DEACTIVATED", "ACTIVE", "ACTIVE"):
            assert (await update(organization, user_id, state=state))["state"] == state

    async def test_buttons_follow(self, organization: Organization) -> None:
        user_id = await organization.user()
        await update(organization, user_id, state="DEACTIVATED")
        found = await organization.admin.query(
            """query($id: ID!) { applicationUser(id: $id) {
                viewerCanGenerateToken viewerCanActivate viewerCanUpdate viewerCanDelete } }""",
            id=user_id,
        )
        assert found["applicationUser"] == {
            "viewerCanGenerateToken": False,
            "viewerCanActivate": True,
            "viewerCanUpdate": True,
            "viewerCanDelete": True,
        }


class TestInvalidInput:
    @pytest.mark.parametrize(
        ("fields", "path", "code"),
        [
            ({"name": None}, "name", "REQUIRED"),
            ({"state": None}, "state", "REQUIRED"),
            ({"state": "DELETED"}, "state", "NOT_ALLOWED"),
        ],
    )
    async def test_fields(
        self,
        organization: Organization,
        owner: Owner,
        fields: dict[str, object],
        path: str,
        code: str,
    ) -> None:
        user_id = await organization.user(description="old")
        before = await owner.snapshot(organization.id)
        refused = await update(organization, user_id, description="new", **fields)
        assert refused["__typename"] == "InvalidInputError"
        assert [(f["path"], f["code"]) for f in refused["fields"]] == [(path, code)]
        assert await owner.snapshot(organization.id) == before

    async def test_deleting_has_a_mutation_of_its_own(self, organization: Organization) -> None:
        user_id = await organization.user()
        refused = await update(organization, user_id, state="DELETED")
        assert "deleteApplicationUser" in refused["message"]


class TestNameTaken:
    async def test_by_another(self, organization: Organization, owner: Owner) -> None:
        await organization.user("ci")
        user_id = await organization.user("cd", description="old")
        before = await owner.snapshot(organization.id)
        refused = await update(organization, user_id, name="CI", description="new")
        assert refused["__typename"] == "NameTakenError"
        assert await owner.snapshot(organization.id) == before


class TestNotFound:
    async def test_a_person_is_no_application_user(self, organization: Organization) -> None:
        refused = await update(organization, organization.admin_id, name="me")
        assert refused["__typename"] == "NotFoundError"

    async def test_deleted(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
        )
        for fields in ({"state": "ACTIVE"}, {"name": "again"}, {}):
            assert (await update(organization, user_id, **fields))["__typename"] == "NotFoundError"


async def status(admin: Api, token_id: str) -> str:
    found = await admin.query(
        "query($id: ID!) { node(id: $id) { ... on Token { status } } }", id=token_id
    )
    return found["node"]["status"]
