"""A dead token stays dead, whatever the extension that a use of it calls for had to wait for."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import TypeAlias
from uuid import UUID

import asyncpg
import pytest

from app import extensions
from db import presented
from db.presented import PresentedToken, TokenUse
from tests.db import rows
from tests.db.activity_scene import HERE, Scene, scene_on
from tests.db.rows import A
from tests.postgres import Server

HOUR = timedelta(hours=1)
AWHILE = timedelta(milliseconds=50)
SOON, LATE = timedelta(seconds=59), timedelta(seconds=91)


@pytest.fixture(scope="module")
async def scene(server: Server) -> AsyncGenerator[Scene]:
    async with scene_on(server) as made:
        yield made


@pytest.fixture
async def holder(scene: Scene) -> AsyncGenerator[rows.Connection]:
    """Somebody who locks rows."""
    connection: rows.Connection = await asyncpg.connect(scene.owner_url)
    yield connection
    await connection.close()


Write: TypeAlias = Callable[[Scene, PresentedToken], Awaitable[None]]


async def record(scene: Scene, token: PresentedToken) -> None:
    """Write a use the way that a flush does."""
    when = token.check_time
    use = TokenUse(A, token.token_id, token.user_id, when, when, None, "")
    async with scene.pool.connection() as connection:
        await presented.record_token_uses(connection, [use])


async def end(scene: Scene, token_id: UUID) -> datetime:
    return (await scene.last(token_id))["expiry_time"]


class TestDead:
    """A dead token stays dead, and nobody's end moves back."""

    async def extended(self, scene: Scene, token_id: UUID, use_time: datetime) -> bool:
        before = await end(scene, token_id)
        async with scene.pool.connection() as connection:
            await presented.extend_token(connection, A, token_id, use_time)
        return await end(scene, token_id) != before

    @pytest.mark.parametrize(
        ("left", "changes", "is_extended"),
        [
            (SOON, {}, True),
            (-timedelta(seconds=1), {}, False),
            # A commit takes its time: who is told meanwhile that it is over is told the truth.
            (timedelta(seconds=0.9), {}, False),
            (SOON, {"revoke_time": None}, False),
            (SOON, {"extend_when_used": False}, False),
        ],
        ids=["alive", "expired", "nearly expired", "revoked", "of a fixed age"],
    )
    async def test_by_state(
        self, scene: Scene, left: timedelta, changes: dict[str, object], is_extended: bool
    ) -> None:
        now = await scene.owner.fetchval("SELECT now()")
        if "revoke_time" in changes:
            changes = {"revoke_time": now}
        token_id = await scene.token(left, **({"extend_when_used": True} | changes))
        assert await self.extended(scene, token_id, now) is is_extended

    async def revived(self, scene: Scene, holder: rows.Connection, write: Write) -> bool:
        """Write a use of a token that dies while somebody else has its row, and changes nothing."""
        token_id = await scene.token(timedelta(seconds=1.5), extend_when_used=True)
        token = await scene.look_up(token_id)
        before = await end(scene, token_id)
        async with holder.transaction():
            await holder.execute("SELECT FROM token WHERE token_id = $1 FOR UPDATE", token_id)
            writing = asyncio.ensure_future(write(scene, token))
            await scene.owner.execute("SELECT pg_sleep_until($1)", before + AWHILE)
            assert not writing.done()
        await writing
        return await end(scene, token_id) != before

    async def test_that_dies_before_its_extension_is_written(
        self, scene: Scene, holder: rows.Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(extensions, "SECONDS", 10)

        async def note(scene: Scene, token: PresentedToken) -> None:
            await scene.activity().note(token, HERE, "curl")

        assert not await self.revived(scene, holder, note)

    async def test_that_dies_before_its_use_is_written(
        self, scene: Scene, holder: rows.Connection
    ) -> None:
        assert not await self.revived(scene, holder, record)

    async def test_control_the_statement_of_the_release_before(
        self, scene: Scene, holder: rows.Connection
    ) -> None:
        source = await scene.owner.fetchval(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'record_token_uses'"
        )
        before = import_module("db.migrations.versions.0003_token_lives")
        try:
            await scene.owner.execute(before.RECORD_TOKEN_USES)
            assert await self.revived(scene, holder, record)
        finally:
            await scene.owner.execute(source)

    async def test_by_an_older_use(self, scene: Scene) -> None:
        token_id = await scene.token(LATE, extend_when_used=True)
        now = await scene.owner.fetchval("SELECT now()")
        assert not await self.extended(scene, token_id, now - HOUR)
