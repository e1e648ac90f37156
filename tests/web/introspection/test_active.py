"""What is told of an active token: RFC 7662, section 2.2, and members of our own."""

from datetime import datetime

import pytest

from app import catalogue
from tests.api.policies import set_policy
from tests.api_client import Organization
from tests.owner import Owner
from tests.web.introspection.asking import ResourceServer
from tests.web.introspection.conftest import ISSUER

TIMES = """query($id: ID!) { node(id: $id) { ... on Token {
    createTime expiryTime overlapEndTime } } }"""
HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


async def seconds(organization: Organization, token_id: str, name: str) -> int:
    """Return a time of a token as GraphQL tells it, in whole seconds since 1970."""
    found = await organization.admin.query(TIMES, id=token_id)
    return int(datetime.fromisoformat(found["node"][name]).timestamp())


class TestTold:
    async def test_everything(self, organization: Organization, server_of: ResourceServer) -> None:
        user_id = await organization.user("ci")
        token_id, full = await organization.token(
            user_id, maxAgeSeconds=3600, scopes=["services:read", "billing:write"]
        )
        answer = await server_of.ask(full)
        assert answer.status_code == 200
        assert HEADERS.items() <= dict(answer.headers).items()
        assert answer.headers["x-request-id"]
        assert answer.headers["content-length"] == str(len(answer.content))
        told = answer.json()
        assert told == {
            "active": True,
            "sub": user_id,
            "client_id": user_id,
            "username": "ci",
            "scope": told["scope"],
            "token_type": "Bearer",
            "exp": await seconds(organization, token_id, "expiryTime"),
            "iat": await seconds(organization, token_id, "createTime"),
            "iss": ISSUER,
            "jti": token_id,
            "organization_id": organization.id,
            "resource_id": organization.id,
            "permissions": [],
        }
        assert set(told["scope"].split(" ")) == {"services:read", "billing:write"}

    async def test_the_request_id_is_kept(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        answer = await server_of.send("token=x", ("X-Request-Id", "mine"))
        assert answer.headers["x-request-id"] == "mine"
        for wrong in ("two words", "x" * 100):
            answer = await server_of.send("token=x", ("X-Request-Id", wrong))
            assert answer.headers["x-request-id"] not in (wrong, "")

    async def test_no_expiry_where_it_never_expires(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        _, full = await organization.token(await organization.user())
        assert "exp" not in await server_of.active(full)

    async def test_the_end_of_the_overlap_where_that_is_sooner(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        user_id = await organization.user()
        for settings in ({"maxAgeSeconds": 3600}, {}):
            token_id, full = await organization.token(user_id, **settings)
            await organization.admin.mutate(
                "rotateToken", "__typename", tokenId=token_id, overlapSeconds=600
            )
            told = await server_of.active(full)
            assert told["exp"] == await seconds(organization, token_id, "overlapEndTime")

    async def test_the_expiry_where_the_overlap_would_be_later(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        token_id, full = await organization.token(await organization.user(), maxAgeSeconds=600)
        await organization.admin.mutate(
            "rotateToken", "__typename", tokenId=token_id, overlapSeconds=3600
        )
        told = await server_of.active(full)
        assert told["exp"] == await seconds(organization, token_id, "expiryTime")

    async def test_every_scope_where_it_was_given_none(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        _, full = await organization.token(await organization.user())
        assert (await server_of.active(full))["scope"] == " ".join(catalogue.load().scopes)

    async def test_a_persons_token_too(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        told = await server_of.active(organization.admin.token or "")
        assert told["sub"] == organization.admin_id
        assert "role:organization:admin" in told["permissions"]
        assert "organization:tokens:verify" in told["permissions"]

    async def test_its_own_asker(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        told = await server_of.active(server_of.token or "")
        assert told["username"] == "gateway"
        assert told["permissions"] == ["organization:tokens:verify"]

    @pytest.mark.parametrize("name", ["Zoë", "推送 🚀", 'a"b\\c', "</script>"])
    async def test_any_name(
        self, organization: Organization, server_of: ResourceServer, name: str
    ) -> None:
        _, full = await organization.token(await organization.user(name))
        assert (await server_of.active(full))["username"] == name


# What the asker says of the client, and whether 192.0.2.0/24 has it.
ADDRESSES = [
    ("192.0.2.7", True),
    ("192.0.3.7", False),
    ("::ffff:192.0.2.7", True),
    ("2001:db8::1", False),
    (" 192.0.2.7 ", True),
    (None, False),
    ("", False),
]


class TestNetworks:
    """A token with an allowlist, its own or the policy's, is active where it may be used."""

    @pytest.mark.parametrize(("client_ip", "active"), ADDRESSES)
    async def test_its_own(
        self,
        organization: Organization,
        server_of: ResourceServer,
        client_ip: str | None,
        active: bool,
    ) -> None:
        _, full = await organization.token(await organization.user(), ipAllowlist=["192.0.2.0/24"])
        form = {} if client_ip is None else {"client_ip": client_ip}
        assert await server_of.is_active(full, **form) is active

    @pytest.mark.parametrize(("client_ip", "active"), ADDRESSES)
    async def test_the_policys(
        self,
        organization: Organization,
        server_of: ResourceServer,
        client_ip: str | None,
        active: bool,
    ) -> None:
        _, full = await organization.token(await organization.user())
        # The asker's own address is in it too.
        await set_policy(organization, allowedNetworks=["192.0.2.0/24", "127.0.0.0/8"])
        form = {} if client_ip is None else {"client_ip": client_ip}
        assert await server_of.is_active(full, **form) is active

    async def test_the_askers_address_is_not_the_clients(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        _, full = await organization.token(await organization.user(), ipAllowlist=["127.0.0.1"])
        assert not await server_of.is_active(full)
        assert await server_of.is_active(full, client_ip="127.0.0.1")

    async def test_without_any_list_the_address_may_be_left_out(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        _, full = await organization.token(await organization.user())
        for form in ({}, {"client_ip": ""}, {"client_ip": "2001:db8::1"}):
            assert await server_of.is_active(full, **form)


class TestSliding:
    async def test_an_extension_that_is_due_is_written_before_the_answer(
        self, organization: Organization, server_of: ResourceServer, owner: Owner
    ) -> None:
        token_id, full = await organization.token(
            await organization.user(), maxAgeSeconds=3600, extendWhenUsed=True
        )
        await owner.set_left(token_id, 30)
        before = (await owner.token(token_id))["expiry_time"]
        assert await server_of.is_active(full)
        assert ((await owner.token(token_id))["expiry_time"] - before).total_seconds() > 3500
