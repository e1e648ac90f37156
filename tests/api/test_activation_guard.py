"""updateApplicationUser that activates: the guard of what holds a permission."""

import pytest

from app import guards
from tests.api.managers import manager
from tests.api.test_guard import GIVERS, Give
from tests.api_client import Answer, Api, Organization
from tests.owner import Owner

UPDATE = """mutation($i: UpdateApplicationUserInput!) { updateApplicationUser(input: $i) {
    __typename ... on UpdateApplicationUserSuccess { applicationUser { state name } } } }"""


async def update(api: Api, user_id: str, **fields: str) -> Answer:
    return await api.run(UPDATE, {"i": {"applicationUserId": user_id} | fields})


async def can_activate(api: Api, user_id: str) -> bool:
    found = await api.query(
        "query($id: ID!) { applicationUser(id: $id) { viewerCanActivate } }", id=user_id
    )
    return found["applicationUser"]["viewerCanActivate"]


@pytest.fixture
async def user_id(organization: Organization) -> str:
    """An application user that an administrator deactivated."""
    made = await organization.user()
    await update(organization.admin, made, state="DEACTIVATED")
    return made


class TestAllowed:
    async def test_one_without_any_permission(
        self, organization: Organization, owner: Owner, user_id: str
    ) -> None:
        narrow = await manager(organization, owner)
        assert await can_activate(narrow, user_id)
        made = (await update(narrow, user_id, state="ACTIVE")).data["updateApplicationUser"]
        assert made["applicationUser"]["state"] == "ACTIVE"
        assert not await can_activate(narrow, user_id)

    @GIVERS
    async def test_an_administrator(
        self, organization: Organization, owner: Owner, user_id: str, give: Give
    ) -> None:
        await give(organization, owner, user_id)
        assert await can_activate(organization.admin, user_id)
        made = await update(organization.admin, user_id, state="ACTIVE")
        assert made.data["updateApplicationUser"]["applicationUser"]["state"] == "ACTIVE"

    @GIVERS
    async def test_to_rename_it_and_to_leave_it_as_it_is(
        self, organization: Organization, owner: Owner, user_id: str, give: Give
    ) -> None:
        narrow = await manager(organization, owner)
        await give(organization, owner, user_id)
        made = await update(narrow, user_id, state="DEACTIVATED", name="renamed")
        shown = {"state": "DEACTIVATED", "name": "renamed"}
        assert made.data["updateApplicationUser"]["applicationUser"] == shown
        await update(organization.admin, user_id, state="ACTIVE")
        made = await update(narrow, user_id, state="ACTIVE", name="again")
        shown = {"state": "ACTIVE", "name": "again"}
        assert made.data["updateApplicationUser"]["applicationUser"] == shown


class TestForbidden:
    @GIVERS
    async def test_one_that_holds_a_permission(
        self, organization: Organization, owner: Owner, user_id: str, give: Give
    ) -> None:
        """Its tokens would be accepted again, with everything that it holds."""
        narrow = await manager(organization, owner)
        await give(organization, owner, user_id)
        assert not await can_activate(narrow, user_id)
        before = await owner.snapshot(organization.id)
        answer = await update(narrow, user_id, state="ACTIVE", name="renamed")
        assert answer.codes == ["FORBIDDEN"]
        assert answer.body["errors"][0]["message"] == guards.Guarded.ACTIVATE.value
        assert await owner.snapshot(organization.id) == before

    @GIVERS
    async def test_control_without_the_guard(
        self,
        organization: Organization,
        owner: Owner,
        user_id: str,
        give: Give,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def careless(*, is_admin: bool, holds_permission: bool) -> bool:
            return True

        narrow = await manager(organization, owner)
        await give(organization, owner, user_id)
        monkeypatch.setattr(guards, "may_pass", careless)
        made = (await update(narrow, user_id, state="ACTIVE")).data["updateApplicationUser"]
        assert made["applicationUser"]["state"] == "ACTIVE"
