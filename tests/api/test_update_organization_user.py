"""updateOrganizationUser."""

from typing import Any

import pytest

from app import administrators, people
from tests.api.estate import Estate
from tests.api.peopling import (
    no_guard,
    no_rule,
    people_manager,
    person,
    person_with_token,
    remove,
    update,
)
from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner


async def codes(caller: Api, user_id: str, **fields: Any) -> list[str]:
    """Return the top-level codes of a change."""
    answer = await caller.run(
        """mutation($i: UpdateOrganizationUserInput!) { updateOrganizationUser(input: $i) {
            __typename } }""",
        {"i": {"organizationUserId": user_id} | fields},
    )
    return answer.codes


class TestChanged:
    async def test_the_name(self, organization: Organization) -> None:
        user_id = await person(organization)
        changed = await update(organization.admin, user_id, name=" Ada L. ")
        assert changed == {"id": user_id, "name": "Ada L.", "state": "ACTIVE"}

    async def test_the_search_finds_the_name(self, organization: Organization) -> None:
        await update(organization.admin, await person(organization), name="Straße")
        found = await organization.admin.query(
            """query($o: ID!) { organizationUsers(organizationId: $o, filter: { search: "STRASSE" })
                { nodes { name } } }""",
            o=organization.id,
        )
        assert found["organizationUsers"]["nodes"] == [{"name": "Straße"}]

    async def test_deactivation_refuses_its_tokens_until_it_is_undone(
        self, organization: Organization
    ) -> None:
        user_id, bob = await person_with_token(organization)
        assert bob.token is not None
        for state, works in (("DEACTIVATED", False), ("ACTIVE", True)):
            changed = await update(organization.admin, user_id, state=state)
            assert changed["state"] == state
            assert await is_accepted(bob, bob.token) is works

    async def test_nothing_changes_nothing(self, organization: Organization, owner: Owner) -> None:
        user_id = await person(organization)
        before = await owner.snapshot(organization.id)
        for same in ({}, {"name": "Ada"}, {"state": "ACTIVE"}):
            assert (await update(organization.admin, user_id, **same))["name"] == "Ada"
        assert await owner.snapshot(organization.id) == before

    async def test_by_who_is_no_administrator(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, mary = await people_manager(organization, owner)
        user_id = await person(organization)
        changed = await update(mary, user_id, name="Ada L.", state="DEACTIVATED")
        assert changed["state"] == "DEACTIVATED"


class TestForbidden:
    """The guard: what holds a permission is changed by administrators alone."""

    CHANGES = ({"name": "Taken"}, {"state": "DEACTIVATED"})

    async def how(self, caller: Api, user_id: str) -> list[str]:
        return [code for fields in self.CHANGES for code in await codes(caller, user_id, **fields)]

    @pytest.mark.parametrize("way", ["on the organization", "on a project", "through a group"])
    async def test_whoever_holds_a_permission(self, estate: Estate, way: str) -> None:
        organization, owner = estate.organization, estate.owner
        _, mary = await people_manager(organization, owner)
        user_id = await person(organization)
        if way == "through a group":
            await estate.give(await estate.group(user_id), "developer", await estate.project())
        else:
            on = organization.id if way == "on the organization" else await estate.project()
            await estate.give(user_id, "project:services:read", on)
        before = await owner.snapshot(organization.id)
        assert await self.how(mary, user_id) == ["FORBIDDEN", "FORBIDDEN"]
        assert await owner.snapshot(organization.id) == before
        assert (await update(organization.admin, user_id, name="Mine"))["name"] == "Mine"

    async def test_a_group_without_permission_is_no_hindrance(self, estate: Estate) -> None:
        _, mary = await people_manager(estate.organization, estate.owner)
        user_id = await person(estate.organization)
        await estate.group(user_id)
        assert await self.how(mary, user_id) == []

    async def test_oneself_holds_a_permission_too(
        self, organization: Organization, owner: Owner
    ) -> None:
        mary_id, mary = await people_manager(organization, owner)
        assert await self.how(mary, mary_id) == ["FORBIDDEN", "FORBIDDEN"]

    async def test_control_without_the_guard_the_attack_succeeds(
        self, organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, mary = await people_manager(organization, owner)
        monkeypatch.setattr(people.guards, "guard", no_guard)
        monkeypatch.setattr(people.administrators, "keep_administrator", no_rule)
        changed = await update(mary, organization.admin_id, state="DEACTIVATED")
        assert changed["state"] == "DEACTIVATED"


class TestLastAdministrator:
    async def test_is_not_deactivated(self, organization: Organization, owner: Owner) -> None:
        await person(organization)
        before = await owner.snapshot(organization.id)
        refused = await update(organization.admin, organization.admin_id, state="DEACTIVATED")
        assert refused["__typename"] == "LastAdministratorError"
        assert await owner.snapshot(organization.id) == before

    async def test_one_of_two_is_even_oneself(
        self, organization: Organization, owner: Owner
    ) -> None:
        bob_id, bob = await person_with_token(organization)
        await owner.grant(bob_id)
        changed = await update(organization.admin, organization.admin_id, state="DEACTIVATED")
        assert changed["state"] == "DEACTIVATED"
        refused = await update(bob, bob_id, state="DEACTIVATED")
        assert refused["__typename"] == "LastAdministratorError"
        back = await update(bob, organization.admin_id, state="ACTIVE")
        assert back["state"] == "ACTIVE"

    async def test_a_deactivated_one_does_not_count(
        self, organization: Organization, owner: Owner
    ) -> None:
        bob_id, _ = await person_with_token(organization)
        await owner.grant(bob_id)
        await update(organization.admin, bob_id, state="DEACTIVATED")
        for act in (
            update(organization.admin, organization.admin_id, state="DEACTIVATED"),
            remove(organization.admin, organization.admin_id),
        ):
            assert (await act)["__typename"] == "LastAdministratorError"

    async def test_may_be_renamed(self, organization: Organization) -> None:
        changed = await update(organization.admin, organization.admin_id, name="Root")
        assert changed["name"] == "Root"

    async def test_control_without_the_rule_it_is(
        self, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(administrators, "keep_administrator", no_rule)
        changed = await update(organization.admin, organization.admin_id, state="DEACTIVATED")
        assert changed["state"] == "DEACTIVATED"


class TestNotFound:
    async def test_an_application_user_is_no_person(
        self, organization: Organization, owner: Owner
    ) -> None:
        robot = await organization.user()
        before = await owner.snapshot(organization.id)
        refused = await update(organization.admin, robot, name="x")
        missing = robot[:5] + "0" * 22 + robot[27:]
        assert refused == await update(organization.admin, missing, name="x")
        assert refused["__typename"] == "NotFoundError"
        assert await owner.snapshot(organization.id) == before

    async def test_a_person_is_no_application_user(self, organization: Organization) -> None:
        user_id = await person(organization)
        refused = await organization.admin.mutate(
            "updateApplicationUser", "__typename", applicationUserId=user_id, name="x"
        )
        assert refused["__typename"] == "NotFoundError"

    async def test_a_removed_person(self, organization: Organization) -> None:
        user_id = await person(organization)
        await remove(organization.admin, user_id)
        refused = await update(organization.admin, user_id, state="ACTIVE")
        assert refused["__typename"] == "NotFoundError"
