"""An installation whose webhooks may reach this host, and whose outbox a test empties itself."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import asyncpg

from app import ids, organizations
from app.database import Database
from app.token_format import Peppers
from app.webhook_connections import Sender
from app.webhook_delivery import Deliverer
from app.webhook_targets import TargetRules
from tests.api.hooks import create
from tests.api_client import Api, Organization
from tests.conftest import PEPPERS
from tests.receiver import Received, Receiver

HERE = "127.0.0.0/8"
LOCAL = TargetRules(allow_http=True, allowed_networks=(ip_network(HERE),))


@dataclass(frozen=True)
class Hook:
    """An endpoint of an organization, with its key."""

    organization: Organization
    endpoint_id: str
    key: str

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """Its organization and endpoint as the database has them."""
        found = ids.parse_member_id("webhook", self.endpoint_id)
        assert found is not None
        return found


@dataclass(frozen=True)
class Post:
    """The installation."""

    database: Database
    owner: "asyncpg.Connection[Any]"
    api: Api

    def deliverer(self, peppers: Peppers = PEPPERS, rules: TargetRules = LOCAL) -> Deliverer:
        """What a worker does."""
        return Deliverer(self.database, peppers, Sender(rules))

    async def organization(self) -> Organization:
        """Make an organization."""
        made = await organizations.bootstrap(
            self.database, PEPPERS, name="Acme", admin_email="admin@acme.example"
        )
        return Organization(
            ids.organization_id(made.organization_id),
            ids.member_id("user", made.organization_id, made.user_id),
            self.api.with_token(made.full_token),
        )

    async def hook(
        self, receiver: Receiver, organization: Organization | None = None, **fields: object
    ) -> Hook:
        """Make an endpoint, told of new application users unless it says otherwise."""
        place = organization or await self.organization()
        wanted = {"url": receiver.url, "actions": ["APPLICATION_USER_CREATE"]} | fields
        found = await create(place, **wanted)
        return Hook(place, found["webhookEndpoint"]["id"], found["signingKey"])

    async def rows(self, hook: Hook) -> list[dict[str, Any]]:
        """Return what the outbox has for an endpoint; ``pause`` is the time from here on."""
        found = await self.owner.fetch(
            """SELECT sequence, attempt_count, next_attempt_time, lease_end_time, deliver_time,
                      last_status, last_error,
                      extract(epoch FROM next_attempt_time - clock_timestamp()) AS pause
                 FROM webhook_delivery
                WHERE organization_id = $1 AND endpoint_id = $2 ORDER BY sequence""",
            *hook.ids,
        )
        return [dict(row) for row in found]

    async def row(self, hook: Hook) -> dict[str, Any]:
        """Return the only one."""
        (row,) = await self.rows(hook)
        return row

    async def hurry(self) -> None:
        """Let everything that waits for its next attempt be due, and every lease be over."""
        await self.owner.execute(
            "UPDATE webhook_delivery SET lease_end_time = NULL, next_attempt_time = now()"
            " WHERE next_attempt_time IS NOT NULL"
        )

    async def clear(self) -> None:
        """Leave nothing to send."""
        await self.owner.execute("UPDATE webhook_delivery SET next_attempt_time = NULL")


def verifies(key: str, received: Received) -> bool:
    """Do what a receiver does by the specification, in words of our own."""
    secret = base64.b64decode(key.removeprefix("whsec_"))
    head = received.headers
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.{received.body.decode()}"
    expected = base64.b64encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest()).decode()
    return any(
        version == "v1" and hmac.compare_digest(text, expected)
        for version, _, text in (s.partition(",") for s in head["webhook-signature"].split(" "))
    )
