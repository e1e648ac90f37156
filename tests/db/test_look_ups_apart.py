"""Organizations whose tokens take long to look up keep nobody waiting but themselves."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import look_ups
from app.look_ups import Answer, LookUps
from db import presented
from db.pool import Database
from db.presented import PresentedToken
from tests.db import rows
from tests.db.looking_up import FIND_TOKENS
from tests.db.rows import A_TOKEN, ALICE, B_TOKEN, A, B
from tests.postgres import Urls

GROUPS = 60


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
    monkeypatch.setattr(look_ups, "MANY_GROUPS", 100 * GROUPS)
    found = LookUps(database)
    for _ in range(2):
        await both(found)
    assert asked == [sorted([A_TOKEN, B_TOKEN])] * 2


async def test_what_is_remembered_of_them_is_bounded(
    database: Database, asked: list[list[UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_ups, "MANY_GROUPS", -1)
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
