"""The audit trail as it is read: listed for who may, verified and exported for the operator.

``app.changes`` and ``app.refusals`` write it.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

from app import paging
from app.access import AuditReader
from app.audit_chain import BEGINNING, Checker, Progress
from app.errors import MISSING_ORGANIZATION, NotFound
from app.paging import Page, PageRequest
from db import audit_pages as rows
from db import organizations
from db.audit_pages import AuditEvent, EventFilter, Head, Outcome
from db.keyset import Direction, Position
from db.pool import Database

__all__ = ["AuditEvent", "EventFilter", "Head", "Outcome"]

BATCH = 1000
_EVERYTHING = EventFilter()


async def find(database: Database, reader: AuditReader, sequence: int) -> AuditEvent | None:
    """Return an event of the reader's organization by its number."""
    if sequence > rows.LAST_SEQUENCE:
        return None
    async with database.tenant(reader.organization_id) as connection:
        return await rows.find(connection, reader.organization_id, sequence)


def page_request(direction: Direction, first: int, after: str | None) -> PageRequest[str]:
    """Check a request for a page of events. Raises InvalidInput."""
    return paging.request("sequence", direction, first, after, text_key=True)


async def list_page(
    database: Database, reader: AuditReader, keep: EventFilter, asked: PageRequest[str]
) -> Page[AuditEvent]:
    """Return a page of the organization's events, in the order of the chain or against it."""
    async with database.tenant(reader.organization_id) as connection:
        found = await rows.list_page(
            connection,
            reader.organization_id,
            keep,
            asked.direction,
            min(asked.after.id.int, rows.LAST_SEQUENCE),
            asked.first + 1,
        )
    return paging.cut(found, asked, lambda event: Position("", UUID(int=event.sequence)))


async def head(database: Database, organization_id: UUID) -> Head:
    """Return the recorded end of an organization's chain, to keep elsewhere. Raises NotFound.

    For the operator on the host.
    """
    async with database.tenant(organization_id) as connection:
        if await organizations.find(connection, organization_id) is None:
            raise NotFound(MISSING_ORGANIZATION)
        return await rows.find_head(connection, organization_id) or BEGINNING


async def events(
    database: Database, organization_id: UUID, after: int
) -> AsyncGenerator[AuditEvent]:
    """Yield all events behind a number, in order; for the operator on the host."""
    while True:
        async with database.tenant(organization_id) as connection:
            found = await rows.list_page(
                connection, organization_id, _EVERYTHING, "ASC", after, BATCH
            )
        for event in found:
            yield event
            after = event.sequence
        if len(found) < BATCH:
            return


async def list_until(
    database: Database, organization_id: UUID, after: int, last: int
) -> AsyncGenerator[AuditEvent]:
    """Yield the events behind a number up to another; for the operator on the host."""
    async with aclosing(events(database, organization_id, after)) as found:
        async for event in found:
            if event.sequence > last:
                return
            yield event


async def verify(
    database: Database,
    organization_id: UUID,
    *,
    stored: Head | None = None,
    progress: Progress = lambda _: None,
) -> Head:
    """Recompute an organization's chain and return its end. Raises Tampered and NotFound.

    ``stored``: an end of it that was kept elsewhere. What is appended meanwhile is verified, too.
    For the operator on the host.
    """
    recorded = await head(database, organization_id)
    checker = Checker(organization_id, stored=stored, recorded=recorded)
    after = 0
    while True:
        async with aclosing(events(database, organization_id, after)) as found:
            async for event in found:
                checker.feed(event)
                after = event.sequence
                if after % BATCH == 0:
                    progress(after)
        # Read behind the events: no event that was committed before it is missing from them.
        async with database.tenant(organization_id) as connection:
            latest = await rows.find_head(connection, organization_id)
        if latest is None or latest.sequence <= after or latest == recorded:
            checker.finish(latest)
            return checker.end
        recorded = checker.recorded = latest
