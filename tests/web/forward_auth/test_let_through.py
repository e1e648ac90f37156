"""Requests that pass, and what their gateway is told of who sent them."""

import pytest

from app import catalogue
from tests.api.grouping import grant, group
from tests.api.trail import events
from tests.api_client import Organization
from tests.owner import Owner
from tests.service import Service
from tests.web.forward_auth.gateway import IDENTITY, PERMISSION, Gateway, holder, resource


class TestIdentity:
    async def test_is_in_headers_of_an_empty_answer(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id, scopes=["services:read", "user:read"])
        answer = await gateway.ask(full, {"organization_id": organization.id})
        assert answer.status_code == 200
        assert answer.content == b""
        assert "content-type" not in answer.headers
        assert {name: answer.headers[name] for name in IDENTITY} == {
            "appusers-user-id": user_id,
            "appusers-organization-id": organization.id,
            "appusers-token-id": token_id,
            "appusers-scope": "services:read user:read",
        }

    async def test_of_a_token_without_scopes_has_all_there_are(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        _, full = await organization.token(await organization.user())
        answer = await gateway.ask(full, {"organization_id": organization.id})
        assert answer.headers["appusers-scope"].split() == list(catalogue.load().scopes)

    async def test_of_a_person(self, organization: Organization, gateway: Gateway) -> None:
        answer = await gateway.ask(organization.admin.token, {"organization_id": organization.id})
        assert answer.headers["appusers-user-id"] == organization.admin_id

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    async def test_is_never_stored(
        self, organization: Organization, gateway: Gateway, method: str
    ) -> None:
        question = {"organization_id": organization.id}
        answer = await gateway.ask(organization.admin.token, question, method=method)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-length"] == "0"
        assert all(name in answer.headers for name in IDENTITY)


class TestRequestId:
    async def test_of_the_gateway_is_kept(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        for method, token in (("GET", organization.admin.token), ("GET", None), ("POST", None)):
            answer = await gateway.ask(token, method=method, headers=[("X-Request-Id", "the-id.1")])
            assert answer.headers["x-request-id"] == "the-id.1"

    @pytest.mark.parametrize("given", ["", "-a", "a b", "a" * 41, "ä", "a\tb"])
    async def test_of_another_shape_is_replaced(self, gateway: Gateway, given: str) -> None:
        answer = await gateway.ask(None, headers=[("X-Request-Id", given)])
        found = answer.headers["x-request-id"]
        assert len(found) == 32
        assert int(found, 16)

    async def test_is_fresh_each_time(self, gateway: Gateway) -> None:
        found = {(await gateway.ask(None)).headers["x-request-id"] for _ in range(10)}
        assert len(found) == 10


class TestOrganization:
    async def test_any(self, organization: Organization, gateway: Gateway) -> None:
        answer = await gateway.ask(organization.admin.token, "organization_id=any")
        assert answer.headers["appusers-organization-id"] == organization.id


class TestPermission:
    async def test_on_the_organization_without_a_resource(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        full = await holder(organization)
        for resource_id in ({}, {"resource_id": organization.id}, {"resource_id": "organization"}):
            for who in (organization.id, "any"):
                question = {"organization_id": who, "permission": PERMISSION, **resource_id}
                assert await gateway.lets_through(full, question)

    async def test_on_the_resource_and_below_what_has_it(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        unit = await resource(organization, "unit", kind="ORGANIZATIONAL_UNIT")
        inside, beside = (
            await resource(organization, "inside", parentId=unit),
            await resource(organization, "beside"),
        )
        full = await holder(organization, unit)
        question = {"organization_id": organization.id, "permission": PERMISSION}
        found = {
            name: await gateway.lets_through(full, question | {"resource_id": resource_id})
            for name, resource_id in (
                ("unit", unit),
                ("inside", inside),
                ("beside", beside),
                ("organization", organization.id),
            )
        }
        assert found == {"unit": True, "inside": True, "beside": False, "organization": False}
        assert not await gateway.lets_through(full, question)

    async def test_by_a_role_and_through_a_group(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        user_id = await organization.user()
        group_id = await group(organization, user_id)
        _, full = await organization.token(user_id)
        question = {"organization_id": organization.id, "permission": PERMISSION}
        assert not await gateway.lets_through(full, question)
        await grant(organization, group_id, "read_only")
        assert await gateway.lets_through(full, question)

    async def test_named_by_the_role_itself(
        self, organization: Organization, gateway: Gateway
    ) -> None:
        token = organization.admin.token
        question = {"organization_id": organization.id, "permission": "role:organization:admin"}
        assert token is not None
        assert await gateway.lets_through(token, question)
        assert not await gateway.lets_through(await holder(organization), question)


class TestUse:
    async def test_is_recorded_with_address_and_program_of_the_client(
        self, organization: Organization, gateway: Gateway, watched: Service
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        headers = [("X-Forwarded-For", "192.0.2.7"), ("User-Agent", "terraform/1.9")]
        await gateway.ask(full, {"organization_id": organization.id}, headers=headers)
        assert await last_use(organization, watched, token_id) == ("192.0.2.7", "terraform/1.9")

    async def test_without_the_permission_is_none(
        self, organization: Organization, gateway: Gateway, watched: Service
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        question = {"organization_id": organization.id, "permission": PERMISSION}
        answer = await gateway.ask(full, question, headers=[("X-Forwarded-For", "192.0.2.7")])
        assert answer.status_code == 403
        assert await last_use(organization, watched, token_id) == (None, None)
        await watched.write_refusals()
        assert [
            (event["reason"], event["ip"])
            for event in await events(
                organization.admin, organization.id, actions=["ACCESS_REQUEST"]
            )
        ] == [(f"verify: lacks {PERMISSION}", "192.0.2.7")]

    async def test_without_the_permission_keeps_no_token_alive(
        self, organization: Organization, gateway: Gateway, watched: Service, owner: Owner
    ) -> None:
        token_id, full = await organization.token(
            await organization.user(), maxAgeSeconds=3600, extendWhenUsed=True
        )
        await owner.set_left(token_id, 30)
        question = {"organization_id": organization.id, "permission": PERMISSION}
        before = (await owner.token(token_id))["expiry_time"]
        assert (await gateway.ask(full, question)).status_code == 403
        await watched.activity.flush()
        assert (await owner.token(token_id))["expiry_time"] == before

    async def test_at_a_gateway_of_another_organization_is_none(
        self, organization: Organization, gateway: Gateway, watched: Service
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        other = "org_" + "0" * 22
        assert (await gateway.ask(full, {"organization_id": other})).status_code == 401
        assert await last_use(organization, watched, token_id) == (None, None)


async def last_use(
    organization: Organization, watched: Service, token_id: str
) -> tuple[str | None, str | None]:
    """Return address and program of the last use of a token that the application noted."""
    await watched.activity.flush()
    query = "query($id: ID!) { token(id: $id) { lastIp lastUserAgent } }"
    token = (await organization.admin.query(query, id=token_id))["token"]
    return token["lastIp"], token["lastUserAgent"]
