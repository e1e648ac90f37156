"""Warns of tokens that expire soon: 30, 7 and 1 days before, once each, in the audit trail.

Webhooks tell of it like of any event. A token whose whole life is shorter than a threshold is not
warned of at that one, one that was rotated not at all. A token that a use extended is warned of
anew. Each worker looks by itself: what is due is decided and noted in one conditional statement.
"""

from dataclasses import dataclass
from uuid import UUID

import structlog

from app import changes
from app.audit import Action, Target
from app.origins import SERVICE
from app.tenants import each_organization
from db import expiry_warnings as rows
from db.pool import Database

log = structlog.get_logger("expiry_warnings")

BATCH = 200


async def warn(database: Database, organization_id: UUID) -> int:
    """Give the warnings that are due in an organization; return how many.

    Raises DatabaseUnavailable.
    """
    async with database.tenant(organization_id) as connection:
        await rows.forget(connection, organization_id)
    given = 0
    while True:
        found = await _warn_some(database, organization_id)
        given += found
        if found < BATCH:
            return given


async def _warn_some(database: Database, organization_id: UUID) -> int:
    async with changes.unproven(database, organization_id, SERVICE) as change:
        found = await rows.warn(change.connection, organization_id, BATCH)
        for token in found:
            change.record(
                Action.TOKEN_EXPIRE_SOON,
                Target("TOKEN", token.token_id, token.user_id),
                after={"days": token.days, "expiryTime": token.expiry_time},
            )
        if not found:
            change.record_nothing()
    return len(found)


@dataclass(frozen=True, slots=True)
class ExpiryWarner:
    """What a worker does every hour or so."""

    database: Database

    async def run(self) -> None:
        """Warn in every organization. Raises DatabaseUnavailable where the database is away."""
        await each_organization(self.database, _warn_unasked)


async def _warn_unasked(database: Database, organization_id: UUID) -> None:
    given = await warn(database, organization_id)
    if given:
        log.info("expiry.warned", organization_id=str(organization_id), warnings=given)
