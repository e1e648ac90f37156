"""Webhook endpoints in GraphQL: the thing, what was sent to it, one and all of an organization."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated

import strawberry
from strawberry import ID

from app import audit, ids, references, webhooks
from app.access import OrgAdmin, OrgMember, OrgReader
from app.api.audit_actions import AuditAction, action_of
from app.api.connections import After, Connection, First, at_most, connection_of
from app.api.nodes import ContextInfo, Node
from app.api.scalars import Time
from app.api.users import User, load_user, time_or_none
from app.paging import DEFAULT_FIRST
from app.webhooks import WebhookDelivery as DeliveryRow
from app.webhooks import WebhookEndpoint as EndpointRow


@strawberry.enum(description="What became of an event on its way to a webhook endpoint.")
class WebhookDeliveryState(Enum):
    PENDING = strawberry.enum_value(
        "PENDING", description="It was not delivered yet; another attempt will be made."
    )
    DELIVERED = strawberry.enum_value("DELIVERED", description="The endpoint took it.")
    FAILED = strawberry.enum_value(
        "FAILED",
        description="It was given up, after every attempt failed or because the endpoint was not"
        " active.",
    )


@strawberry.type(description="An audit event on its way to a webhook endpoint.")
class WebhookDelivery:
    event_id: ID = strawberry.field(
        description="The audit event (`event_…`): the `id` and the `webhook-id` of what is sent."
    )
    action: AuditAction | None = strawberry.field(
        description="What the event says was done; null for an action of a later release, as while"
        " one is rolled out: `actionName` has its name."
    )
    action_name: str = strawberry.field(
        description="The action in three parts, as the event's `actionName` has it."
    )
    event_time: Time = strawberry.field(description="When that was.")
    state: WebhookDeliveryState = strawberry.field(description="What became of it.")
    attempt_count: int = strawberry.field(
        description="How many attempts were made, one that is under way included."
    )
    next_attempt_time: Time | None = strawberry.field(
        description="When the next attempt is due; null once there is none."
    )
    deliver_time: Time | None = strawberry.field(
        description="When the endpoint took it; null if it did not."
    )
    last_status: int | None = strawberry.field(
        description="The HTTP status that the last attempt was answered with; null without one."
    )
    last_error: str | None = strawberry.field(
        description="Why the last attempt failed, in words of this service; null if it did not."
        " Nothing of what an endpoint answers is kept."
    )

    @classmethod
    def of(cls, row: DeliveryRow) -> "WebhookDelivery":
        """Make the shape of a row."""
        return cls(
            event_id=ID(audit.event_id(row.organization_id, row.sequence)),
            action=action_of(row.action),
            action_name=row.action,
            event_time=Time(row.event_time),
            state=_state(row),
            attempt_count=row.attempt_count,
            next_attempt_time=time_or_none(row.next_attempt_time),
            deliver_time=time_or_none(row.deliver_time),
            last_status=row.last_status,
            last_error=row.last_error,
        )


def _state(row: DeliveryRow) -> WebhookDeliveryState:
    if row.deliver_time is not None:
        return WebhookDeliveryState.DELIVERED
    if row.next_attempt_time is not None:
        return WebhookDeliveryState.PENDING
    return WebhookDeliveryState.FAILED


@strawberry.type(
    description="An address that is told of an organization's audit events, by a signed POST of a"
    " CloudEvent for each. An event may arrive more than once and out of order."
)
class WebhookEndpoint(Node):
    row: strawberry.Private[EndpointRow]
    url: str = strawberry.field(description="Where the events are sent.")
    description: str | None = strawberry.field(description="What it is for.")
    actions: list[AuditAction] | None = strawberry.field(
        description="The actions that it is told of; null for all, also those of later releases."
        " One that was chosen in a later release is left out, as while one is rolled out."
    )
    is_active: bool = strawberry.field(description="It is told of events.")
    create_time: Time = strawberry.field(description="When it was created.")
    previous_key_end_time: Time | None = strawberry.field(
        description="Until when deliveries are signed with the key before the last rotation, too;"
        " null if the key was never rotated."
    )

    @strawberry.field(description="The organization that it belongs to.")
    def organization_id(self) -> ID:
        return ID(ids.organization_id(self.row.organization_id))

    @strawberry.field(
        description="Who created it; null for the operator of the service. Permission:"
        " `role:organization:admin`."
    )
    async def created_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(OrgMember, self.row.organization_id)
        return await load_user(info, reader, self.row.created_by)

    @strawberry.field(
        description="What was sent to it and what is still to be sent, the latest event first."
        " Permission: `role:organization:admin`."
    )
    async def deliveries(
        self, info: ContextInfo, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[WebhookDelivery]:
        reader = info.context.require(OrgReader, self.row.organization_id)
        asked = webhooks.delivery_page_request(at_most(first), after)
        wanted = ((reader, asked), self.row.endpoint_id)
        page = await info.context.loaders.deliveries_of_endpoints.load(wanted)
        return connection_of(page, WebhookDelivery.of)

    @strawberry.field(description="The caller may change it, rotate its signing key and delete it.")
    def viewer_can_update(self, info: ContextInfo) -> bool:
        return info.context.may(OrgAdmin, self.row.organization_id)

    @classmethod
    def of(cls, row: EndpointRow) -> "WebhookEndpoint":
        """Make the shape of a row."""
        return cls(
            row=row,
            id=ID(ids.member_id("webhook", row.organization_id, row.endpoint_id)),
            url=row.url,
            description=row.description,
            actions=_actions(row.actions),
            is_active=row.is_active,
            create_time=Time(row.create_time),
            previous_key_end_time=time_or_none(row.previous_key_end_time),
        )


def _actions(names: Sequence[str] | None) -> list[AuditAction] | None:
    if names is None:
        return None
    return [action for action in map(action_of, names) if action is not None]


@strawberry.type
class WebhookQueries:
    @strawberry.field(
        description="A webhook endpoint; null where there is none and where the caller does not"
        " belong to its organization. Permission: `role:organization:admin`."
    )
    async def webhook_endpoint(
        self,
        info: ContextInfo,
        id: Annotated[ID, strawberry.argument(description="Its id (`webhook_…`).")],
    ) -> WebhookEndpoint | None:
        return await find_webhook_endpoint(info, id)

    @strawberry.field(
        description="The webhook endpoints of an organization, the newest first. Permission:"
        " `role:organization:admin`."
    )
    async def webhook_endpoints(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[WebhookEndpoint]:
        reader = info.context.require(
            OrgReader, references.organization("organizationId", organization_id)
        )
        asked = webhooks.page_request(at_most(first), after)
        page = await webhooks.list_page(info.context.database, reader, asked)
        return connection_of(page, WebhookEndpoint.of)


async def find_webhook_endpoint(info: ContextInfo, public_id: str) -> WebhookEndpoint | None:
    """Return an endpoint by its public id, None where it is missing or foreign."""
    organization_id, endpoint_id = references.member("webhook", "id", public_id)
    reader = info.context.require_or_none(OrgReader, organization_id)
    row = await webhooks.find(info.context.database, reader, endpoint_id) if reader else None
    return WebhookEndpoint.of(row) if row else None
