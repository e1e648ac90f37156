"""What would stop working: what a user, or some tokens, can do at the moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app import tokens
from app.access import AppUserReader
from db import previews as rows
from db import users
from db.pool import Database
from db.previews import Group, Held, Subject
from db.tokens import Token

__all__ = ["Group", "Held", "Preview"]


@dataclass(frozen=True, slots=True)
class Preview:
    """Something that there is, about to end. Each question about it is a statement."""

    reader: AppUserReader
    subject: Subject
    ids: tuple[UUID, ...]


async def of_user(database: Database, reader: AppUserReader, user_id: UUID) -> Preview | None:
    """Return what the deletion of an application user would end; None where there is none."""
    async with database.tenant(reader.organization_id) as connection:
        found = await users.find(connection, reader.organization_id, [user_id])
    if not found or not found[0].is_application_user or found[0].state == "DELETED":
        return None
    return Preview(reader, "user_id", (user_id,))


async def of_tokens(
    database: Database, reader: AppUserReader, token_ids: Sequence[UUID]
) -> Preview | None:
    """Return what the revocation of tokens would end.

    None where there is not each of them, or the reader may not know of one.
    """
    found = await tokens.find_several(database, reader, token_ids)
    if len(found) != len(token_ids):
        return None
    return Preview(reader, "token_id", tuple(token_ids))


async def count_live(database: Database, reader: AppUserReader, preview: Preview) -> int:
    """Return how many tokens are accepted at the moment."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.count_live(
            connection, reader.organization_id, preview.subject, preview.ids
        )


async def count_live_of_users(
    database: Database, reader: AppUserReader, user_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Return how many tokens of each user are accepted at the moment, all in one statement."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.count_live_of_users(connection, reader.organization_id, user_ids)


async def list_live(
    database: Database, reader: AppUserReader, preview: Preview, first: int
) -> list[Token]:
    """Return the tokens that are accepted at the moment, the latest used first."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.list_live(
            connection, reader.organization_id, preview.subject, preview.ids, first
        )


async def list_groups(
    database: Database, reader: AppUserReader, preview: Preview, first: int
) -> list[Group]:
    """Return the groups of whose tokens those are, by name."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.list_groups(
            connection, reader.organization_id, preview.subject, preview.ids, first
        )


async def list_held(
    database: Database, reader: AppUserReader, preview: Preview, first: int
) -> list[Held]:
    """Return the permissions that end, by name: a user's, or those that live tokens carry."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.list_held(
            connection, reader.organization_id, preview.subject, preview.ids, first
        )
