"""Forgets what webhooks were sent once it is 30 days old; the events themselves stay for ever."""

from dataclasses import dataclass
from uuid import UUID

from app.tenants import each_organization
from db import webhook_deliveries
from db.pool import Database

KEEP_DAYS = 30
EVERY_SECONDS = 3600.0
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Pruner:
    """What a worker that delivers does every hour."""

    database: Database

    async def run(self) -> None:
        """Forget, in every organization. Raises DatabaseUnavailable where the database is away."""
        await each_organization(self.database, _forget)


async def _forget(database: Database, organization_id: UUID) -> None:
    forgotten = BATCH
    while forgotten == BATCH:
        async with database.tenant(organization_id) as connection:
            forgotten = await webhook_deliveries.prune(
                connection, organization_id, older_than_days=KEEP_DAYS, at_most=BATCH
            )
