"""Another organization's things are answered like things that do not exist, byte for byte.

Two walls see to it, the predicates of the statements and row level security. Every test runs with
both, and with either one taken down.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from graphql import GraphQLInputObjectType, get_named_type

from app import ids, organizations
from app.api.schema import schema
from app.database import Database
from tests.api.asks import ASKS
from tests.api.walls import disable_row_level_security, without_predicates
from tests.api.world import World, make_world
from tests.api_client import Api, Organization
from tests.conftest import PEPPERS, settings_for
from tests.owner import Owner, organization_key, token_key, user_key
from tests.postgres import Server, Urls
from tests.service import Service, started


@dataclass(frozen=True)
class Pair:
    """Two organizations in one database: ours asks, the other is asked about."""

    ours: World
    theirs: World
    owner: Owner

    def targets(self, kind: str) -> dict[str, str]:
        """Return ids that lead nowhere for us, by what they are."""
        random, foreign = uuid4(), organization_key(self.theirs.organization.id)
        if kind == "org":
            return {
                "foreign": self.theirs.organization.id,
                "missing": ids.organization_id(random),
            }
        own = organization_key(self.ours.organization.id)
        thing = (
            user_key(self.theirs.user_id) if kind == "user" else token_key(self.theirs.token_id)
        )[1]

        def public(organization_id: UUID, value: UUID) -> str:
            return ids.member_id("user" if kind == "user" else "token", organization_id, value)

        return {
            "foreign": public(foreign, thing),
            "missing there": public(foreign, uuid4()),
            "missing with its organization": public(random, uuid4()),
            "missing here": public(own, uuid4()),
            # Their thing under our name: only the walls know that it is not ours.
            "grafted": public(own, thing),
        }


def shown(response: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return all that a caller sees of an answer, but for the request's id."""
    headers = [(k, v) for k, v in response.headers.multi_items() if k != "x-request-id"]
    assert len(headers) == len(response.headers) - 1
    return response.status_code, headers, response.content


async def make_pair(api: Api, urls: Urls, owner: Owner) -> Pair:
    database = await Database.open(urls.serving, size=1)
    try:
        worlds: list[World] = []
        for name in ("Ours", "Theirs"):
            made = await organizations.bootstrap(
                database, PEPPERS, name=name, admin_email="admin@example.com"
            )
            organization = Organization(
                ids.organization_id(made.organization_id),
                ids.member_id("user", made.organization_id, made.user_id),
                api.with_token(made.full_token),
            )
            worlds.append(await make_world(organization))
    finally:
        await database.close()
    return Pair(worlds[0], worlds[1], owner)


@pytest.fixture(scope="module")
async def open_urls(server: Server) -> Urls:
    """A database of our own without row level security."""
    copied = await server.copy()
    await disable_row_level_security(copied)
    return copied


@pytest.fixture(scope="module")
async def open_service(open_urls: Urls) -> AsyncGenerator[Service]:
    """The application on it."""
    async with started(settings_for(open_urls)) as running:
        yield running


@pytest.fixture(params=["both walls", "predicates alone", "row level security alone"])
async def pair(
    request: pytest.FixtureRequest,
    urls: Urls,
    service: Service,
    open_urls: Urls,
    open_service: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[Pair]:
    """Two organizations, with what is left of the walls between them."""
    unwalled = request.param == "predicates alone"
    where, running = (open_urls, open_service) if unwalled else (urls, service)
    connection = await asyncpg.connect(where.owner)
    try:
        made = await make_pair(await running.caller(), where, Owner(connection))
        if request.param == "row level security alone":
            assert without_predicates(monkeypatch) >= 10
        yield made
    finally:
        await connection.close()


class TestAnswers:
    @pytest.mark.parametrize("name", ASKS)
    async def test_foreign_is_missing_byte_for_byte(self, pair: Pair, name: str) -> None:
        kind, document, variables = ASKS[name]
        before = await pair.owner.snapshot(pair.ours.organization.id, pair.theirs.organization.id)
        answers = {
            what: shown(
                (
                    await pair.ours.organization.admin.run(document, variables(pair.ours, target))
                ).response
            )
            for what, target in pair.targets(kind).items()
        }
        first = next(iter(answers.values()))
        assert answers == dict.fromkeys(answers, first)
        after = await pair.owner.snapshot(pair.ours.organization.id, pair.theirs.organization.id)
        assert after == before

    @pytest.mark.parametrize("name", ASKS)
    async def test_for_a_caller_without_grant_too(self, pair: Pair, name: str) -> None:
        kind, document, variables = ASKS[name]
        robot = pair.ours.organization.admin.with_token(pair.ours.full)
        targets = pair.targets(kind)
        answers = {
            what: shown((await robot.run(document, variables(pair.ours, targets[what]))).response)
            for what in targets
            if what not in ("missing here", "grafted")
        }
        first = next(iter(answers.values()))
        assert answers == dict.fromkeys(answers, first)

    @pytest.mark.parametrize("name", ASKS)
    async def test_what_is_ours_is_answered_otherwise(self, pair: Pair, name: str) -> None:
        """The control: the documents do find, and change, what is there."""
        kind, document, variables = ASKS[name]
        own = {
            "org": pair.ours.organization.id,
            "user": pair.ours.user_id,
            "token": pair.ours.token_id,
        }[kind]
        missing = next(target for what, target in pair.targets(kind).items() if "missing" in what)
        admin = pair.ours.organization.admin
        found = shown((await admin.run(document, variables(pair.ours, own))).response)
        assert found != shown((await admin.run(document, variables(pair.ours, missing))).response)

    async def test_lists_hold_only_what_is_ours(self, pair: Pair) -> None:
        found = await pair.ours.organization.admin.query(
            """query($o: ID!) {
                applicationUsers(organizationId: $o) { totalCount nodes { id } }
                organizationUsers(organizationId: $o) { nodes { id } }
                tokens(organizationId: $o) { nodes { id user { id } createdBy { id } } } }""",
            o=pair.ours.organization.id,
        )
        assert found["applicationUsers"] == {
            "totalCount": 1,
            "nodes": [{"id": pair.ours.user_id}],
        }
        suffix = pair.ours.organization.id.removeprefix("org_")
        listed = found["organizationUsers"]["nodes"] + found["tokens"]["nodes"]
        assert len(listed) == 4
        assert all(node["id"].endswith(suffix) for node in listed)


def test_every_root_field_with_an_id_is_asked() -> None:
    """A field that the schema gains and nobody tries fails here."""
    graphql_schema = schema._schema  # pyright: ignore[reportPrivateUsage]
    taking: set[str] = set()
    for root in (graphql_schema.query_type, graphql_schema.mutation_type):
        assert root is not None
        for name, field in root.fields.items():
            types = [get_named_type(argument.type) for argument in field.args.values()]
            for found in list(types):
                if isinstance(found, GraphQLInputObjectType):
                    types += [get_named_type(inner.type) for inner in found.fields.values()]
            if any(found.name == "ID" for found in types):
                taking.add(name)
    assert taking == {name.partition(" ")[0] for name in ASKS}


class TestTheWalls:
    """Controls: with both walls down the same questions do find what is theirs."""

    @pytest.mark.parametrize(
        "name", ["node", "node of a user", "applicationUser", "updateToken", "revokeToken"]
    )
    async def test_without_either(
        self,
        open_urls: Urls,
        open_service: Service,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
    ) -> None:
        connection = await asyncpg.connect(open_urls.owner)
        try:
            made = await make_pair(await open_service.caller(), open_urls, Owner(connection))
        finally:
            await connection.close()
        without_predicates(monkeypatch)
        kind, document, variables = ASKS[name]
        targets = made.targets(kind)
        admin = made.ours.organization.admin
        grafted = await admin.run(document, variables(made.ours, targets["grafted"]))
        missing = await admin.run(document, variables(made.ours, targets["missing here"]))
        assert grafted.response.content != missing.response.content


class TestKeys:
    async def test_an_idempotency_key_is_an_organizations_own(self, pair: Pair) -> None:
        for world in (pair.ours, pair.theirs):
            made = await world.organization.admin.mutate(
                "generateToken",
                "fullToken",
                applicationUserId=world.user_id,
                idempotencyKey="the same",
            )
            assert made["__typename"] == "GenerateTokenSuccess"
