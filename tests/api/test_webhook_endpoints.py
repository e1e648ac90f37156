"""createWebhookEndpoint, updateWebhookEndpoint, rotateWebhookSigningKey, deleteWebhookEndpoint."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app import ids
from app.api.audit_actions import AuditAction
from app.audit import Action
from tests.api.hooks import URL, create, delete, find, listed, made, update
from tests.api_client import Api, Organization
from tests.conftest import PEPPER
from tests.owner import Owner, organization_key

MOST = 20


async def events(owner: Owner, organization: Organization) -> list[tuple[str, str]]:
    """Return action and changes of what the trail says of webhooks."""
    rows = await owner.connection.fetch(
        """SELECT action, changes::text FROM audit_event
            WHERE organization_id = $1 AND target_kind = 'WEBHOOK_ENDPOINT' ORDER BY sequence""",
        organization_key(organization.id),
    )
    return [(row[0], row[1]) for row in rows]


def codes(found: dict[str, Any]) -> list[tuple[str, str]]:
    assert found["__typename"] == "InvalidInputError", found
    return [(f["path"], f["code"]) for f in found["fields"]]


class TestCreated:
    async def test_every_field(self, organization: Organization) -> None:
        found = await create(
            organization,
            description=" To the chat. ",
            actions=["TOKEN_REVOKE", "TOKEN_EXPIRE_SOON"],
        )
        endpoint = found["webhookEndpoint"]
        assert endpoint["id"].startswith("webhook_")
        assert endpoint | {"id": "", "createTime": ""} == {
            "id": "",
            "url": URL,
            "description": "To the chat.",
            "actions": ["TOKEN_EXPIRE_SOON", "TOKEN_REVOKE"],
            "isActive": True,
            "createTime": "",
            "previousKeyEndTime": None,
            "viewerCanUpdate": True,
        }
        stored = await find(organization, endpoint["id"])
        assert stored == endpoint | {
            "createdBy": {"id": organization.admin_id},
            "deliveries": {"nodes": []},
        }

    async def test_all_actions_are_null(self, organization: Organization) -> None:
        found = await find(organization, await made(organization))
        assert found is not None
        assert found["actions"] is None

    async def test_the_key_has_the_form_of_the_specification(
        self, organization: Organization
    ) -> None:
        one, other = await create(organization), await create(organization)
        for found in (one, other):
            prefix, _, key = str(found["signingKey"]).partition("_")
            assert prefix == "whsec"
            assert 24 <= len(base64.b64decode(key, validate=True)) <= 64
        assert one["signingKey"] != other["signingKey"]

    async def test_the_key_is_stored_nowhere(
        self, organization: Organization, owner: Owner
    ) -> None:
        found = await create(organization)
        key = str(found["signingKey"]).partition("_")[2]
        raw = base64.b64decode(key)
        tables = await owner.connection.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r'"
        )
        for row in tables:
            for mark in (key, raw.hex(), PEPPER):
                assert not await owner.connection.fetchval(
                    f'SELECT bool_or(position($1 IN to_jsonb(t)::text) > 0) FROM "{row[0]}" t',
                    mark,
                ), row[0]

    async def test_every_action_can_be_chosen(self, organization: Organization) -> None:
        assert [(a.name, a.value) for a in AuditAction] == [(a.name, a.value) for a in Action]
        found = await create(organization, actions=[action.name for action in Action])
        assert found["__typename"] == "CreateWebhookEndpointSuccess"


class TestInvalid:
    async def test_everything_at_once(self, organization: Organization, owner: Owner) -> None:
        before = await owner.snapshot(organization.id)
        found = await create(
            organization, url="http://127.0.0.1/", description="x" * 1001, actions=[]
        )
        assert codes(found) == [
            ("url", "NOT_ALLOWED"),
            ("description", "TOO_LONG"),
            ("actions", "TOO_SHORT"),
        ]
        assert await owner.snapshot(organization.id) == before
        assert await events(owner, organization) == []

    @pytest.mark.parametrize(
        "url",
        [
            "http://hooks.example/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
            "https://2130706433/",
            "https://me:secret@hooks.example/",
        ],
    )
    async def test_targets(self, organization: Organization, url: str) -> None:
        assert codes(await create(organization, url=url)) == [("url", "NOT_ALLOWED")]
        endpoint_id = await made(organization)
        assert codes(await update(organization, endpoint_id, url=url)) == [("url", "NOT_ALLOWED")]

    async def test_an_action_twice(self, organization: Organization) -> None:
        found = await create(organization, actions=["TOKEN_REVOKE", "TOKEN_REVOKE"])
        assert codes(found) == [("actions[1]", "DUPLICATE_VALUE")]

    async def test_too_many_endpoints(self, organization: Organization) -> None:
        last = [await made(organization) for _ in range(MOST)][-1]
        assert codes(await create(organization)) == [("organizationId", "NOT_ALLOWED")]
        await delete(organization, last)
        await made(organization)

    @pytest.mark.parametrize("field", ["url", "isActive"])
    async def test_null_where_there_must_be_a_value(
        self, organization: Organization, field: str
    ) -> None:
        found = await update(organization, await made(organization), **{field: None})
        assert codes(found) == [(field, "REQUIRED")]


class TestUpdated:
    async def test_what_is_given_and_nothing_else(
        self, organization: Organization, owner: Owner
    ) -> None:
        endpoint_id = await made(organization, description="one", actions=["TOKEN_REVOKE"])
        await update(organization, endpoint_id, url="https://hooks.example/other")
        await update(organization, endpoint_id, isActive=False)
        await update(organization, endpoint_id, description=None, actions=None)
        found = await find(organization, endpoint_id)
        assert found is not None
        assert (found["url"], found["description"], found["actions"], found["isActive"]) == (
            "https://hooks.example/other",
            None,
            None,
            False,
        )
        actions = [action for action, _ in await events(owner, organization)]
        assert actions == ["organization:webhook:create"] + ["organization:webhook:update"] * 3

    async def test_nothing_changed_nothing_recorded(
        self, organization: Organization, owner: Owner
    ) -> None:
        endpoint_id = await made(organization)
        found = await update(organization, endpoint_id, url=URL, isActive=True)
        assert found["__typename"] == "UpdateWebhookEndpointSuccess"
        assert len(await events(owner, organization)) == 1


class TestRotated:
    async def test_another_key_and_how_long_the_old_one_is_good(
        self, organization: Organization
    ) -> None:
        created = await create(organization)
        endpoint = created["webhookEndpoint"]
        found = await organization.admin.mutate(
            "rotateWebhookSigningKey",
            "signingKey webhookEndpoint { id previousKeyEndTime }",
            webhookEndpointId=endpoint["id"],
        )
        assert found["webhookEndpoint"]["id"] == endpoint["id"]
        assert found["webhookEndpoint"]["previousKeyEndTime"] is not None
        assert found["signingKey"].startswith("whsec_")
        assert found["signingKey"] != created["signingKey"]

    async def test_the_trail_says_so(self, organization: Organization, owner: Owner) -> None:
        endpoint_id = await made(organization)
        await organization.admin.mutate(
            "rotateWebhookSigningKey", "signingKey", webhookEndpointId=endpoint_id
        )
        assert (await events(owner, organization))[-1] == (
            "organization:webhook:update",
            '{"signingKeyNumber":{"after":2,"before":1}}',
        )


async def every_act(caller: Api, endpoint_id: str) -> list[dict[str, Any]]:
    acts = {"updateWebhookEndpoint": {"description": "x"}, "rotateWebhookSigningKey": {}}
    return [
        await caller.mutate(act, "__typename", webhookEndpointId=endpoint_id, **fields)
        for act, fields in (acts | {"deleteWebhookEndpoint": {}}).items()
    ]


class TestDeleted:
    async def test_it_is_gone(self, organization: Organization, owner: Owner) -> None:
        endpoint_id = await made(organization)
        assert (await delete(organization, endpoint_id))["webhookEndpointId"] == endpoint_id
        assert await find(organization, endpoint_id) is None
        assert await listed(organization) == []
        for found in await every_act(organization.admin, endpoint_id):
            assert found["__typename"] == "NotFoundError"
        assert (await events(owner, organization))[-1][0] == "organization:webhook:delete"


class TestNotFound:
    async def test_another_organization_s(
        self,
        organization: Organization,
        new_organization: Callable[[], Awaitable[Organization]],
    ) -> None:
        theirs = await made(await new_organization())
        known = ids.parse_member_id("webhook", theirs)
        assert known is not None
        missing = ids.member_id("webhook", organization_key(organization.id), known[1])
        assert await find(organization, theirs) is None
        assert await find(organization, missing) is None
        assert await every_act(organization.admin, theirs) == await every_act(
            organization.admin, missing
        )
        for found in await every_act(organization.admin, theirs):
            assert found["__typename"] == "NotFoundError"

    async def test_another_organization_to_create_in(
        self,
        organization: Organization,
        new_organization: Callable[[], Awaitable[Organization]],
    ) -> None:
        found = await create(organization, organizationId=(await new_organization()).id)
        assert found["__typename"] == "NotFoundError"


class TestForbidden:
    @pytest.mark.parametrize(
        "permission", ["organization:app_users:write", "organization:event_logs:read"]
    )
    async def test_who_is_no_administrator(
        self, organization: Organization, owner: Owner, permission: str
    ) -> None:
        endpoint_id = await made(organization)
        user_id = await organization.user()
        _, full = await organization.token(user_id)
        await owner.grant(user_id, permission)
        caller = organization.admin.with_token(full)
        document = "mutation($i: DeleteWebhookEndpointInput!) { deleteWebhookEndpoint(input: $i) {"
        answer = await caller.run(
            document + " __typename } }", {"i": {"webhookEndpointId": endpoint_id}}
        )
        assert answer.codes == ["FORBIDDEN"]
        answer = await caller.run(
            "query($o: ID!) { webhookEndpoints(organizationId: $o) { nodes { url } } }",
            {"o": organization.id},
        )
        assert answer.codes == ["FORBIDDEN"]

    async def test_a_token_that_may_only_read(
        self, organization: Organization, owner: Owner
    ) -> None:
        endpoint_id = await made(organization)
        user_id = await organization.user()
        await owner.grant(user_id)
        _, full = await organization.token(user_id, scopes=["user:read"])
        reader = Organization(organization.id, "", organization.admin.with_token(full))
        found = await find(reader, endpoint_id)
        assert found is not None
        assert found["viewerCanUpdate"] is False
        document = "mutation($i: DeleteWebhookEndpointInput!) { deleteWebhookEndpoint(input: $i) {"
        answer = await reader.admin.run(
            document + " __typename } }", {"i": {"webhookEndpointId": endpoint_id}}
        )
        assert answer.codes == ["FORBIDDEN"]
