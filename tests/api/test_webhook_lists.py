"""webhookEndpoints, and the deliveries of each."""

import pytest

from tests.api import bad_lists
from tests.api.bad_values import WRONG_TYPE, Bad
from tests.api.hooks import listed, made
from tests.api_client import Organization


class TestListed:
    async def test_the_newest_first_page_by_page(self, organization: Organization) -> None:
        ours = [await made(organization) for _ in range(5)]
        assert await listed(organization, first=2) == ours[::-1]

    async def test_deliveries_page_by_page(self, organization: Organization) -> None:
        endpoint_id = await made(organization, actions=["APPLICATION_USER_CREATE"])
        other = await made(organization, actions=["APPLICATION_USER_CREATE"])
        for number in range(5):
            await organization.user(f"ci {number}")
        seen: list[dict[str, object]] = []
        after = None
        document = """query($id: ID!, $a: String) { node(id: $id) { ... on WebhookEndpoint {
            deliveries(first: 2, after: $a) { nodes { eventId action state attemptCount deliverTime
                nextAttemptTime lastStatus lastError eventTime }
                pageInfo { endCursor hasNextPage } } } } }"""
        while True:
            page = (await organization.admin.query(document, id=endpoint_id, a=after))["node"]
            seen += page["deliveries"]["nodes"]
            after = page["deliveries"]["pageInfo"]["endCursor"]
            if not page["deliveries"]["pageInfo"]["hasNextPage"]:
                break
        assert len({node["eventId"] for node in seen}) == 5
        assert [node["eventTime"] for node in seen] == sorted(
            (str(node["eventTime"]) for node in seen), reverse=True
        )
        for node in seen:
            assert node | {"eventId": "", "eventTime": "", "nextAttemptTime": ""} == {
                "eventId": "",
                "action": "APPLICATION_USER_CREATE",
                "eventTime": "",
                "state": "PENDING",
                "attemptCount": 0,
                "nextAttemptTime": "",
                "deliverTime": None,
                "lastStatus": None,
                "lastError": None,
            }
        both = await organization.admin.query(
            """query($o: ID!) { webhookEndpoints(organizationId: $o) { nodes { id
                deliveries(first: 3) { nodes { eventId } pageInfo { hasNextPage } } } } }""",
            o=organization.id,
        )
        for node in both["webhookEndpoints"]["nodes"]:
            assert node["id"] in (endpoint_id, other)
            assert [n["eventId"] for n in node["deliveries"]["nodes"]] == [
                n["eventId"] for n in seen[:3]
            ]
            assert node["deliveries"]["pageInfo"]["hasNextPage"] is True

    @pytest.mark.parametrize("after", ["x", "MQ", "WyJzZXF1ZW5jZSIsIkRFU0MiLDEsMV0"])
    async def test_a_cursor_that_is_none(self, organization: Organization, after: str) -> None:
        endpoint_id = await made(organization)
        answer = await organization.admin.run(
            """query($id: ID!, $a: String) { node(id: $id) { ... on WebhookEndpoint {
                deliveries(after: $a) { nodes { eventId } } } } }""",
            {"id": endpoint_id, "a": after},
        )
        assert answer.codes == ["BAD_REQUEST"]

    @pytest.mark.parametrize("bad", bad_lists.FIRSTS, ids=str)
    async def test_how_many(self, organization: Organization, bad: Bad) -> None:
        endpoint_id = await made(organization)
        for field, variables in (
            (
                "webhookEndpoints(organizationId: $id, first: $f) { nodes { id } }",
                {"id": organization.id},
            ),
            (
                "node(id: $id) { ... on WebhookEndpoint { deliveries(first: $f) { nodes {"
                " eventId } } } }",
                {"id": endpoint_id},
            ),
        ):
            answer = await organization.admin.run(
                f"query($id: ID!, $f: Int) {{ {field} }}", variables | {"f": bad.value}
            )
            assert answer.codes == ["BAD_REQUEST"]
            if bad.code != WRONG_TYPE:
                (found,) = answer.body["errors"][0]["extensions"]["fields"]
                assert (found["path"], found["code"]) == ("first", bad.code)
