"""Several rows with the table that they are for, in the words of the tables beside this."""

from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from tests.db.rows import Connection, Row, insert

Rows: TypeAlias = tuple[str, tuple[Row, ...]]
NOW = datetime.now(UTC)
NOWHERE = UUID(int=0xFF)
"""An organization that is not there."""


def organizations(*written: Row) -> Rows:
    return "organization", written


def chain_ends(*written: Row) -> Rows:
    return "audit_chain", written


def events(*written: Row) -> Rows:
    return "audit_event", written


def users(*written: Row) -> Rows:
    return "organization_user", written


def groups(*written: Row) -> Rows:
    return "user_group", written


def memberships(*written: Row) -> Rows:
    return "group_member", written


def tokens(*written: Row) -> Rows:
    return "token", written


def token_uses(*written: Row) -> Rows:
    return "token_use", written


def grants(*written: Row) -> Rows:
    return "permission_grant", written


def resources(*written: Row) -> Rows:
    return "resource", written


def limit_requests(*written: Row) -> Rows:
    return "limit_request", written


def webhooks(*written: Row) -> Rows:
    return "webhook_endpoint", written


def deliveries(*written: Row) -> Rows:
    return "webhook_delivery", written


def policies(*written: Row) -> Rows:
    return "organization_policy", written


async def write(owner: Connection, written: Rows) -> None:
    """Write rows one after the other."""
    table, several = written
    for row in several:
        await insert(owner, table, row)
