"""createApplicationUser."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app import organizations
from app.database import Database
from tests.api_client import Organization
from tests.owner import Owner, organization_key

EVERYTHING = """id name email isApplicationUser state joinTime lastActivityTime description
    createTime createdBy { __typename id name } tokens { nodes { id } }
    viewerCanGenerateToken viewerCanUpdate viewerCanDelete"""

SAME_NAMES = [
    ("another case", "Deploy Bot", "dEPLOY bOT"),
    ("sharp s and its capitals", "Straße", "STRASSE"),
    ("composed and decomposed", "caf\u00e9", "cafe\u0301"),
    ("a ligature", "\ufb01le", "file"),
    ("full-width letters", "ci", "\uff23\uff29"),
    ("Greek final sigma", "\u03c3\u03bf\u03c6\u03cc\u03c2", "\u03a3\u039f\u03a6\u038c\u03a3"),
    ("white space around", "ci", "\u2003 ci\t"),
]


async def create(organization: Organization, **fields: object) -> dict[str, object]:
    made = await organization.admin.mutate(
        "createApplicationUser",
        f"applicationUser {{ {EVERYTHING} }}",
        organizationId=organization.id,
        **fields,
    )
    return made.get("applicationUser") or made


class TestCreated:
    async def test_every_field(self, organization: Organization) -> None:
        user = await create(organization, name="ci", description="Deploys the web shop.")
        assert str(user["id"]).startswith("user_")
        assert str(user["email"]).endswith("@application-users.invalid")
        assert user["createTime"] == user["joinTime"]
        assert user | {"id": "", "email": "", "createTime": "", "joinTime": ""} == {
            "id": "",
            "name": "ci",
            "email": "",
            "isApplicationUser": True,
            "state": "ACTIVE",
            "joinTime": "",
            "lastActivityTime": None,
            "description": "Deploys the web shop.",
            "createTime": "",
            "createdBy": {
                "__typename": "OrganizationUser",
                "id": organization.admin_id,
                "name": "admin@acme.example",
            },
            "tokens": {"nodes": []},
            "viewerCanGenerateToken": True,
            "viewerCanUpdate": True,
            "viewerCanDelete": True,
        }

    async def test_it_is_stored_as_it_was_answered(self, organization: Organization) -> None:
        user = await create(organization, name="ci", description="x")
        found = await organization.admin.query(
            f"query($id: ID!) {{ applicationUser(id: $id) {{ {EVERYTHING} }} }}", id=user["id"]
        )
        assert found["applicationUser"] == user

    async def test_it_counts(self, organization: Organization) -> None:
        await organization.user()
        found = await organization.admin.query(
            """query($id: ID!) { organization(id: $id) {
                applicationUserCount viewerCanCreateApplicationUser } }""",
            id=organization.id,
        )
        assert found["organization"] == {
            "applicationUserCount": 1,
            "viewerCanCreateApplicationUser": True,
        }

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("  ci \u00a0", "ci"),
            ("cafe\u0301", "caf\u00e9"),
            ("x" * 255, "x" * 255),
            (" " + "x" * 255 + " ", "x" * 255),
            ("\U0001f680", "\U0001f680"),
            ("\U0001f680" * 255, "\U0001f680" * 255),
            ("Дєплой 部署", "Дєплой 部署"),
            ("o'neil; DROP TABLE token--", "o'neil; DROP TABLE token--"),
        ],
    )
    async def test_names_are_trimmed_and_composed(
        self, organization: Organization, given: str, kept: str
    ) -> None:
        assert (await create(organization, name=given))["name"] == kept

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            (None, None),
            ("", None),
            (" \n ", None),
            (" two\nlines\t", "two\nlines"),
            ("x" * 1000, "x" * 1000),
        ],
    )
    async def test_descriptions_may_be_missing(
        self, organization: Organization, given: str | None, kept: str | None
    ) -> None:
        assert (await create(organization, name="ci", description=given))["description"] == kept

    async def test_no_two_share_id_or_email(self, organization: Organization) -> None:
        users = [await create(organization, name=f"ci{n}") for n in range(3)]
        assert len({user["id"] for user in users}) == len({user["email"] for user in users}) == 3


class TestNameTaken:
    @pytest.mark.parametrize(("_why", "first", "second"), SAME_NAMES)
    async def test_names_that_people_read_as_one(
        self, organization: Organization, owner: Owner, _why: str, first: str, second: str
    ) -> None:
        await organization.user(first)
        before = await owner.snapshot(organization.id)
        refused = await create(organization, name=second)
        assert refused["__typename"] == "NameTakenError"
        assert second.strip()[:2] in str(refused["message"])
        assert await owner.snapshot(organization.id) == before

    async def test_a_deactivated_user_keeps_its_name(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        assert (await create(organization, name="ci"))["__typename"] == "NameTakenError"

    async def test_another_organization_is_another_world(
        self, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        for organization in (await new_organization(), await new_organization()):
            assert (await create(organization, name="ci"))["name"] == "ci"

    async def test_an_application_user_may_be_called_like_a_person(
        self, organization: Organization
    ) -> None:
        assert (await create(organization, name="admin@acme.example"))["state"] == "ACTIVE"

    async def test_one_of_eight_at_once_gets_the_name(
        self, organization: Organization, owner: Owner
    ) -> None:
        made = await asyncio.gather(*(create(organization, name="ci") for _ in range(8)))
        kinds = sorted(str(one.get("__typename")) for one in made)
        assert kinds == ["NameTakenError"] * 7 + ["None"]
        assert await owner.count(organization.id, "user") == 1


class TestLimitReached:
    LIMIT = """mutation($input: CreateApplicationUserInput!) {
        createApplicationUser(input: $input) { __typename
            ... on LimitReachedError { message limit } } }"""

    async def limit(self, database: Database, organization: Organization, limit: int) -> None:
        await organizations.set_limit(database, organization_key(organization.id), limit)

    async def create(self, organization: Organization, name: str) -> dict[str, object]:
        made = await organization.admin.query(
            self.LIMIT, input={"organizationId": organization.id, "name": name}
        )
        return made["createApplicationUser"]

    async def test_the_default_is_fifty(self, organization: Organization) -> None:
        found = await organization.admin.query(
            "query($id: ID!) { organization(id: $id) { applicationUserLimit } }", id=organization.id
        )
        assert found["organization"]["applicationUserLimit"] == 50

    async def test_it_names_the_limit_and_the_way_out(
        self, organization: Organization, database: Database
    ) -> None:
        await self.limit(database, organization, 2)
        await organization.user("one")
        await organization.user("two")
        refused = await self.create(organization, "three")
        assert (refused["__typename"], refused["limit"]) == ("LimitReachedError", 2)
        assert "limit of 2" in str(refused["message"])
        assert "ask the operator" in str(refused["message"])
        found = await organization.admin.query(
            "query($id: ID!) { organization(id: $id) { viewerCanCreateApplicationUser } }",
            id=organization.id,
        )
        assert found["organization"]["viewerCanCreateApplicationUser"] is False

    async def test_deleting_one_makes_room_and_deactivating_does_not(
        self, organization: Organization, database: Database
    ) -> None:
        await self.limit(database, organization, 1)
        user_id = await organization.user("one")
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        assert (await self.create(organization, "two"))["__typename"] == "LimitReachedError"
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
        )
        made = await self.create(organization, "two")
        assert made["__typename"] == "CreateApplicationUserSuccess"

    async def test_a_taken_name_costs_nothing(
        self, organization: Organization, database: Database
    ) -> None:
        await self.limit(database, organization, 2)
        await organization.user("one")
        assert (await self.create(organization, "ONE"))["__typename"] == "NameTakenError"
        made = await self.create(organization, "two")
        assert made["__typename"] == "CreateApplicationUserSuccess"

    async def test_it_is_exact_when_twenty_come_at_once(
        self, organization: Organization, database: Database, owner: Owner
    ) -> None:
        await self.limit(database, organization, 5)
        made = await asyncio.gather(*(self.create(organization, f"ci{n}") for n in range(20)))
        kinds = [one["__typename"] for one in made]
        assert kinds.count("CreateApplicationUserSuccess") == 5
        assert kinds.count("LimitReachedError") == 15
        assert await owner.count(organization.id, "user") == 5
