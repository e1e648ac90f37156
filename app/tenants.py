"""Every organization of the installation in turn, for the operator and for the service itself."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from uuid import UUID

import structlog

from db import organizations as rows
from db.keyset import FIRST_ID
from db.pool import Database, DatabaseUnavailable

log = structlog.get_logger("tenants")

BATCH = 1000


async def list_organization_ids(database: Database) -> AsyncGenerator[UUID]:
    """Yield every organization of the installation; those that come meanwhile may be left out."""
    behind = FIRST_ID
    while True:
        async with database.connection() as connection:
            found = await rows.list_ids(connection, behind, BATCH)
        for organization_id in found:
            yield organization_id
        if len(found) < BATCH:
            return
        behind = found[-1]


async def each_organization(
    database: Database, work: Callable[[Database, UUID], Awaitable[None]]
) -> None:
    """Do ``work`` for every organization.

    One that fails does not keep those behind it from their turn. Raises DatabaseUnavailable where
    two in a row do: then it is not the organization.
    """
    failed = False
    async with aclosing(list_organization_ids(database)) as found:
        async for organization_id in found:
            try:
                await work(database, organization_id)
            except DatabaseUnavailable as error:
                if failed:
                    raise
                failed = True
                log.warning(
                    "tenants.kept",
                    work=f"{work.__module__}.{work.__qualname__}",
                    organization_id=str(organization_id),
                    error=str(error),
                )
            else:
                failed = False
