"""Tokens: describe, revoke, find, list. ``app.minting`` makes them."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import UUID

from app import changes, endings, inputs, paging
from app.access import Actor, AppUserReader, AppUserWriter, AuditReader, TokenRevoker
from app.application_users import KEEP, Unset
from app.audit import Action, Target
from app.errors import NotFound
from app.paging import Page, PageRequest
from db import rotations, token_endings, token_pages
from db import tokens as rows
from db.keyset import Direction, Position
from db.pool import Connection, Database
from db.token_endings import Locked
from db.token_pages import TokenFilter, TokenOrder
from db.tokens import Token, TokenStatus

__all__ = ["Token", "TokenFilter", "TokenOrder", "TokenStatus"]

MISSING = "There is no such token."


def is_visible(actor: Actor, token: Token | Locked) -> bool:
    """Tell whether an actor may know of a token: people's are the administrators' affair.

    The one that it acts with is its own.
    """
    own = actor.token is not None and actor.token.token_id == token.token_id
    return actor.is_admin or token.is_application_user or own


async def require(connection: Connection, actor: Actor, token_id: UUID) -> Token:
    """Return a token that the actor may know of. Raises NotFound."""
    token = await rows.find(connection, actor.organization_id, token_id)
    if token is None or not is_visible(actor, token):
        raise NotFound(MISSING)
    return token


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
        before = await require(connection, writer, token_id)
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
        return await require(connection, writer, token_id)


async def revoke(database: Database, revoker: TokenRevoker) -> Token:
    """End a token for good; a second revocation changes nothing. Raises NotFound."""
    async with _revocation(database, revoker) as change:
        connection, organization_id = change.connection, revoker.organization_id
        locked = await token_endings.lock_several(connection, organization_id, [revoker.token_id])
        if not any(is_visible(revoker, token) for token in locked):
            raise NotFound(MISSING)
        if not await endings.revoke(change, locked, revoker.actor_id):
            change.record_nothing()
        return await require(connection, revoker, revoker.token_id)


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


async def find(database: Database, reader: AppUserReader, token_id: UUID) -> Token | None:
    """Return a token of the reader's organization, None where it may not know of one."""
    return (await find_several(database, reader, [token_id])).get(token_id)


async def find_several(
    database: Database, reader: AppUserReader | AuditReader, token_ids: Sequence[UUID]
) -> dict[UUID, Token]:
    """Return those of some tokens that there are and that the reader may know of."""
    async with database.tenant(reader.organization_id) as connection:
        found = await rows.find_several(connection, reader.organization_id, token_ids)
    return {token.token_id: token for token in found if is_visible(reader, token)}


async def find_successors(
    database: Database, reader: AppUserReader, token_ids: Sequence[UUID]
) -> dict[UUID, Token]:
    """Return the successors of those among some tokens that were rotated, by predecessor."""
    async with database.tenant(reader.organization_id) as connection:
        found = await rotations.find_successors(connection, reader.organization_id, token_ids)
    return {
        token.predecessor_id: token
        for token in found
        if token.predecessor_id is not None and is_visible(reader, token)
    }


def page_request(
    order: TokenOrder, direction: Direction, first: int, after: str | None
) -> PageRequest[TokenOrder]:
    """Check a request for a page of tokens. Raises InvalidInput."""
    return paging.request(order, direction, first, after, text_key=False)


async def list_page(
    database: Database, reader: AppUserReader, keep: TokenFilter, asked: PageRequest[TokenOrder]
) -> Page[Token]:
    """Return a page of the organization's tokens, people's included for an administrator."""
    async with database.tenant(reader.organization_id) as connection:
        found = await token_pages.list_page(
            connection,
            reader.organization_id,
            keep,
            asked.order,
            asked.direction,
            asked.after,
            asked.first + 1,
            with_people=reader.is_admin,
            own_token_id=reader.token.token_id if reader.token else None,
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
