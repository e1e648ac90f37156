"""Forgets uses of tokens after the days that an operator sets; last uses stay with their tokens."""

from dataclasses import dataclass
from uuid import UUID

from app.tenants import each_organization
from db import token_uses
from db.pool import Database

EVERY_SECONDS = 3600.0
FIRST_SECONDS = 60.0
"""A worker that lives shorter than an hour forgets, too."""
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Pruner:
    """What each worker does soon after its start and every hour."""

    database: Database
    keep_days: int

    async def run(self) -> None:
        """Forget, in every organization. Raises DatabaseUnavailable where the database is away."""
        await each_organization(self.database, self._forget)

    async def _forget(self, database: Database, organization_id: UUID) -> None:
        forgotten = BATCH
        while forgotten == BATCH:
            async with database.tenant(organization_id) as connection:
                forgotten = await token_uses.prune(
                    connection, organization_id, older_than_days=self.keep_days, at_most=BATCH
                )
