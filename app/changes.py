"""The transaction of a change: the actor looked at again, the change, its audit events, or nothing.

Every service that writes goes through here, so that there is no change without its line in the
trail and no line without its change. Locks are taken in one order everywhere, organization, user,
group, tokens, the trail's end, so that none deadlock.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from app import actors, audit
from app.access import Actor
from app.audit import Action, Event, Target
from app.errors import Failure
from app.origins import Author
from db import audit as rows
from db import organizations
from db.pool import Connection, Database


@dataclass
class Change:
    """A transaction that is under way, and what it will say of itself."""

    connection: Connection
    organization_id: UUID
    author: Author
    actor: Actor | None
    """None for who needs no proof: the operator, and the service itself."""
    marks: Mapping[str, object] = field(default_factory=dict[str, object])
    """Fields that each of its events has beside its own."""
    _events: list[Event] = field(default_factory=list[Event])
    _is_insisted: bool = False
    _changes_nothing: bool = False

    async def insist(self) -> None:
        """Look at the actor again. Raises Unauthenticated and Forbidden."""
        if self.actor is not None:
            await actors.insist(self.connection, self.actor)
        self._is_insisted = True

    def record(
        self,
        action: Action,
        target: Target,
        *,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        author: Author | None = None,
    ) -> None:
        """Note an event: what was done, to what, and how its fields were and are.

        A thing that is as it was is no event. ``author`` stands in for the change's own, where its
        events have one each.
        """
        changes = audit.difference(before, after)
        if before is not None and after is not None and not changes:
            self.record_nothing()
            return
        changes |= audit.difference(None, self.marks)
        self._events.append(Event(action, author or self.author, target, changes))

    def record_nothing(self) -> None:
        """Say that nothing was changed, as on a replay, so that there is nothing to record."""
        self._changes_nothing = True

    async def finish(self) -> None:
        """Append the events. Raises RuntimeError where the service forgot its duty."""
        if not self._is_insisted:
            raise RuntimeError("a change is about to be made by an actor nobody looked at again")
        if self._events:
            await rows.append(self.connection, self.organization_id, audit.as_json(self._events))
        elif not self._changes_nothing:
            raise RuntimeError("a change is about to be made without a line in the audit trail")


@asynccontextmanager
async def opened(database: Database, actor: Actor) -> AsyncGenerator[Change]:
    """Open a change that looks at its actor again later, behind a lock of its own.

    A failure in it leaves with the actor's name on it, for the trail's line of who was refused.
    """
    async with database.tenant(actor.organization_id) as connection:
        change = Change(connection, actor.organization_id, actor.author, actor)
        try:
            yield change
        except Failure as failure:
            failure.refused = actor.organization_id, actor.author
            raise
        await change.finish()


@asynccontextmanager
async def begun(database: Database, actor: Actor, *, lock: bool = False) -> AsyncGenerator[Change]:
    """Open a change; ``lock`` takes turns with all that grants, groups, creates and deletes.

    Raises Unauthenticated and Forbidden where the actor no longer may.
    """
    async with opened(database, actor) as change:
        if lock:
            await organizations.lock(change.connection, actor.organization_id)
        await change.insist()
        yield change


@asynccontextmanager
async def unproven(
    database: Database, organization_id: UUID, author: Author
) -> AsyncGenerator[Change]:
    """Open a change of the operator's or the service's, whom nobody asks for a proof."""
    async with database.tenant(organization_id) as connection:
        change = Change(connection, organization_id, author, None)
        await change.insist()
        yield change
        await change.finish()
