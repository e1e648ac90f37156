"""addOrganizationUser with an idempotencyKey: the same call again adds nobody and mints nothing."""

import asyncio
from typing import Any

import pytest

from tests.api.listing import ORGANIZATION_USERS
from tests.api.peopling import add
from tests.api_client import Organization
from tests.owner import Owner, user_key

KEYED: dict[str, Any] = {"withToken": True, "idempotencyKey": "k"}
WEEK = 604_800


class TestReplayed:
    async def test_the_same_person_and_token_without_its_text(
        self, organization: Organization, owner: Owner
    ) -> None:
        first = await add(organization, **KEYED)
        before = await owner.snapshot(organization.id)
        again = await add(organization, **KEYED, name=" Ada", tokenMaxAgeSeconds=WEEK)
        assert again["__typename"] == "AddOrganizationUserReplayed"
        assert again["organizationUser"]["id"] == first["organizationUser"]["id"]
        assert again["token"] == {"id": first["token"]["id"], "status": "ACTIVE"}
        assert await owner.snapshot(organization.id) == before

    async def test_one_of_eight_at_once_makes_it(
        self, organization: Organization, owner: Owner
    ) -> None:
        made = await asyncio.gather(*(add(organization, **KEYED) for _ in range(8)))
        kinds = [one["__typename"] for one in made]
        assert kinds.count("AddOrganizationUserWithTokenSuccess") == 1
        assert kinds.count("AddOrganizationUserReplayed") == 7
        assert len(await ORGANIZATION_USERS.walk(organization.admin, organization.id)) == 2


class TestIdempotencyConflict:
    @pytest.mark.parametrize(
        "other", [{"name": "Bob"}, {"email": "b@acme.example"}, {"tokenMaxAgeSeconds": 600}]
    )
    async def test_other_input_is_a_conflict(
        self, organization: Organization, owner: Owner, other: dict[str, Any]
    ) -> None:
        await add(organization, **KEYED)
        before = await owner.snapshot(organization.id)
        refused = await add(organization, **KEYED | other)
        assert refused["__typename"] == "IdempotencyConflictError"
        assert await owner.snapshot(organization.id) == before

    async def test_a_key_is_for_one_operation(
        self, organization: Organization, owner: Owner
    ) -> None:
        await organization.token(await organization.user(), idempotencyKey="k")
        before = await owner.snapshot(organization.id)
        refused = await add(organization, **KEYED)
        assert refused["__typename"] == "IdempotencyConflictError"
        assert await owner.snapshot(organization.id) == before

    async def test_generate_token_at_once_never_leaves_half(
        self, organization: Organization, owner: Owner
    ) -> None:
        """Either takes the key; a person is there exactly where its token is."""
        robot = await organization.user()
        for number in range(10):
            key = f"k{number}"

            async def generate(key: str = key) -> Any:
                return await organization.admin.mutate(
                    "generateToken", "fullToken", applicationUserId=robot, idempotencyKey=key
                )

            made = await asyncio.gather(
                add(organization, withToken=True, idempotencyKey=key), generate()
            )
            kinds = [one["__typename"] for one in made]
            assert kinds.count("IdempotencyConflictError") == 1
        people = await owner.connection.fetchval(
            "SELECT count(*) FROM organization_user u"
            " WHERE organization_id = $1 AND NOT is_application_user AND NOT EXISTS ("
            "       SELECT FROM token t"
            "        WHERE t.organization_id = u.organization_id AND t.user_id = u.user_id)",
            user_key(organization.admin_id)[0],
        )
        assert people == 0
