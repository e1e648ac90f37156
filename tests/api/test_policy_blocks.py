"""What a policy does: it blocks at once, lets go at once, rewrites nothing, and spares people."""

from typing import Any

import pytest

from db import policies as rows
from tests.api.policies import NONE, admin_robot, set_policy, set_policy_as
from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner, token_key
from tests.service import Service

# A policy, and a token that breaks it and nothing else.
RULES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"expiryRequired": True}, {}),
    ({"longestMaxAgeSeconds": 3600}, {}),
    ({"longestMaxAgeSeconds": 3600}, {"maxAgeSeconds": 3601}),
    ({"longestMaxAgeSeconds": 3600}, {"maxAgeSeconds": 3601, "extendWhenUsed": True}),
    ({"allowedNetworks": ["192.0.2.0/24"]}, {}),
    ({"allowedNetworks": ["192.0.2.0/24"]}, {"ipAllowlist": ["127.0.0.1"]}),
]
COMPLIANT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"expiryRequired": True}, {"maxAgeSeconds": 600}),
    ({"longestMaxAgeSeconds": 3600}, {"maxAgeSeconds": 3600}),
    ({"longestMaxAgeSeconds": 3600}, {"maxAgeSeconds": 3600, "extendWhenUsed": True}),
    ({"allowedNetworks": ["127.0.0.0/8"]}, {}),
    ({"allowedNetworks": ["127.0.0.0/8"]}, {"ipAllowlist": ["127.0.0.1", "10.0.0.0/8"]}),
    ({"deactivateUnusedAfterDays": 1}, {}),
]
TOKEN = """query($t: ID!) { node(id: $t) { ... on Token {
    blockedByPolicy viewerCanRotate status expiryTime maxAgeSeconds ipAllowlist } } }"""


async def shown(organization: Organization, token_id: str) -> dict[str, Any]:
    return (await organization.admin.query(TOKEN, t=token_id))["node"]


class TestAtOnce:
    @pytest.mark.parametrize(("rules", "fields"), RULES)
    async def test_blocked_and_released(
        self,
        organization: Organization,
        owner: Owner,
        rules: dict[str, Any],
        fields: dict[str, Any],
    ) -> None:
        token_id, full = await organization.token(await organization.user(), **fields)
        assert await is_accepted(organization.admin, full)
        before = await owner.token(token_id)
        await set_policy(organization, **rules)
        assert not await is_accepted(organization.admin, full)
        await set_policy(organization)
        assert await is_accepted(organization.admin, full)
        after = await owner.token(token_id)
        moved = {"last_used_time", "last_ip", "last_user_agent", "expiry_time"}
        assert {k: v for k, v in before.items() if k not in moved} == {
            k: v for k, v in after.items() if k not in moved
        }

    @pytest.mark.parametrize(("rules", "fields"), COMPLIANT)
    async def test_what_complies_goes_on(
        self, organization: Organization, rules: dict[str, Any], fields: dict[str, Any]
    ) -> None:
        token_id, full = await organization.token(await organization.user(), **fields)
        await set_policy(organization, **rules)
        assert await is_accepted(organization.admin, full)
        assert (await shown(organization, token_id))["blockedByPolicy"] is False

    async def test_a_refused_use_is_none(self, organization: Organization, owner: Owner) -> None:
        token_id, full = await organization.token(await organization.user())
        await set_policy(organization, expiryRequired=True)
        assert not await is_accepted(organization.admin, full)
        assert (await owner.token(token_id))["last_used_time"] is None

    async def test_a_sliding_token_ends_counted_from_its_creation(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, full = await organization.token(
            await organization.user(), maxAgeSeconds=3600, extendWhenUsed=True
        )
        await set_policy(organization, longestMaxAgeSeconds=3600)

        async def born(minutes: int) -> None:
            await owner.connection.execute(
                "UPDATE token SET create_time = now() - make_interval(mins => $3)"
                " WHERE organization_id = $1 AND token_id = $2",
                *token_key(token_id),
                minutes,
            )

        await born(59)
        assert await is_accepted(organization.admin, full)
        await born(60)
        assert not await is_accepted(organization.admin, full)
        found = await shown(organization, token_id)
        assert found["blockedByPolicy"] is True
        assert found["viewerCanRotate"] is False

    async def test_networks_beside_the_tokens_own(
        self, organization: Organization, service: Service
    ) -> None:
        _, full = await organization.token(
            await organization.user(), ipAllowlist=["192.0.2.0/24", "198.51.100.0/24"]
        )
        await set_policy(organization, allowedNetworks=["192.0.2.0/25", "203.0.113.0/24"])
        for address, accepted in (
            ("192.0.2.7", True),
            ("192.0.2.200", False),
            ("198.51.100.7", False),
            ("203.0.113.7", False),
            ("::ffff:192.0.2.7", True),
            ("testclient", False),
        ):
            assert await is_accepted(await service.caller(address), full) is accepted

    async def test_another_organization_goes_on(
        self, organization: Organization, new_organization: Any
    ) -> None:
        other: Organization = await new_organization()
        _, full = await other.token(await other.user())
        await set_policy(organization, expiryRequired=True, allowedNetworks=["::1"])
        assert await is_accepted(organization.admin, full)


class TestPeople:
    async def test_their_tokens_pass_every_rule(self, organization: Organization) -> None:
        await set_policy(
            organization,
            allowedNetworks=["::1"],
            longestMaxAgeSeconds=600,
            expiryRequired=True,
        )
        found = await organization.admin.query(
            "{ viewer { token { maxAgeSeconds blockedByPolicy } } }"
        )
        assert found["viewer"]["token"] == {"maxAgeSeconds": None, "blockedByPolicy": False}


class TestBlockedByPolicy:
    @pytest.mark.parametrize(("rules", "fields"), RULES)
    async def test_is_shown(
        self, organization: Organization, rules: dict[str, Any], fields: dict[str, Any]
    ) -> None:
        token_id, full = await organization.token(await organization.user(), **fields)
        before = await shown(organization, token_id)
        assert before["blockedByPolicy"] is False
        # Where it was used from is the preview's affair: it may be used from elsewhere.
        assert await is_accepted(organization.admin, full)
        await set_policy(organization, **rules)
        after = await shown(organization, token_id)
        anywhere = "allowedNetworks" in rules and "ipAllowlist" not in fields
        assert after["blockedByPolicy"] is not anywhere
        assert after["status"] == "ACTIVE"
        await set_policy(organization)
        assert (await shown(organization, token_id))["blockedByPolicy"] is False

    async def test_to_the_token_itself(self, organization: Organization) -> None:
        _, full = await organization.token(await organization.user())
        robot = organization.admin.with_token(full)
        found = await robot.query("{ viewer { token { blockedByPolicy } } }")
        assert found["viewer"]["token"] == {"blockedByPolicy": False}

    async def test_a_list_takes_one_statement(
        self, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user_id = await organization.user()
        made = {
            (await organization.token(user_id, maxAgeSeconds=age))[0]: age > 3600
            for age in (600, 3600, 3601, 86_400)
        }
        await set_policy(organization, longestMaxAgeSeconds=3600)
        asked: list[int] = []
        ask = rows.list_blocked_ids

        async def counted(connection: Any, organization_id: Any, token_ids: Any) -> Any:
            asked.append(len(token_ids))
            return await ask(connection, organization_id, token_ids)

        monkeypatch.setattr(rows, "list_blocked_ids", counted)
        found = await organization.admin.query(
            "query($o: ID!) { tokens(organizationId: $o) { nodes { id blockedByPolicy } } }",
            o=organization.id,
        )
        nodes = found["tokens"]["nodes"]
        assert asked == [len(nodes)]
        blocked = {node["id"]: node["blockedByPolicy"] for node in nodes}
        assert {token_id: blocked[token_id] for token_id in made} == made


# What the policy asks, what is to be minted, and what is wrong with it.
REFUSED: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"expiryRequired": True}, {}, ["maxAgeSeconds REQUIRED"]),
    ({"longestMaxAgeSeconds": 3600}, {}, ["maxAgeSeconds REQUIRED"]),
    ({"longestMaxAgeSeconds": 3600}, {"maxAgeSeconds": 3601}, ["maxAgeSeconds OUT_OF_RANGE"]),
    (
        {"allowedNetworks": ["192.0.2.0/24"]},
        {"ipAllowlist": ["10.0.0.0/8"]},
        ["ipAllowlist NOT_ALLOWED"],
    ),
    (
        {"allowedNetworks": ["192.0.2.0/24"], "longestMaxAgeSeconds": 3600},
        {"ipAllowlist": ["10.0.0.0/8"], "maxAgeSeconds": 7200},
        ["maxAgeSeconds OUT_OF_RANGE", "ipAllowlist NOT_ALLOWED"],
    ),
]


class TestMinting:
    @pytest.mark.parametrize(("rules", "fields", "wrong"), REFUSED)
    async def test_what_it_would_block_from_birth_is_not_made(
        self,
        organization: Organization,
        owner: Owner,
        rules: dict[str, Any],
        fields: dict[str, Any],
        wrong: list[str],
    ) -> None:
        user_id = await organization.user()
        await set_policy(organization, **rules)
        before = await owner.snapshot(organization.id)
        refused = await organization.admin.mutate(
            "generateToken", "token { id }", applicationUserId=user_id, **fields
        )
        assert refused["__typename"] == "InvalidInputError"
        assert [f"{field['path']} {field['code']}" for field in refused["fields"]] == wrong
        if "longestMaxAgeSeconds" in rules:
            assert "3600" in refused["message"]
        assert await owner.snapshot(organization.id) == before

    @pytest.mark.parametrize(("rules", "fields"), COMPLIANT)
    async def test_what_complies_is(
        self, organization: Organization, rules: dict[str, Any], fields: dict[str, Any]
    ) -> None:
        await set_policy(organization, **rules)
        _, full = await organization.token(await organization.user(), **fields)
        assert await is_accepted(organization.admin, full)

    async def test_a_replay_is_answered_under_another_policy(
        self, organization: Organization
    ) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id, idempotencyKey="once")
        await set_policy(organization, expiryRequired=True)
        again = await organization.admin.mutate(
            "generateToken",
            "token { id }",
            applicationUserId=user_id,
            idempotencyKey="once",
        )
        assert again["__typename"] == "GenerateTokenReplayed"
        assert (await shown(organization, token_id))["blockedByPolicy"] is True

    async def test_a_robot_mints_inside_it_too(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, robot = await admin_robot(organization, owner, maxAgeSeconds=3600)
        assert await set_policy_as(robot, organization, longestMaxAgeSeconds=3600) == (
            NONE | {"longestMaxAgeSeconds": 3600}
        )
        user_id = await organization.user("other")
        refused = await robot.mutate(
            "generateToken", "token { id }", applicationUserId=user_id, maxAgeSeconds=3601
        )
        assert refused["__typename"] == "InvalidInputError"
