"""Application users: create, describe, deactivate, delete, list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from app import changes, endings, guards, inputs, paging
from app.access import AppUserReader, AppUserWriter, Reader, UserReader
from app.audit import Action, Target
from app.changes import Change
from app.errors import MISSING_ORGANIZATION, Code, LimitReached, NameTaken, NotFound
from app.guards import Guarded
from app.inputs import KEEP, Unset
from app.paging import Page, PageRequest
from db import organizations, permissions
from db import users as rows
from db.keyset import Direction, Position
from db.pool import Database
from db.users import User, UserFilter, UserOrder, UserState

__all__ = ["KEEP", "Unset", "User", "UserFilter", "UserOrder", "UserState"]

MISSING = "There is no such application user."

EMAIL_DOMAIN = "application-users.invalid"
"""RFC 2606: nothing sent there arrives anywhere, by design."""


def refuse_super_admin(asked: bool | None) -> None:
    """Raise InvalidInput where an application user is to be super admin."""
    if asked:
        raise inputs.invalid(
            "isSuperAdmin",
            Code.NOT_ALLOWED,
            "Making application users super admin is no longer supported",
        )


async def create(
    database: Database, writer: AppUserWriter, *, name: str, description: str | None
) -> User:
    """Add an application user. Raises InvalidInput, NameTaken, LimitReached and NotFound."""
    problems = inputs.Problems()
    name = inputs.name(problems, "name", name)
    description = inputs.description(problems, "description", description)
    problems.raise_any()
    user_id = uuid7()
    async with changes.opened(database, writer) as change:
        # The count is claimed first: its row lock orders concurrent creations, so that of two with
        # the same name the second sees the first.
        connection, organization_id = change.connection, writer.organization_id
        if not await organizations.claim_application_user(connection, organization_id):
            organization = await organizations.find(connection, organization_id)
            if organization is None:
                raise NotFound(MISSING_ORGANIZATION)
            raise LimitReached(organization.application_user_limit)
        await change.insist()
        user = await rows.insert(
            connection,
            organization_id=organization_id,
            user_id=user_id,
            is_application_user=True,
            name=name,
            name_key=inputs.name_key(name),
            description=description,
            email=f"app-{user_id.hex}@{EMAIL_DOMAIN}",
            issuer=None,
            subject=None,
            created_by=writer.actor_id,
        )
        if user is None:
            raise NameTaken(name)
        change.record(Action.APPLICATION_USER_CREATE, target(user_id), after=_fields(user))
    return user


async def update(
    database: Database,
    writer: AppUserWriter,
    user_id: UUID,
    *,
    name: str | Unset | None = KEEP,
    description: str | Unset | None = KEEP,
    state: UserState | Unset | None = KEEP,
) -> User:
    """Rename, describe, deactivate or activate.

    Activation lets tokens in again, so it is guarded like minting. Raises InvalidInput, NameTaken,
    NotFound, and Forbidden where the guard does.
    """
    problems = inputs.Problems()
    new_name = None if isinstance(name, Unset) else inputs.name(problems, "name", name)
    if not isinstance(description, Unset):
        description = inputs.description(problems, "description", description)
    if state is None:
        problems.add("state", Code.REQUIRED, "state cannot be null.")
    elif state == "DELETED":
        problems.add(
            "state",
            Code.NOT_ALLOWED,
            "state cannot become DELETED here; use deleteApplicationUser.",
        )
    problems.raise_any()
    async with changes.begun(database, writer, lock=True) as change:
        connection, organization_id = change.connection, writer.organization_id
        user = await rows.lock_application_user(connection, organization_id, user_id)
        if user is None:
            raise NotFound(MISSING)
        wanted = replace(
            user,
            name=user.name if new_name is None else new_name,
            description=user.description if isinstance(description, Unset) else description,
            state=user.state if isinstance(state, Unset) or state is None else state,
        )
        if user.state == "DEACTIVATED" and wanted.state == "ACTIVE":
            holds = await permissions.holds_any(connection, organization_id, user_id)
            guards.guard(writer, Guarded.ACTIVATE, holds_permission=holds)
        changed = await rows.update(
            connection,
            organization_id,
            user_id,
            name=wanted.name,
            name_key=inputs.name_key(wanted.name),
            description=wanted.description,
            state=wanted.state,
        )
        if changed is None:
            raise NameTaken(wanted.name)
        change.record(
            Action.APPLICATION_USER_UPDATE,
            target(user_id),
            before=_fields(user),
            after=_fields(changed),
        )
    return changed


async def delete(database: Database, writer: AppUserWriter, user_id: UUID) -> int:
    """Leave a tombstone, revoke every token, take every grant and membership; for good.

    Returns how many tokens this revoked. Raises NotFound.
    """
    async with changes.begun(database, writer, lock=True) as change:
        connection, organization_id = change.connection, writer.organization_id
        user = await rows.lock_application_user(connection, organization_id, user_id)
        if user is None:
            raise NotFound(MISSING)
        return await end(change, user, writer.actor_id)


async def end(change: Change, user: User, ended_by: UUID | None) -> int:
    """Do what ``delete`` says to a user that is locked, as is the organization."""
    connection, organization_id = change.connection, change.organization_id
    ended = await endings.end(change, user.user_id, ended_by)
    await rows.mark_deleted(connection, organization_id, user.user_id, ended_by)
    change.record(
        Action.APPLICATION_USER_DELETE,
        target(user.user_id),
        before=_fields(user) | ended.before(),
        after=ended.after(),
    )
    await organizations.release_application_user(connection, organization_id)
    return ended.revoked_token_count


def target(user_id: UUID) -> Target:
    """Return an application user as audit events name it."""
    return Target("APPLICATION_USER", user_id)


def _fields(user: User) -> dict[str, object]:
    return {"name": user.name, "description": user.description, "state": user.state}


async def find(database: Database, reader: Reader, user_ids: Sequence[UUID]) -> list[User]:
    """Return the users of the reader's organization among these, people too, in no order."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.find(connection, reader.organization_id, user_ids)


async def count(database: Database, reader: AppUserReader | UserReader, keep: UserFilter) -> int:
    """Return how many users a filter keeps."""
    async with database.tenant(reader.organization_id) as connection:
        return await rows.count(connection, reader.organization_id, keep)


def page_request(
    order: UserOrder, direction: Direction, first: int, after: str | None
) -> PageRequest[UserOrder]:
    """Check a request for a page of users. Raises InvalidInput."""
    return paging.request(order, direction, first, after, text_key=order == "name_key")


async def list_page(
    database: Database,
    reader: AppUserReader | UserReader,
    keep: UserFilter,
    asked: PageRequest[UserOrder],
) -> Page[User]:
    """Return a page of the organization's users."""
    async with database.tenant(reader.organization_id) as connection:
        found = await rows.list_page(
            connection,
            reader.organization_id,
            keep,
            asked.order,
            asked.direction,
            asked.after,
            asked.first + 1,
        )
    return paging.cut(found, asked, lambda user: _position(user, asked.order))


def _position(user: User, order: UserOrder) -> Position:
    keys: dict[UserOrder, datetime | str] = {
        "create_time": user.create_time,
        "name_key": user.name_key,
        "last_activity_time": paging.time_key(user.last_activity_time),
    }
    return Position(keys[order], user.user_id)
