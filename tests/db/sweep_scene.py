"""An organization with tokens that nobody uses, and a sweep of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app import sweeps
from app.origins import SERVICE
from db.pool import Database
from tests.db import rows

NOW = datetime.now(UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


class Tenant:
    """An organization with a policy of 30 and 90 days, and one application user."""

    def __init__(self, writer: rows.Connection) -> None:
        self.writer = writer
        self.organization = rows.organization()
        self.id = UUID(str(self.organization["organization_id"]))
        self.user = rows.user(organization_id=self.id)

    async def make(self, deactivate: int | None = 30, revoke: int | None = 90) -> None:
        await rows.insert(self.writer, "organization", self.organization)
        await rows.insert(self.writer, "organization_user", self.user)
        await rows.insert(
            self.writer,
            "organization_policy",
            rows.policy(
                organization_id=self.id,
                deactivate_unused_days=deactivate,
                revoke_unused_days=revoke,
            ),
        )

    async def token(self, days: float, **changes: object) -> UUID:
        """Write a token that is so many days old."""
        row = rows.token(
            **{
                "organization_id": self.id,
                "user_id": self.user["user_id"],
                "create_time": ago(days),
            }
            | changes
        )
        await rows.insert(self.writer, "token", row)
        return UUID(str(row["token_id"]))

    async def state(self, token_id: UUID) -> str:
        """Return what became of a token."""
        row = await self.writer.fetchrow(
            "SELECT * FROM token WHERE organization_id = $1 AND token_id = $2", self.id, token_id
        )
        assert row is not None
        assert row["revoked_by"] is None
        if row["revoke_time"] is not None:
            return "revoked"
        return "kept" if row["deactivate_time"] is None else "deactivated"

    async def changes(self) -> list[dict[str, Any]]:
        """Return what the trail says of the fields, in order."""
        found = await self.writer.fetch(
            "SELECT changes::text AS changes FROM audit_event WHERE organization_id = $1"
            " ORDER BY sequence",
            self.id,
        )
        return [json.loads(row["changes"]) for row in found]

    async def events(self) -> list[tuple[str, UUID]]:
        """Return the actions and targets of the trail, in order."""
        found = await self.writer.fetch(
            "SELECT action, target_id, actor_kind, actor_user_id, target_kind, principal_id"
            "  FROM audit_event WHERE organization_id = $1 ORDER BY sequence",
            self.id,
        )
        for row in found:
            assert (row["actor_kind"], row["actor_user_id"]) == ("SERVICE", None)
            assert (row["target_kind"], row["principal_id"]) == ("TOKEN", self.user["user_id"])
        return [(row["action"], row["target_id"]) for row in found]


async def sweep(pool: Database, tenant: Tenant) -> list[UUID]:
    swept = sweeps.apply(pool, tenant.id, SERVICE)
    return [token.token_id async for batch in swept for token in batch]
