"""The database's clock decides expiry; sliding expiry never revives a dead token and never loses a
due extension.

Two nodes whose clocks are two days ahead and two days behind agree on when a token ends; the
control is a node that looks at its own clock. Extensions that have to wait for a row come too late
where the token died meanwhile; the control is the statement of an earlier release. What extends a
token near its end is on disk before the answer, whatever becomes of the node; the control leaves it
to the next flush.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from signal import SIGKILL
from typing import TypeAlias
from uuid import UUID

import asyncpg
import pytest

from app import extensions
from db import presented
from db.presented import PresentedToken, TokenUse
from tests.api_client import Organization
from tests.cli import processes
from tests.db import rows
from tests.db.activity_scene import HERE, Scene, scene_on
from tests.db.rows import A
from tests.owner import Owner, token_key
from tests.postgres import Server, Urls
from tests.promises import clocks
from tests.promises.clocks import LIBRARIES, Node
from tests.promises.conftest import Figure

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


async def disagreement(organization: Organization, owner: Owner, nodes: list[Node]) -> str | None:
    """Say which node takes a token for dead that lives, or for alive that is dead."""
    token_id, full = await organization.token(await organization.user(), maxAgeSeconds=600)
    await owner.set_left(token_id, 3)
    row = await owner.token(token_id)
    for node in nodes:
        if not await node.verifies(organization.id, full):
            return f"{node.clock.read_text()}: refused before its end"
    assert await owner.connection.fetchval("SELECT clock_timestamp() < $1", row["expiry_time"])
    await owner.connection.execute("SELECT pg_sleep_until($1)", row["expiry_time"])
    for node in nodes:
        if await node.verifies(organization.id, full):
            return f"{node.clock.read_text()}: accepted behind its end"
    return None


@pytest.mark.skipif(not LIBRARIES, reason="there is no libfaketime (Debian: faketime)")
class TestClock:
    """Of a node's machine, which is wrong by two days."""

    @pytest.mark.parametrize("changed", ["", clocks.BELIEVES], ids=["as shipped", "control"])
    async def test_does_not_matter(
        self, urls: Urls, organization: Organization, owner: Owner, tmp_path: Path, changed: str
    ) -> None:
        async with (
            clocks.node(urls, tmp_path / "ahead", "+0", changed) as ahead,
            clocks.node(urls, tmp_path / "behind", "+0", changed) as behind,
        ):
            ahead.set_clock("+2d")
            behind.set_clock("-2d")
            found = await disagreement(organization, owner, [ahead, behind])
        assert found == ("+2d: refused before its end" if changed else None)

    async def test_keeps_a_node_from_starting(self, urls: Urls, tmp_path: Path) -> None:
        environment = clocks.environment(urls, tmp_path, "+2d")
        ended = await processes.appusers(environment, "serve", "--port", "0")
        assert ended.code == 1
        assert "clock: 172" in ended.err


class TestDueExtension:
    @pytest.mark.parametrize("changed", ["", clocks.FORGETS], ids=["as shipped", "control"])
    async def test_outlives_the_node(
        self,
        urls: Urls,
        organization: Organization,
        owner: Owner,
        tmp_path: Path,
        changed: str,
        figure: Figure,
    ) -> None:
        made = [
            await organization.token(
                await organization.user(f"user {number}"), maxAgeSeconds=3600, extendWhenUsed=True
            )
            for number in range(20)
        ]
        for token_id, _ in made:
            await owner.set_left(token_id, 20)
        async with clocks.node(urls, tmp_path, changed=changed) as node:
            for _, full in made:
                assert await node.verifies(organization.id, full)
            await node.served.stop(SIGKILL)
        left = await owner.connection.fetch(
            "SELECT expiry_time > now() + interval '50 minutes' AS is_extended FROM token"
            " WHERE organization_id = $1 AND token_id = ANY ($2::uuid[])",
            token_key(made[0][0])[0],
            [token_key(token_id)[1] for token_id, _ in made],
        )
        extended = sum(row["is_extended"] for row in left)
        assert extended == (0 if changed else len(made))
        if not changed:
            figure(f"{extended} of {len(made)} due extensions outlived a killed node")
