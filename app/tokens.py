"""Tokens: describe, revoke, find, list. ``app.minting`` makes them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app import actors, inputs, paging
from app.access import OrgAdmin, OrgReader, TokenRevoker
from app.application_users import KEEP, Unset
from app.errors import NotFound
from app.paging import Page, PageRequest
from db import token_pages
from db import tokens as rows
from db.keyset import Direction, Position
from db.pool import Connection, Database
from db.token_pages import TokenFilter, TokenOrder
from db.tokens import Token, TokenStatus

__all__ = ["Token", "TokenFilter", "TokenOrder", "TokenStatus"]

MISSING = "There is no such token."


async def update(
    database: Database,
    admin: OrgAdmin,
    token_id: UUID,
    *,
    description: str | Unset | None = KEEP,
) -> Token:
    """Describe a token anew: the only thing about it that may change. Raises InvalidInput and
    NotFound."""
    problems = inputs.Problems()
    if not isinstance(description, Unset):
        description = inputs.description(problems, "description", description)
    problems.raise_any()
    async with database.tenant(admin.organization_id) as connection:
        await actors.insist(connection, admin)
        if not isinstance(description, Unset):
            await rows.update_description(connection, admin.organization_id, token_id, description)
        return await _found(connection, admin.organization_id, token_id)


async def revoke(database: Database, revoker: TokenRevoker) -> Token:
    """End a token for good; a second revocation changes nothing. Raises NotFound."""
    async with database.tenant(revoker.organization_id) as connection:
        await rows.mark_revoked(
            connection, revoker.organization_id, revoker.token_id, revoker.actor_id
        )
        return await _found(connection, revoker.organization_id, revoker.token_id)


async def _found(connection: Connection, organization_id: UUID, token_id: UUID) -> Token:
    token = await rows.find(connection, organization_id, token_id)
    if token is None:
        raise NotFound(MISSING)
    return token


async def find(database: Database, reader: OrgReader, token_id: UUID) -> Token | None:
    """Return a token of the reader's organization."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.find(connection, reader.organization_id, token_id)


def page_request(
    order: TokenOrder, direction: Direction, first: int, after: str | None
) -> PageRequest[TokenOrder]:
    """Check a request for a page of tokens. Raises InvalidInput."""
    return paging.request(order, direction, first, after, text_key=False)


async def list_page(
    database: Database, reader: OrgReader, keep: TokenFilter, asked: PageRequest[TokenOrder]
) -> Page[Token]:
    """Return a page of the organization's tokens, people's included."""
    async with database.tenant(reader.organization_id) as connection:
        found = await token_pages.list_page(
            connection,
            reader.organization_id,
            keep,
            asked.order,
            asked.direction,
            asked.after,
            asked.first + 1,
        )
    return _cut(found, asked)


async def list_pages_of_users(
    database: Database,
    reader: OrgReader,
    user_ids: Sequence[UUID],
    keep: TokenFilter,
    asked: PageRequest[TokenOrder],
) -> dict[UUID, Page[Token]]:
    """Return a page of tokens for each user, all in one statement."""
    async with database.tenant(reader.organization_id) as connection:
        found = await token_pages.list_pages_of_users(
            connection,
            reader.organization_id,
            user_ids,
            keep,
            asked.order,
            asked.direction,
            asked.after,
            asked.first + 1,
        )
    by_user: dict[UUID, list[Token]] = {user_id: [] for user_id in user_ids}
    for token in found:
        by_user[token.user_id].append(token)
    return {user_id: _cut(tokens, asked) for user_id, tokens in by_user.items()}


def _cut(found: Sequence[Token], asked: PageRequest[TokenOrder]) -> Page[Token]:
    def position(token: Token) -> Position:
        keys: dict[TokenOrder, datetime] = {
            "create_time": token.create_time,
            "last_used_time": paging.time_key(token.last_used_time),
        }
        return Position(keys[asked.order], token.token_id)

    return paging.cut(found, asked, position)
