"""No input of 64 KiB or less costs more than 100 ms of CPU or answers 5xx.

A worker of its own, on an organization in which everything is as dear as it may be, is sent the
dearest documents that the rule on cost lets through, and hostile input of each kind: documents
drawn from the SDL, requests drawn from the endpoints, changed bodies and changed tokens. Nothing
answers 5xx, nothing is masked, and the worker's CPU stays below the bound, by the least of a few
runs. The controls take the rule away, and let a resolver fail: then the same checks do not pass.
``python -m tests.hostile`` has the long forms.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from pydantic import SecretStr

from app.api import catalogue, limits
from tests.api_client import Answer as GraphQLAnswer
from tests.conftest import settings_for
from tests.hostile import bodies, callers, credentials, dearest, documents, plain_http
from tests.hostile.callers import Callers
from tests.hostile.estate import PEPPER, Estate, make
from tests.hostile.oracle import MOST_MILLISECONDS, Report, wrong
from tests.hostile.worker import Answer, Worker, serving
from tests.postgres import Server, Urls
from tests.promises.conftest import Figure
from tests.rounds import EXAMPLES
from tests.service import started

SEED = 12
InProcess: TypeAlias = Callable[[str], Awaitable[Answer]]
Fuzzer: TypeAlias = Callable[[Report, Callers, int, int, Callable[[], None]], None]


@pytest.fixture(scope="module")
async def place(server: Server) -> tuple[Urls, Estate]:
    urls = await server.copy()
    return urls, await make(urls, tokens=2000)


@pytest.fixture(scope="module")
def worker(place: tuple[Urls, Estate]) -> Iterator[Worker]:
    with serving(*place) as at:
        yield at


@pytest.fixture(scope="module")
def who(worker: Worker) -> Callers:
    return callers.make(worker)


@pytest.fixture
async def in_process(place: tuple[Urls, Estate]) -> AsyncIterator[InProcess]:
    """The same application in this process, where something can be taken away from it."""
    urls, estate = place
    settings = settings_for(urls, pepper=SecretStr(PEPPER), log_level="error")
    async with started(settings) as service:
        caller = await service.caller(token=estate.token)

        async def ask(document: str) -> Answer:
            cpu = time.process_time()
            found: GraphQLAnswer = await caller.run(document)
            spent = (time.process_time() - cpu) * 1000
            response = found.response
            return Answer(response.status_code, response.headers, response.content, spent, 0)

        yield ask


def none() -> None:
    """Tell nobody of progress."""


class TestDearest:
    async def test_stay_below_the_bound(self, worker: Worker, who: Callers, figure: Figure):
        report = Report(worker)
        for dear in dearest.documents(worker.estate):

            def send(number: int, dear: dearest.Dear = dear) -> Answer:
                return worker.graphql(dear.sent(number), dear.variables, worker.estate.token)

            answer = report.judge(dear.name, send)
            assert b"too large" not in answer.body, dear.name
        assert report.violations == []
        figure(f"the dearest of {report.count} documents {report.dearest[0][0]:.0f} ms")

    async def test_control_would_not_without_the_rule(
        self, in_process: InProcess, place: tuple[Urls, Estate], monkeypatch: pytest.MonkeyPatch
    ):
        of = f'organizationId: "{place[1].organization_id}", first: 100'
        page = f"applicationUsers({of}) {{ nodes {{ tokens(first: 100) {{ nodes {{ id }} }} }} }}"
        document = dearest.aliased(4, page)
        assert b"too large" in (await in_process(document)).body
        monkeypatch.setattr(limits, "MAX_COST", 10**9)
        answer = await in_process("," + document)
        assert answer.status == 200
        assert answer.milliseconds > MOST_MILLISECONDS


@pytest.mark.parametrize(
    ("send", "count", "what"),
    [
        (documents.run, 60, "documents"),
        (plain_http.run, 120, "plain requests"),
        (bodies.run, 150, "changed bodies"),
        (credentials.run, 150, "changed tokens"),
    ],
    ids=["documents", "plain_http", "bodies", "tokens"],
)
async def test_fuzzed(
    worker: Worker, who: Callers, figure: Figure, send: Fuzzer, count: int, what: str
):
    report = Report(worker)
    send(report, who, count * EXAMPLES // 150, SEED, none)
    assert report.violations == [], report.summary()
    figure(f"{report.count:,} {what}")


class TestControl:
    async def test_a_failing_resolver_is_seen(
        self, in_process: InProcess, monkeypatch: pytest.MonkeyPatch
    ):
        def fail(_: object) -> None:
            raise RuntimeError("a bug")

        monkeypatch.setattr(catalogue.PermissionCatalogueEntry, "of", fail)
        answer = await in_process("{ permissionCatalogue { name } }")
        assert "a masked internal error" in wrong(answer)

    def test_what_is_always_dear_is_seen(self, place: tuple[Urls, Estate], tmp_path: Path):
        log = tmp_path / "log"
        log.write_bytes(b"")
        for costs, count in (([101.0], 1), ([101.0, 99.0], 0)):
            report = Report(Worker(0, 0, log, place[1]))

            def send(attempt: int, costs: list[float] = costs) -> Answer:
                return Answer(200, {}, b"", costs[attempt % len(costs)], 0.0)

            report.judge("x", send)
            assert len(report.violations) == count

    def test_a_bug_in_the_log_is_seen(self, place: tuple[Urls, Estate], tmp_path: Path):
        log = tmp_path / "log"
        log.write_bytes(b"")
        report = Report(Worker(0, 0, log, place[1]))

        def send(_number: int) -> Answer:
            log.write_bytes(b"[error] graphql.bug path=None\n")
            return Answer(200, {}, b"", 1.0, 0.0)

        report.judge("x", send)
        assert len(report.violations) == 1

    @pytest.mark.parametrize(
        "answer",
        [
            Answer(500, {}, b"", 1, 1),
            Answer(503, {}, b"", 1, 1),
            Answer(200, {"content-type": "application/json; charset=utf-8"}, b"{", 1, 1),
            Answer(200, {}, b"", 1, 7),
            Answer(200, {}, b'{"errors":[{"extensions":{"code":"INTERNAL"}}]}', 1, 1),
        ],
    )
    def test_each_kind_of_wrong_answer_is_seen(self, answer: Answer):
        assert len(wrong(answer)) == 1
