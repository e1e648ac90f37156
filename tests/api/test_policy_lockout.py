"""setOrganizationPolicy: nobody is locked out by the very policy that they set."""

from typing import Any

import pytest

from app import policies
from tests.api.policies import admin_robot, locked_out, set_policy, set_policy_as
from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner, token_key
from tests.service import Service

# Rules that block a robot that calls from 127.0.0.1, its token, and why.
LOCKS: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"expiryRequired": True}, {}, ["EXPIRY_REQUIRED"]),
    ({"longestMaxAgeSeconds": 600}, {}, ["LIFETIME"]),
    ({"longestMaxAgeSeconds": 600}, {"maxAgeSeconds": 601}, ["LIFETIME"]),
    ({"allowedNetworks": ["192.0.2.0/24"]}, {}, ["NETWORK"]),
    ({"allowedNetworks": ["::/0"]}, {}, ["NETWORK"]),
    (
        {"allowedNetworks": ["192.0.2.0/24"], "longestMaxAgeSeconds": 600, "expiryRequired": True},
        {},
        ["EXPIRY_REQUIRED", "LIFETIME", "NETWORK"],
    ),
]
# Rules that let such a robot through.
LETS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"expiryRequired": True}, {"maxAgeSeconds": 600}),
    ({"longestMaxAgeSeconds": 600}, {"maxAgeSeconds": 600}),
    ({"allowedNetworks": ["127.0.0.1"]}, {}),
    ({"allowedNetworks": ["192.0.2.0/24", "127.0.0.0/8"]}, {"ipAllowlist": ["127.0.0.1"]}),
    ({"deactivateUnusedAfterDays": 1, "revokeUnusedAfterDays": 2}, {}),
]


class TestLockedOut:
    @pytest.mark.parametrize(("rules", "fields", "reasons"), LOCKS)
    async def test_is_refused_with_the_reasons(
        self,
        organization: Organization,
        owner: Owner,
        rules: dict[str, Any],
        fields: dict[str, Any],
        reasons: list[str],
    ) -> None:
        _, robot = await admin_robot(organization, owner, **fields)
        before = await owner.snapshot(organization.id)
        refused = await locked_out(robot, organization, **rules)
        assert refused["__typename"] == "PolicyLocksOutCallerError"
        assert refused["reasons"] == reasons
        assert refused["address"] == "127.0.0.1"
        assert all(reason in refused["message"] for reason in reasons)
        assert await owner.snapshot(organization.id) == before
        assert await is_accepted(robot, robot.token or "")

    @pytest.mark.parametrize(("rules", "fields", "reasons"), LOCKS)
    async def test_without_the_guard_it_would_be(
        self,
        organization: Organization,
        owner: Owner,
        monkeypatch: pytest.MonkeyPatch,
        rules: dict[str, Any],
        fields: dict[str, Any],
        reasons: list[str],
    ) -> None:
        """The control of the test above: the very policy does lock the robot out."""

        async def unguarded(*_: object) -> tuple[str, ...]:
            return ()

        monkeypatch.setattr(policies, "_viewer_reasons", unguarded)
        _, robot = await admin_robot(organization, owner, **fields)
        made = await robot.mutate(
            "setOrganizationPolicy", "__typename", organizationId=organization.id, policy=rules
        )
        assert made["__typename"] == "SetOrganizationPolicySuccess"
        assert not await is_accepted(robot, robot.token or "")

    @pytest.mark.parametrize(("rules", "fields"), LETS)
    async def test_whom_it_lets_through(
        self,
        organization: Organization,
        owner: Owner,
        rules: dict[str, Any],
        fields: dict[str, Any],
    ) -> None:
        _, robot = await admin_robot(organization, owner, **fields)
        await set_policy_as(robot, organization, **rules)
        assert await is_accepted(robot, robot.token or "")

    @pytest.mark.parametrize(("rules", "_fields", "_reasons"), LOCKS)
    async def test_a_person_never_is(
        self,
        organization: Organization,
        rules: dict[str, Any],
        _fields: dict[str, Any],
        _reasons: list[str],
    ) -> None:
        await set_policy(organization, **rules)
        assert await is_accepted(organization.admin, organization.admin.token or "")

    async def test_by_its_age_however_often_it_was_extended(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, robot = await admin_robot(
            organization, owner, maxAgeSeconds=600, extendWhenUsed=True
        )
        await owner.connection.execute(
            "UPDATE token SET create_time = now() - interval '11 minutes'"
            " WHERE organization_id = $1 AND token_id = $2",
            *token_key(token_id),
        )
        refused = await locked_out(robot, organization, longestMaxAgeSeconds=600)
        assert refused["reasons"] == ["LIFETIME"]

    async def test_the_counts_are_those_of_the_preview(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, robot = await admin_robot(organization, owner)
        await organization.token(await organization.user("other"))
        await organization.token(await organization.user("fine"), maxAgeSeconds=600)
        refused = await locked_out(robot, organization, expiryRequired=True)
        assert (refused["blockedTokenCount"], refused["deactivatedTokenCount"]) == (2, 0)
        assert refused["revokedTokenCount"] == 0

    @pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", "testclient"])
    async def test_by_the_address_of_the_request(
        self, organization: Organization, owner: Owner, service: Service, address: str
    ) -> None:
        _, robot = await admin_robot(organization, owner)
        caller = await service.caller(address, robot.token)
        rules = {"allowedNetworks": ["127.0.0.0/8"]}
        refused = await locked_out(caller, organization, **rules)
        assert refused["reasons"] == ["NETWORK"]
        assert refused["address"] == (None if address == "testclient" else address)
        await set_policy_as(robot, organization, **rules)
