"""What ``organization:app_users:write`` alone lets somebody do with users and tokens."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import uuid4

import pytest

from app import guards, ids, tokens
from tests.api.managers import APP_USERS_WRITE, join_group, manager, person_token
from tests.api.resource_tree import project
from tests.api.test_revoke_tokens import activate
from tests.api.test_rotate_token import rotate
from tests.api_client import Answer, Api, Organization
from tests.owner import Owner, organization_key

Give: TypeAlias = Callable[[Organization, Owner, str], Awaitable[None]]


async def _on_the_organization(_: Organization, owner: Owner, user_id: str) -> None:
    await owner.grant(user_id, "organization:event_logs:read")


async def _on_a_project(organization: Organization, owner: Owner, user_id: str) -> None:
    found = ids.parse_resource_id(await project(organization, "billing"))
    assert found is not None
    await owner.grant(user_id, "role:services:recover", found[1])


async def _through_a_group(_: Organization, owner: Owner, user_id: str) -> None:
    await join_group(owner, user_id, permission="role:organization:admin")


HELD: dict[str, Give] = {
    "on the organization": _on_the_organization,
    "on a project": _on_a_project,
    "through a group": _through_a_group,
}
GIVERS = pytest.mark.parametrize("give", HELD.values(), ids=list(HELD))

MINT = """mutation($i: GenerateTokenInput!) { generateToken(input: $i) {
    __typename ... on GenerateTokenSuccess { token { permissionCeiling } } } }"""
ROTATE = "mutation($i: RotateTokenInput!) { rotateToken(input: $i) { __typename } }"
ACTIVATE = "mutation($i: ActivateTokenInput!) { activateToken(input: $i) { __typename } }"
CAN = """query($u: ID!, $t: ID!) {
    applicationUser(id: $u) { viewerCanGenerateToken }
    node(id: $t) { ... on Token { viewerCanRotate viewerCanActivate viewerCanRevoke } } }"""


async def mint(api: Api, user_id: str) -> Answer:
    return await api.run(MINT, {"i": {"applicationUserId": user_id}})


class TestAllowed:
    async def test_to_mint_for_a_user_without_any_permission(
        self, organization: Organization, owner: Owner
    ) -> None:
        narrow = await manager(organization, owner)
        user_id = await organization.user()
        await join_group(owner, user_id)
        made = (await mint(narrow, user_id)).data["generateToken"]
        assert made["token"] == {"permissionCeiling": []}

    async def test_what_an_administrator_mints_is_not_cut(self, organization: Organization) -> None:
        made = (await mint(organization.admin, await organization.user())).data["generateToken"]
        assert made["token"] == {"permissionCeiling": None}

    async def test_to_rotate_and_what_comes_of_it_carries_nothing(
        self, organization: Organization, owner: Owner
    ) -> None:
        narrow = await manager(organization, owner)
        token_id, _ = await organization.token(await organization.user())
        made = await rotate(narrow, token_id)
        assert made["token"]["permissionCeiling"] == []

    async def test_to_activate(self, organization: Organization, owner: Owner) -> None:
        narrow = await manager(organization, owner)
        token_id, _ = await organization.token(await organization.user())
        await owner.deactivate(token_id)
        assert (await activate(narrow, token_id))["token"]["status"] == "ACTIVE"

    @GIVERS
    async def test_to_revoke_describe_rename_and_delete_whoever_it_is(
        self, organization: Organization, owner: Owner, give: Give
    ) -> None:
        narrow = await manager(organization, owner)
        user_id = await organization.user()
        await give(organization, owner, user_id)
        token_id, _ = await organization.token(user_id)
        for mutation, fields in (
            ("updateToken", {"tokenId": token_id, "description": "seen"}),
            ("revokeToken", {"tokenId": token_id}),
            ("updateApplicationUser", {"applicationUserId": user_id, "name": "renamed"}),
            ("deleteApplicationUser", {"applicationUserId": user_id}),
        ):
            made = await narrow.mutate(mutation, "__typename", **fields)
            assert made["__typename"].endswith("Success"), made

    async def test_the_front_end_knows(self, organization: Organization, owner: Owner) -> None:
        narrow = await manager(organization, owner)
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        assert await narrow.query(CAN, u=user_id, t=token_id) == {
            "applicationUser": {"viewerCanGenerateToken": True},
            "node": {"viewerCanRotate": True, "viewerCanActivate": False, "viewerCanRevoke": True},
        }
        await owner.deactivate(token_id)
        assert (await narrow.query(CAN, u=user_id, t=token_id))["node"] == {
            "viewerCanRotate": False,
            "viewerCanActivate": True,
            "viewerCanRevoke": True,
        }


class TestForbidden:
    @GIVERS
    async def test_to_mint_rotate_and_activate_for_who_holds_a_permission(
        self, organization: Organization, owner: Owner, give: Give
    ) -> None:
        narrow = await manager(organization, owner)
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        sleeping, _ = await organization.token(user_id)
        await owner.deactivate(sleeping)
        await give(organization, owner, user_id)
        before = await owner.snapshot(organization.id)
        for answer in (
            await mint(narrow, user_id),
            await narrow.run(ROTATE, {"i": {"tokenId": token_id}}),
            await narrow.run(ACTIVATE, {"i": {"tokenId": sleeping}}),
        ):
            assert answer.codes == ["FORBIDDEN"]
            assert "Only an organization administrator" in answer.body["errors"][0]["message"]
        assert await owner.snapshot(organization.id) == before
        found = await narrow.query(CAN, u=user_id, t=token_id)
        assert found["applicationUser"] == {"viewerCanGenerateToken": False}
        assert found["node"]["viewerCanRotate"] is False
        assert found["node"]["viewerCanRevoke"] is True
        assert (await narrow.query(CAN, u=user_id, t=sleeping))["node"][
            "viewerCanActivate"
        ] is False

    async def test_for_itself(self, organization: Organization, owner: Owner) -> None:
        """It holds the very permission, so an escape from its scopes or networks is closed."""
        user_id = await organization.user()
        await owner.grant(user_id, APP_USERS_WRITE)
        token_id, full = await organization.token(user_id)
        own = organization.admin.with_token(full)
        assert (await mint(own, user_id)).codes == ["FORBIDDEN"]
        assert (await own.run(ROTATE, {"i": {"tokenId": token_id}})).codes == ["FORBIDDEN"]

    @GIVERS
    async def test_control_without_the_guard(
        self,
        organization: Organization,
        owner: Owner,
        give: Give,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def careless(*, is_admin: bool, holds_permission: bool) -> bool:
            return True

        narrow = await manager(organization, owner)
        user_id = await organization.user()
        await give(organization, owner, user_id)
        monkeypatch.setattr(guards, "may_pass", careless)
        made = (await mint(narrow, user_id)).data["generateToken"]
        assert made["__typename"] == "GenerateTokenSuccess"


LIST = """query($o: ID!, $by: TokenOrder, $f: TokenFilter) {
    tokens(organizationId: $o, orderBy: $by, filter: $f, first: 100) { nodes { id } } }"""


async def listed(api: Api, organization: Organization, **variables: Any) -> set[str]:
    found = await api.query(LIST, o=organization.id, **variables)
    return {node["id"] for node in found["tokens"]["nodes"]}


class TestTokensOfPeople:
    """They are the administrators' affair."""

    @pytest.mark.parametrize("field", ["CREATE_TIME", "LAST_USED_TIME"])
    @pytest.mark.parametrize("direction", ["ASC", "DESC"])
    async def test_lists_leave_them_out(
        self, organization: Organization, owner: Owner, field: str, direction: str
    ) -> None:
        narrow = await manager(organization, owner)
        persons = await person_token(organization, owner)
        ours, _ = await organization.token(await organization.user())
        by = {"field": field, "direction": direction}
        everything = await listed(organization.admin, organization, by=by)
        assert {persons, ours} <= everything
        seen = await listed(narrow, organization, by=by)
        assert ours in seen
        # The administrator's own token is a person's, too.
        assert len(everything - seen) == 2
        assert persons not in seen

    async def test_filters_do_not_find_them(self, organization: Organization, owner: Owner) -> None:
        narrow = await manager(organization, owner)
        await person_token(organization, owner)
        keep = {"search": "a person's"}
        assert len(await listed(organization.admin, organization, f=keep)) == 1
        assert await listed(narrow, organization, f=keep) == set()

    async def test_they_are_answered_like_missing_ones(
        self, organization: Organization, owner: Owner
    ) -> None:
        narrow = await manager(organization, owner)
        persons = await person_token(organization, owner)
        missing = ids.member_id("token", organization_key(organization.id), uuid4())
        before = await owner.snapshot(organization.id)
        for document, variables in TOUCHES:
            answers = [
                (await narrow.run(document, at(variables, target))).response.content
                for target in (persons, missing)
            ]
            assert answers[0] == answers[1]
        assert await owner.snapshot(organization.id) == before

    async def test_an_administrator_sees_them(
        self, organization: Organization, owner: Owner
    ) -> None:
        """The control of the test above: there is something to see and to end."""
        persons = await person_token(organization, owner)
        found = await organization.admin.query(
            "query($id: ID!) { node(id: $id) { id ... on Token { viewerCanRevoke } } }", id=persons
        )
        assert found["node"] == {"id": persons, "viewerCanRevoke": True}
        made = await organization.admin.mutate("revokeToken", "token { status }", tokenId=persons)
        assert made["token"] == {"status": "REVOKED"}

    async def test_control_without_the_check(
        self, organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def careless(*_: object) -> bool:
            return True

        narrow = await manager(organization, owner)
        persons = await person_token(organization, owner)
        monkeypatch.setattr(tokens, "is_visible", careless)
        made = await narrow.mutate("revokeToken", "token { status }", tokenId=persons)
        assert made["token"] == {"status": "REVOKED"}

    async def test_but_for_ones_own(self, organization: Organization, owner: Owner) -> None:
        """The administrator becomes a manager of application users, with the token it has."""
        found = await organization.admin.query("{ viewer { token { id } } }")
        own = found["viewer"]["token"]["id"]
        another = await person_token(organization, owner)
        await owner.take_grants(organization.admin_id)
        await owner.grant(organization.admin_id, APP_USERS_WRITE)
        seen = await listed(organization.admin, organization)
        assert own in seen
        assert another not in seen
        made = await organization.admin.mutate(
            "updateToken", "token { id viewerCanRevoke }", tokenId=own, description="mine"
        )
        assert made["token"] == {"id": own, "viewerCanRevoke": True}
        made = await organization.admin.mutate("revokeToken", "token { status }", tokenId=own)
        assert made["token"] == {"status": "REVOKED"}


def _input(name: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    """Return a mutation that touches a token; "%" stands for its id."""
    document = f"""mutation($i: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $i) {{
        __typename ... on Error {{ message }} }} }}"""
    return document, {"i": fields}


TOUCHES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("query($id: ID!) { node(id: $id) { id } }", {"id": "%"}),
    (
        "query($ids: [ID!]!) { revocationPreview(tokenIds: $ids) { liveTokenCount } }",
        {"ids": ["%"]},
    ),
    _input("updateToken", tokenId="%", description="seen"),
    _input("revokeToken", tokenId="%"),
    _input("rotateToken", tokenId="%"),
    _input("activateToken", tokenId="%"),
    _input("revokeTokens", tokenIds=["%"]),
)


def at(variables: Any, target: str) -> Any:
    """Put a token's id where a table has the stand-in for one."""
    return json.loads(json.dumps(variables).replace('"%"', json.dumps(target)))
