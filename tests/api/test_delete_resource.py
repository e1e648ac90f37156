"""deleteResource."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from app import ids
from tests.api.resource_tree import delete, find, last_event, project, unit
from tests.api_client import Organization
from tests.owner import Owner, organization_key


def key(resource_id: str) -> UUID:
    found = ids.parse_resource_id(resource_id)
    assert found is not None
    return found[1]


class TestDeleted:
    async def test_it_is_gone_and_its_name_is_free(self, organization: Organization) -> None:
        shop = await project(organization, "Shop")
        assert await delete(organization, shop) == {
            "__typename": "DeleteResourceSuccess",
            "resourceId": shop,
            "revokedGrantCount": 0,
        }
        assert await find(organization.admin, shop) is None
        assert (await delete(organization, shop))["__typename"] == "NotFoundError"
        assert await project(organization, "Shop") != shop

    async def test_with_what_was_granted_on_it(
        self, organization: Organization, owner: Owner
    ) -> None:
        sales = await unit(organization, "Sales")
        shop = await project(organization, "Shop", sales)
        user = await organization.user()
        for permission in ("project:services:read", "project:audit_logs:read"):
            await owner.grant(user, permission, key(shop))
        await owner.grant(user, "project:services:read", key(sales))
        assert (await delete(organization, shop))["revokedGrantCount"] == 2
        assert await owner.count(organization.id, "grant") == 2
        assert await last_event(owner, shop) == (
            "organization:resource:delete",
            "PROJECT",
            {
                "name": {"before": "Shop", "after": None},
                "parentId": {"before": sales, "after": None},
                "permissions": {
                    "before": [
                        f"project:audit_logs:read of {user}",
                        f"project:services:read of {user}",
                    ],
                    "after": None,
                },
            },
        )
        assert (await delete(organization, sales))["revokedGrantCount"] == 1


class TestInvalid:
    async def test_while_anything_is_below_it(
        self, organization: Organization, owner: Owner
    ) -> None:
        sales = await unit(organization, "Sales")
        shop = await project(organization, "Shop", sales)
        await owner.grant(await organization.user(), "project:services:read", key(sales))
        before = await owner.snapshot(organization.id)
        refused = await delete(organization, sales)
        (problem,) = refused["fields"]
        assert (problem["path"], problem["code"]) == ("resourceId", "NOT_ALLOWED")
        assert "delete them or move them" in problem["message"]
        assert await owner.snapshot(organization.id) == before
        await delete(organization, shop)
        assert (await delete(organization, sales))["revokedGrantCount"] == 1

    async def test_the_organization(self, organization: Organization) -> None:
        (problem,) = (await delete(organization, organization.id))["fields"]
        assert (problem["path"], problem["code"]) == ("resourceId", "INVALID_ID")


class TestNotFound:
    async def test_missing_or_of_another_organization(
        self, organization: Organization, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        other = await new_organization()
        theirs = await project(other, "Theirs")
        own = organization_key(organization.id)
        answers = [
            await delete(organization, each)
            for each in (
                ids.resource_id(own, uuid4()),
                ids.resource_id(own, key(theirs)),
                ids.member_id("resource", own, own),
                theirs,
            )
        ]
        assert answers == [answers[0]] * 4
        assert await find(other.admin, theirs) is not None
