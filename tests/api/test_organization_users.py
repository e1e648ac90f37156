"""organizationUsers: people and application users in one list."""

from typing import Any

import pytest

from tests.api.listing import ORGANIZATION_USERS
from tests.api_client import Organization

EVERYBODY = """query($o: ID!, $f: OrganizationUserFilter) {
    organizationUsers(organizationId: $o, filter: $f) { nodes {
        __typename id name email isApplicationUser state joinTime lastActivityTime } } }"""


class TestListed:
    async def test_every_field_of_both_kinds(self, organization: Organization) -> None:
        user_id = await organization.user("ci")
        found = await organization.admin.query(EVERYBODY, o=organization.id)
        robot, person = found["organizationUsers"]["nodes"]
        assert robot | {"joinTime": "", "email": ""} == {
            "__typename": "ApplicationUser",
            "id": user_id,
            "name": "ci",
            "email": "",
            "isApplicationUser": True,
            "state": "ACTIVE",
            "joinTime": "",
            "lastActivityTime": None,
        }
        assert person | {"joinTime": "", "lastActivityTime": ""} == {
            "__typename": "OrganizationUser",
            "id": organization.admin_id,
            "name": "admin@acme.example",
            "email": "admin@acme.example",
            "isApplicationUser": False,
            "state": "ACTIVE",
            "joinTime": "",
            "lastActivityTime": "",
        }

    @pytest.mark.parametrize(
        ("keep", "expected"),
        [
            ({}, ["robot", "person"]),
            ({"isApplicationUser": True}, ["robot"]),
            ({"isApplicationUser": False}, ["person"]),
            ({"isApplicationUser": None}, ["robot", "person"]),
            ({"search": "ACME"}, ["person"]),
            ({"search": "ci"}, ["robot"]),
            ({"states": ["DELETED"]}, []),
            ({"states": ["DELETED", "ACTIVE"], "isApplicationUser": True}, ["robot"]),
        ],
    )
    async def test_filters(
        self, organization: Organization, keep: dict[str, Any], expected: list[str]
    ) -> None:
        names = {await organization.user("ci"): "robot", organization.admin_id: "person"}
        page = await ORGANIZATION_USERS.page(organization.admin, organization.id, keep=keep)
        assert [names[node["id"]] for node in page["nodes"]] == expected
