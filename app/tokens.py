"""Tokens: describe, revoke, find, list. ``app.minting`` makes them."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import UUID

from app import changes, inputs, paging
from app.access import AppUserReader, AppUserWriter, TokenRevoker
from app.application_users import KEEP, Unset
from app.audit import Action, Target
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
    writer: AppUserWriter,
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
    async with changes.begun(database, writer) as change:
        connection, organization_id = change.connection, writer.organization_id
        before = await rows.find(connection, organization_id, token_id)
        if before is None:
            raise NotFound(MISSING)
        if isinstance(description, Unset):
            change.record_nothing()
            return before
        await rows.update_description(connection, organization_id, token_id, description)
        change.record(
            Action.TOKEN_UPDATE,
            target(before),
            before={"description": before.description},
            after={"description": description},
        )
        return await _found(connection, organization_id, token_id)


async def revoke(database: Database, revoker: TokenRevoker) -> Token:
    """End a token for good; a second revocation changes nothing. Raises NotFound."""
    async with _revocation(database, revoker) as change:
        connection, organization_id = change.connection, revoker.organization_id
        revoked = await rows.mark_revoked(
            connection, organization_id, revoker.token_id, revoker.actor_id
        )
        token = await _found(connection, organization_id, revoker.token_id)
        if revoked:
            change.record(Action.TOKEN_REVOKE, target(token), after={"status": "REVOKED"})
        else:
            change.record_nothing()
    return token


def _revocation(
    database: Database, revoker: TokenRevoker
) -> AbstractAsyncContextManager[changes.Change]:
    """Open the change of a revocation: to end itself a token needs no permission, and no life."""
    if revoker.givers:
        return changes.begun(database, revoker)
    return changes.unproven(database, revoker.organization_id, revoker.author)


def target(token: Token) -> Target:
    """Return a token as audit events name it."""
    return Target("TOKEN", token.token_id, token.user_id)


async def _found(connection: Connection, organization_id: UUID, token_id: UUID) -> Token:
    token = await rows.find(connection, organization_id, token_id)
    if token is None:
        raise NotFound(MISSING)
    return token


async def find(database: Database, reader: AppUserReader, token_id: UUID) -> Token | None:
    """Return a token of the reader's organization."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.find(connection, reader.organization_id, token_id)


def page_request(
    order: TokenOrder, direction: Direction, first: int, after: str | None
) -> PageRequest[TokenOrder]:
    """Check a request for a page of tokens. Raises InvalidInput."""
    return paging.request(order, direction, first, after, text_key=False)


async def list_page(
    database: Database, reader: AppUserReader, keep: TokenFilter, asked: PageRequest[TokenOrder]
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
    reader: AppUserReader,
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
