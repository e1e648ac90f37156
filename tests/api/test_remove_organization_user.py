"""removeOrganizationUser."""

import pytest

from app import people
from tests.api.estate import Estate
from tests.api.listing import ORGANIZATION_USERS
from tests.api.managers import manager
from tests.api.peopling import add, no_guard, people_manager, person, person_with_token, remove
from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner, user_key


async def codes(caller: Api, user_id: str) -> list[str]:
    """Return the top-level codes of a removal."""
    answer = await caller.run(
        """mutation($i: RemoveOrganizationUserInput!) { removeOrganizationUser(input: $i) {
            __typename } }""",
        {"i": {"organizationUserId": user_id}},
    )
    return answer.codes


class TestRemoved:
    async def test_tokens_grants_and_memberships_go_with_it(self, estate: Estate) -> None:
        organization, owner = estate.organization, estate.owner
        user_id, bob = await person_with_token(organization)
        project = await estate.project()
        group = await estate.group(user_id)
        await estate.give(user_id, "project:services:read", project)
        assert await remove(organization.admin, user_id) == {
            "__typename": "RemoveOrganizationUserSuccess",
            "organizationUserId": user_id,
            "revokedTokenCount": 1,
        }
        assert bob.token is not None
        assert not await is_accepted(bob, bob.token)
        assert await estate.held(user_id, project) == []
        row = await owner.connection.fetchrow(
            "SELECT changes::json->'groups'->'before'->>0 AS left_group,"
            "       changes::json->'permissions'->'before'->>0 AS taken,"
            "       changes::json->'state'->>'after' AS state"
            "  FROM audit_event WHERE organization_id = $1 AND action = 'organization:user:remove'",
            estate.key,
        )
        assert row is not None
        assert tuple(row) == (group, f"project:services:read on {project}", "DELETED")

    async def test_a_tombstone_stays(self, organization: Organization) -> None:
        user_id = await person(organization)
        await remove(organization.admin, user_id)
        listed = await ORGANIZATION_USERS.walk(organization.admin, organization.id)
        assert listed == [organization.admin_id]
        gone = await ORGANIZATION_USERS.walk(
            organization.admin, organization.id, keep={"states": ["DELETED"]}
        )
        assert gone == [user_id]
        found = await organization.admin.query(
            """query($o: ID!) { organizationUsers(
                organizationId: $o, filter: { states: [DELETED] }) { nodes {
                    ... on OrganizationUser { name viewerCanUpdate viewerCanRemove } } } }""",
            o=organization.id,
        )
        assert found["organizationUsers"]["nodes"] == [
            {"name": "Ada", "viewerCanUpdate": False, "viewerCanRemove": False}
        ]

    async def test_it_comes_back_as_somebody_without_anything(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await person(organization)
        await owner.grant(user_id)
        await remove(organization.admin, user_id)
        again = await person(organization)
        assert again != user_id
        held = await owner.connection.fetchval(
            "SELECT count(*) FROM permission_grant"
            " WHERE organization_id = $1 AND principal_id = $2",
            *user_key(again),
        )
        assert held == 0

    async def test_by_who_is_no_administrator(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, mary = await people_manager(organization, owner)
        removed = await remove(mary, await person(organization))
        assert removed["__typename"] == "RemoveOrganizationUserSuccess"


class TestForbidden:
    async def test_whoever_holds_a_permission(self, estate: Estate) -> None:
        organization, owner = estate.organization, estate.owner
        mary_id, mary = await people_manager(organization, owner)
        grouped, direct = await person(organization, "a"), await person(organization, "b")
        await estate.give(await estate.group(grouped), "developer", await estate.project())
        await owner.grant(direct, "organization:billing:write")
        before = await owner.snapshot(organization.id)
        for user_id in (grouped, direct, organization.admin_id, mary_id):
            assert await codes(mary, user_id) == ["FORBIDDEN"]
        assert await owner.snapshot(organization.id) == before

    async def test_control_without_the_guard_the_attack_succeeds(
        self, organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, mary = await people_manager(organization, owner)
        bob = await person(organization)
        await owner.grant(bob)
        monkeypatch.setattr(people.guards, "guard", no_guard)
        assert await codes(mary, bob) == []

    async def test_who_manages_application_users_removes_nobody(
        self, organization: Organization, owner: Owner
    ) -> None:
        caller = await manager(organization, owner)
        assert await codes(caller, await person(organization)) == ["FORBIDDEN"]


class TestLastAdministrator:
    async def test_is_not_removed(self, organization: Organization, owner: Owner) -> None:
        before = await owner.snapshot(organization.id)
        refused = await remove(organization.admin, organization.admin_id)
        assert refused["__typename"] == "LastAdministratorError"
        assert await owner.snapshot(organization.id) == before

    async def test_nor_for_an_application_user_that_is_one(
        self, organization: Organization, owner: Owner
    ) -> None:
        robot = await organization.user()
        await owner.grant(robot)
        _, full = await organization.token(robot)
        refused = await remove(organization.admin.with_token(full), organization.admin_id)
        assert refused["__typename"] == "LastAdministratorError"

    async def test_one_through_a_group_counts(self, estate: Estate) -> None:
        organization = estate.organization
        bob = (await add(organization, withToken=True))["organizationUser"]["id"]
        await estate.give(await estate.group(bob))
        removed = await remove(organization.admin, organization.admin_id)
        assert removed["__typename"] == "RemoveOrganizationUserSuccess"


class TestNotFound:
    async def test_an_application_user_is_no_person(
        self, organization: Organization, owner: Owner
    ) -> None:
        robot = await organization.user()
        before = await owner.snapshot(organization.id)
        assert (await remove(organization.admin, robot))["__typename"] == "NotFoundError"
        assert await owner.snapshot(organization.id) == before

    async def test_a_second_time(self, organization: Organization) -> None:
        user_id = await person(organization)
        await remove(organization.admin, user_id)
        assert (await remove(organization.admin, user_id))["__typename"] == "NotFoundError"
