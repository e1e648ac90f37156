"""Every token minted until a time, ended: for a restored database that no trail goes with.

Nobody knows which of its tokens were revoked between the backup and the restore. For the operator
on the host, and where the pepper or the operator's own credentials have leaked.
"""

from collections.abc import AsyncGenerator
from datetime import datetime
from uuid import UUID

from app import restores
from app.database import Database
from db import restores as rows
from db.keyset import FIRST_ID


async def list_minted_until(
    database: Database, organization_id: UUID, until: datetime
) -> AsyncGenerator[list[UUID]]:
    """Yield in batches the live tokens of an organization, people's too, that were made until a
    time."""
    behind = FIRST_ID
    while True:
        async with database.tenant(organization_id) as connection:
            found = await rows.list_minted_until(
                connection, organization_id, behind, until, None, restores.BATCH
            )
        if found:
            yield found
        if len(found) < restores.BATCH:
            return
        behind = found[-1]


async def revoke_minted_until(
    database: Database, organization_id: UUID, until: datetime
) -> AsyncGenerator[set[UUID]]:
    """Revoke them for good, an event of the operator's for each; yield each committed batch."""
    async for found in list_minted_until(database, organization_id, until):
        yield await restores.revoke(database, organization_id, found)
