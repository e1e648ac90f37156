"""What a webhook sends: an audit event as a CloudEvent, and the signature that proves it is ours.

CloudEvents 1.0 in structured JSON; headers and keys as Standard Webhooks has them
(https://www.standardwebhooks.com). Nothing here reads a clock or a database.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

import orjson

from app import audit, ids
from app.token_format import Peppers
from db.audit_pages import AuditEvent

CONTENT_TYPE = "application/cloudevents+json"
KEY_PREFIX = "whsec_"


def signing_key(
    peppers: Peppers,
    organization_id: UUID,
    endpoint_id: UUID,
    *,
    pepper_version: int,
    key_number: int,
) -> bytes | None:
    """Return an endpoint's key, None where its pepper is gone. It is made anew each time, and
    stored nowhere."""
    pepper = peppers.keys.get(pepper_version)
    if pepper is None:
        return None
    made_of = b"webhook" + organization_id.bytes + endpoint_id.bytes + key_number.to_bytes(4, "big")
    return hmac.digest(pepper, made_of, hashlib.sha256)


def shown(key: bytes) -> str:
    """Return a key as receivers configure it."""
    return KEY_PREFIX + b64encode(key).decode()


def signature(keys: Sequence[bytes], message: str, timestamp: int, content: bytes) -> str:
    """Return a signature for each key, apart by spaces: a receiver looks for one that it knows."""
    signed = f"{message}.{timestamp}.".encode() + content
    made = [b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys]
    return " ".join(f"v1,{text}" for text in made)


def headers(keys: Sequence[bytes], message: str, timestamp: int, content: bytes) -> dict[str, str]:
    """Return the headers of an attempt at ``timestamp``, in seconds since 1970."""
    return {
        "Content-Type": CONTENT_TYPE,
        "User-Agent": "application-users",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(keys, message, timestamp, content),
    }


def message_id(event: AuditEvent) -> str:
    """Return what receivers know an event again by: the same at every attempt."""
    return audit.event_id(event.organization_id, event.sequence)


def body(event: AuditEvent) -> bytes:
    """Return an event as a CloudEvent: the same bytes at every attempt and for every endpoint."""
    organization_id = event.organization_id
    target_id = audit.target_id(organization_id, event.target_kind, event.target_id)
    event_id = message_id(event)
    event_time = event.event_time.astimezone(UTC)
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": f"/organizations/{ids.organization_id(organization_id)}",
            "type": "application-users." + event.action.replace(":", "."),
            "time": event_time,
            "subject": target_id,
            "datacontenttype": "application/json",
            # As an exported line of the trail has it, but for the hashes and the changes, which are
            # JSON here and the text that was hashed there.
            "data": {
                "id": event_id,
                "organizationId": ids.organization_id(organization_id),
                "sequence": event.sequence,
                "eventTime": event_time,
                "action": event.action,
                "outcome": event.outcome,
                "actorKind": event.actor_kind,
                "actorId": audit.actor_id(organization_id, event.actor_user_id),
                "actorTokenId": audit.actor_token_id(organization_id, event.actor_token_id),
                "ip": event.ip,
                "userAgent": event.user_agent,
                "requestId": event.request_id,
                "targetKind": event.target_kind,
                "targetId": target_id,
                "principalId": audit.principal_id(
                    organization_id, event.principal_id, is_user=event.principal_is_user
                ),
                "changes": orjson.Fragment(event.changes),
                "reason": event.reason,
            },
        },
        option=orjson.OPT_UTC_Z,
    )
