"""introspectToken: what is told of a token that is good, and that it is a use."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app import ids
from tests.api.introspecting import INACTIVE, VERIFY, gateway_of, tell
from tests.api.recorded_uses import activity
from tests.api.trail import events
from tests.api.world import World
from tests.api_client import Api, Organization
from tests.conftest import CATALOGUE, settings_for
from tests.owner import Owner, organization_key, token_key
from tests.postgres import Urls
from tests.service import Service, started
from tests.statements import statements


@pytest.fixture
async def gateway(organization: Organization, owner: Owner, lazy: Service) -> Api:
    """An application user that may verify tokens and nothing else."""
    return await gateway_of(organization, owner, lazy)


class TestActive:
    async def test_every_field(self, world: World, gateway: Api, owner: Owner) -> None:
        row = await owner.token(world.token_id)
        found = await tell(gateway, world.organization, world.full)
        assert found == {
            "active": True,
            "userId": world.user_id,
            "username": "ci",
            "isApplicationUser": True,
            "tokenId": world.token_id,
            "scopes": list(CATALOGUE.scopes),
            "permissions": [],
            "resourceId": world.organization.id,
            "allowed": None,
            "createTime": row["create_time"].isoformat().replace("+00:00", "Z"),
            "expiryTime": None,
        }

    async def test_a_persons_token(self, organization: Organization, gateway: Api) -> None:
        found = await tell(gateway, organization, str(organization.admin.token))
        assert (found["active"], found["isApplicationUser"]) == (True, False)
        assert found["userId"] == organization.admin_id
        assert found["permissions"] == sorted(CATALOGUE.entries)

    async def test_when_it_expires(self, world: World, gateway: Api) -> None:
        admin = world.organization.admin
        made = await admin.mutate(
            "generateToken",
            "fullToken token { id expiryTime }",
            applicationUserId=world.user_id,
            maxAgeSeconds=86400,
        )
        found = await tell(gateway, world.organization, made["fullToken"])
        assert found["expiryTime"] == made["token"]["expiryTime"]
        rotated = await admin.mutate(
            "rotateToken",
            "predecessor { overlapEndTime }",
            tokenId=made["token"]["id"],
            overlapSeconds=60,
        )
        found = await tell(gateway, world.organization, made["fullToken"])
        assert found["expiryTime"] == rotated["predecessor"]["overlapEndTime"]

    async def test_by_the_callers_own_token(self, organization: Organization, gateway: Api) -> None:
        found = await tell(gateway, organization, str(gateway.token))
        assert found["permissions"] == [VERIFY]


class TestPermissions:
    @pytest.fixture
    async def deployer(self, world: World, owner: Owner) -> World:
        """The user recovers services of a project, and its group reads the organization's trail."""
        found = ids.parse_resource_id(world.resource_id)
        assert found is not None
        await owner.grant(world.user_id, "role:services:recover", found[1])
        admin = world.organization.admin
        await admin.mutate(
            "addGroupMembers", "addedCount", groupId=world.group_id, userIds=[world.user_id]
        )
        await admin.mutate(
            "grantPermissions",
            "granted",
            principalId=world.group_id,
            resourceId=world.organization.id,
            permissions=["organization:event_logs:read"],
        )
        return world

    async def test_on_the_organization(self, deployer: World, gateway: Api) -> None:
        found = await tell(gateway, deployer.organization, deployer.full)
        assert found["permissions"] == ["organization:event_logs:read"]

    async def test_on_a_project_and_above(self, deployer: World, gateway: Api) -> None:
        found = await tell(
            gateway, deployer.organization, deployer.full, resource=deployer.resource_id
        )
        assert found["resourceId"] == deployer.resource_id
        assert found["permissions"] == [
            "organization:event_logs:read",
            "project:services:read",
            "role:services:recover",
        ]

    @pytest.mark.parametrize(
        ("scopes", "permissions"),
        [
            (["services:read"], ["project:services:read"]),
            (["services:write"], ["project:services:read", "role:services:recover"]),
            (["user:read"], ["organization:event_logs:read"]),
            (["billing:write"], []),
        ],
    )
    async def test_cut_by_scopes(
        self, deployer: World, gateway: Api, scopes: list[str], permissions: list[str]
    ) -> None:
        _, full = await deployer.organization.token(deployer.user_id, scopes=scopes)
        found = await tell(gateway, deployer.organization, full, resource=deployer.resource_id)
        assert (found["scopes"], found["permissions"]) == (scopes, permissions)

    async def test_cut_by_the_ceiling(self, deployer: World, gateway: Api, owner: Owner) -> None:
        await owner.connection.execute(
            "UPDATE token SET permission_ceiling = '{}'"
            " WHERE organization_id = $1 AND token_id = $2",
            *token_key(deployer.token_id),
        )
        found = await tell(
            gateway, deployer.organization, deployer.full, resource=deployer.resource_id
        )
        assert (found["active"], found["permissions"]) == (True, [])

    @pytest.mark.parametrize(
        ("permission", "allowed"),
        [
            ("project:services:read", True),
            ("role:services:recover", True),
            ("organization:event_logs:read", True),
            ("service:data:write", False),
            ("role:organization:admin", False),
        ],
    )
    async def test_one_that_is_asked_about(
        self, deployer: World, gateway: Api, permission: str, allowed: bool
    ) -> None:
        found = await tell(
            gateway,
            deployer.organization,
            deployer.full,
            permission=permission,
            resource=deployer.resource_id,
        )
        assert found["allowed"] is allowed

    async def test_on_a_resource_that_is_missing_or_foreign(
        self, deployer: World, gateway: Api, new_organization: Any
    ) -> None:
        here = organization_key(deployer.organization.id)
        other: Organization = await new_organization()
        foreign = ids.parse_resource_id(deployer.resource_id)
        assert foreign is not None
        for resource in (
            ids.resource_id(here, uuid4()),
            ids.resource_id(here, UUID(int=0)),
            ids.resource_id(organization_key(other.id), foreign[1]),
            other.id,
        ):
            found = await tell(
                gateway,
                deployer.organization,
                deployer.full,
                permission="project:services:read",
                resource=resource,
            )
            assert (found["active"], found["permissions"], found["allowed"]) == (True, [], False)


class TestUse:
    async def test_an_active_answer_is_a_use_from_where_it_says(
        self, world: World, gateway: Api, lazy: Service
    ) -> None:
        for _ in range(2):
            found = await tell(
                gateway, world.organization, world.full, ip="2001:DB8::1", agent="curl/8"
            )
            assert found["active"] is True
        await lazy.activity.flush()
        admin, organization_id = world.organization.admin, world.organization.id
        (row,) = await activity(admin, organization_id, token=world.token_id)
        assert (row["ip"], row["userAgent"], row["useCount"]) == ("2001:db8::1", "curl/8", 2)
        # The caller's own uses are from its own address.
        rows = await activity(admin, organization_id)
        assert [r["useCount"] for r in rows if r["ip"] == "198.51.100.1"] == [2]

    async def test_or_from_nowhere(self, world: World, gateway: Api, lazy: Service) -> None:
        await tell(gateway, world.organization, world.full)
        await lazy.activity.flush()
        (row,) = await activity(
            world.organization.admin, world.organization.id, token=world.token_id
        )
        assert (row["ip"], row["userAgent"]) == (None, None)

    async def test_an_inactive_one_is_a_refusal_on_record(
        self, world: World, gateway: Api, lazy: Service
    ) -> None:
        await world.organization.admin.mutate("revokeToken", "token { id }", tokenId=world.token_id)
        found = await tell(gateway, world.organization, world.full, ip="192.0.2.7", agent="curl/8")
        assert found == INACTIVE
        await lazy.activity.flush()
        await lazy.refusals.flush()
        admin, organization_id = world.organization.admin, world.organization.id
        assert await activity(admin, organization_id, token=world.token_id) == []
        (event,) = await events(admin, organization_id, outcome="REFUSED")
        assert (event["action"], event["reason"]) == ("TOKEN_AUTHENTICATE", "REVOKED")
        assert (event["ip"], event["userAgent"]) == ("192.0.2.7", "curl/8")
        assert event["actorTokenId"] == world.token_id

    async def test_what_another_organization_asks_about_is_none(
        self, world: World, lazy: Service, new_organization: Any
    ) -> None:
        other: Organization = await new_organization()
        caller = await lazy.caller(token=other.admin.token)
        assert await tell(caller, other, world.full) == INACTIVE
        await world.organization.admin.mutate("revokeToken", "token { id }", tokenId=world.token_id)
        assert await tell(caller, other, world.full) == INACTIVE
        await lazy.activity.flush()
        await lazy.refusals.flush()
        admin, organization_id = world.organization.admin, world.organization.id
        assert await activity(admin, organization_id, token=world.token_id) == []
        assert await events(admin, organization_id, outcome="REFUSED") == []
        assert await events(other.admin, other.id, outcome="REFUSED") == []


class TestStatements:
    async def test_many_in_a_document_are_one_and_junk_is_none(
        self, world: World, urls: Urls
    ) -> None:
        settings = settings_for(urls, database_connections=1, activity_flush_seconds=60)
        async with started(settings) as service:
            api = await service.caller(token=world.organization.admin.token)
            fields = " ".join(
                f"a{n}: introspectToken(organizationId: $o, token: $t{n % 2}) {{ active }}"
                for n in range(20)
            )
            document = f"query($o: ID!, $t0: String!, $t1: String!) {{ {fields} }}"
            given = {"o": world.organization.id, "t0": world.full, "t1": str(api.token)}
            junk = {"t0": world.full[:-1], "t1": "appu_" + "0" * 94}
            for tokens, count in ((given, 2), (given | junk, 1)):
                async with statements(service) as seen:
                    found = await api.query(document, **tokens)
                # One of them looks up who asks.
                assert len(seen) == count, seen
                assert {each["active"] for each in found.values()} == {tokens == given}
