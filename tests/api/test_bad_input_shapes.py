"""Bad input to mutations as a whole: a field missing, one nobody knows, half a character."""

import json

import pytest

from tests.api.world import World
from tests.owner import Owner

CREATE = """mutation($i: CreateApplicationUserInput!) {
    createApplicationUser(input: $i) { __typename } }"""
LONE = ["\ud800", "a\udfffb", "\udc00\ud800"]


class TestLoneSurrogates:
    """JSON may escape half a character, which is in no encoding and can be stored nowhere."""

    @pytest.mark.parametrize("text", LONE)
    async def test_in_variables(self, shared_world: World, owner: Owner, text: str) -> None:
        before = await owner.snapshot(shared_world.organization.id)
        escaped = text.encode("ascii", "backslashreplace").decode()
        sent = {"organizationId": shared_world.organization.id, "name": "%"}
        body = json.dumps({"query": CREATE, "variables": {"i": sent}}).replace("%", escaped)
        assert "\\ud" in body
        response = await shared_world.organization.admin.client.post(
            "/graphql",
            content=body,
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {shared_world.organization.admin.token}",
            },
        )
        assert response.status_code == 400
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
        assert await owner.snapshot(shared_world.organization.id) == before

    @pytest.mark.parametrize("text", LONE)
    async def test_in_the_document(self, shared_world: World, owner: Owner, text: str) -> None:
        before = await owner.snapshot(shared_world.organization.id)
        escaped = text.encode("ascii", "backslashreplace").decode()
        answer = await shared_world.organization.admin.run(
            f"""mutation {{ createApplicationUser(
                input: {{ organizationId: "{shared_world.organization.id}", name: "{escaped}" }}
            ) {{ __typename }} }}"""
        )
        assert answer.codes == ["BAD_REQUEST"]
        assert answer.response.status_code < 500
        assert await owner.snapshot(shared_world.organization.id) == before


class TestMissingAndUnknown:
    @pytest.mark.parametrize(
        ("mutation", "needed"),
        [
            ("createApplicationUser", ["organizationId", "name"]),
            ("updateApplicationUser", ["applicationUserId"]),
            ("deleteApplicationUser", ["applicationUserId"]),
            ("generateToken", ["applicationUserId"]),
            ("updateToken", ["tokenId"]),
            ("revokeToken", ["tokenId"]),
            ("rotateToken", ["tokenId"]),
            ("activateToken", ["tokenId"]),
            ("revokeTokens", ["tokenIds"]),
            ("revokeAllTokens", ["applicationUserId"]),
            ("setOrganizationPolicy", ["organizationId", "policy"]),
            ("addOrganizationUser", ["organizationId", "name", "email"]),
            ("updateOrganizationUser", ["organizationUserId"]),
            ("removeOrganizationUser", ["organizationUserId"]),
            ("createResource", ["organizationId", "kind", "name"]),
            ("updateResource", ["resourceId"]),
            ("deleteResource", ["resourceId"]),
            ("createGroup", ["organizationId", "name"]),
            ("updateGroup", ["groupId"]),
            ("deleteGroup", ["groupId"]),
            ("addGroupMembers", ["groupId", "userIds"]),
            ("removeGroupMembers", ["groupId", "userIds"]),
            ("grantPermissions", ["principalId", "resourceId", "permissions"]),
            ("revokePermissions", ["principalId", "resourceId", "permissions"]),
            ("setPermissions", ["principalId", "resourceId", "permissions"]),
            ("requestLimitIncrease", ["organizationId", "applicationUserLimit"]),
            ("createWebhookEndpoint", ["organizationId", "url"]),
            ("updateWebhookEndpoint", ["webhookEndpointId"]),
            ("rotateWebhookSigningKey", ["webhookEndpointId"]),
            ("deleteWebhookEndpoint", ["webhookEndpointId"]),
        ],
    )
    async def test_fields(
        self, shared_world: World, owner: Owner, mutation: str, needed: list[str]
    ) -> None:
        before = await owner.snapshot(shared_world.organization.id)
        good = shared_world.good(mutation)
        inputs = [({k: v for k, v in good.items() if k != name}, name) for name in needed]
        inputs.append((good | {"isAdmin": True}, "isAdmin"))
        kind = mutation[0].upper() + mutation[1:]
        for sent, named in inputs:
            answer = await shared_world.organization.admin.run(
                f"mutation($i: {kind}Input!) {{ {mutation}(input: $i) {{ __typename }} }}",
                {"i": sent},
            )
            assert answer.codes == ["BAD_REQUEST"]
            assert named in answer.body["errors"][0]["message"]
        assert await owner.snapshot(shared_world.organization.id) == before
