"""introspectToken: the nothing that is told of all other tokens, and who may not ask."""

from typing import Any
from uuid import uuid4

import pytest

from app import token_format
from tests.api import bad_values
from tests.api.bad_values import WRONG_TYPE, Bad
from tests.api.introspecting import INACTIVE, VERIFY, ask, gateway_of, tell
from tests.api.test_bad_input_queries import refuse
from tests.api.world import World
from tests.api_client import Api, Organization
from tests.owner import Owner, token_key
from tests.service import Service

PLACES = [
    bad
    for bad in bad_values.ids("resource")
    # Null is the organization, and so is its id.
    if bad.value is not None and not str(bad.value).startswith("%org")
]
IPS = [
    Bad("empty", "", "INVALID_NETWORK"),
    Bad("a name", "localhost", "INVALID_NETWORK"),
    Bad("a network", "192.0.2.0/24", "INVALID_NETWORK"),
    Bad("with a port", "192.0.2.7:443", "INVALID_NETWORK"),
    Bad("two", "192.0.2.7, 192.0.2.8", "INVALID_NETWORK"),
    Bad("300 in it", "192.0.2.300", "INVALID_NETWORK"),
    Bad("NUL", "192.0.2.7\0", "INVALID_NETWORK"),
    Bad("30000 characters", "1" * 30_000, "INVALID_NETWORK"),
    Bad("30000 spaces", "192.0.2.7" + " " * 30_000, "INVALID_NETWORK"),
    Bad("a number", 7, WRONG_TYPE),
    Bad("a list", ["192.0.2.7"], WRONG_TYPE),
]
NAMES = [
    Bad("empty", "", "UNKNOWN_VALUE", says="permissionCatalogue"),
    Bad("unknown", "kafka:read", "UNKNOWN_VALUE"),
    Bad("everything", "*", "UNKNOWN_VALUE"),
    Bad("a scope", "projects:read", "UNKNOWN_VALUE"),
    Bad("upper case", "ADMIN", "UNKNOWN_VALUE"),
    Bad("white space", "admin ", "UNKNOWN_VALUE"),
    Bad("the token itself", "%full", "UNKNOWN_VALUE"),
    Bad("30000 characters", "x" * 30_000, "UNKNOWN_VALUE"),
    Bad("a number", 7, WRONG_TYPE),
    Bad("a list", ["admin"], WRONG_TYPE),
]
TEXTS = [
    Bad("null", None, WRONG_TYPE),
    Bad("a number", 7, WRONG_TYPE),
    Bad("a truth value", True, WRONG_TYPE),
    Bad("a list", ["x"], WRONG_TYPE),
    Bad("an object", {"token": "x"}, WRONG_TYPE),
]


@pytest.fixture
async def gateway(organization: Organization, owner: Owner, lazy: Service) -> Api:
    """An application user that may verify tokens and nothing else."""
    return await gateway_of(organization, owner, lazy)


class TestInactive:
    async def test_all_look_the_same(
        self, world: World, gateway: Api, owner: Owner, new_organization: Any
    ) -> None:
        organization, admin = world.organization, world.organization.admin
        revoked_id, revoked = await organization.token(world.user_id)
        await admin.mutate("revokeToken", "token { id }", tokenId=revoked_id)
        expired_id, expired = await organization.token(world.user_id, maxAgeSeconds=600)
        await owner.set_left(expired_id, -1)
        unused_id, unused = await organization.token(world.user_id)
        await owner.deactivate(unused_id)
        superseded_id, superseded = await organization.token(world.user_id)
        await admin.mutate("rotateToken", "__typename", tokenId=superseded_id)
        gone = await organization.user("gone")
        _, deleted = await organization.token(gone)
        await admin.mutate("deleteApplicationUser", "__typename", applicationUserId=gone)
        asleep = await organization.user("asleep")
        _, sleeping = await organization.token(asleep)
        await admin.mutate(
            "updateApplicationUser", "__typename", applicationUserId=asleep, state="DEACTIVATED"
        )
        _, bound = await organization.token(world.user_id, ipAllowlist=["192.0.2.0/24"])
        other: Organization = await new_organization()
        _, foreign = await other.token(await other.user())
        here, token_id = token_key(world.token_id)
        refused = {
            "revoked": revoked,
            "expired": expired,
            "unused": unused,
            "superseded": superseded,
            "of a deleted user": deleted,
            "of a deactivated user": sleeping,
            "from outside its networks": bound,
            "of another organization": foreign,
            "another secret": token_format.make(here, token_id),
            "unknown": token_format.make(here, uuid4()),
            "of no organization": token_format.make(uuid4(), token_id),
            "wrong checksum": world.full[:-1] + ("a" if world.full[-1] != "a" else "b"),
            "cut": world.full[:-1],
            "the beginning": world.full[:27],
            "its id": world.token_id,
            "longer": world.full + "0",
            "30000 characters": world.full + "0" * 30_000,
            "empty": "",
            "not ASCII": "\U0001f680" * 100,
            "NUL": world.full[:-1] + "\0",
            "a JWT": "eyJhbGciOiJub25lIn0.e30.",
        }
        answers = {
            what: await ask(
                gateway,
                organization,
                token,
                ip="198.51.100.7",
                permission="read_only",
                resource=world.resource_id,
            )
            for what, token in refused.items()
        }
        assert {what: a.data["introspectToken"] for what, a in answers.items()} == dict.fromkeys(
            refused, INACTIVE
        )
        assert len({answer.response.content for answer in answers.values()}) == 1

    @pytest.mark.parametrize(
        ("more", "active"),
        [
            ({"ip": "192.0.2.7"}, True),
            ({"ip": "::ffff:192.0.2.7"}, True),
            ({"ip": "192.0.3.7"}, False),
            ({"ip": "2001:db8::1"}, False),
            ({}, False),
        ],
    )
    async def test_an_allowlist_looks_at_the_address_that_is_told(
        self, world: World, gateway: Api, more: dict[str, str], active: bool
    ) -> None:
        _, bound = await world.organization.token(world.user_id, ipAllowlist=["192.0.2.0/24"])
        found = await tell(gateway, world.organization, bound, **more)
        assert found["active"] is active

    async def test_revoked_means_at_once(self, world: World, gateway: Api) -> None:
        assert (await tell(gateway, world.organization, world.full))["active"] is True
        await world.organization.admin.mutate("revokeToken", "token { id }", tokenId=world.token_id)
        assert await tell(gateway, world.organization, world.full) == INACTIVE


class TestWho:
    async def test_nobody_without_the_permission(self, world: World, owner: Owner) -> None:
        robot = world.organization.admin.with_token(world.full)
        await owner.grant(world.user_id, "organization:app_users:write")
        assert (await ask(robot, world.organization, world.full)).codes == ["FORBIDDEN"]

    async def test_nobody_from_another_organization(
        self, world: World, new_organization: Any
    ) -> None:
        other: Organization = await new_organization()
        assert (await ask(other.admin, world.organization, world.full)).codes == ["FORBIDDEN"]

    @pytest.mark.parametrize(
        ("scopes", "codes"),
        [
            (["authentication:read"], []),
            (["authentication:write"], []),
            (["user:write", "projects:write"], ["FORBIDDEN"]),
        ],
    )
    async def test_a_token_with_scopes_needs_one(
        self, world: World, owner: Owner, scopes: list[str], codes: list[str]
    ) -> None:
        user_id = await world.organization.user("narrow")
        await owner.grant(user_id, VERIFY)
        _, full = await world.organization.token(user_id, scopes=scopes)
        caller = world.organization.admin.with_token(full)
        assert (await ask(caller, world.organization, world.full)).codes == codes

    async def test_who_verifies_sees_nothing_else(self, world: World, gateway: Api) -> None:
        for document in (
            "query($o: ID!) { organization(id: $o) { name } }",
            "query($o: ID!) { tokens(organizationId: $o) { nodes { id } } }",
            "query($o: ID!) { tokenActivity(organizationId: $o) { nodes { ip } } }",
        ):
            answer = await gateway.run(document, {"o": world.organization.id})
            assert answer.codes == ["FORBIDDEN"]


class TestBadInput:
    @pytest.mark.parametrize(
        ("kind", "field", "path", "bad"),
        [
            pytest.param(kind, field, path, bad, id=f"{path}-{bad}")
            for kind, field, path, table in (
                ("ID!", 'organizationId: $v, token: "x"', "organizationId", bad_values.ids("org")),
                ("ID", 'organizationId: "%", token: "x", resourceId: $v', "resourceId", PLACES),
                ("String", 'organizationId: "%", token: "x", clientIp: $v', "clientIp", IPS),
                ("String", 'organizationId: "%", token: "x", permission: $v', "permission", NAMES),
                ("String!", 'organizationId: "%", token: $v', "token", TEXTS),
                (
                    "String",
                    'organizationId: "%", token: "x", userAgent: $v',
                    "userAgent",
                    TEXTS[1:],
                ),
            )
            for bad in table
        ],
    )
    async def test_table(
        self, shared_world: World, kind: str, field: str, path: str, bad: Bad
    ) -> None:
        asked = f"introspectToken({field.replace('%', shared_world.organization.id)}) {{ active }}"
        await refuse(shared_world, "$v", kind, asked, shared_world.fill(bad.value), path, bad)

    async def test_all_problems_at_once(self, shared_world: World) -> None:
        answer = await ask(
            shared_world.organization.admin,
            shared_world.organization,
            "x",
            ip="nowhere",
            permission="none",
        )
        fields = answer.body["errors"][0]["extensions"]["fields"]
        assert [field["path"] for field in fields] == ["clientIp", "permission"]
