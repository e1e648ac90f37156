"""People in an organization: rename, deactivate, remove.

``app.joining`` adds them; lists are in ``app.application_users``, as they hold both kinds of users.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app import administrators, changes, endings, guards, inputs
from app.access import Reader, UserWriter
from app.audit import Action, Target
from app.changes import Change
from app.errors import Code, NotFound
from app.guards import Guarded
from app.inputs import KEEP, Unset
from db import holders, permissions
from db import people as rows
from db.pool import Database
from db.users import User, UserState

MISSING = "There is no such organization user."


async def update(
    database: Database,
    writer: UserWriter,
    user_id: UUID,
    *,
    name: str | Unset | None = KEEP,
    state: UserState | Unset | None = KEEP,
) -> User:
    """Rename, deactivate or activate a person.

    Raises InvalidInput, NotFound, LastAdministrator, and Forbidden where the guard does.
    """
    problems = inputs.Problems()
    new_name = None if isinstance(name, Unset) else inputs.name(problems, "name", name)
    if state is None:
        problems.add("state", Code.REQUIRED, "state cannot be null.")
    elif state == "DELETED":
        problems.add(
            "state",
            Code.NOT_ALLOWED,
            "state cannot become DELETED here; use removeOrganizationUser.",
        )
    problems.raise_any()
    async with changes.begun(database, writer, lock=True) as change:
        person, holds_permission = await _lock(change, writer, user_id)
        new_state = person.state if isinstance(state, Unset) or state is None else state
        wanted = replace(
            person, name=person.name if new_name is None else new_name, state=new_state
        )
        if wanted == person:
            change.record_nothing()
            return person
        changed = await rows.update(
            change.connection,
            writer.organization_id,
            user_id,
            name=wanted.name,
            name_key=inputs.name_key(wanted.name),
            state="DEACTIVATED" if new_state == "DEACTIVATED" else "ACTIVE",
        )
        if holds_permission:
            await administrators.keep_administrator(change)
        change.record(
            Action.USER_UPDATE, target(user_id), before=fields(person), after=fields(changed)
        )
    return changed


async def remove(database: Database, writer: UserWriter, user_id: UUID) -> int:
    """Leave a tombstone, revoke every token, take every grant and membership; for good.

    Returns how many tokens this revoked. Raises NotFound, LastAdministrator, and Forbidden where
    the guard does.
    """
    async with changes.begun(database, writer, lock=True) as change:
        person, holds_permission = await _lock(change, writer, user_id)
        return await end(change, person, writer.actor_id, holds_permission=holds_permission)


async def end(
    change: Change, person: User, ended_by: UUID | None, *, holds_permission: bool
) -> int:
    """Do what ``remove`` says to a person that is locked, as is the organization.

    Raises LastAdministrator.
    """
    ended = await endings.end(change, person.user_id, ended_by)
    await rows.mark_removed(change.connection, change.organization_id, person.user_id, ended_by)
    if holds_permission:
        await administrators.keep_administrator(change)
    change.record(
        Action.USER_REMOVE,
        target(person.user_id),
        before=fields(person) | ended.before(),
        after=ended.after(),
    )
    return ended.revoked_token_count


async def _lock(change: Change, writer: UserWriter, user_id: UUID) -> tuple[User, bool]:
    """Return a live person that stays as it is, and whether it holds any permission."""
    person = await rows.lock(change.connection, writer.organization_id, user_id)
    if person is None:
        raise NotFound(MISSING)
    holds = await permissions.holds_any(change.connection, writer.organization_id, user_id)
    guards.guard(writer, Guarded.PERSON, holds_permission=holds)
    return person, holds


async def find_holders(database: Database, reader: Reader, user_ids: Sequence[UUID]) -> set[UUID]:
    """Return the users, people or not, and groups among these that hold any permission."""
    async with database.tenant(reader.organization_id) as connection:
        return await holders.list_holders(connection, reader.organization_id, user_ids)


def target(user_id: UUID) -> Target:
    """Return a person as audit events name it."""
    return Target("ORGANIZATION_USER", user_id)


def fields(person: User) -> dict[str, object]:
    """Return what may change about a person, as audit events tell it."""
    return {"name": person.name, "state": person.state}
