"""Application users are never super admin."""

import pytest

from tests.api_client import Organization

TEXT = "Making application users super admin is no longer supported"


@pytest.mark.parametrize("operation", ["createApplicationUser", "updateApplicationUser"])
async def test_refused(organization: Organization, operation: str) -> None:
    user_id = await organization.user()
    fields = {"organizationId": organization.id, "name": "other"}
    if operation == "updateApplicationUser":
        fields = {"applicationUserId": user_id, "name": "other"}
    refused = await organization.admin.mutate(
        operation, "applicationUser { id }", **fields, isSuperAdmin=True
    )
    assert refused["fields"] == [{"path": "isSuperAdmin", "code": "NOT_ALLOWED", "message": TEXT}]
    listed = await organization.admin.query(
        "query($id: ID!) { applicationUsers(organizationId: $id) { nodes { name isSuperAdmin } } }",
        id=organization.id,
    )
    assert listed["applicationUsers"]["nodes"] == [{"name": "ci", "isSuperAdmin": False}]
