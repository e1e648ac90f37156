"""The sweep: tokens that nobody used for as long as the policy says are deactivated, then revoked.

Under a policy with both rules no token is revoked that was not deactivated for the time in between.
Each worker sweeps by itself and the operator may at any time: what is swept is decided in one
conditional statement behind the organization's lock, so each token is swept once. A use that still
waits in a worker's memory does not count yet, nor does one that was too much like the last to be
written; that is minutes, and a policy counts days.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

import structlog

from app import changes
from app.audit import Action, Target
from app.changes import Change
from app.errors import MISSING_ORGANIZATION, NotFound
from app.origins import SERVICE, Author
from app.tenants import each_organization
from db import organizations
from db import sweeps as rows
from db.keyset import FIRST_ID, LAST_ID
from db.pool import Database
from db.sweeps import UnusedToken

__all__ = [
    "Sweeper",
    "UnusedToken",
    "apply",
    "list_unused",
    "require_organization",
]

log = structlog.get_logger("sweep")

BATCH = 1000
WINDOW = 10_000


async def require_organization(database: Database, organization_id: UUID) -> None:
    """Raise NotFound where there is no such organization."""
    async with database.tenant(organization_id) as connection:
        if await organizations.find(connection, organization_id) is None:
            raise NotFound(MISSING_ORGANIZATION)


async def list_unused(
    database: Database, organization_id: UUID
) -> AsyncGenerator[list[UnusedToken]]:
    """Yield in batches what a sweep of the organization would end now; changes nothing."""
    async with database.tenant(organization_id) as connection:
        if not await rows.has_work(connection, organization_id):
            return
    behind = FIRST_ID
    while behind != LAST_ID:
        async with database.tenant(organization_id) as connection:
            end = await rows.find_window_end(connection, organization_id, behind, WINDOW)
            found = await rows.list_unused(connection, organization_id, behind, end, BATCH)
        if found:
            yield found
        behind = found[-1].token_id if len(found) == BATCH else end


async def apply(
    database: Database, organization_id: UUID, author: Author
) -> AsyncGenerator[list[UnusedToken]]:
    """Sweep the organization, as the service or for the operator; yield each committed batch.

    Without anything to do nothing is locked.
    """
    async for found in list_unused(database, organization_id):
        swept = await _sweep(database, organization_id, author, [token.token_id for token in found])
        if swept:
            yield swept


async def _sweep(
    database: Database, organization_id: UUID, author: Author, token_ids: list[UUID]
) -> list[UnusedToken]:
    async with changes.unproven(database, organization_id, author) as change:
        await organizations.lock(change.connection, organization_id)
        swept = await rows.sweep(change.connection, organization_id, token_ids)
        for token in swept:
            _record(change, token)
        if not swept:
            change.record_nothing()
    return swept


def _record(change: Change, token: UnusedToken) -> None:
    target = Target("TOKEN", token.token_id, token.user_id)
    before: dict[str, object] = {"status": token.status}
    if token.is_to_revoke:
        change.record(Action.TOKEN_REVOKE, target, before=before, after={"status": "REVOKED"})
        return
    # The status of a deactivated user's token is the same before and after.
    change.record(
        Action.TOKEN_DEACTIVATE,
        target,
        before=before | {"isDeactivated": False},
        after={"status": "DEACTIVATED", "isDeactivated": True},
    )


@dataclass(frozen=True, slots=True)
class Sweeper:
    """What a worker does every hour or so."""

    database: Database

    async def run(self) -> None:
        """Sweep every organization. Raises DatabaseUnavailable where the database is away."""
        await each_organization(self.database, _sweep_unasked)


async def _sweep_unasked(database: Database, organization_id: UUID) -> None:
    deactivated = revoked = 0
    async for swept in apply(database, organization_id, SERVICE):
        ended = sum(token.is_to_revoke for token in swept)
        revoked += ended
        deactivated += len(swept) - ended
    if deactivated or revoked:
        log.info(
            "sweep.done",
            organization_id=str(organization_id),
            deactivated=deactivated,
            revoked=revoked,
        )
