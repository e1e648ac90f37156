"""Organizations whose tokens take long to look up keep nobody waiting but themselves."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import look_up_lines, look_ups
from app.look_up_lines import Line
from app.look_ups import Answer, LookUps
from db import presented
from db.pool import Database
from db.presented import PresentedToken
from tests.db import rows
from tests.db.looking_up import FIND_TOKENS
from tests.db.rows import A_TOKEN, ALICE, B_TOKEN, A, B
from tests.postgres import Urls

GROUPS = 60
MANY = [UUID(int=0xE000 + number) for number in range(5 * look_ups.MOST_IN_LONG_LINE)]


@pytest.fixture
async def database(copied: Urls) -> AsyncIterator[Database]:
    """One where the user of A's token is in many groups."""
    connection = await asyncpg.connect(copied.owner)
    for _ in range(GROUPS):
        group_id = uuid4()
        await rows.insert(connection, "user_group", rows.group(group_id=group_id))
        await rows.insert(
            connection, "group_member", rows.membership(group_id=group_id, user_id=ALICE)
        )
    await connection.close()
    opened = await Database.open(copied.serving, size=look_ups.CONNECTIONS)
    yield opened
    await opened.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[UUID]]:
    """The tokens that each statement asks for."""
    seen: list[list[UUID]] = []

    async def find(
        connection: Any, organizations: Sequence[UUID], tokens: Sequence[UUID], *more: Any
    ) -> list[PresentedToken]:
        seen.append(sorted(tokens))
        return await FIND_TOKENS(connection, organizations, tokens, *more)

    monkeypatch.setattr(presented, "find_tokens", find)
    return seen


def is_there(answer: Answer) -> bool:
    return isinstance(answer, PresentedToken)


async def both(found: LookUps) -> None:
    answers = await asyncio.gather(found.ask(A, A_TOKEN, None), found.ask(B, B_TOKEN, None))
    assert all(map(is_there, answers))


async def test_they_are_in_no_statement_with_others(
    database: Database, asked: list[list[UUID]]
) -> None:
    found = LookUps(database)
    await both(found)
    assert asked == [sorted([A_TOKEN, B_TOKEN])]
    await both(found)
    assert sorted(asked[1:]) == sorted([[A_TOKEN], [B_TOKEN]])


async def test_control_with_fewer_groups_than_that(
    database: Database, asked: list[list[UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_ups, "MANY_READ", 100 * GROUPS)
    found = LookUps(database)
    for _ in range(2):
        await both(found)
    assert asked == [sorted([A_TOKEN, B_TOKEN])] * 2


async def test_many_grants_make_one_long_too(
    copied: Urls, database: Database, asked: list[list[UUID]]
) -> None:
    connection = await asyncpg.connect(copied.owner)
    await connection.execute("DELETE FROM group_member")
    await connection.execute(
        "INSERT INTO permission_grant (organization_id, principal_id, resource_id, permission)"
        " SELECT $1, $2, $1, 'permission ' || n FROM generate_series(1, $3::integer) AS n",
        A,
        ALICE,
        look_ups.MANY_READ,
    )
    await connection.close()
    await test_they_are_in_no_statement_with_others(database, asked)


class TestTurns:
    """In the long line organizations take turns, however much one of them asks."""

    def statements(self, asked: list[list[UUID]]) -> list[UUID]:
        """Whose each statement was; none was several organizations'."""
        of = dict.fromkeys(MANY, A) | {B_TOKEN: B}
        owners = [{of[token_id] for token_id in tokens} for tokens in asked]
        assert all(len(one) == 1 for one in owners)
        return [one.pop() for one in owners]

    async def begun(self, database: Database, asked: list[list[UUID]]) -> list[UUID]:
        found = LookUps(database)
        found._slow_ones = {A: None, B: None}  # pyright: ignore[reportPrivateUsage]
        waiting = [found.ask(A, token_id, None) for token_id in MANY]
        waiting.append(found.ask(B, B_TOKEN, None))
        await asyncio.gather(*waiting)
        assert max(map(len, asked)) == look_ups.MOST_IN_LONG_LINE
        return self.statements(asked)

    async def test_are_taken(self, database: Database, asked: list[list[UUID]]) -> None:
        assert await self.begun(database, asked) == [A, B, A, A, A, A]

    async def test_of_three_too(self, database: Database, asked: list[list[UUID]]) -> None:
        """Two that ask without an end leave the third its turn."""
        found = LookUps(database)
        others = [uuid4(), uuid4()]
        found._slow_ones = dict.fromkeys([*others, B])  # pyright: ignore[reportPrivateUsage]
        waiting = [found.ask(each, one, None) for each in others for one in MANY]
        waiting.append(found.ask(B, B_TOKEN, None))
        await asyncio.gather(*waiting)
        assert asked.index([B_TOKEN]) == 2

    async def test_one_leaves_a_lane_to_others(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """However long its statements take, and however many of them wait."""
        may_end = asyncio.Event()

        async def find(connection: Any, organizations: Sequence[UUID], *more: Any) -> Any:
            if A in organizations:
                await may_end.wait()
            return await FIND_TOKENS(connection, organizations, *more)

        monkeypatch.setattr(presented, "find_tokens", find)
        monkeypatch.setattr(look_up_lines, "SLOW_SECONDS", 0.01)
        found = LookUps(database)
        found._slow_ones = {A: None, B: None}  # pyright: ignore[reportPrivateUsage]
        waiting = [found.ask(A, token_id, None) for token_id in MANY]
        await asyncio.sleep(0.1)
        assert is_there(await found.ask(B, B_TOKEN, None))
        assert not any(future.done() for future in waiting)
        may_end.set()
        await asyncio.gather(*waiting)

    async def test_control_first_come_first_served(
        self, database: Database, asked: list[list[UUID]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def first(line: Line) -> Any:
            return line._queue.popleft()  # pyright: ignore[reportPrivateUsage]

        monkeypatch.setattr(Line, "_take", first)
        assert await self.begun(database, asked) == [A, A, A, A, A, B]


async def test_what_is_remembered_of_them_is_bounded(
    database: Database, asked: list[list[UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_ups, "MANY_READ", -1)
    monkeypatch.setattr(look_ups, "MOST_REMEMBERED", 1)
    found = LookUps(database)
    for _ in range(3):
        await both(found)
    # Whichever was learned last stands in the other line.
    assert all(len(tokens) == 1 for tokens in asked[1:])
    assert len(found._slow_ones) == 1  # pyright: ignore[reportPrivateUsage]


async def test_a_long_one_holds_up_none_of_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = LookUps(database)
    await both(found)
    may_end = asyncio.Event()

    async def find(connection: Any, organizations: Sequence[UUID], *more: Any) -> Any:
        if A in organizations:
            await may_end.wait()
        return await FIND_TOKENS(connection, organizations, *more)

    monkeypatch.setattr(presented, "find_tokens", find)
    long = [found.ask(A, A_TOKEN, None)]
    for _ in range(10):
        await asyncio.sleep(0)
        long.append(found.ask(A, A_TOKEN, None))
        assert is_there(await found.ask(B, B_TOKEN, None))
    assert not any(future.done() for future in long)
    may_end.set()
    assert all(map(is_there, await asyncio.gather(*long)))
