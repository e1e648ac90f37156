"""The actor of a change, looked at again when the change is made.

A request is authenticated once, and its mutations run one after the other for seconds: what ended
its token or its user in between, perhaps the mutation before, ends it here.
"""

from app import access
from app.access import Actor
from app.errors import REFUSED, Forbidden, Unauthenticated
from db import actors
from db.pool import Connection

NO_LONGER = "The permission that this needs was taken away in the meantime."


async def insist(connection: Connection, actor: Actor) -> None:
    """Raise Unauthenticated unless the actor could still authenticate, Forbidden unless it may."""
    standing = await actors.find_standing(
        connection,
        actor.organization_id,
        actor.actor_id,
        actor.token.token_id if actor.token else None,
    )
    if standing is None or not standing.is_live:
        raise Unauthenticated(REFUSED)
    if not access.still_holds(actor, frozenset(standing.permissions)):
        raise Forbidden(NO_LONGER, actor.organization_id, actor.author)
