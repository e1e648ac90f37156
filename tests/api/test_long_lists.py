"""Lists in variables, which every field that mentions them reads anew."""

from app.api.decoder import MAX_JSON_LIST
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
