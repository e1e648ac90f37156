"""What the scopes of a token leave of its user's permissions, and what a token may mint."""

from typing import Any

import pytest

from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner

READ = "query($id: ID!) { applicationUsers(organizationId: $id) { nodes { id } } }"
CAN = "query($id: ID!) { organization(id: $id) { viewerCanCreateApplicationUser } }"
WRITE = """mutation($id: ID!) { createApplicationUser(input: {organizationId: $id, name: "made"}) {
    __typename } }"""

# The scopes of an administrator's token; whether it may read; whether it may change things.
SCOPES = [
    (None, True, True),
    (["authentication:write"], True, True),
    (["authentication:read", "authentication:write"], True, True),
    (["authentication:read"], True, False),
    (["authentication:read", "projects:write", "user:write"], True, False),
    (["projects:read"], False, False),
    (["projects:write", "user:write", "billing:write"], False, False),
]


MINTED: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    # What the minting token is, what it asks for, and the field that is too wide.
    ({"scopes": ["authentication:write", "user:read"]}, {"scopes": ["user:read"]}, None),
    (
        {"scopes": ["authentication:write"]},
        {"scopes": ["authentication:read", "authentication:write"]},
        None,
    ),
    ({"scopes": ["authentication:write"]}, {}, "scopes"),
    ({"scopes": ["authentication:write"]}, {"scopes": ["user:read"]}, "scopes"),
    (
        {"scopes": ["authentication:write", "user:read"]},
        {"scopes": ["user:write"]},
        "scopes",
    ),
    ({"ipAllowlist": ["127.0.0.0/8"]}, {"ipAllowlist": ["127.0.0.1"]}, None),
    ({"ipAllowlist": ["127.0.0.0/8"]}, {"ipAllowlist": ["127.0.0.0/8"]}, None),
    ({"ipAllowlist": ["127.0.0.0/8"]}, {}, "ipAllowlist"),
    ({"ipAllowlist": ["127.0.0.0/8"]}, {"ipAllowlist": ["126.0.0.0/7"]}, "ipAllowlist"),
    (
        {"ipAllowlist": ["127.0.0.0/8"]},
        {"ipAllowlist": ["127.0.0.1", "192.0.2.1"]},
        "ipAllowlist",
    ),
    ({"ipAllowlist": ["127.0.0.0/8"]}, {"ipAllowlist": ["::/0"]}, "ipAllowlist"),
    ({"maxAgeSeconds": 3600}, {"maxAgeSeconds": 600}, None),
    ({"maxAgeSeconds": 3600}, {"maxAgeSeconds": 3600}, "maxAgeSeconds"),
    ({"maxAgeSeconds": 3600}, {}, "maxAgeSeconds"),
    (
        {"maxAgeSeconds": 3600},
        {"maxAgeSeconds": 600, "extendWhenUsed": True},
        "maxAgeSeconds",
    ),
    (
        {"maxAgeSeconds": 3600, "extendWhenUsed": True},
        {"maxAgeSeconds": 3600, "extendWhenUsed": True},
        None,
    ),
    ({"maxAgeSeconds": 3600, "extendWhenUsed": True}, {"maxAgeSeconds": 3600}, None),
    (
        {"maxAgeSeconds": 3600, "extendWhenUsed": True},
        {"maxAgeSeconds": 3601},
        "maxAgeSeconds",
    ),
    ({"maxAgeSeconds": 3600, "extendWhenUsed": True}, {}, "maxAgeSeconds"),
    ({}, {"maxAgeSeconds": 600, "scopes": ["user:read"], "ipAllowlist": ["::1"]}, None),
]


@pytest.fixture
async def minter_id(organization: Organization, owner: Owner) -> str:
    """An application user that is an administrator."""
    user_id = await organization.user("minter")
    await owner.grant(user_id)
    return user_id


class TestScopes:
    @pytest.mark.parametrize(("scopes", "may_read", "may_write"), SCOPES)
    async def test_table(
        self,
        organization: Organization,
        minter_id: str,
        scopes: list[str] | None,
        may_read: bool,
        may_write: bool,
    ) -> None:
        _, full = await organization.token(minter_id, scopes=scopes)
        api = organization.admin.with_token(full)
        read = await api.run(READ, {"id": organization.id})
        assert read.codes == ([] if may_read else ["FORBIDDEN"])
        if may_read:
            can = await api.query(CAN, id=organization.id)
            assert can["organization"]["viewerCanCreateApplicationUser"] is may_write
        else:
            assert "authentication:read" in read.body["errors"][0]["message"]
        write = await api.run(WRITE, {"id": organization.id})
        assert write.codes == ([] if may_write else ["FORBIDDEN"])
        if not may_write:
            assert "authentication:write" in write.body["errors"][0]["message"]

    async def test_viewer_needs_none(self, organization: Organization, minter_id: str) -> None:
        _, full = await organization.token(minter_id, scopes=["projects:read"])
        assert await is_accepted(organization.admin, full)


class TestMinting:
    """A token mints nothing wider than itself: scopes, networks, lifetime."""

    @pytest.mark.parametrize(("own", "asked", "too_wide"), MINTED)
    async def test_table(
        self,
        organization: Organization,
        owner: Owner,
        minter_id: str,
        own: dict[str, Any],
        asked: dict[str, Any],
        too_wide: str | None,
    ) -> None:
        target = await organization.user()
        _, full = await organization.token(minter_id, **own)
        before = await owner.snapshot(organization.id)
        made = await self.mint(organization.admin.with_token(full), target, **asked)
        if too_wide is None:
            assert made["__typename"] == "GenerateTokenSuccess"
            return
        assert made["__typename"] == "InvalidInputError"
        assert [(f["path"], f["code"]) for f in made["fields"]] == [(too_wide, "EXCEEDS_CALLER")]
        assert await owner.snapshot(organization.id) == before

    async def test_all_that_is_too_wide_is_told(
        self, organization: Organization, minter_id: str
    ) -> None:
        _, full = await organization.token(
            minter_id,
            scopes=["authentication:write"],
            ipAllowlist=["127.0.0.0/8"],
            maxAgeSeconds=600,
        )
        made = await self.mint(organization.admin.with_token(full), await organization.user())
        assert [f["path"] for f in made["fields"]] == ["scopes", "ipAllowlist", "maxAgeSeconds"]

    @staticmethod
    async def mint(api: Api, user_id: str, **fields: Any) -> dict[str, Any]:
        return await api.mutate(
            "generateToken", "token { id }", applicationUserId=user_id, **fields
        )
