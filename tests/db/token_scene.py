"""An organization where tokens are minted, rotated and ended at the same time as other things."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import access, application_users, group_members, minting, permissions, rotation
from app.access import AppUserWriter, GroupWriter, OrgAdmin, Proof
from app.errors import Failure
from app.permissions import Place
from app.rotation import Rotated
from db import permissions as permission_rows
from db import users
from db.pool import Database
from db.tokens import Token
from tests.conftest import CATALOGUE, PEPPERS
from tests.db import rows
from tests.postgres import Server

READ = "organization:event_logs:read"


@dataclass(frozen=True)
class Scene:
    """An organization with an administrator and a manager of application users."""

    pool: Database
    owner: rows.Connection
    organization_id: UUID
    admin_id: UUID
    manager_id: UUID

    def proof(self, kind: type[Proof], *, admin: bool = True) -> Proof:
        """What the administrator, or the manager, proves at the beginning of a request."""
        permission = access.ORGANIZATION_ADMIN if admin else access.APP_USERS_WRITE
        membership = access.Membership(
            self.organization_id,
            self.admin_id if admin else self.manager_id,
            is_application_user=False,
            permissions=frozenset({permission}),
        )
        principal = access.Principal({self.organization_id: membership}, CATALOGUE)
        return access.require(principal, kind, self.organization_id)

    async def user(self) -> UUID:
        """Write an application user."""
        user_id = uuid4()
        await rows.insert(
            self.owner,
            "organization_user",
            rows.user(organization_id=self.organization_id, user_id=user_id),
        )
        return user_id

    async def token(self, user_id: UUID) -> UUID:
        """Write a token of a user."""
        token_id = uuid4()
        row = rows.token(organization_id=self.organization_id, user_id=user_id, token_id=token_id)
        await rows.insert(self.owner, "token", row)
        return token_id

    async def group(self, user_id: UUID | None = None, permission: str | None = None) -> UUID:
        """Write a group, perhaps with a member, perhaps with a permission."""
        own: rows.Row = {"organization_id": self.organization_id}
        group_id = uuid4()
        await rows.insert(self.owner, "user_group", rows.group(**own, group_id=group_id))
        if user_id is not None:
            row = rows.membership(**own, group_id=group_id, user_id=user_id)
            await rows.insert(self.owner, "group_member", row)
        if permission is not None:
            held = {"principal_id": group_id, "is_group": True, "permission": permission}
            row = rows.grant(**own, **held, resource_id=self.organization_id)
            await rows.insert(self.owner, "permission_grant", row)
        return group_id

    async def mint(self, user_id: UUID, *, admin: bool = False) -> Token:
        made = await minting.generate(
            self.pool, PEPPERS, CATALOGUE, self.proof(AppUserWriter, admin=admin), user_id
        )
        return made.token

    async def rotate(self, token_id: UUID) -> Rotated:
        return await rotation.rotate(self.pool, PEPPERS, self.proof(AppUserWriter), token_id)

    async def grant(self, principal_id: UUID, *, is_group: bool = False) -> None:
        place = Place(principal_id, is_group, self.organization_id)
        await permissions.grant(self.pool, CATALOGUE, self.proof(OrgAdmin), place, [READ])

    async def join(self, group_id: UUID, user_id: UUID) -> None:
        members = [(self.organization_id, user_id)]
        await group_members.add(self.pool, self.proof(GroupWriter), group_id, members)

    async def delete(self, user_id: UUID) -> None:
        await application_users.delete(self.pool, self.proof(AppUserWriter), user_id)


@asynccontextmanager
async def scene_on(server: Server) -> AsyncGenerator[Scene]:
    """Make the organization on a database of its own."""
    urls = await server.copy()
    owner: rows.Connection = await asyncpg.connect(urls.owner)
    pool = await Database.open(urls.serving, size=16)
    made = Scene(pool, owner, uuid4(), uuid4(), uuid4())
    own: rows.Row = {"organization_id": made.organization_id}
    # Users are written past the service, and counted here once for all that are deleted.
    await rows.insert(
        owner,
        "organization",
        rows.organization(**own, application_user_limit=10**6, application_user_count=10**6),
    )
    for user_id, permission in (
        (made.admin_id, access.ORGANIZATION_ADMIN),
        (made.manager_id, access.APP_USERS_WRITE),
    ):
        await rows.insert(owner, "organization_user", rows.person(**own, user_id=user_id))
        held = {"principal_id": user_id, "permission": permission}
        row = rows.grant(**own, **held, resource_id=made.organization_id)
        await rows.insert(owner, "permission_grant", row)
    yield made
    await pool.close()
    await owner.close()


async def together(*acts: Awaitable[Any]) -> list[Any]:
    """Start acts at nearly the same time, and return what became of each."""

    async def soon(act: Awaitable[Any]) -> Any:
        # Which comes first, and how far the other has got by then, is to be different each time.
        await asyncio.sleep(random.uniform(0, 0.003))
        return await act

    done = await asyncio.gather(*map(soon, acts), return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException) and not isinstance(one, Failure):
            raise one
    return done


async def wrong(scene: Scene, sql: str) -> list[UUID]:
    found = await scene.owner.fetch(sql, scene.organization_id, scene.manager_id)
    return [row[0] for row in found]


async def clear(scene: Scene) -> None:
    """Take away what a control left behind."""
    async with scene.owner.transaction():
        await scene.owner.execute("SET LOCAL session_replication_role = replica")
        await scene.owner.execute(
            "DELETE FROM audit_event; DELETE FROM audit_chain; DELETE FROM group_member;"
            " DELETE FROM token"
        )


def pause_after_the_look(
    monkeypatch: pytest.MonkeyPatch, user_id: UUID
) -> tuple[asyncio.Event, asyncio.Event]:
    """Have minting wait once it knows what its user holds."""
    looked, go_on = asyncio.Event(), asyncio.Event()
    look = permission_rows.holds_any

    async def slow(connection: Any, organization_id: UUID, principal_id: UUID) -> bool:
        held = await look(connection, organization_id, principal_id)
        if principal_id == user_id:
            looked.set()
            await go_on.wait()
        return held

    monkeypatch.setattr(permission_rows, "holds_any", slow)
    return looked, go_on


async def unlocked(connection: Any, organization_id: UUID, user_id: UUID) -> users.User | None:
    """What ``share_application_user`` would be without its lock."""
    found = await users.find(connection, organization_id, [user_id])
    return found[0] if found and found[0].state != "DELETED" else None
