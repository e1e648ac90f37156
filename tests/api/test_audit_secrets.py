"""The audit trail holds no secret, whatever was pasted where."""

import re

from tests.api import trail
from tests.api.world import make_world
from tests.api_client import Organization
from tests.owner import Owner

TOKEN = re.compile(r"appu_[0-9A-Za-z]{44}_[0-9A-Za-z]{20,49}")


class TestNeverASecret:
    async def test_in_any_event(self, organization: Organization, owner: Owner) -> None:
        world = await make_world(organization)
        canary = world.full
        secret = canary.rpartition("_")[2]
        admin = organization.admin
        pasted = [
            ("createApplicationUser", {"organizationId": organization.id, "name": canary}),
            ("updateApplicationUser", {"applicationUserId": world.user_id, "name": canary}),
            ("updateToken", {"tokenId": world.token_id, "description": f"it is {canary}"}),
            ("generateToken", {"applicationUserId": world.user_id, "description": canary}),
            ("generateToken", {"applicationUserId": world.user_id, "idempotencyKey": canary}),
        ]
        for name, given in pasted:
            refused = await admin.mutate(name, "__typename", **given)
            assert refused["__typename"] == "InvalidInputError"
        # What is not refused: a token in place of a program's name, or of a request's id.
        agents = {"User-Agent": f"curl {canary}", "X-Request-Id": canary}
        kind = "mutation($i: UpdateTokenInput!) { updateToken(input: $i) { __typename } }"
        described = {"i": {"tokenId": world.token_id, "description": "it"}}
        await admin.run(kind, described, agents)
        _, another = await organization.token(world.user_id, idempotencyKey="once")
        await admin.mutate("revokeToken", "__typename", tokenId=world.token_id)
        await admin.with_token(canary).run("{ viewer { token { id } } }", headers=agents)
        found = await trail.rows(owner, organization.id)
        assert len(found) > 6
        for event in found:
            text = " ".join(map(str, event.values()))
            assert not TOKEN.search(text)
            for hidden in (canary, secret, another, another.rpartition("_")[2]):
                assert hidden not in text
                assert hidden[:20] not in text or hidden.startswith("appu_")

    async def test_in_what_is_shown(self, organization: Organization) -> None:
        world = await make_world(organization)
        found = str(await trail.events(organization.admin, organization.id))
        assert world.full not in found
        assert world.full.rpartition("_")[2] not in found
