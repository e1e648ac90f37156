"""Requests for a higher limit of application users.

``app.organizations.set_limit`` answers them: the operator does, on the host.
"""

from collections.abc import Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from app import changes, inputs, paging
from app.access import AppUserReader, AppUserWriter
from app.audit import Action, Target
from app.errors import MISSING_ORGANIZATION, Code, LimitRequestPending, NotFound
from app.paging import Page, PageRequest
from db import limit_requests as rows
from db import organizations
from db.keyset import Position
from db.limit_requests import LimitRequest, LimitRequestState
from db.pool import Database

__all__ = ["MAX_LIMIT", "LimitRequest", "LimitRequestState"]

MAX_LIMIT = 1_000_000


async def request(
    database: Database, writer: AppUserWriter, *, application_user_limit: int, reason: str | None
) -> LimitRequest:
    """Ask for a higher limit. Raises InvalidInput, LimitRequestPending and NotFound."""
    problems = inputs.Problems()
    if not 1 <= application_user_limit <= MAX_LIMIT:
        problems.add(
            "applicationUserLimit",
            Code.OUT_OF_RANGE,
            f"applicationUserLimit is from 1 to {MAX_LIMIT}.",
        )
    reason = inputs.description(problems, "reason", reason)
    problems.raise_any()
    async with changes.begun(database, writer, lock=True) as change:
        connection, organization_id = change.connection, writer.organization_id
        organization = await organizations.find(connection, organization_id)
        if organization is None:
            raise NotFound(MISSING_ORGANIZATION)
        if application_user_limit <= organization.application_user_limit:
            raise inputs.invalid(
                "applicationUserLimit",
                Code.OUT_OF_RANGE,
                "applicationUserLimit has to be higher than the present limit of"
                f" {organization.application_user_limit}.",
            )
        made = await rows.insert(
            connection,
            organization_id=organization_id,
            request_id=uuid7(),
            application_user_limit=application_user_limit,
            reason=reason,
            created_by=writer.actor_id,
        )
        if made is None:
            pending = await rows.find_pending(connection, organization_id)
            if pending is None:
                raise RuntimeError("a request was in the way and is not found")
            raise LimitRequestPending(
                organization_id,
                pending.request_id,
                pending.application_user_limit,
                pending.create_time,
            )
        change.record(
            Action.LIMIT_REQUEST,
            Target("LIMIT_REQUEST", made.request_id),
            before={"applicationUserLimit": organization.application_user_limit},
            after={
                "applicationUserLimit": made.application_user_limit,
                "reason": made.reason,
                "state": made.state,
            },
        )
    return made


async def find(database: Database, reader: AppUserReader, request_id: UUID) -> LimitRequest | None:
    """Return a request of the reader's organization."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.find(connection, reader.organization_id, request_id)


def page_request(first: int, after: str | None) -> PageRequest[str]:
    """Check a request for a page. Raises InvalidInput."""
    return paging.request("create_time", "DESC", first, after, text_key=False)


async def list_page(
    database: Database, reader: AppUserReader, asked: PageRequest[str]
) -> Page[LimitRequest]:
    """Return a page of the organization's requests, the newest first."""
    async with database.tenant(reader.organization_id) as connection:
        found: Sequence[LimitRequest] = await rows.list_page(
            connection, reader.organization_id, asked.after, asked.first + 1
        )
    return paging.cut(found, asked, lambda row: Position(row.create_time, row.request_id))
