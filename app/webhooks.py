"""Webhook endpoints: create, change, rotate the key of, delete, list; and what was sent to them.

``app.webhook_delivery`` sends, ``app.webhook_targets`` says where to.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias
from uuid import UUID

from uuid_utils.compat import uuid7

from app import changes, inputs, paging, webhook_messages, webhook_targets
from app.access import OrgAdmin, OrgReader
from app.application_users import KEEP, Unset
from app.audit import Action, Target
from app.errors import MISSING_ORGANIZATION, Code, NotFound
from app.inputs import Problems
from app.paging import Page, PageRequest
from app.token_format import Peppers
from app.webhook_targets import TargetRules
from db import organizations
from db import webhook_deliveries as deliveries
from db import webhooks as rows
from db.keyset import Position
from db.pool import Database
from db.webhook_deliveries import WebhookDelivery
from db.webhooks import WebhookEndpoint

__all__ = ["WebhookDelivery", "WebhookEndpoint"]

MISSING = "There is no such webhook endpoint."
MOST = 20
"""Endpoints of an organization: every event is written to each, while others wait."""
KEY_OVERLAP_SECONDS = 24 * 3600
_LAST_SEQUENCE = 2**63 - 1

WebhookOrder: TypeAlias = Literal["create_time"]
DeliveryOrder: TypeAlias = Literal["sequence"]


@dataclass(frozen=True, slots=True)
class Keyed:
    """An endpoint with its signing key, which is shown this once."""

    endpoint: WebhookEndpoint
    signing_key: str = field(repr=False)


async def create(
    database: Database,
    peppers: Peppers,
    admin: OrgAdmin,
    rules: TargetRules,
    *,
    url: str,
    description: str | None,
    actions: Sequence[str] | None,
) -> Keyed:
    """Add an endpoint. Raises InvalidInput and NotFound."""
    problems = inputs.Problems()
    url = webhook_targets.url(problems, "url", url, rules)
    description = inputs.description(problems, "description", description)
    chosen = _actions(problems, actions)
    problems.raise_any()
    async with changes.begun(database, admin, lock=True) as change:
        connection, organization_id = change.connection, admin.organization_id
        if await organizations.find(connection, organization_id) is None:
            raise NotFound(MISSING_ORGANIZATION)
        if await rows.count(connection, organization_id) >= MOST:
            raise inputs.invalid(
                "organizationId",
                Code.NOT_ALLOWED,
                f"An organization has at most {MOST} webhook endpoints. Delete one that is not"
                " needed.",
            )
        endpoint = await rows.insert(
            connection,
            organization_id=organization_id,
            endpoint_id=uuid7(),
            url=url,
            description=description,
            actions=chosen,
            pepper_version=peppers.current,
            created_by=admin.actor_id,
        )
        change.record(Action.WEBHOOK_CREATE, _target(endpoint), after=_fields(peppers, endpoint))
    return _keyed(peppers, endpoint)


async def update(
    database: Database,
    peppers: Peppers,
    admin: OrgAdmin,
    rules: TargetRules,
    endpoint_id: UUID,
    *,
    url: str | Unset | None = KEEP,
    description: str | Unset | None = KEEP,
    actions: Sequence[str] | Unset | None = KEEP,
    is_active: bool | Unset | None = KEEP,
) -> WebhookEndpoint:
    """Change where an endpoint is and what it is told of. Raises InvalidInput and NotFound."""
    problems = inputs.Problems()
    if not isinstance(url, Unset):
        url = webhook_targets.url(problems, "url", url, rules)
    if not isinstance(description, Unset):
        description = inputs.description(problems, "description", description)
    if not isinstance(actions, Unset):
        actions = _actions(problems, actions)
    if is_active is None:
        problems.add("isActive", Code.REQUIRED, "isActive cannot be null.")
    problems.raise_any()
    async with changes.begun(database, admin, lock=True) as change:
        connection, organization_id = change.connection, admin.organization_id
        before = await rows.find(connection, organization_id, endpoint_id)
        if before is None:
            raise NotFound(MISSING)
        wanted = replace(
            before,
            url=before.url if isinstance(url, Unset) else url,
            description=before.description if isinstance(description, Unset) else description,
            actions=before.actions if isinstance(actions, Unset) else actions,
            is_active=before.is_active
            if isinstance(is_active, Unset) or is_active is None
            else is_active,
        )
        if wanted == before:
            change.record_nothing()
            return before
        endpoint = await rows.update(
            connection,
            organization_id,
            endpoint_id,
            url=wanted.url,
            description=wanted.description,
            actions=wanted.actions,
            is_active=wanted.is_active,
        )
        change.record(
            Action.WEBHOOK_UPDATE,
            _target(endpoint),
            before=_fields(peppers, before),
            after=_fields(peppers, endpoint),
        )
    return endpoint


async def rotate_signing_key(
    database: Database, peppers: Peppers, admin: OrgAdmin, endpoint_id: UUID
) -> Keyed:
    """Give an endpoint another key; the one before signs beside it for a day. Raises NotFound."""
    async with changes.begun(database, admin, lock=True) as change:
        endpoint = await rows.rotate_key(
            change.connection,
            admin.organization_id,
            endpoint_id,
            pepper_version=peppers.current,
            overlap_seconds=KEY_OVERLAP_SECONDS,
        )
        if endpoint is None:
            raise NotFound(MISSING)
        change.record(
            Action.WEBHOOK_UPDATE,
            _target(endpoint),
            before={"signingKeyNumber": endpoint.key_number - 1},
            after={"signingKeyNumber": endpoint.key_number},
        )
    return _keyed(peppers, endpoint)


async def delete(database: Database, peppers: Peppers, admin: OrgAdmin, endpoint_id: UUID) -> None:
    """Remove an endpoint for good; what was still to be sent is not. Raises NotFound."""
    async with changes.begun(database, admin, lock=True) as change:
        endpoint = await rows.mark_deleted(change.connection, admin.organization_id, endpoint_id)
        if endpoint is None:
            raise NotFound(MISSING)
        change.record(Action.WEBHOOK_DELETE, _target(endpoint), before=_fields(peppers, endpoint))


async def find(database: Database, reader: OrgReader, endpoint_id: UUID) -> WebhookEndpoint | None:
    """Return an endpoint of the reader's organization."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.find(connection, reader.organization_id, endpoint_id)


def page_request(first: int, after: str | None) -> PageRequest[WebhookOrder]:
    """Check a request for a page of endpoints. Raises InvalidInput."""
    return paging.request("create_time", "DESC", first, after, text_key=False)


async def list_page(
    database: Database, reader: OrgReader, asked: PageRequest[WebhookOrder]
) -> Page[WebhookEndpoint]:
    """Return a page of the organization's endpoints."""
    async with database.tenant(reader.organization_id) as connection:
        found = await rows.list_page(
            connection, reader.organization_id, asked.after, asked.first + 1
        )
    return paging.cut(found, asked, lambda row: Position(row.create_time, row.endpoint_id))


def delivery_page_request(first: int, after: str | None) -> PageRequest[DeliveryOrder]:
    """Check a request for a page of deliveries. Raises InvalidInput."""
    return paging.request("sequence", "DESC", first, after, text_key=True)


async def list_deliveries(
    database: Database,
    reader: OrgReader,
    endpoint_ids: Sequence[UUID],
    asked: PageRequest[DeliveryOrder],
) -> dict[UUID, Page[WebhookDelivery]]:
    """Return a page of deliveries for each endpoint, all in one statement."""
    async with database.tenant(reader.organization_id) as connection:
        found = await deliveries.list_of_endpoints(
            connection,
            reader.organization_id,
            endpoint_ids,
            min(asked.after.id.int, _LAST_SEQUENCE),
            asked.first + 1,
        )
    of_endpoints: dict[UUID, list[WebhookDelivery]] = {known: [] for known in endpoint_ids}
    for row in found:
        of_endpoints[row.endpoint_id].append(row)
    return {
        endpoint_id: paging.cut(page, asked, lambda row: Position("", UUID(int=row.sequence)))
        for endpoint_id, page in of_endpoints.items()
    }


def _actions(problems: Problems, values: Sequence[str] | None) -> list[str] | None:
    """Return one action or more, sorted, None for all."""
    if values is None:
        return None
    if not values:
        problems.add(
            "actions", Code.TOO_SHORT, "actions cannot be empty; leave it out to be told of all."
        )
    for index, value in enumerate(values[: len(Action) + 1]):
        if value in values[:index]:
            where = f"actions[{index}]"
            problems.add(where, Code.DUPLICATE_VALUE, f"{where}: {value} is in the list already.")
    return sorted(set(values))


def _keyed(peppers: Peppers, endpoint: WebhookEndpoint) -> Keyed:
    key = webhook_messages.signing_key(
        peppers,
        endpoint.organization_id,
        endpoint.endpoint_id,
        pepper_version=endpoint.pepper_version,
        key_number=endpoint.key_number,
    )
    if key is None:
        raise RuntimeError("a signing key was made of a pepper that is not there")
    return Keyed(endpoint, webhook_messages.shown(key))


def _target(endpoint: WebhookEndpoint) -> Target:
    return Target("WEBHOOK_ENDPOINT", endpoint.endpoint_id)


def _fields(peppers: Peppers, endpoint: WebhookEndpoint) -> dict[str, object]:
    return {
        "url": _recorded(peppers, endpoint),
        "description": endpoint.description,
        "actions": endpoint.actions,
        "isActive": endpoint.is_active,
    }


def _recorded(peppers: Peppers, endpoint: WebhookEndpoint) -> str:
    """Return a URL as the trail has it: where it leads, and a mark that changes with the rest.

    Behind the host many receivers keep a secret, and the trail is read by others, other endpoints
    among them: without the pepper nobody can try a guess against the mark.
    """
    made_of = b"webhook url" + endpoint.organization_id.bytes + endpoint.url.encode()
    mark = hmac.digest(peppers.keys[peppers.current], made_of, hashlib.sha256).hex()[:8]
    return f"{webhook_targets.locate(endpoint.url).origin}/…{mark}"
