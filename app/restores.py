"""A database restored from a backup: what ended since is ended again, by what the trail says of it.

A backup brings back tokens that were revoked, users that were deleted, rights that were taken. An
export of the audit trail that goes on behind the backup names them. For the operator on the host.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from app import audit, audit_trail, changes, restore_ends
from app.audit import Action, Target
from app.audit_chain import Head
from app.changes import Change
from app.errors import Failure, LastAdministrator
from app.origins import OPERATOR
from app.restore_ends import Kept
from app.trail_ends import REVERSIBLE, End, EndKind, Lost
from db import audit_pages, organizations, restores, token_endings
from db.keyset import FIRST_ID
from db.pool import Database

BATCH = 500
HASH_BYTES = 32

_ORDER: tuple[EndKind, ...] = (
    "DELETE_WEBHOOK",
    "REVOKE_TOKEN",
    "REVOKE_TOKENS_OF_USER",
    "SUPERSEDE_TOKEN",
    "DEACTIVATE_TOKEN",
    "DEACTIVATE_USER",
    "REMOVE_MEMBER",
    "REVOKE_PERMISSION",
    "DELETE_USER",
    "DELETE_GROUP",
    "DELETE_RESOURCE",
    "TIGHTEN_POLICY",
)
"""Who is to be told no more hears of none of it; whoever is deleted has left groups before."""

_LAST_ADMINISTRATOR = "nobody else here is administrator: make somebody, then run this again"


class AnotherTrail(Failure):
    """An exported trail and the database do not go together; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was, or is to be, ended again; or was kept, and why."""

    end: End
    kept: str | None = None
    count: int = 1
    """Of tokens, where it is a user's."""


@dataclass(frozen=True, slots=True)
class Seam:
    """Where a restored database and an exported trail part."""

    last_common: int
    head: Head
    """Of the database's own chain."""


async def find_seam(database: Database, organization_id: UUID, hashes: bytes) -> Seam:
    """Return the last event that database and trail have in common; ``hashes`` are the trail's.

    Raises AnotherTrail where that is none, and NotFound for an organization that there is not.
    """
    head = await audit_trail.head(database, organization_id)
    low, high = 0, min(head.sequence, len(hashes) // HASH_BYTES)
    async with database.tenant(organization_id) as connection:
        # A chain that agrees in one event agrees in all before it.
        while low < high:
            middle = (low + high + 1) // 2
            event = await audit_pages.find(connection, organization_id, middle)
            if event is not None and event.hash == _hash(hashes, middle):
                low = middle
            else:
                high = middle - 1
    if low == 0:
        raise AnotherTrail(
            "The trail has no event in common with the database's: it is of another database, or"
            " one of the two was written anew. Run `appusers audit verify` on both."
        )
    return Seam(low, head)


def _hash(hashes: bytes, sequence: int) -> bytes:
    return hashes[HASH_BYTES * (sequence - 1) : HASH_BYTES * sequence]


async def decided_since(database: Database, organization_id: UUID, seam: Seam) -> Lost:
    """Return what the database's own trail says of the time since it was restored."""
    found = Lost()
    async with aclosing(audit_trail.events(database, organization_id, seam.last_common)) as events:
        async for event in events:
            found.feed(event)
    return found


async def replay(
    database: Database, organization_id: UUID, lost: Lost, since: Lost, *, apply: bool
) -> AsyncGenerator[Outcome]:
    """End again what a trail says has ended; yield what that is, and what had to be kept.

    Without ``apply`` each is undone at once. What is ended is left alone, and what can be taken
    back is where somebody has decided it ``since``. Raises DatabaseUnavailable; what was ended
    before stays so.
    """
    for kind in _ORDER:
        ends = [
            end
            for key, end in lost.ends.items()
            if end.kind == kind and not (kind in REVERSIBLE and key in since.touched)
        ]
        if kind == "REVOKE_TOKEN":
            for first in range(0, len(ends), BATCH):
                batch = ends[first : first + BATCH]
                for outcome in await _revoke_again(database, organization_id, batch, apply=apply):
                    yield outcome
            continue
        for end in ends:
            outcome = await _one(database, organization_id, end, apply=apply)
            if outcome is not None:
                yield outcome


async def note(
    database: Database, organization_id: UUID, seam: Seam, trail_head: Head, ended: int
) -> None:
    """Write into the database's trail that it goes on behind a backup, and which trail it left."""
    async with changes.unproven(database, organization_id, OPERATOR) as change:
        change.record(
            Action.ORGANIZATION_RESTORE,
            Target("ORGANIZATION", organization_id),
            after={
                "lastCommonEvent": audit.event_id(organization_id, seam.last_common),
                "trailHead": f"{trail_head.sequence}:{trail_head.hash.hex()}",
                "endedCount": ended,
            },
        )


class _Undone(Exception):
    """A change was only tried."""


@asynccontextmanager
async def _tried(
    database: Database, organization_id: UUID, marks: Mapping[str, object], *, apply: bool
) -> AsyncGenerator[Change]:
    """Open a change of the operator's behind the organization's lock; undo it unless told not to.

    A dry run does what the real one does, one change at a time: it differs where one stands in the
    other's way, as of two last administrators, either of whom may go.
    """
    try:
        async with changes.unproven(database, organization_id, OPERATOR) as change:
            change.marks = marks
            await organizations.lock(change.connection, organization_id)
            yield change
            if not apply:
                raise _Undone
    except _Undone:
        pass


def _marks(organization_id: UUID, end: End) -> dict[str, object]:
    return {"replayedEvent": audit.event_id(organization_id, end.event.sequence)}


async def _one(
    database: Database, organization_id: UUID, end: End, *, apply: bool
) -> Outcome | None:
    """End one thing; None where it has ended, or is not there."""
    if end.kind == "REVOKE_TOKENS_OF_USER":
        count = await _revoke_tokens_of(database, organization_id, end, apply=apply)
        return Outcome(end, count=count) if count else None
    act: Callable[[Change, End], Awaitable[bool]] = restore_ends.ACTS[end.kind]
    try:
        async with _tried(
            database, organization_id, _marks(organization_id, end), apply=apply
        ) as change:
            if not await act(change, end):
                change.record_nothing()
                return None
    except LastAdministrator:
        return Outcome(end, kept=_LAST_ADMINISTRATOR)
    except Kept as reason:
        return Outcome(end, kept=str(reason))
    return Outcome(end)


async def _revoke_again(
    database: Database, organization_id: UUID, ends: Sequence[End], *, apply: bool
) -> list[Outcome]:
    """Revoke tokens, an event for each, and return what was done."""
    by_token = {end.target_id: end for end in ends}
    async with _tried(database, organization_id, {}, apply=apply) as change:
        revoked = await _revoke_in(
            change,
            list(by_token),
            lambda token_id: _marks(organization_id, by_token[token_id]),
        )
    return [Outcome(by_token[token_id]) for token_id in sorted(revoked)]


async def _revoke_tokens_of(
    database: Database, organization_id: UUID, end: End, *, apply: bool
) -> int:
    """Revoke what a user had when all its tokens were revoked at once; return how many it was."""
    count, behind = 0, FIRST_ID
    while True:
        async with _tried(database, organization_id, {}, apply=apply) as change:
            token_ids = await restores.list_minted_until(
                change.connection,
                organization_id,
                behind,
                end.event.event_time,
                end.target_id,
                BATCH,
            )
            revoked = await _revoke_in(change, token_ids, lambda _: _marks(organization_id, end))
        count += len(revoked)
        if len(token_ids) < BATCH:
            return count
        behind = token_ids[-1]


async def revoke(database: Database, organization_id: UUID, token_ids: Sequence[UUID]) -> set[UUID]:
    """Revoke tokens for good, as the operator; return those that were not revoked before."""
    async with _tried(database, organization_id, {}, apply=True) as change:
        return await _revoke_in(change, token_ids, lambda _: {})


async def _revoke_in(
    change: Change, token_ids: Sequence[UUID], marks: Callable[[UUID], Mapping[str, object]]
) -> set[UUID]:
    connection, organization_id = change.connection, change.organization_id
    await token_endings.share_users(connection, organization_id, token_ids)
    locked = await token_endings.lock_several(connection, organization_id, token_ids)
    revoked = await token_endings.mark_several_revoked(
        connection, organization_id, [token.token_id for token in locked], None
    )
    for token in locked:
        if token.token_id in revoked:
            change.record(
                Action.TOKEN_REVOKE,
                Target("TOKEN", token.token_id, token.user_id),
                before={"status": token.status},
                after={"status": "REVOKED", **marks(token.token_id)},
            )
    if not revoked:
        change.record_nothing()
    return revoked
