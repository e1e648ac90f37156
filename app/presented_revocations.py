"""Ends of tokens by whoever presents them: to hold the secret is all the proof that it takes.

The holder of a token gives it back, or somebody has found it. Neither is asked for anything else,
and neither is told whether there was such a token.
"""

import asyncio
from collections.abc import Collection
from typing import TypeAlias
from uuid import UUID

from app import changes
from app.audit import Action, Target
from app.look_ups import MOST_ASIDE
from app.origins import SERVICE, Author, Origin
from app.verification import Verifier
from db import token_endings
from db.pool import Database

DEADLINE_SECONDS = 5.0
CONNECTIONS = 2
"""For one list at a time: others want to be served too."""

_Tenants: TypeAlias = dict[UUID, set[UUID]]
"""Tokens by organization."""


async def give_back(
    database: Database, verifier: Verifier, credential: str, origin: Origin
) -> bool:
    """End a token for its holder, who presents it from this origin; RFC 7009.

    Returns False where there was nothing to end: for a text that is no token, and one that was
    revoked before. Raises DatabaseUnavailable and TimeoutError.
    """
    return await _revoke(database, verifier, [credential], Action.TOKEN_REVOKE, origin, aside=False)


async def report(
    database: Database, verifier: Verifier, credentials: Collection[str], origin: Origin
) -> None:
    """End tokens that somebody found, who presents them from this origin.

    Those of one organization end together or not at all; after a failure the same list ends what
    is left. Raises DatabaseUnavailable and TimeoutError.
    """
    action = Action.FOUND_TOKEN_REVOKE
    await _revoke(database, verifier, credentials, action, origin, aside=True)


async def _revoke(
    database: Database,
    verifier: Verifier,
    credentials: Collection[str],
    action: Action,
    origin: Origin,
    *,
    aside: bool,
) -> bool:
    """Tell whether one was there to end."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        tenants = await _identify(verifier, credentials, aside=aside)
        shared = database.share(CONNECTIONS)
        try:
            async with asyncio.TaskGroup() as group:
                for organization_id in sorted(tenants):
                    token_ids = tenants[organization_id]
                    group.create_task(_end(shared, organization_id, token_ids, action, origin))
        except ExceptionGroup as failures:
            # Of the first that failed; the others were broken off because of it.
            raise failures.exceptions[0] from None
        return bool(tenants)


async def _identify(verifier: Verifier, credentials: Collection[str], *, aside: bool) -> _Tenants:
    """Return the tokens whose secrets these are, but for those that are revoked as it is."""
    # White space around one is no part of it: such texts are pasted, and read from files.
    left = list({credential.strip() for credential in credentials})
    tenants: _Tenants = {}
    while left:
        # All of a statement begin before one is waited for, and none of the next, whose time would
        # run. A list stands aside: anybody may ask.
        begun = [verifier.begin(credential, aside=aside) for credential in left[:MOST_ASIDE]]
        del left[:MOST_ASIDE]
        for presented in begun:
            token = await verifier.identify(presented) if presented is not None else None
            if token is not None and token.refusal != "REVOKED":
                tenants.setdefault(token.organization_id, set()).add(token.token_id)
    return tenants


async def _end(
    database: Database,
    organization_id: UUID,
    token_ids: Collection[UUID],
    action: Action,
    origin: Origin,
) -> None:
    """End tokens of one organization, all or none, with an event for each."""
    async with changes.unproven(database, organization_id, SERVICE) as change:
        connection = change.connection
        await token_endings.share_users(connection, organization_id, list(token_ids))
        locked = await token_endings.lock_several(connection, organization_id, list(token_ids))
        revoked = await token_endings.mark_several_revoked_by_holders(
            connection, organization_id, [token.token_id for token in locked]
        )
        for token in locked:
            if token.token_id in revoked:
                change.record(
                    action,
                    Target("TOKEN", token.token_id, token.user_id),
                    before={"status": token.status},
                    after={"status": "REVOKED"},
                    author=Author("USER", token.user_id, token.token_id, origin),
                )
        if not revoked:
            # Somebody else was faster.
            change.record_nothing()
