"""What may be done with webhook endpoints in GraphQL: create, change, rotate the key of, delete."""

from collections.abc import Sequence
from typing import Annotated, Union
from uuid import UUID

import strawberry
from strawberry import ID, UNSET

from app import references, webhooks
from app.access import OrgAdmin
from app.api.audit_actions import AuditAction
from app.api.errors import InvalidInputError, NotFoundError
from app.api.nodes import ContextInfo
from app.api.webhooks import WebhookEndpoint
from app.application_users import KEEP, Unset
from app.errors import MISSING_ORGANIZATION
from app.webhooks import MISSING

_URL = (
    "An https:// address of at most 2048 characters, without user name, password and fragment. It"
    " must lead to a public address, looked up anew for each delivery; the operator of the service"
    " can allow others."
)


@strawberry.input(description="A new webhook endpoint.")
class CreateWebhookEndpointInput:
    organization_id: ID = strawberry.field(description="The organization whose events it is told.")
    url: str = strawberry.field(description=_URL)
    description: str | None = strawberry.field(
        default=None, description="What it is for, at most 1000 characters."
    )
    actions: list[AuditAction] | None = strawberry.field(
        default=None,
        description="The actions to be told of, one or more; all if left out, also those of later"
        " releases.",
    )


@strawberry.type(
    description="The webhook endpoint was created; it is told of its own creation first, where it"
    " chose that action."
)
class CreateWebhookEndpointSuccess:
    webhook_endpoint: WebhookEndpoint = strawberry.field(description="The new endpoint.")
    signing_key: str = strawberry.field(
        description="`whsec_` and the key in base64, as libraries of Standard Webhooks take it. It"
        " is shown this once: keep it where the receiver verifies signatures."
    )


@strawberry.input(description="Changes to a webhook endpoint; a field left out stays as it is.")
class UpdateWebhookEndpointInput:
    webhook_endpoint_id: ID = strawberry.field(description="The endpoint to change.")
    url: str | None = strawberry.field(
        default=UNSET, description=f"Its new address; cannot be null. {_URL}"
    )
    description: str | None = strawberry.field(
        default=UNSET, description="Its new description; null clears it."
    )
    actions: list[AuditAction] | None = strawberry.field(
        default=UNSET, description="The actions to be told of from here on; null for all."
    )
    is_active: bool | None = strawberry.field(
        default=UNSET,
        description="False stops it being told; what is still to be sent is given up. Cannot be"
        " null.",
    )


@strawberry.type(description="The webhook endpoint was changed.")
class UpdateWebhookEndpointSuccess:
    webhook_endpoint: WebhookEndpoint = strawberry.field(description="As it is now.")


@strawberry.input(description="The webhook endpoint whose signing key to rotate.")
class RotateWebhookSigningKeyInput:
    webhook_endpoint_id: ID = strawberry.field(description="The endpoint.")


@strawberry.type(description="The webhook endpoint has another signing key.")
class RotateWebhookSigningKeySuccess:
    webhook_endpoint: WebhookEndpoint = strawberry.field(description="As it is now.")
    signing_key: str = strawberry.field(
        description="The new key, shown this once. For 24 hours deliveries are signed with the key"
        " before it, too."
    )


@strawberry.input(description="The webhook endpoint to delete, for good.")
class DeleteWebhookEndpointInput:
    webhook_endpoint_id: ID = strawberry.field(description="The endpoint to delete.")


@strawberry.type(description="The webhook endpoint is gone, with what was still to be sent to it.")
class DeleteWebhookEndpointSuccess:
    webhook_endpoint_id: ID = strawberry.field(description="The id; it is never given again.")


CreateWebhookEndpointResult = Annotated[
    Union[CreateWebhookEndpointSuccess, InvalidInputError, NotFoundError],
    strawberry.union(
        "CreateWebhookEndpointResult", description="What became of `createWebhookEndpoint`."
    ),
]
UpdateWebhookEndpointResult = Annotated[
    Union[UpdateWebhookEndpointSuccess, InvalidInputError, NotFoundError],
    strawberry.union(
        "UpdateWebhookEndpointResult", description="What became of `updateWebhookEndpoint`."
    ),
]
RotateWebhookSigningKeyResult = Annotated[
    Union[RotateWebhookSigningKeySuccess, InvalidInputError, NotFoundError],
    strawberry.union(
        "RotateWebhookSigningKeyResult", description="What became of `rotateWebhookSigningKey`."
    ),
]
DeleteWebhookEndpointResult = Annotated[
    Union[DeleteWebhookEndpointSuccess, InvalidInputError, NotFoundError],
    strawberry.union(
        "DeleteWebhookEndpointResult", description="What became of `deleteWebhookEndpoint`."
    ),
]


@strawberry.type
class WebhookMutations:
    @strawberry.mutation(
        description="Creates a webhook endpoint, told of audit events as CloudEvents in JSON,"
        " signed as the Standard Webhooks specification has it. Permission:"
        " `role:organization:admin`."
    )
    async def create_webhook_endpoint(
        self,
        info: ContextInfo,
        input: Annotated[
            CreateWebhookEndpointInput, strawberry.argument(description="The endpoint.")
        ],
    ) -> CreateWebhookEndpointResult:
        admin = info.context.require(
            OrgAdmin,
            references.organization("organizationId", input.organization_id),
            MISSING_ORGANIZATION,
        )
        made = await webhooks.create(
            info.context.database,
            info.context.peppers,
            admin,
            info.context.webhook_rules,
            url=input.url,
            description=input.description,
            actions=_values(input.actions),
        )
        return CreateWebhookEndpointSuccess(
            webhook_endpoint=WebhookEndpoint.of(made.endpoint), signing_key=made.signing_key
        )

    @strawberry.mutation(
        description="Changes where a webhook endpoint is and what it is told of. Permission:"
        " `role:organization:admin`."
    )
    async def update_webhook_endpoint(
        self,
        info: ContextInfo,
        input: Annotated[
            UpdateWebhookEndpointInput, strawberry.argument(description="The changes.")
        ],
    ) -> UpdateWebhookEndpointResult:
        organization_id, endpoint_id = _reference(input.webhook_endpoint_id)
        admin = info.context.require(OrgAdmin, organization_id, MISSING)
        row = await webhooks.update(
            info.context.database,
            info.context.peppers,
            admin,
            info.context.webhook_rules,
            endpoint_id,
            url=_given(input.url),
            description=_given(input.description),
            actions=KEEP if input.actions is UNSET else _values(input.actions),
            is_active=KEEP if input.is_active is UNSET else input.is_active,
        )
        return UpdateWebhookEndpointSuccess(webhook_endpoint=WebhookEndpoint.of(row))

    @strawberry.mutation(
        description="Gives a webhook endpoint another signing key. The one before stays good for 24"
        " hours: until then each delivery carries a signature of both. A second rotation ends the"
        " key before the last at once. Permission: `role:organization:admin`."
    )
    async def rotate_webhook_signing_key(
        self,
        info: ContextInfo,
        input: Annotated[
            RotateWebhookSigningKeyInput, strawberry.argument(description="Which one.")
        ],
    ) -> RotateWebhookSigningKeyResult:
        organization_id, endpoint_id = _reference(input.webhook_endpoint_id)
        admin = info.context.require(OrgAdmin, organization_id, MISSING)
        made = await webhooks.rotate_signing_key(
            info.context.database, info.context.peppers, admin, endpoint_id
        )
        return RotateWebhookSigningKeySuccess(
            webhook_endpoint=WebhookEndpoint.of(made.endpoint), signing_key=made.signing_key
        )

    @strawberry.mutation(
        description="Deletes a webhook endpoint for good. Permission: `role:organization:admin`."
    )
    async def delete_webhook_endpoint(
        self,
        info: ContextInfo,
        input: Annotated[DeleteWebhookEndpointInput, strawberry.argument(description="Which one.")],
    ) -> DeleteWebhookEndpointResult:
        organization_id, endpoint_id = _reference(input.webhook_endpoint_id)
        admin = info.context.require(OrgAdmin, organization_id, MISSING)
        await webhooks.delete(info.context.database, info.context.peppers, admin, endpoint_id)
        return DeleteWebhookEndpointSuccess(webhook_endpoint_id=input.webhook_endpoint_id)


def _reference(public_id: str) -> tuple[UUID, UUID]:
    return references.member("webhook", "webhookEndpointId", public_id)


def _given(value: str | None) -> str | Unset | None:
    return KEEP if value is UNSET else value


def _values(actions: Sequence[AuditAction] | None) -> list[str] | None:
    return None if actions is None else [str(action.value) for action in actions]
