"""What introspection leaves behind: uses of active tokens, and refusals of those that are not."""

from typing import Any

import pytest

from app import token_format
from tests.api.policies import set_policy
from tests.api.trail import changes, events
from tests.api_client import Organization
from tests.owner import Owner, token_key
from tests.service import Service
from tests.web.introspection.asking import ResourceServer

HISTORY_SQL = """
SELECT host(ip) AS ip, user_agent, use_count
  FROM token_use
 WHERE organization_id = $1 AND token_id = $2
 ORDER BY ip, user_agent
"""


async def history(introspecting: Service, owner: Owner, token_id: str) -> list[tuple[Any, ...]]:
    """Write what was noted, and return where a token was used, with what, how often."""
    await introspecting.activity.flush()
    return [tuple(row) for row in await owner.connection.fetch(HISTORY_SQL, *token_key(token_id))]


class TestActive:
    async def test_is_a_use_from_the_clients_address_with_its_program(
        self,
        organization: Organization,
        introspecting: Service,
        server_of: ResourceServer,
        owner: Owner,
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        assert await server_of.is_active(full, client_ip="203.0.113.9", user_agent="Terraform/1.9")
        assert await history(introspecting, owner, token_id) == [
            ("203.0.113.9", "Terraform/1.9", 1)
        ]
        row = await owner.token(token_id)
        assert (str(row["last_ip"]), row["last_user_agent"]) == ("203.0.113.9", "Terraform/1.9")
        assert row["last_used_time"] is not None

    async def test_each_answer_counts(
        self,
        organization: Organization,
        introspecting: Service,
        server_of: ResourceServer,
        owner: Owner,
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        for form in (
            {"client_ip": "203.0.113.9", "user_agent": "a"},
            {"client_ip": "::ffff:203.0.113.9", "user_agent": " a\n"},
            {"client_ip": "2001:db8::1", "user_agent": "Zoë"},
            {},
        ):
            assert await server_of.is_active(full, **form)
        assert await history(introspecting, owner, token_id) == [
            ("2001:db8::1", "Zoë", 1),
            ("203.0.113.9", "a", 2),
            (None, "", 1),
        ]

    async def test_a_program_with_a_token_in_its_name(
        self,
        organization: Organization,
        introspecting: Service,
        server_of: ResourceServer,
        owner: Owner,
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        assert await server_of.is_active(full, user_agent=f"curl {full}")
        ((_, agent, _),) = await history(introspecting, owner, token_id)
        assert full[-60:] not in agent
        assert agent.startswith("curl appu_")


class TestRefused:
    async def test_moves_nothing_and_says_why_to_the_organization(
        self,
        organization: Organization,
        introspecting: Service,
        server_of: ResourceServer,
        owner: Owner,
    ) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id, ipAllowlist=["192.0.2.0/24"])
        before = await owner.token(token_id)
        answer = await server_of.ask(full, client_ip="203.0.113.9", user_agent="Terraform/1.9")
        assert answer.content == b'{"active":false}'
        assert await history(introspecting, owner, token_id) == []
        assert await owner.token(token_id) == before
        await introspecting.write_refusals()
        (event,) = await events(organization.admin, organization.id, outcome="REFUSED")
        assert event["action"] == "TOKEN_AUTHENTICATE"
        assert event["reason"] == "NETWORK"
        assert (event["targetId"], event["actorTokenId"]) == (token_id, token_id)
        assert event["actorId"] == user_id
        assert (event["ip"], event["userAgent"]) == ("203.0.113.9", "Terraform/1.9")
        assert event["requestId"] == answer.headers["x-request-id"]
        assert changes(event) == {"count": (None, "1")}

    @pytest.mark.parametrize(
        "reason", ["REVOKED", "EXPIRED", "UNUSED", "USER_DEACTIVATED", "POLICY"]
    )
    async def test_for_each_reason(
        self,
        organization: Organization,
        introspecting: Service,
        server_of: ResourceServer,
        owner: Owner,
        reason: str,
    ) -> None:
        user_id = await organization.user()
        age = {} if reason == "POLICY" else {"maxAgeSeconds": 3600}
        token_id, full = await organization.token(user_id, **age)
        asker = server_of
        if reason == "REVOKED":
            await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        elif reason == "EXPIRED":
            await owner.set_left(token_id, -1)
        elif reason == "UNUSED":
            await owner.deactivate(token_id)
        elif reason == "USER_DEACTIVATED":
            await organization.admin.mutate(
                "updateApplicationUser",
                "applicationUser { id }",
                applicationUserId=user_id,
                state="DEACTIVATED",
            )
        else:
            await set_policy(organization, expiryRequired=True)
            # The asker's own token would be against the policy too.
            asker = server_of.with_token(organization.admin.token)
        assert not await asker.is_active(full)
        await introspecting.write_refusals()
        found = await events(organization.admin, organization.id, outcome="REFUSED")
        assert [(event["targetId"], event["reason"]) for event in found] == [(token_id, reason)]
        assert await history(introspecting, owner, token_id) == []

    async def test_without_the_secret_nothing_is_recorded(
        self,
        organization: Organization,
        introspecting: Service,
        server_of: ResourceServer,
        owner: Owner,
    ) -> None:
        token_id, _ = await organization.token(await organization.user())
        assert not await server_of.is_active(token_format.make(*token_key(token_id)))
        await introspecting.write_refusals()
        assert await events(organization.admin, organization.id, outcome="REFUSED") == []
        assert await history(introspecting, owner, token_id) == []
