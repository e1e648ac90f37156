"""previewOrganizationPolicy: which live tokens a policy would block, and why."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from db import policies as rows
from db import presented
from tests.api.policies import age, set_policy
from tests.api.policy_previews import PREVIEW, blocked, preview
from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner, organization_key, token_key
from tests.service import Service
from tests.waiting import until


@pytest.fixture
async def tokens(organization: Organization, owner: Owner) -> dict[str, str]:
    """Tokens of one application user by what is special about them."""
    user_id = await organization.user()
    fields: dict[str, dict[str, Any]] = {
        "for ever": {},
        "an hour": {"maxAgeSeconds": 3600},
        "a day": {"maxAgeSeconds": 86_400},
        "sliding and old": {"maxAgeSeconds": 3600, "extendWhenUsed": True},
        "here": {"maxAgeSeconds": 3600, "ipAllowlist": ["127.0.0.1", "192.0.2.0/24"]},
        "elsewhere": {"maxAgeSeconds": 3600, "ipAllowlist": ["198.51.100.0/24"]},
    }
    made = {name: (await organization.token(user_id, **one))[0] for name, one in fields.items()}
    await owner.connection.execute(
        "UPDATE token SET create_time = now() - interval '2 hours'"
        " WHERE organization_id = $1 AND token_id = $2",
        *token_key(made["sliding and old"]),
    )
    return made


TABLE: list[tuple[dict[str, Any], dict[str, list[str]]]] = [
    ({}, {}),
    ({"expiryRequired": True}, {"for ever": ["EXPIRY_REQUIRED"]}),
    (
        {"longestMaxAgeSeconds": 3600},
        {"for ever": ["LIFETIME"], "a day": ["LIFETIME"], "sliding and old": ["LIFETIME"]},
    ),
    ({"longestMaxAgeSeconds": 86_400}, {"for ever": ["LIFETIME"]}),
    ({"allowedNetworks": ["127.0.0.0/8"]}, {"elsewhere": ["NETWORK"]}),
    ({"allowedNetworks": ["198.51.0.0/16"]}, {"here": ["NETWORK"]}),
    ({"allowedNetworks": ["::/0"]}, {"here": ["NETWORK"], "elsewhere": ["NETWORK"]}),
    (
        {
            "allowedNetworks": ["192.0.2.7"],
            "longestMaxAgeSeconds": 86_400,
            "expiryRequired": True,
        },
        {"for ever": ["EXPIRY_REQUIRED", "LIFETIME"], "elsewhere": ["NETWORK"]},
    ),
]


class TestBlocked:
    @pytest.mark.parametrize(("rules", "expected"), TABLE)
    async def test_table(
        self,
        organization: Organization,
        owner: Owner,
        tokens: dict[str, str],
        rules: dict[str, Any],
        expected: dict[str, list[str]],
    ) -> None:
        before = await owner.snapshot(organization.id)
        found = await preview(organization, **rules)
        assert blocked(found) == {tokens[name]: why for name, why in expected.items()}
        assert found["liveTokenCount"] == len(tokens)
        assert await owner.snapshot(organization.id) == before

    @pytest.mark.parametrize(("rules", "_expected"), TABLE)
    async def test_it_is_what_the_look_up_refuses(
        self,
        organization: Organization,
        owner: Owner,
        tokens: dict[str, str],
        rules: dict[str, Any],
        _expected: dict[str, list[str]],
    ) -> None:
        """The rules are said twice, in look_up_presented_tokens and in db.policies."""
        foretold = blocked(await preview(organization, **rules))
        await set_policy(organization, **rules)
        keys = [token_key(token_id) for token_id in tokens.values()]
        found = await presented.find_tokens(
            owner.connection, [key[0] for key in keys], [key[1] for key in keys]
        )
        refused = {one.token_id for one in found if one.refusal == "POLICY"}
        by_time = {
            token_key(token_id)[1] for token_id, why in foretold.items() if why != ["NETWORK"]
        }
        assert refused == by_time

    async def test_by_the_address_of_the_last_use(
        self, organization: Organization, owner: Owner, service: Service
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        rules = {"allowedNetworks": ["127.0.0.0/8"]}
        assert blocked(await preview(organization, **rules)) == {}
        for address, expected in (
            ("192.0.2.7", {token_id: ["NETWORK"]}),
            ("127.0.0.7", {}),
            ("2001:db8::1", {token_id: ["NETWORK"]}),
        ):
            assert await is_accepted(await service.caller(address), full)

            async def written(address: str = address) -> bool:
                return str((await owner.token(token_id))["last_ip"]) == address

            await until(written)
            assert blocked(await preview(organization, **rules)) == expected

    async def test_neither_people_nor_the_dead(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        revoked, _ = await organization.token(user_id)
        await organization.admin.mutate("revokeToken", "__typename", tokenId=revoked)
        expired, _ = await organization.token(user_id, maxAgeSeconds=700)
        await owner.set_left(expired, -1)
        asleep = await organization.user("asleep")
        await organization.token(asleep)
        await organization.admin.mutate(
            "updateApplicationUser", "__typename", applicationUserId=asleep, state="DEACTIVATED"
        )
        found = await preview(
            organization, expiryRequired=True, longestMaxAgeSeconds=600, allowedNetworks=["::1"]
        )
        assert blocked(found) == {}
        assert found["liveTokenCount"] == 0

    async def test_tokens_of_another_organization_are_not_counted(
        self, new_organization: Callable[[], Awaitable[Organization]]
    ) -> None:
        ours, theirs = await new_organization(), await new_organization()
        await theirs.token(await theirs.user())
        assert blocked(await preview(ours, expiryRequired=True)) == {}


class TestPages:
    async def test_the_last_used_come_first_and_none_is_lost(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        made = [(await organization.token(user_id))[0] for _ in range(7)]
        for number, token_id in enumerate(made[:4]):
            await age(owner, token_id, 100, used=number + 1)
        seen: list[str] = []
        after = None
        while True:
            found = await organization.admin.query(
                PREVIEW, o=organization.id, p={"expiryRequired": True}, first=2, after=after
            )
            page = found["previewOrganizationPolicy"]["blockedTokens"]
            seen += [node["token"]["id"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert seen[:4] == made[:4]
        assert sorted(seen) == sorted(made)


class TestDisuse:
    async def test_table(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        for days, used in ((100, None), (100, 50), (100, 10), (100, 0), (5, None)):
            token_id, _ = await organization.token(user_id)
            await age(owner, token_id, days, used=used)
        deactivated, _ = await organization.token(user_id)
        await age(owner, deactivated, 100)
        await owner.connection.execute(
            "UPDATE token SET deactivate_time = now() - interval '54 days'"
            " WHERE organization_id = $1 AND token_id = $2",
            *token_key(deactivated),
        )
        for rules, expected in (
            ({}, (0, 0)),
            ({"deactivateUnusedAfterDays": 30}, (2, 0)),
            ({"revokeUnusedAfterDays": 30}, (0, 3)),
            ({"deactivateUnusedAfterDays": 7, "revokeUnusedAfterDays": 60}, (3, 1)),
            ({"deactivateUnusedAfterDays": 7, "revokeUnusedAfterDays": 62}, (3, 0)),
            ({"deactivateUnusedAfterDays": 101}, (0, 0)),
        ):
            found = await preview(organization, **rules)
            assert (found["deactivatedTokenCount"], found["revokedTokenCount"]) == expected
            assert blocked(found) == {}, "disuse blocks nothing"


async def test_a_rule_that_is_forgotten_is_noticed(
    organization: Organization,
    owner: Owner,
    tokens: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control of the comparison with the look-up."""
    for name in ("COUNT_SQL", "LIST_BLOCKED_SQL"):
        statement = getattr(rows, name)
        careless = statement.replace("t.create_time + make_interval", "now() + make_interval")
        assert careless != statement
        monkeypatch.setattr(rows, name, careless)
    foretold = blocked(await preview(organization, longestMaxAgeSeconds=3600))
    assert tokens["sliding and old"] not in foretold
    await set_policy(organization, longestMaxAgeSeconds=3600)
    (found,) = await presented.find_tokens(
        owner.connection,
        [organization_key(organization.id)],
        [token_key(tokens["sliding and old"])[1]],
    )
    assert found.refusal == "POLICY"
