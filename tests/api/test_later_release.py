"""What a worker of a later release wrote is read by this one, as while the later is rolled out."""

from typing import Any

import orjson
import pytest

from app.api.audit_actions import AuditAction, action_of
from app.audit import Action
from tests.api import hooks
from tests.api.trail import EVENTS, events
from tests.api_client import Organization
from tests.owner import Owner, organization_key

LATER = "organization:invention:make"
DELIVERIES = """query($id: ID!) { webhookEndpoint(id: $id) { actions deliveries { nodes {
    action actionName state } } } }"""


async def append(owner: Owner, organization: Organization, **fields: object) -> None:
    """Append an event as the owner, as a later release would."""
    key = organization_key(organization.id)
    event = {
        "action": LATER,
        "outcome": "SUCCEEDED",
        "actor_kind": "OPERATOR",
        "target_kind": "ORGANIZATION",
        "target_id": str(key),
        "changes": {},
    }
    async with owner.connection.transaction():
        await owner.connection.execute(
            "SELECT set_config('app.organization_id', $1, true)", str(key)
        )
        await owner.connection.execute(
            "SELECT append_audit_events($1, $2)", key, orjson.dumps([event | fields]).decode()
        )


def test_every_action_of_this_release_is_known() -> None:
    assert [action_of(action.value) for action in Action] == [AuditAction[a.name] for a in Action]
    assert action_of(LATER) is None


class TestTrail:
    async def test_an_action_has_its_name_alone(
        self, organization: Organization, owner: Owner
    ) -> None:
        await append(owner, organization)
        later, first = await events(organization.admin, organization.id)
        assert (later["action"], later["actionName"]) == (None, LATER)
        assert (later["targetKind"], later["targetId"]) == ("ORGANIZATION", organization.id)
        assert first["action"] == "ORGANIZATION_CREATE"
        found = await organization.admin.query(
            "query($id: ID!) { node(id: $id) { ... on AuditEvent { action actionName } } }",
            id=later["id"],
        )
        assert found["node"] == {"action": None, "actionName": LATER}

    async def test_a_kind_of_thing_has_its_id_alone(
        self, organization: Organization, owner: Owner
    ) -> None:
        key = str(organization_key(organization.id))
        await append(owner, organization, target_kind="INVENTION")
        later = (await events(organization.admin, organization.id))[0]
        assert (later["targetKind"], later["targetId"]) == (None, key)

    async def test_filters_keep_what_they_know(
        self, organization: Organization, owner: Owner
    ) -> None:
        await append(owner, organization)
        keep: dict[str, Any] = {"actions": ["ORGANIZATION_CREATE"]}
        (event,) = await events(organization.admin, organization.id, **keep)
        assert event["sequence"] == 1
        assert (await organization.admin.run(EVENTS, {"o": organization.id})).codes == []


class TestWebhooks:
    async def test_deliveries(self, organization: Organization, owner: Owner) -> None:
        endpoint_id = await hooks.made(organization)
        await append(owner, organization)
        found = await organization.admin.query(DELIVERIES, id=endpoint_id)
        latest = found["webhookEndpoint"]["deliveries"]["nodes"][0]
        assert latest == {"action": None, "actionName": LATER, "state": "PENDING"}
        await organization.user("ci")
        found = await organization.admin.query(DELIVERIES, id=endpoint_id)
        latest = found["webhookEndpoint"]["deliveries"]["nodes"][0]
        assert latest["action"] == "APPLICATION_USER_CREATE"
        assert latest["actionName"] == "organization:application_user:create"

    @pytest.mark.parametrize(
        ("chosen", "shown"), [([LATER, Action.GROUP_DELETE.value], ["GROUP_DELETE"]), ([LATER], [])]
    )
    async def test_chosen_actions(
        self, organization: Organization, owner: Owner, chosen: list[str], shown: list[str]
    ) -> None:
        endpoint_id = await hooks.made(organization, actions=["GROUP_DELETE"])
        await owner.connection.execute(
            "UPDATE webhook_endpoint SET actions = $2 WHERE organization_id = $1",
            organization_key(organization.id),
            chosen,
        )
        found = await organization.admin.query(DELIVERIES, id=endpoint_id)
        assert found["webhookEndpoint"]["actions"] == shown
