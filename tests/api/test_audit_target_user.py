"""Whom an event of the audit trail was about."""

from tests.api.trail import events
from tests.api_client import Organization


async def test_a_user_and_the_one_whose_token_it_was(organization: Organization) -> None:
    user_id = await organization.user("ci")
    await organization.token(user_id)
    generated, created, *_ = await events(organization.admin, organization.id)
    assert (created["action"], generated["action"]) == ("APPLICATION_USER_CREATE", "TOKEN_GENERATE")
    for event in (created, generated):
        assert event["targetUser"] == {"id": user_id, "name": "ci"}


async def test_nobody_where_it_was_a_group(organization: Organization) -> None:
    made = await organization.admin.mutate(
        "createGroup", "group { id }", organizationId=organization.id, name="ops"
    )
    created, *_ = await events(organization.admin, organization.id)
    assert (created["targetId"], created["targetUser"]) == (made["group"]["id"], None)


async def test_who_was_deleted(organization: Organization) -> None:
    user_id = await organization.user("ci")
    await organization.admin.mutate(
        "deleteApplicationUser", "__typename", applicationUserId=user_id
    )
    deleted, *_ = await events(organization.admin, organization.id)
    assert deleted["targetUser"]["id"] == user_id


async def test_a_member_of_a_group(organization: Organization) -> None:
    user_id = await organization.user("ci")
    made = await organization.admin.mutate(
        "createGroup", "group { id }", organizationId=organization.id, name="ops"
    )
    await organization.admin.mutate(
        "addGroupMembers", "addedCount", groupId=made["group"]["id"], userIds=[user_id]
    )
    added, *_ = await events(organization.admin, organization.id)
    assert added["targetUser"] == {"id": user_id, "name": "ci"}
