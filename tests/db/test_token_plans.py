"""Plans of rotation, of the ends of several tokens, and of previews: all go by an index."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from db import previews, restores, rotations, token_endings, tokens
from tests.db import plans, rows
from tests.db.plans import Mode, explain
from tests.postgres import Server

BOTH = pytest.mark.parametrize("mode", plans.MODES)
NOBODY = UUID(int=1)


@pytest.fixture(scope="module")
async def session(server: Server) -> AsyncIterator[rows.Connection]:
    """The serving role inside the wall, on a database with much in it."""
    urls = await server.copy()
    owner = await asyncpg.connect(urls.owner)
    await owner.execute(plans.SEED)
    await owner.close()
    connection = await asyncpg.connect(urls.serving, server_settings={"jit": "off"})
    await connection.execute(f"BEGIN; SET LOCAL app.organization_id = '{rows.A}'")
    yield connection
    await connection.close()


class TestTokens:
    @BOTH
    @pytest.mark.parametrize(
        ("sql", "most"),
        [
            (tokens.FIND_SEVERAL_SQL, None),
            (rotations.FIND_SUCCESSORS_SQL, None),
            (token_endings.LOCK_SEVERAL_SQL, None),
            (previews.COUNT_LIVE_SQL["token_id"], None),
            (previews.LIST_LIVE_SQL["token_id"], 50),
        ],
        ids=["several", "successors", "lock", "count", "live"],
    )
    async def test_several(
        self, session: rows.Connection, mode: Mode, sql: str, most: int | None
    ) -> None:
        asked = [UUID(int=number) for number in range(1, 4)]
        arguments = [rows.A, asked] if most is None else [rows.A, asked, most]
        plan = await explain(session, mode, sql, arguments)
        assert {node.kind for node in plan.of("token")} <= {"Index Scan", "Bitmap Heap Scan"}, (
            plan.text
        )
        assert "_id = ANY" in plan.text

    @BOTH
    @pytest.mark.parametrize("sql", [rotations.SUPERSEDE_SQL, token_endings.MARK_ACTIVE_SQL])
    async def test_change_of_one(self, session: rows.Connection, mode: Mode, sql: str) -> None:
        plan = await explain(session, mode, sql, [rows.A, NOBODY, 0][: 2 + ("$3" in sql)])
        (read,) = [node for node in plan.of("token") if node.kind != "ModifyTable"]
        assert read.kind == "Index Scan", plan.text
        assert "token_id = " in read.index_condition, plan.text


class TestMintedUntil:
    @BOTH
    async def test_of_a_user(self, session: rows.Connection, mode: Mode) -> None:
        sql = restores.LIST_MINTED_UNTIL_SQL["user"]
        plan = await explain(session, mode, sql, [rows.A, UUID(int=0), "infinity", 50, NOBODY])
        assert {node.index for node in plan.of("token")} == {"token_by_user"}, plan.text


class TestPreviewsOfUsers:
    @BOTH
    async def test_live_tokens(self, session: rows.Connection, mode: Mode) -> None:
        sql = previews.LIST_LIVE_SQL["user_id"]
        plan = await explain(session, mode, sql, [rows.A, [NOBODY], 50])
        assert {node.kind for node in plan.of("token")} <= {"Index Scan", "Bitmap Heap Scan"}, (
            plan.text
        )

    @BOTH
    async def test_permissions(self, session: rows.Connection, mode: Mode) -> None:
        sql = previews.LIST_HELD_SQL["user_id"]
        plan = await explain(session, mode, sql, [rows.A, [NOBODY], 50])
        reads = {node.kind for node in plan.of("permission_grant")}
        assert reads <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}, plan.text
