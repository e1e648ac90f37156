"""Ends of several tokens at once, and the one end that can be taken back: disuse."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app import application_users, changes, endings, inputs, minting, tokens
from app.access import AppUserWriter
from app.audit import Action
from app.changes import Change
from app.errors import Code, InvalidInput, NotFound
from app.minting import Settings
from db import token_endings, users
from db.pool import Database
from db.tokens import Token


async def revoke_several(
    database: Database, writer: AppUserWriter, token_ids: Sequence[UUID]
) -> int:
    """End all of some tokens for good, or none; return how many were not revoked before.

    Raises NotFound where there is not each of them, or the actor may not know of one.
    """
    async with changes.begun(database, writer) as change:
        connection, organization_id = change.connection, writer.organization_id
        await token_endings.share_users(connection, organization_id, token_ids)
        locked = await token_endings.lock_several(connection, organization_id, token_ids)
        known = [token for token in locked if tokens.is_visible(writer, token)]
        if len(known) != len(token_ids):
            raise NotFound(tokens.MISSING)
        count = await endings.revoke(change, known, writer.actor_id)
        if not count:
            change.record_nothing()
    return count


async def revoke_all(database: Database, writer: AppUserWriter, user_id: UUID) -> int:
    """End every token of an application user for good; return how many were not revoked before.

    What is being minted for it meanwhile is waited for, and revoked too. Raises NotFound.
    """
    async with changes.begun(database, writer) as change:
        connection, organization_id = change.connection, writer.organization_id
        user = await users.lock_application_user(connection, organization_id, user_id)
        if user is None:
            raise NotFound(application_users.MISSING)
        count = await endings.revoke_all(change, user_id, writer.actor_id)
        if not count:
            change.record_nothing()
    return count


async def activate(database: Database, writer: AppUserWriter, token_id: UUID) -> Token:
    """Take back that a token was deactivated for disuse; one that was not stays as it is.

    It gives power back, so it is guarded like minting. Raises InvalidInput, NotFound and Forbidden.
    """
    async with changes.opened(database, writer) as change:
        connection, organization_id = change.connection, writer.organization_id
        token = await tokens.require(connection, writer, token_id)
        await minting.share_user(change, writer, token.user_id)
        await minting.permit(change, writer, token.user_id, None)
        await token_endings.lock_several(connection, organization_id, [token_id])
        before = await tokens.require(connection, writer, token_id)
        if before.deactivate_time is not None:
            _insist_inside(writer, before)
        activated = await token_endings.mark_active(connection, organization_id, token_id)
        token = await tokens.require(connection, writer, token_id)
        if activated:
            # The status alone would not tell it all: a deactivated user's token has the same then.
            change.record(
                Action.TOKEN_ACTIVATE,
                tokens.target(token),
                before={"status": before.status, "deactivateTime": before.deactivate_time},
                after={"status": token.status, "deactivateTime": None},
            )
            return token
        _insist_alive(change, token)
        return token


def _insist_inside(writer: AppUserWriter, token: Token) -> None:
    """Raise InvalidInput where the token could do more than the one of this request."""
    wider = minting.excess(writer, Settings.of(token))
    if wider:
        raise InvalidInput([replace(problem, path="tokenId") for problem in wider])


def _insist_alive(change: Change, token: Token) -> None:
    if token.status in ("REVOKED", "EXPIRED"):
        raise inputs.invalid(
            "tokenId",
            Code.NOT_ALLOWED,
            "This token is revoked or expired, for good; generate another in its place.",
        )
    change.record_nothing()
