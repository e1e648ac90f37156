"""Look-ups of presented tokens: which of them share a statement, and that none gets an old one."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import look_up_lines
from app.look_up_lines import Line
from app.look_ups import DEADLINE_SECONDS, Answer, LookUps
from db import presented
from db.pool import Database, DatabaseUnavailable
from db.presented import PresentedToken
from tests.db import rows
from tests.db.rows import A_TOKEN, B_TOKEN, A, B
from tests.postgres import Server, Urls
from tests.rounds import ROUNDS

TOKENS = [UUID(int=0xF000 + number) for number in range(300)]


@pytest.fixture(scope="module")
async def filled(server: Server) -> Urls:
    urls = await server.copy()
    connection = await asyncpg.connect(urls.owner)
    await rows.insert_two_tenants(connection)
    for token_id in TOKENS:
        await rows.insert(connection, "token", rows.token(token_id=token_id))
    await connection.close()
    return urls


@pytest.fixture(scope="module")
async def database(filled: Urls) -> AsyncIterator[Database]:
    opened = await Database.open(filled.serving)
    yield opened
    await opened.close()


@pytest.fixture
async def found(database: Database) -> LookUps:
    return LookUps(database)


class Statements:
    """The statements that look-ups become: what each asks for, and how many run at a time."""

    def __init__(self) -> None:
        self.asked: list[list[UUID]] = []
        self.at_once: list[int] = []
        self.running = 0
        self.began = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def find_tokens(
        self, connection: Any, organizations: Sequence[UUID], tokens: Sequence[UUID], *more: Any
    ) -> list[PresentedToken]:
        self.asked.append(list(tokens))
        self.running += 1
        self.at_once.append(self.running)
        try:
            answer = await FIND_TOKENS(connection, organizations, tokens, *more)
            self.began.set()
            # To the caller it still runs, and what it has seen stays so.
            await self.may_end.wait()
            return answer
        finally:
            self.running -= 1


FIND_TOKENS = presented.find_tokens


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Statements:
    made = Statements()
    monkeypatch.setattr(presented, "find_tokens", made.find_tokens)
    return made


async def later(future: "asyncio.Future[Answer]") -> Answer:
    return await future


def ids(answers: Sequence[Answer]) -> list[UUID | None]:
    """The tokens of answers; fails on any that is a failure."""
    told: list[UUID | None] = []
    for answer in answers:
        assert not isinstance(answer, DatabaseUnavailable)
        told.append(answer.token_id if answer else None)
    return told


class TestShared:
    async def test_all_of_one_turn_are_one_statement(
        self, found: LookUps, statements: Statements
    ) -> None:
        answers = await asyncio.gather(*(found.ask(A, one, None) for one in TOKENS[:20]))
        assert ids(answers) == TOKENS[:20]
        assert statements.asked == [TOKENS[:20]]

    async def test_one_token_is_asked_for_once(
        self, found: LookUps, statements: Statements
    ) -> None:
        answers = await asyncio.gather(*(found.ask(A, A_TOKEN, None) for _ in range(50)))
        assert ids(answers) == [A_TOKEN] * 50
        assert statements.asked == [[A_TOKEN]]

    async def test_and_once_for_each_resource(self, found: LookUps, statements: Statements) -> None:
        places = [None, A, uuid4(), A, None]
        answers = await asyncio.gather(*(found.ask(A, A_TOKEN, place) for place in places))
        told = [answer.permissions for answer in answers if isinstance(answer, PresentedToken)]
        held = ["organization:app_users:write"]
        assert told == [held, held, [], held, held]
        assert statements.asked == [[A_TOKEN] * 3]

    async def test_very_many_are_several_statements(
        self, found: LookUps, statements: Statements, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(look_up_lines, "MOST", 8)
        answers = await asyncio.gather(*(found.ask(A, one, None) for one in TOKENS[:20]))
        assert ids(answers) == TOKENS[:20]
        assert statements.asked == [TOKENS[:8], TOKENS[8:16], TOKENS[16:20]]

    async def test_what_comes_meanwhile_is_the_next_one(
        self, found: LookUps, statements: Statements
    ) -> None:
        statements.may_end.clear()
        waiting = [found.ask(A, one, None) for one in TOKENS[: look_up_lines.LANES]]
        for one in TOKENS[1 : look_up_lines.LANES]:
            await asyncio.sleep(0)
            waiting.append(found.ask(A, one, None))
        await statements.began.wait()
        for one in TOKENS[10:15]:
            waiting.append(found.ask(A, one, None))
            await asyncio.sleep(0)
        statements.may_end.set()
        ids(await asyncio.gather(*waiting))
        assert statements.asked[-1] == TOKENS[10:15]

    async def test_who_would_have_less_time_waits_for_another(
        self, found: LookUps, statements: Statements, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(look_up_lines, "JOIN_SECONDS", 0.05)
        statements.may_end.clear()
        waiting = [found.ask(A, TOKENS[0], None)]
        await statements.began.wait()
        waiting.append(found.ask(A, TOKENS[1], None))
        await asyncio.sleep(0.1)
        waiting += [found.ask(A, TOKENS[2], None), found.ask(A, TOKENS[3], None)]
        statements.may_end.set()
        assert ids(await asyncio.gather(*waiting)) == TOKENS[:4]
        assert statements.asked == [TOKENS[:1], TOKENS[1:2], TOKENS[2:4]]

    async def test_never_more_at_a_time_than_there_are_lanes(
        self, found: LookUps, statements: Statements, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(look_up_lines, "MOST", 3)
        answers = await asyncio.gather(*(found.ask(A, one, None) for one in TOKENS))
        assert ids(answers) == TOKENS
        assert max(statements.at_once) == look_up_lines.LANES

    async def test_everybody_gets_the_own_answer(
        self, found: LookUps, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(look_up_lines, "MOST", 16)
        pairs = [(A, one) for one in TOKENS] + [(B, B_TOKEN), (A, B_TOKEN), (B, A_TOKEN)]
        pairs += [(uuid4(), uuid4()) for _ in range(20)]
        there = {(A, one) for one in TOKENS} | {(B, B_TOKEN)}

        async def ask(organization_id: UUID, token_id: UUID) -> None:
            for _ in range(random.randint(0, 9)):
                await asyncio.sleep(0)
            (told,) = ids([await found.ask(organization_id, token_id, None)])
            assert told == (token_id if (organization_id, token_id) in there else None)

        asked = pairs * 4
        random.shuffle(asked)
        await asyncio.gather(*(ask(*pair) for pair in asked))


class Joining(Line):
    """The control: who asks while a statement runs gets its answer."""

    def _start(self) -> None:
        joined = dict(self._open)
        super()._start()
        self._open = joined


class TestFresh:
    async def revoked_meanwhile(
        self, found: LookUps | Line, statements: Statements, filled: Urls
    ) -> tuple[Answer, Answer]:
        """Ask, have the token revoked while the statement runs, ask again."""
        token_id = uuid4()
        connection = await asyncpg.connect(filled.owner)
        await rows.insert(connection, "token", rows.token(token_id=token_id))
        statements.may_end.clear()
        first = asyncio.create_task(later(found.ask(A, token_id, None)))
        await statements.began.wait()
        await connection.execute(
            "UPDATE token SET revoke_time = now() WHERE token_id = $1", token_id
        )
        await connection.close()
        second = asyncio.create_task(later(found.ask(A, token_id, None)))
        await asyncio.sleep(0.05)
        statements.may_end.set()
        return await first, await second

    async def test_a_running_statement_answers_nobody_who_comes_later(
        self, found: LookUps, statements: Statements, filled: Urls
    ) -> None:
        first, second = await self.revoked_meanwhile(found, statements, filled)
        assert isinstance(first, PresentedToken)
        assert isinstance(second, PresentedToken)
        assert (first.refusal, second.refusal) == (None, "REVOKED")
        assert len(statements.asked) == 2

    async def test_control_who_joins_one_is_told_what_was(
        self, database: Database, statements: Statements, filled: Urls
    ) -> None:
        _, second = await self.revoked_meanwhile(
            Joining([database], DEADLINE_SECONDS), statements, filled
        )
        assert isinstance(second, PresentedToken)
        assert second.refusal is None

    async def test_rounds(self, found: LookUps, filled: Urls) -> None:
        """Who asks after a revocation is acknowledged is told of it, whatever else is asked."""
        connection = await asyncpg.connect(filled.owner)
        end = asyncio.Event()

        async def others() -> None:
            while not end.is_set():
                await found.ask(A, random.choice(TOKENS), None)

        noise = [asyncio.create_task(others()) for _ in range(8)]
        for _ in range(ROUNDS // 5):
            token_id = uuid4()
            await rows.insert(connection, "token", rows.token(token_id=token_id))
            asked = [found.ask(A, token_id, None) for _ in range(3)]
            await connection.execute(
                "UPDATE token SET revoke_time = now() WHERE token_id = $1", token_id
            )
            answer = await found.ask(A, token_id, None)
            assert isinstance(answer, PresentedToken)
            assert answer.refusal == "REVOKED"
            ids(await asyncio.gather(*asked))
        end.set()
        await asyncio.gather(*noise)
        await connection.close()
