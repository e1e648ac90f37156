"""rotateToken, called again or by several at once."""

import asyncio
from typing import Any

import pytest

from app import idempotency
from tests.api.test_rotate_token import rotate
from tests.api_client import Organization
from tests.owner import Owner


class TestRotatedBefore:
    async def test_it_names_the_successor(self, organization: Organization, owner: Owner) -> None:
        token_id, _ = await organization.token(await organization.user())
        made = await rotate(organization.admin, token_id, overlapSeconds=60)
        before = await owner.snapshot(organization.id)
        again = await rotate(organization.admin, token_id)
        assert again["__typename"] == "AlreadyRotatedError"
        assert again["successor"] == {"id": made["token"]["id"]}
        assert await owner.snapshot(organization.id) == before

    async def test_eight_at_once_make_one(self, organization: Organization, owner: Owner) -> None:
        token_id, _ = await organization.token(await organization.user())
        made = await asyncio.gather(*(rotate(organization.admin, token_id) for _ in range(8)))
        (won,) = [one for one in made if one["__typename"] == "RotateTokenSuccess"]
        lost = [one for one in made if one["__typename"] == "AlreadyRotatedError"]
        assert len(lost) == 7
        assert all(one["successor"] == {"id": won["token"]["id"]} for one in lost)
        # Its own and the administrator's, and the successor.
        assert await owner.count(organization.id, "token") == 3


class TestReplayed:
    async def test_the_same_key_makes_one(self, organization: Organization, owner: Owner) -> None:
        token_id, _ = await organization.token(await organization.user())
        made = await rotate(organization.admin, token_id, overlapSeconds=9, idempotencyKey="k")
        before = await owner.snapshot(organization.id)
        again = await rotate(organization.admin, token_id, overlapSeconds=9, idempotencyKey="k")
        assert again == {
            "__typename": "RotateTokenReplayed",
            "token": {"id": made["token"]["id"]},
            "predecessor": {"id": token_id},
        }
        assert await owner.snapshot(organization.id) == before

    async def test_eight_at_once_with_a_key(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user())
        made = await asyncio.gather(
            *(rotate(organization.admin, token_id, idempotencyKey="k") for _ in range(8))
        )
        kinds = sorted(one["__typename"] for one in made)
        assert kinds == ["RotateTokenReplayed"] * 7 + ["RotateTokenSuccess"]

    async def test_other_input(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        other_id, _ = await organization.token(user_id)
        await rotate(organization.admin, token_id, idempotencyKey="k")
        before = await owner.snapshot(organization.id)
        for target, overlap in ((token_id, 5), (other_id, 0)):
            made = await rotate(
                organization.admin, target, overlapSeconds=overlap, idempotencyKey="k"
            )
            assert made["__typename"] == "IdempotencyConflictError"
        assert await owner.snapshot(organization.id) == before

    async def test_a_key_of_generate_token(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id, idempotencyKey="k")
        before = await owner.snapshot(organization.id)
        made = await rotate(organization.admin, token_id, idempotencyKey="k")
        assert made["__typename"] == "IdempotencyConflictError"
        assert await owner.snapshot(organization.id) == before

    async def test_a_key_lost_to_another_call_meanwhile(
        self, organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The key was free at the first look and is taken at the insert: the claim is undone."""
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await organization.token(user_id, idempotencyKey="k")
        before = await owner.snapshot(organization.id)
        looks: list[object] = []
        replay = idempotency.replay

        async def blind(*arguments: Any) -> Any:
            looks.append(arguments)
            return None if len(looks) == 1 else await replay(*arguments)

        monkeypatch.setattr(idempotency, "replay", blind)
        made = await rotate(organization.admin, token_id, idempotencyKey="k")
        assert made["__typename"] == "IdempotencyConflictError"
        assert await owner.snapshot(organization.id) == before
