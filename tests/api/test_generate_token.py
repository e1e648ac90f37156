"""generateToken: what is made, and what is refused."""

import asyncio
import re
from typing import Any

import pytest

from app.token_format import SCANNING_PATTERN
from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner

EVERYTHING = """fullToken token {
    id tokenPrefix description status maxAgeSeconds extendWhenUsed ipAllowlist scopes createTime
    expiryTime revokeTime isCurrent lastUsedTime lastIp lastUserAgent lastUserAgentHumanReadable
    user { id } createdBy { id } revokedBy { id } viewerCanRevoke }"""


async def generate(organization: Organization, user_id: str, **fields: object) -> dict[str, Any]:
    return await organization.admin.mutate(
        "generateToken", EVERYTHING, applicationUserId=user_id, **fields
    )


class TestGenerated:
    async def test_every_field_of_a_plain_one(self, organization: Organization) -> None:
        user_id = await organization.user()
        made = await generate(organization, user_id)
        token = made["token"]
        assert token["id"].startswith("token_")
        assert token["createTime"].endswith("Z")
        assert made["fullToken"].startswith(token["tokenPrefix"])
        assert token | {"id": "", "tokenPrefix": "", "createTime": ""} == {
            "id": "",
            "tokenPrefix": "",
            "description": None,
            "status": "ACTIVE",
            "maxAgeSeconds": None,
            "extendWhenUsed": False,
            "ipAllowlist": None,
            "scopes": None,
            "createTime": "",
            "expiryTime": None,
            "revokeTime": None,
            "isCurrent": False,
            "lastUsedTime": None,
            "lastIp": None,
            "lastUserAgent": None,
            "lastUserAgentHumanReadable": None,
            "user": {"id": user_id},
            "createdBy": {"id": organization.admin_id},
            "revokedBy": None,
            "viewerCanRevoke": True,
        }

    async def test_every_setting(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        made = await generate(
            organization,
            user_id,
            description=" deploys ",
            maxAgeSeconds=3600,
            extendWhenUsed=True,
            ipAllowlist=["192.0.2.0/24", "2001:db8::/32", "198.51.100.7"],
            scopes=["projects:write", "authentication:read"],
        )
        token = made["token"]
        assert token["description"] == "deploys"
        assert token["maxAgeSeconds"] == 3600
        assert token["extendWhenUsed"] is True
        assert token["ipAllowlist"] == ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32"]
        assert sorted(token["scopes"]) == ["authentication:read", "projects:write"]
        row = await owner.token(token["id"])
        assert (row["expiry_time"] - row["create_time"]).total_seconds() == 3600

    async def test_the_token_works_at_once(self, organization: Organization) -> None:
        user_id = await organization.user()
        _, full = await organization.token(user_id, description="deploys")
        answer = await organization.admin.with_token(full).query(
            "{ viewer { memberships { user { id name } } token { isCurrent status } } }"
        )
        assert answer["viewer"]["memberships"] == [{"user": {"id": user_id, "name": "ci"}}]
        assert answer["viewer"]["token"] == {"isCurrent": True, "status": "ACTIVE"}

    async def test_it_has_the_published_shape(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id)
        assert re.fullmatch(SCANNING_PATTERN, full)
        assert re.fullmatch(r"token_[0-9A-Za-z]{44}", token_id)

    async def test_it_is_shown_once(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id)
        answer = await organization.admin.run(
            """query($org: ID!, $id: ID!) {
                node(id: $id) { ... on Token { id tokenPrefix description } }
                tokens(organizationId: $org) { nodes { id tokenPrefix description } } }""",
            {"org": organization.id, "id": token_id},
        )
        secret = full.rsplit("_", 1)[1]
        assert secret not in answer.response.text
        assert secret not in str(await owner.snapshot(organization.id))
        assert full[:27] in answer.response.text

    async def test_no_two_are_alike(self, organization: Organization) -> None:
        user_id = await organization.user()
        made = await asyncio.gather(*(generate(organization, user_id) for _ in range(8)))
        assert len({one["fullToken"] for one in made}) == 8
        assert len({one["token"]["tokenPrefix"] for one in made}) == 8

    @pytest.mark.parametrize("seconds", [600, 315360000])
    async def test_ages_at_either_edge(
        self, organization: Organization, owner: Owner, seconds: int
    ) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id, maxAgeSeconds=seconds)
        row = await owner.token(token_id)
        assert (row["expiry_time"] - row["create_time"]).total_seconds() == seconds
        assert await is_accepted(organization.admin, full)

    async def test_a_hundred_networks_and_all_scopes(self, organization: Organization) -> None:
        user_id = await organization.user()
        networks = [f"10.{n}.0.0/16" for n in range(100)]
        scopes = [
            f"{resource}:{verb}"
            for resource in (
                *("authentication", "billing", "payments", "privatelink"),
                *("projects", "services", "static_ips", "user"),
            )
            for verb in ("read", "write")
        ]
        made = await generate(organization, user_id, ipAllowlist=networks, scopes=scopes)
        assert made["token"]["ipAllowlist"] == networks
        assert sorted(made["token"]["scopes"]) == sorted(scopes)


class TestInvalidInput:
    async def test_all_problems_are_told_at_once(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        before = await owner.snapshot(organization.id)
        refused = await generate(
            organization,
            user_id,
            description="\0",
            maxAgeSeconds=1,
            ipAllowlist=["192.0.2.1/24", "nowhere"],
            scopes=[],
            idempotencyKey="",
        )
        assert refused["__typename"] == "InvalidInputError"
        assert [field["path"] for field in refused["fields"]] == [
            "description",
            "maxAgeSeconds",
            "ipAllowlist[0]",
            "ipAllowlist[1]",
            "scopes",
            "idempotencyKey",
        ]
        assert await owner.snapshot(organization.id) == before

    async def test_a_deactivated_user(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        before = await owner.snapshot(organization.id)
        refused = await generate(organization, user_id)
        assert [(f["path"], f["code"]) for f in refused["fields"]] == [
            ("applicationUserId", "NOT_ALLOWED")
        ]
        assert "activate it" in refused["message"]
        assert await owner.snapshot(organization.id) == before


class TestNotFound:
    async def test_a_person(self, organization: Organization) -> None:
        refused = await generate(organization, organization.admin_id)
        assert refused["__typename"] == "NotFoundError"

    async def test_a_deleted_user(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
        )
        assert (await generate(organization, user_id))["__typename"] == "NotFoundError"
