"""A foreign id is answered byte for byte like a missing one, and still is with either tenant wall
removed.

The questions come from the schema: every operation, every id that it takes. Two walls see to the
answers, the predicates of the statements and row level security; each question is asked with both,
and with either one taken down. The controls take down both, and ask about what is the caller's own.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from app import ids
from app.api.any_node import FINDERS
from app.ids import MEMBER_KINDS, MemberKind
from tests.api.operations import Operation, Path, at, operations, put
from tests.api.place import Place, place_in
from tests.api_client import Api
from tests.conftest import settings_for
from tests.owner import Owner, organization_key
from tests.postgres import Server, Urls
from tests.promises.conftest import Figure
from tests.promises.walls import disable_row_level_security, without_predicates
from tests.service import Service, started

OPERATIONS = {operation.name: operation for operation in operations()}


@dataclass(frozen=True)
class Question:
    """An id that an operation takes, and the kind of thing that it is asked about there."""

    operation: Operation
    path: Path
    kind: str | None
    """None for what the place's own variables have there."""

    def variables(self, place: Place) -> dict[str, Any]:
        """Return what the operation takes, all of it the place's own."""
        given = place.variables(self.operation.name)
        if self.kind is not None:
            given = put(given, self.path, place.of_kind(self.kind))
        return given

    async def ask(self, caller: Api, place: Place, target: str) -> httpx.Response:
        """Ask about something else than the place's own."""
        variables = put(self.variables(place), self.path, target)
        return (await caller.run(self.operation.document(1), variables)).response


def questions() -> list[Any]:
    """Each id that the schema's operations take; of what takes any, each kind."""
    kinds: dict[tuple[str, Path], list[str]] = {
        ("node", ("id",)): sorted(FINDERS),
        ("auditEvents", ("filter", "targetId")): sorted(set(FINDERS) - {"event", "org"}),
        ("createResource", ("input", "parentId")): ["resource"],
    }
    return [
        pytest.param(
            Question(operation, path, kind),
            id=".".join(map(str, [operation.name, *path, *([kind] if kind else [])])),
        )
        for operation in operations()
        for path in operation.id_paths()
        for kind in kinds.get((operation.name, path), [None])
    ]


EACH = pytest.mark.parametrize("question", questions())


@dataclass(frozen=True)
class Pair:
    """Two organizations in one database: ours asks, the other is asked about."""

    ours: Place
    theirs: Place
    owner: Owner

    def targets(self, question: Question) -> dict[str, str]:
        """Return ids that lead nowhere for us, by what they are."""
        random, foreign = uuid4(), organization_key(self.theirs.organization.id)
        thing: str = at(question.variables(self.theirs), question.path)
        prefix = thing.split("_", maxsplit=1)[0]
        if prefix == "org":
            return {"foreign": thing, "missing": ids.organization_id(random)}
        own = organization_key(self.ours.organization.id)
        kind: MemberKind = next(known for known in MEMBER_KINDS if known == prefix)
        parsed = ids.parse_member_id(kind, thing)
        assert parsed is not None

        def public(organization_id: UUID, value: UUID) -> str:
            return ids.member_id(kind, organization_id, value)

        there = {
            "foreign": thing,
            "missing there": public(foreign, uuid4()),
            "missing with its organization": public(random, uuid4()),
        }
        here = {
            "missing here": public(own, uuid4()),
            # Their thing under our name: only the walls know that it is not ours.
            "grafted": public(own, parsed[1]),
        }
        # Events are numbered in each organization, so a grafted one is one of ours.
        return there | (here if kind != "event" else {"missing here": here["missing here"]})


def shown(response: httpx.Response, asked: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return all that a caller sees of an answer, but for the request's id and what it asked about.

    An answer may repeat an id that it was asked about: that says nothing of what it names.
    """
    headers = [(k, v) for k, v in response.headers.multi_items() if k != "x-request-id"]
    assert len(headers) == len(response.headers) - 1
    return response.status_code, headers, response.content.replace(asked.encode(), b"it")


@pytest.fixture(scope="module")
async def open_urls(server: Server) -> Urls:
    """A database of our own without row level security."""
    copied = await server.copy()
    await disable_row_level_security(copied)
    return copied


@pytest.fixture(scope="module")
async def walled(urls: Urls) -> AsyncGenerator[Pair]:
    """Two organizations behind row level security. What is refused changes nothing, so all ask."""
    async with started(settings_for(urls)) as running:
        connection = await asyncpg.connect(urls.owner)
        api = await running.caller()
        places = [await place_in(api, urls, name) for name in ("Ours", "Theirs")]
        yield Pair(places[0], places[1], Owner(connection))
        await connection.close()


@pytest.fixture(scope="module")
async def unwalled(open_urls: Urls) -> AsyncGenerator[tuple[Pair, Service]]:
    """Two organizations without row level security."""
    async with started(settings_for(open_urls)) as running:
        connection = await asyncpg.connect(open_urls.owner)
        api = await running.caller()
        places = [await place_in(api, open_urls, name) for name in ("Ours", "Theirs")]
        yield Pair(places[0], places[1], Owner(connection)), running
        await connection.close()


@pytest.fixture(params=["both walls", "predicates alone", "row level security alone"])
async def pair(
    request: pytest.FixtureRequest,
    walled: Pair,
    unwalled: tuple[Pair, Service],
    monkeypatch: pytest.MonkeyPatch,
) -> Pair:
    """Two organizations, with what is left of the walls between them."""
    if request.param == "row level security alone":
        assert without_predicates(monkeypatch) >= 50
    return unwalled[0] if request.param == "predicates alone" else walled


class TestAnswers:
    @EACH
    async def test_foreign_is_missing_byte_for_byte(self, pair: Pair, question: Question) -> None:
        both = (pair.ours.organization.id, pair.theirs.organization.id)
        before = await pair.owner.snapshot(*both)
        admin = pair.ours.organization.admin
        answers = {
            what: shown(await question.ask(admin, pair.ours, target), target)
            for what, target in pair.targets(question).items()
        }
        first = next(iter(answers.values()))
        assert answers == dict.fromkeys(answers, first)
        assert first[0] < 500
        assert await pair.owner.snapshot(*both) == before

    @EACH
    async def test_for_a_caller_without_grant_too(self, pair: Pair, question: Question) -> None:
        robot = pair.ours.organization.admin.with_token(pair.ours.full)
        answers = {
            what: shown(await question.ask(robot, pair.ours, target), target)
            for what, target in pair.targets(question).items()
            if what not in ("missing here", "grafted")
        }
        first = next(iter(answers.values()))
        assert answers == dict.fromkeys(answers, first)
        assert first[0] < 500


class TestControl:
    @EACH
    async def test_what_is_ours_is_answered_otherwise(
        self, api: Api, urls: Urls, walled: Pair, question: Question
    ) -> None:
        """The documents do find, and change, what is there."""
        asks = question.operation.kind == "query"
        ours = walled.ours if asks else await place_in(api, urls, "Ours")
        own: str = at(question.variables(ours), question.path)
        missing = next(t for what, t in walled.targets(question).items() if "missing" in what)
        admin = ours.organization.admin
        refused = shown(await question.ask(admin, ours, missing), missing)
        assert shown(await question.ask(admin, ours, own), own) != refused

    def test_every_id_is_asked_about(self, walled: Pair, figure: Figure) -> None:
        """What stands in for a list of kinds covers whatever has an id."""
        for operation in operations():
            for path in operation.id_paths():
                found = at(walled.ours.variables(operation.name), path)
                assert found, (operation.name, path)
        figure(f"{len(questions())} questions of {len(OPERATIONS)} operations, by 3 sets of walls")

    @pytest.mark.parametrize(
        "name",
        [
            "applicationUser",
            "updateToken",
            "updateGroup",
            "updateResource",
            "updateWebhookEndpoint",
        ],
    )
    async def test_without_either_wall_they_are_found(
        self, unwalled: tuple[Pair, Service], monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        without_predicates(monkeypatch)
        pair, _ = unwalled
        path = OPERATIONS[name].id_paths()[0]
        question = Question(OPERATIONS[name], path, None)
        targets = pair.targets(question)
        admin = pair.ours.organization.admin
        found = await question.ask(admin, pair.ours, targets["grafted"])
        missing = await question.ask(admin, pair.ours, targets["missing here"])
        assert found.content != missing.content
