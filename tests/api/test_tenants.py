"""What belongs to each of two organizations alone. Foreign ids have a test of their own."""

from collections.abc import Awaitable, Callable

from tests.api.world import make_world
from tests.api_client import Organization

New = Callable[[], Awaitable[Organization]]


class TestLists:
    async def test_they_hold_only_what_is_ours(self, new_organization: New) -> None:
        ours, _ = [await make_world(await new_organization()) for _ in range(2)]
        found = await ours.organization.admin.query(
            """query($o: ID!) {
                applicationUsers(organizationId: $o) { totalCount nodes { id } }
                organizationUsers(organizationId: $o) { nodes { id } }
                tokens(organizationId: $o) { nodes { id user { id } createdBy { id } } } }""",
            o=ours.organization.id,
        )
        assert found["applicationUsers"] == {"totalCount": 1, "nodes": [{"id": ours.user_id}]}
        suffix = ours.organization.id.removeprefix("org_")
        listed = found["organizationUsers"]["nodes"] + found["tokens"]["nodes"]
        assert len(listed) == 5
        assert all(node["id"].endswith(suffix) for node in listed)


class TestKeys:
    async def test_an_idempotency_key_is_an_organizations_own(self, new_organization: New) -> None:
        for world in [await make_world(await new_organization()) for _ in range(2)]:
            made = await world.organization.admin.mutate(
                "generateToken",
                "fullToken",
                applicationUserId=world.user_id,
                idempotencyKey="the same",
            )
            assert made["__typename"] == "GenerateTokenSuccess"
