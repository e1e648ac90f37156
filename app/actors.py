"""The actor of a change, looked at again when the change is made.

A request is authenticated once, and its mutations run one after the other for seconds: what ended
its token or its user in between, perhaps the mutation before, ends it here.
"""

from app.access import OrgAdmin
from app.errors import REFUSED, Unauthenticated
from db import actors
from db.pool import Connection


async def insist(connection: Connection, admin: OrgAdmin) -> None:
    """Raise Unauthenticated unless the actor could still authenticate."""
    token_id = admin.token.token_id if admin.token else None
    if not await actors.is_live(connection, admin.organization_id, admin.actor_id, token_id):
        raise Unauthenticated(REFUSED)
