"""Lists in variables, which every field that mentions them reads anew."""

from uuid import uuid4

from app import ids
from app.api.decoder import MAX_ID_LIST, MAX_JSON_LIST
from tests.api_client import Organization

QUERY = """query($id: ID!, $statuses: [TokenStatus!]) {
    tokens(organizationId: $id, filter: {statuses: $statuses}) { nodes { status } }
}"""


async def _ask(organization: Organization, length: int) -> tuple[int, list[str]]:
    variables = {"id": organization.id, "statuses": ["ACTIVE"] * length}
    answer = await organization.admin.run(QUERY, variables)
    return answer.response.status_code, answer.codes


async def test_up_to_the_bound_they_are_read(organization: Organization) -> None:
    assert await _ask(organization, MAX_JSON_LIST) == (200, [])


async def test_longer_ones_are_refused_before(organization: Organization) -> None:
    assert await _ask(organization, MAX_JSON_LIST + 1) == (400, ["BAD_REQUEST"])


async def _add(organization: Organization, user_ids: list[str]) -> tuple[int, list[str]]:
    answer = await organization.admin.run(
        "mutation($i: AddGroupMembersInput!) { addGroupMembers(input: $i) { __typename } }",
        {"i": {"groupId": ids.member_id("group", uuid4(), uuid4()), "userIds": user_ids}},
    )
    return answer.response.status_code, answer.codes


async def test_lists_of_ids_may_be_longer(organization: Organization) -> None:
    """What acts on a thousand things says itself that more are too many."""
    user_id = ids.member_id("user", uuid4(), uuid4())
    assert await _add(organization, [user_id] * MAX_ID_LIST) == (200, [])
    assert await _add(organization, [user_id] * (MAX_ID_LIST + 1)) == (400, ["BAD_REQUEST"])


async def test_but_of_nothing_else(organization: Organization) -> None:
    user_ids = [ids.member_id("user", uuid4(), uuid4())] * MAX_JSON_LIST
    assert await _add(organization, [*user_ids, "rubbish"]) == (400, ["BAD_REQUEST"])
