"""The history of uses as it is read: its pages, and what an allowlist would have cut off.

``app.activity`` remembers uses and writes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app import inputs, paging, tokens
from app.access import AppUserReader
from app.bounds import Network
from app.paging import Page, PageRequest
from db import token_uses as rows
from db.keyset import Position
from db.pool import Database
from db.token_uses import RecordedUse, UseCounts, UseFilter

__all__ = ["RecordedUse", "UseFilter"]

MOST_PREVIEWED = 10_000
"""Rows of the history that a list is held against, the latest; fewer than a second takes."""


def page_request(first: int, after: str | None) -> PageRequest[str]:
    """Check a request for a page of uses. Raises InvalidInput.

    Their order goes by the first use of a row: a row that is used while somebody pages stays in
    its place, and so is not passed over.
    """
    return paging.request("first_use_time", "DESC", first, after, text_key=False)


def seen_by(reader: AppUserReader, user_id: UUID | None) -> tuple[bool, UUID | None]:
    """Return whether the reader may know of people's uses, and whose token's in any case.

    Where they are to be a user's, it is an application user; anybody else is answered with none.
    """
    if user_id is not None:
        return False, None
    return reader.is_admin, reader.token.token_id if reader.token else None


async def list_page(
    database: Database,
    reader: AppUserReader,
    keep: UseFilter,
    asked: PageRequest[str],
) -> Page[RecordedUse]:
    """Return a page of the uses that the reader may know of."""
    with_people, own_token_id = seen_by(reader, keep.user_id)
    async with database.tenant(reader.organization_id) as connection:
        found = await rows.list_page(
            connection,
            reader.organization_id,
            keep,
            asked.after,
            asked.first + 1,
            with_people=with_people,
            own_token_id=own_token_id,
        )
    return paging.cut(found, asked, lambda use: Position(use.first_use_time, use.use_id))


@dataclass(frozen=True, slots=True)
class AllowlistPreview:
    """A token, and networks that it might be bound to."""

    reader: AppUserReader
    token_id: UUID
    networks: tuple[Network, ...]
    counts: UseCounts

    @property
    def is_complete(self) -> bool:
        """Whether all of the history was looked at."""
        return self.counts.row_count < MOST_PREVIEWED


async def preview_allowlist(
    database: Database, reader: AppUserReader, token_id: UUID, ip_allowlist: Sequence[str]
) -> AllowlistPreview | None:
    """Return what an allowlist would have cut off; None where the reader may not know of a token.

    Raises InvalidInput.
    """
    problems = inputs.Problems()
    networks = tuple(inputs.ip_allowlist(problems, "ipAllowlist", ip_allowlist) or ())
    problems.raise_any()
    if await tokens.find(database, reader, token_id) is None:
        return None
    async with database.tenant(reader.organization_id) as connection:
        counts = await rows.count(
            connection, reader.organization_id, token_id, networks, MOST_PREVIEWED
        )
    return AllowlistPreview(reader, token_id, networks, counts)


async def list_cut_off(
    database: Database,
    reader: AppUserReader,
    preview: AllowlistPreview,
    asked: PageRequest[str],
) -> Page[RecordedUse]:
    """Return a page of the uses that the allowlist would have cut off."""
    keep = UseFilter(
        token_id=preview.token_id, since=preview.counts.since, outside=preview.networks
    )
    return await list_page(database, reader, keep, asked)
