"""generateToken with an idempotencyKey: the same call again never makes a second token."""

import asyncio
from typing import Any

import pytest

from tests.api_client import Api, Organization
from tests.owner import Owner

DOCUMENT = """mutation($input: GenerateTokenInput!) { generateToken(input: $input) {
    __typename
    ... on Error { message }
    ... on GenerateTokenSuccess { fullToken token { id status } }
    ... on GenerateTokenReplayed { token { id status } } } }"""
KEY = "a key of 2026"


async def generate(api: Api, user_id: str, **fields: object) -> dict[str, Any]:
    sent = {"applicationUserId": user_id, "idempotencyKey": KEY} | fields
    return (await api.query(DOCUMENT, input=sent))["generateToken"]


class TestReplayed:
    async def test_the_same_token_without_its_text(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        first = await generate(organization.admin, user_id, description="x")
        assert first["__typename"] == "GenerateTokenSuccess"
        for _ in range(2):
            assert await generate(organization.admin, user_id, description="x") == {
                "__typename": "GenerateTokenReplayed",
                "token": first["token"],
            }
        assert await owner.count(organization.id, "token") == 2

    async def test_one_of_eight_at_once_makes_it(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        made = await asyncio.gather(*(generate(organization.admin, user_id) for _ in range(8)))
        kinds = [one["__typename"] for one in made]
        assert kinds.count("GenerateTokenSuccess") == 1
        assert kinds.count("GenerateTokenReplayed") == 7
        assert len({one["token"]["id"] for one in made}) == 1
        assert await owner.count(organization.id, "token") == 2

    async def test_after_its_revocation(self, organization: Organization) -> None:
        user_id = await organization.user()
        first = await generate(organization.admin, user_id)
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=first["token"]["id"])
        assert await generate(organization.admin, user_id) == {
            "__typename": "GenerateTokenReplayed",
            "token": {"id": first["token"]["id"], "status": "REVOKED"},
        }

    async def test_after_its_user_was_deactivated(self, organization: Organization) -> None:
        user_id = await organization.user()
        await generate(organization.admin, user_id)
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        again = await generate(organization.admin, user_id)
        assert again["token"]["status"] == "DEACTIVATED"

    async def test_after_its_user_was_deleted(self, organization: Organization) -> None:
        user_id = await organization.user()
        first = await generate(organization.admin, user_id)
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
        )
        assert await generate(organization.admin, user_id) == {
            "__typename": "GenerateTokenReplayed",
            "token": {"id": first["token"]["id"], "status": "REVOKED"},
        }

    async def test_lists_in_another_order_are_the_same_input(
        self, organization: Organization
    ) -> None:
        user_id = await organization.user()
        networks, scopes = ["192.0.2.0/24", "::1"], ["user:read", "billing:read"]
        same = ["0:0::1/128", "192.0.2.0/24"]
        await generate(organization.admin, user_id, ipAllowlist=networks, scopes=scopes)
        again = await generate(organization.admin, user_id, ipAllowlist=same, scopes=scopes[::-1])
        assert again["__typename"] == "GenerateTokenReplayed"

    async def test_by_a_token_that_has_come_nearer_to_its_end(
        self, organization: Organization, owner: Owner
    ) -> None:
        """What the caller could mint then, it learns of now, though it could not mint it now."""
        user_id, minter_id = await organization.user(), await organization.user("minter")
        await owner.grant(minter_id)
        token_id, full = await organization.token(minter_id, maxAgeSeconds=1000)
        minter = organization.admin.with_token(full)
        first = await generate(minter, user_id, maxAgeSeconds=600)
        await owner.set_left(token_id, 300)
        again = await generate(minter, user_id, maxAgeSeconds=600)
        assert again == {"__typename": "GenerateTokenReplayed", "token": first["token"]}
        fresh = await generate(minter, user_id, maxAgeSeconds=600, idempotencyKey="another")
        assert fresh["__typename"] == "InvalidInputError"


class TestIdempotencyConflict:
    @pytest.mark.parametrize(
        "other",
        [
            {"description": "y"},
            {"description": None},
            {"maxAgeSeconds": 601},
            {"maxAgeSeconds": None},
            {"extendWhenUsed": True},
            {"ipAllowlist": ["192.0.2.0/25"]},
            {"ipAllowlist": None},
            {"scopes": ["user:write"]},
            {"scopes": None},
        ],
    )
    async def test_other_input(
        self, organization: Organization, owner: Owner, other: dict[str, object]
    ) -> None:
        user_id = await organization.user()
        asked: dict[str, Any] = {
            "description": "x",
            "maxAgeSeconds": 600,
            "ipAllowlist": ["192.0.2.0/24"],
            "scopes": ["user:read"],
        }
        await generate(organization.admin, user_id, **asked)
        before = await owner.snapshot(organization.id)
        refused = await generate(organization.admin, user_id, **asked | other)
        assert refused["__typename"] == "IdempotencyConflictError"
        assert await owner.snapshot(organization.id) == before

    async def test_another_user(self, organization: Organization) -> None:
        await generate(organization.admin, await organization.user("ci"))
        refused = await generate(organization.admin, await organization.user("cd"))
        assert refused["__typename"] == "IdempotencyConflictError"


class TestKeysOfTheirOwn:
    async def test_another_key_makes_another(self, organization: Organization) -> None:
        user_id = await organization.user()
        first = await generate(organization.admin, user_id)
        second = await generate(organization.admin, user_id, idempotencyKey=KEY + "!")
        assert first["token"]["id"] != second["token"]["id"]

    async def test_keys_are_as_they_are_written(self, organization: Organization) -> None:
        user_id = await organization.user()
        keys = ["k", "K", " k", "k ", "~" * 255, "~" * 254]
        made = [await generate(organization.admin, user_id, idempotencyKey=key) for key in keys]
        assert [one["__typename"] for one in made] == ["GenerateTokenSuccess"] * len(keys)

    async def test_another_caller_has_other_keys(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id, minter_id = await organization.user(), await organization.user("minter")
        await owner.grant(minter_id)
        _, full = await organization.token(minter_id)
        first = await generate(organization.admin, user_id)
        second = await generate(organization.admin.with_token(full), user_id)
        assert second["__typename"] == "GenerateTokenSuccess"
        assert first["token"]["id"] != second["token"]["id"]
