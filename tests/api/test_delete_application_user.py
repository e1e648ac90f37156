"""deleteApplicationUser."""

import asyncio
from typing import Any

from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner


async def delete(organization: Organization, user_id: str) -> dict[str, Any]:
    return await organization.admin.mutate(
        "deleteApplicationUser",
        "applicationUserId revokedTokenCount",
        applicationUserId=user_id,
    )


class TestDeleted:
    async def test_every_field(self, organization: Organization) -> None:
        user_id = await organization.user()
        (first, _), _, _ = [await organization.token(user_id) for _ in range(3)]
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=first)
        assert await delete(organization, user_id) == {
            "__typename": "DeleteApplicationUserSuccess",
            "applicationUserId": user_id,
            "revokedTokenCount": 2,
        }

    async def test_all_its_tokens_are_refused_from_the_answer_on(
        self, organization: Organization
    ) -> None:
        user_id, other_id = await organization.user("ci"), await organization.user("cd")
        tokens = [(await organization.token(user_id))[1] for _ in range(3)]
        _, other = await organization.token(other_id)
        assert [await is_accepted(organization.admin, full) for full in tokens] == [True] * 3
        await delete(organization, user_id)
        assert [await is_accepted(organization.admin, full) for full in tokens] == [False] * 3
        assert await is_accepted(organization.admin, other)

    async def test_its_tokens_stay_listed_with_who_ended_them(
        self, organization: Organization
    ) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await delete(organization, user_id)
        found = await organization.admin.query(
            """query($org: ID!, $user: ID!) {
                tokens(organizationId: $org, applicationUserId: $user) {
                    nodes { id status revokeTime revokedBy { id } user { id state } } } }""",
            org=organization.id,
            user=user_id,
        )
        (token,) = found["tokens"]["nodes"]
        assert token["revokeTime"] is not None
        assert token | {"revokeTime": None} == {
            "id": token_id,
            "status": "REVOKED",
            "revokeTime": None,
            "revokedBy": {"id": organization.admin_id},
            "user": {"id": user_id, "state": "DELETED"},
        }

    async def test_its_name_is_free_and_its_id_is_not(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        await delete(organization, user_id)
        assert await organization.user("ci") != user_id

    async def test_a_tombstone_is_listed_on_request_alone(self, organization: Organization) -> None:
        gone, here = await organization.user("gone"), await organization.user("here")
        await delete(organization, gone)
        lists = await organization.admin.query(
            """query($org: ID!) {
                live: applicationUsers(organizationId: $org) { totalCount nodes { id } }
                dead: applicationUsers(organizationId: $org, filter: {states: [DELETED]}) {
                    totalCount
                    nodes { id name state viewerCanGenerateToken viewerCanUpdate viewerCanDelete } }
                all: organizationUsers(organizationId: $org,
                        filter: {states: [ACTIVE, DEACTIVATED, DELETED]}) { nodes { id } } }""",
            org=organization.id,
        )
        assert lists["live"] == {"totalCount": 1, "nodes": [{"id": here}]}
        assert lists["dead"] == {
            "totalCount": 1,
            "nodes": [
                {
                    "id": gone,
                    "name": "gone",
                    "state": "DELETED",
                    "viewerCanGenerateToken": False,
                    "viewerCanUpdate": False,
                    "viewerCanDelete": False,
                }
            ],
        }
        assert [node["id"] for node in lists["all"]["nodes"]] == [
            here,
            gone,
            organization.admin_id,
        ]

    async def test_it_is_null_by_its_id(self, organization: Organization) -> None:
        user_id = await organization.user()
        await delete(organization, user_id)
        found = await organization.admin.query(
            "query($id: ID!) { applicationUser(id: $id) { id } node(id: $id) { id } }", id=user_id
        )
        assert found == {"applicationUser": None, "node": None}

    async def test_its_grants_go_with_it(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        await owner.grant(user_id)
        assert await owner.count(organization.id, "grant") == 2
        await delete(organization, user_id)
        assert await owner.count(organization.id, "grant") == 1

    async def test_a_deactivated_one(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.token(user_id)
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        assert (await delete(organization, user_id))["revokedTokenCount"] == 1

    async def test_it_may_delete_itself(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        await owner.grant(user_id)
        made = await organization.admin.with_token(full).mutate(
            "deleteApplicationUser", "revokedTokenCount", applicationUserId=user_id
        )
        assert made["revokedTokenCount"] == 1
        assert not await is_accepted(organization.admin, full)


class TestNotFound:
    async def test_the_second_time(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        await delete(organization, user_id)
        before = await owner.snapshot(organization.id)
        assert (await delete(organization, user_id))["__typename"] == "NotFoundError"
        assert await owner.snapshot(organization.id) == before

    async def test_of_eight_at_once_one_deletes(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        await organization.user("other")
        made = await asyncio.gather(*(delete(organization, user_id) for _ in range(8)))
        kinds = [one["__typename"] for one in made]
        assert kinds.count("DeleteApplicationUserSuccess") == 1
        assert kinds.count("NotFoundError") == 7
        found = await organization.admin.query(
            "query($id: ID!) { organization(id: $id) { applicationUserCount } }", id=organization.id
        )
        assert found["organization"]["applicationUserCount"] == 1

    async def test_a_person_is_no_application_user(
        self, organization: Organization, owner: Owner
    ) -> None:
        before = await owner.snapshot(organization.id)
        refused = await delete(organization, organization.admin_id)
        assert refused["__typename"] == "NotFoundError"
        assert await owner.snapshot(organization.id) == before


class TestGenerateMeanwhile:
    async def test_no_token_outlives_its_user(self, organization: Organization) -> None:
        """Tokens generated while their user is deleted are revoked with it, or never made."""
        for attempt in range(3):
            user_id = await organization.user(f"ci{attempt}")
            made = await asyncio.gather(
                delete(organization, user_id),
                *(
                    organization.admin.mutate(
                        "generateToken", "fullToken", applicationUserId=user_id
                    )
                    for _ in range(6)
                ),
            )
            for one in made[1:]:
                if one["__typename"] == "GenerateTokenSuccess":
                    assert not await is_accepted(organization.admin, one["fullToken"])
                else:
                    assert one["__typename"] == "NotFoundError"
