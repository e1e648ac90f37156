"""organizationUser, a person by its id, and what front ends draw buttons by."""

from typing import Any

import pytest

from tests.api.estate import Estate
from tests.api.managers import manager
from tests.api.peopling import ISSUER, add, people_manager, person, remove
from tests.api_client import Organization
from tests.owner import Owner

ONE = """query($id: ID!) { organizationUser(id: $id) {
    __typename id name viewerCanUpdate viewerCanRemove } }"""
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
BUTTONS = """query($o: ID!) { organizationUsers(organizationId: $o) { nodes { id
    ... on OrganizationUser { viewerCanUpdate viewerCanRemove } } } }"""
MINT = """query($o: ID!) { applicationUsers(organizationId: $o) { nodes {
    id viewerCanGenerateToken } } }"""


class TestFound:
    async def test_a_person(self, organization: Organization) -> None:
        user_id = await person(organization)
        found = await organization.admin.query(ONE, id=user_id)
        assert found["organizationUser"] == {
            "__typename": "OrganizationUser",
            "id": user_id,
            "name": "Ada",
            "viewerCanUpdate": True,
            "viewerCanRemove": True,
        }

    async def test_by_who_manages_people(self, organization: Organization, owner: Owner) -> None:
        _, mary = await people_manager(organization, owner)
        robot, user_id = await organization.user(), await person(organization)
        assert (await mary.query(ONE, id=user_id))["organizationUser"]["id"] == user_id
        for one, kind in ((robot, "ApplicationUser"), (user_id, "OrganizationUser")):
            assert (await mary.query(NODE, id=one))["node"] == {"__typename": kind, "id": one}


class TestNotFound:
    async def test_an_application_user_and_who_was_removed(
        self, organization: Organization
    ) -> None:
        gone = await person(organization)
        await remove(organization.admin, gone)
        for user_id in (await organization.user(), gone):
            found = await organization.admin.query(ONE, id=user_id)
            assert found["organizationUser"] is None


class TestForbidden:
    async def test_who_manages_application_users(
        self, organization: Organization, owner: Owner
    ) -> None:
        caller = await manager(organization, owner)
        user_id = await person(organization)
        assert (await caller.run(ONE, {"id": user_id})).codes == ["FORBIDDEN"]


class TestButtons:
    async def of_people(self, estate: Estate, caller: Any) -> dict[str, bool]:
        found = await caller.query(BUTTONS, o=estate.organization.id)
        nodes = [one for one in found["organizationUsers"]["nodes"] if len(one) > 1]
        assert all(one["viewerCanUpdate"] == one["viewerCanRemove"] for one in nodes)
        return {one["id"]: one["viewerCanRemove"] for one in nodes}

    async def test_of_people_follow_the_guard(self, estate: Estate) -> None:
        organization = estate.organization
        mary_id, mary = await people_manager(organization, estate.owner)
        free, held, grouped, member = [await person(organization, s) for s in "abcd"]
        await estate.give(held, "project:services:read", await estate.project())
        await estate.give(await estate.group(grouped), "developer", await estate.unit())
        await estate.group(member)
        assert await self.of_people(estate, mary) == {
            organization.admin_id: False,
            mary_id: False,
            free: True,
            held: False,
            grouped: False,
            member: True,
        }
        assert set((await self.of_people(estate, organization.admin)).values()) == {True}

    async def test_of_people_need_the_scope(self, estate: Estate) -> None:
        organization = estate.organization
        robot = await organization.user()
        await estate.owner.grant(robot)
        _, full = await organization.token(robot, scopes=["user:read"])
        caller = organization.admin.with_token(full)
        assert await self.of_people(estate, caller) == {organization.admin_id: False}

    async def test_of_application_users_follow_the_guard(self, estate: Estate) -> None:
        organization = estate.organization
        caller = await manager(organization, estate.owner)
        free, held, grouped = [await organization.user(name) for name in "abc"]
        await estate.give(held, "project:services:read", await estate.project())
        await estate.give(await estate.group(grouped), "developer", await estate.unit())
        found = await caller.query(MINT, o=organization.id)
        can = {n["id"]: n["viewerCanGenerateToken"] for n in found["applicationUsers"]["nodes"]}
        assert {user for user, may in can.items() if may} == {free}
        for user_id, may in can.items():
            answer = await caller.run(
                """mutation($i: GenerateTokenInput!) { generateToken(input: $i) {
                    __typename } }""",
                {"i": {"applicationUserId": user_id}},
            )
            assert (answer.codes == []) is may, "the button says what the act does"
        found = await organization.admin.query(MINT, o=organization.id)
        assert all(n["viewerCanGenerateToken"] for n in found["applicationUsers"]["nodes"])

    async def test_what_the_buttons_say_is_what_happens(self, estate: Estate) -> None:
        organization = estate.organization
        _, mary = await people_manager(organization, estate.owner)
        held = await person(organization, "a")
        await person(organization, "b")
        await estate.give(held, "project:services:read", await estate.project())
        for user_id, may in (await self.of_people(estate, mary)).items():
            answer = await mary.run(
                """mutation($i: RemoveOrganizationUserInput!) { removeOrganizationUser(input: $i) {
                    __typename } }""",
                {"i": {"organizationUserId": user_id}},
            )
            assert (answer.codes == []) is may


ORGANIZATION_BUTTONS = """query($id: ID!) { organization(id: $id) {
    viewerCanCreateApplicationUser viewerCanRequestLimitIncrease viewerCanAddOrganizationUser
    viewerCanCreateGroup viewerCanGrantPermissions viewerCanReadAuditEvents viewerCanSetPolicy
    viewerCanManageWebhooks } }"""
APP_USERS = {"CreateApplicationUser", "RequestLimitIncrease"}
RIGHTS = {"GrantPermissions", "SetPolicy", "ManageWebhooks"}
ALL = APP_USERS | RIGHTS | {"AddOrganizationUser", "CreateGroup", "ReadAuditEvents"}

ALLOWED: list[tuple[str, list[str] | None, set[str]]] = [
    ("role:organization:admin", None, ALL),
    ("role:organization:admin", ["authentication:write"], APP_USERS),
    ("role:organization:admin", ["user:write"], ALL - APP_USERS),
    ("role:organization:admin", ["user:read"], {"ReadAuditEvents"}),
    ("organization:app_users:write", None, APP_USERS),
    ("organization:app_users:write", ["authentication:read"], set()),
    ("organization:users:write", None, {"AddOrganizationUser"}),
    ("organization:groups:write", None, {"CreateGroup"}),
    ("organization:event_logs:read", None, {"ReadAuditEvents"}),
]


class TestButtonsOfTheOrganization:
    @pytest.mark.parametrize(("permission", "scopes", "allowed"), ALLOWED)
    async def test_table(
        self,
        organization: Organization,
        owner: Owner,
        permission: str,
        scopes: list[str] | None,
        allowed: set[str],
    ) -> None:
        robot = await organization.user()
        await owner.grant(robot, permission)
        _, full = await organization.token(robot, scopes=scopes)
        caller = organization.admin.with_token(full)
        found = await caller.query(ORGANIZATION_BUTTONS, id=organization.id)
        shown = {n.removeprefix("viewerCan") for n, may in found["organization"].items() if may}
        assert shown == allowed


class TestNode:
    async def test_a_manager_of_application_users_knows_those_alone(
        self, organization: Organization, owner: Owner
    ) -> None:
        api = await manager(organization, owner)
        robot = await organization.user("robot")
        assert (await api.query(NODE, id=organization.admin_id))["node"] is None
        assert (await api.query(NODE, id=robot))["node"]["id"] == robot
        # The control: there is somebody.
        found = await organization.admin.query(NODE, id=organization.admin_id)
        assert found["node"]["__typename"] == "OrganizationUser"


class TestFewStatements:
    async def test_one_for_all_buttons_of_a_page(
        self, estate: Estate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from app import people

        asked: list[int] = []
        find = people.find_holders

        async def counted(database: Any, reader: Any, user_ids: Any) -> Any:
            asked.append(len(user_ids))
            return await find(database, reader, user_ids)

        monkeypatch.setattr(people, "find_holders", counted)
        organization = estate.organization
        _, mary = await people_manager(organization, estate.owner)
        for number in range(10):
            await add(organization, issuer=ISSUER, subject=f"s{number}")
        asked.clear()
        await mary.query(BUTTONS, o=organization.id)
        assert asked == [12]
        await organization.admin.query(BUTTONS, o=organization.id)
        assert asked == [12], "an administrator needs none"
