"""Webhook endpoints and deliveries: what is refused, and beside it what is let through."""

from uuid import UUID

from tests.db.constraints.tables import NOW, Rows, deliveries, webhooks
from tests.db.rows import A_HOOK, B_HOOK, B, delivery, webhook

# The constraint that refuses the last of the rows.
REFUSED: list[tuple[str, Rows]] = [
    ("webhook_endpoint_pkey", webhooks(webhook(endpoint_id=A_HOOK))),
    ("webhook_endpoint_organization_id_fkey", webhooks(webhook(organization_id=UUID(int=1)))),
    ("webhook_endpoint_url_check", webhooks(webhook(url=""))),
    ("webhook_endpoint_url_check", webhooks(webhook(url="u" * 2049))),
    ("webhook_endpoint_description_check", webhooks(webhook(description="d" * 1001))),
    ("webhook_endpoint_actions_check", webhooks(webhook(actions=[]))),
    ("webhook_endpoint_actions_check", webhooks(webhook(actions=["a:b:c"] * 101))),
    ("webhook_endpoint_pepper_version_check", webhooks(webhook(pepper_version=0))),
    ("webhook_endpoint_key_number_check", webhooks(webhook(key_number=0))),
    ("webhook_endpoint_rotation", webhooks(webhook(key_number=2, previous_pepper_version=1))),
    ("webhook_endpoint_rotation", webhooks(webhook(key_number=2, previous_key_end_time=NOW))),
    (
        "webhook_endpoint_rotation",
        webhooks(webhook(previous_pepper_version=1, previous_key_end_time=NOW)),
    ),
    ("webhook_endpoint_tombstone", webhooks(webhook(delete_time=NOW))),
    ("webhook_delivery_pkey", deliveries(delivery())),
    (
        "webhook_delivery_organization_id_endpoint_id_fkey",
        deliveries(delivery(endpoint_id=B_HOOK)),
    ),
    ("webhook_delivery_organization_id_sequence_fkey", deliveries(delivery(sequence=2))),
]

ALLOWED: dict[str, Rows] = {
    "the same endpoint in another organization, the longest values": webhooks(
        webhook(organization_id=B, endpoint_id=A_HOOK),
        webhook(url="u" * 2048, description="d" * 1000, actions=["a:b:c"] * 100),
    ),
    "a rotated key, a tombstone": webhooks(
        webhook(key_number=2, previous_pepper_version=1, previous_key_end_time=NOW),
        webhook(is_active=False, delete_time=NOW),
    ),
}
