"""updateToken."""

from typing import Any

import pytest

from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner


async def describe(
    organization: Organization, token_id: str, description: str | None
) -> dict[str, Any]:
    made = await organization.admin.mutate(
        "updateToken",
        "token { id description }",
        tokenId=token_id,
        description=description,
    )
    return made.get("token") or made


class TestUpdated:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("new", "new"),
            (" two\nlines ", "two\nlines"),
            (None, None),
            ("", None),
            ("x" * 1000,) * 2,
        ],
    )
    async def test_the_description_alone(
        self, organization: Organization, owner: Owner, given: str | None, kept: str | None
    ) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(
            user_id,
            description="old",
            maxAgeSeconds=600,
            ipAllowlist=["127.0.0.0/8"],
            scopes=["user:read"],
        )
        before = await owner.token(token_id)
        assert await describe(organization, token_id, given) == {
            "id": token_id,
            "description": kept,
        }
        assert await owner.token(token_id) == before | {"description": kept}
        assert await is_accepted(organization.admin, full)

    async def test_left_out_it_stays(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user(), description="old")
        made = await organization.admin.mutate(
            "updateToken", "token { description }", tokenId=token_id
        )
        assert made["token"] == {"description": "old"}

    async def test_a_dead_one_too(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user(), description="old")
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        assert (await describe(organization, token_id, "leaked"))["description"] == "leaked"

    async def test_an_administrators_own(self, organization: Organization) -> None:
        found = await organization.admin.query("{ viewer { token { id } } }")
        token_id = found["viewer"]["token"]["id"]
        assert (await describe(organization, token_id, "mine"))["description"] == "mine"


class TestInvalidInput:
    async def test_nothing_else_can_be_asked_for(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user())
        for field, value in (
            ("scopes", ["user:read"]),
            ("ipAllowlist", ["0.0.0.0/0"]),
            ("maxAgeSeconds", 600),
            ("extendWhenUsed", True),
            ("status", "ACTIVE"),
        ):
            answer = await organization.admin.run(
                "mutation($i: UpdateTokenInput!) { updateToken(input: $i) { __typename } }",
                {"i": {"tokenId": token_id, "description": "x", field: value}},
            )
            assert answer.codes == ["BAD_REQUEST"]
            assert field in answer.body["errors"][0]["message"]

    async def test_too_long(self, organization: Organization, owner: Owner) -> None:
        token_id, _ = await organization.token(await organization.user(), description="old")
        before = await owner.snapshot(organization.id)
        refused = await describe(organization, token_id, "x" * 1001)
        assert refused["__typename"] == "InvalidInputError"
        assert [(f["path"], f["code"]) for f in refused["fields"]] == [("description", "TOO_LONG")]
        assert await owner.snapshot(organization.id) == before
