"""Statements and rows of the audit trail."""

from uuid import UUID

from db.pool import Connection

APPEND_SQL = """
SELECT append_audit_events($1, $2)
"""


async def append(connection: Connection, organization_id: UUID, events: str) -> None:
    """Append a JSON array of events to the chain of the transaction's tenant.

    From here to the commit, whoever else appends in the organization waits.
    """
    await connection.execute(APPEND_SQL, organization_id, events)
