"""Mutations are bounded by user: a document is let in whole, or none of it is run."""

from collections.abc import AsyncGenerator
from unittest.mock import Mock

import httpx
import pytest
from graphql import parse

from app.api import mutation_rate
from app.api.mutation_rate import count_mutations
from app.client import Client
from app.client.generated import CreateApplicationUserInput
from tests.api_client import Answer, Api, Organization
from tests.clock import Clock, fresh
from tests.conftest import settings_for
from tests.owner import Owner
from tests.postgres import Urls
from tests.service import Service, started
from tests.web.connections import served

MOST = 5
REVOKE = 'mutation { revokeToken(input: {tokenId: "x"}) { __typename } }'


@pytest.fixture(scope="module")
async def limited(urls: Urls) -> AsyncGenerator[Service]:
    """An application that takes five mutations a minute."""
    async with started(settings_for(urls, mutations_per_minute=MOST)) as running:
        yield running


@pytest.fixture(autouse=True)
def forgotten(limited: Service) -> None:
    """Nobody has sent anything yet."""
    fresh(limited.mutations)
    fresh(limited.anonymous_mutations)


@pytest.fixture
async def admin(limited: Service, organization: Organization, clock: Clock) -> Api:
    """An administrator."""
    return await limited.caller(token=organization.admin.token)


def document(organization: Organization, *names: str) -> str:
    """Return one mutation that creates an application user of each name."""
    fields = [
        f'{name}: createApplicationUser(input: {{organizationId: "{organization.id}",'
        f' name: "{name}"}}) {{ __typename }}'
        for name in names
    ]
    return "mutation { " + " ".join(fields) + " }"


async def users(organization: Organization) -> set[str]:
    """Return the names of an organization's application users."""
    query = "query($id: ID!) { applicationUsers(organizationId: $id) { nodes { name } } }"
    found = await organization.admin.query(query, id=organization.id)
    return {node["name"] for node in found["applicationUsers"]["nodes"]}


def assert_limited(answer: Answer, wait: int) -> None:
    """Check that nothing of a document was run, and when to try again."""
    assert answer.response.status_code == 429
    assert answer.response.headers["retry-after"] == str(wait)
    assert answer.body == {
        "errors": [
            {
                "message": f"{mutation_rate.TOO_MANY} Try again in {wait} seconds.",
                "extensions": {"code": "RATE_LIMITED", "retryAfterSeconds": wait},
            }
        ]
    }


class TestTooMany:
    async def test_are_told_to_wait_and_change_nothing(
        self, organization: Organization, admin: Api, owner: Owner, clock: Clock
    ) -> None:
        for number in range(MOST):
            data = await admin.query(document(organization, f"user{number}"))
            assert data[f"user{number}"]["__typename"] == "CreateApplicationUserSuccess"
        before = await owner.snapshot(organization.id)
        clock.now += 20
        assert_limited(await admin.run(document(organization, "late")), 30)
        assert await owner.snapshot(organization.id) == before
        clock.now += 31
        await admin.query(document(organization, "late"))
        assert "late" in await users(organization)

    @pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
    async def test_look_the_same_in_both_media_types(
        self, organization: Organization, admin: Api, accept: str
    ) -> None:
        await admin.run(document(organization, *"abcde"))
        answer = await admin.run(document(organization, "f"), headers={"Accept": accept})
        assert_limited(answer, 50)
        assert answer.response.headers["content-type"] == f"{accept}; charset=utf-8"

    async def test_aliases_count_and_run_all_or_none(
        self, organization: Organization, admin: Api, clock: Clock
    ) -> None:
        await admin.query(document(organization, "a", "b", "c"))
        assert_limited(await admin.run(document(organization, "d", "e", "f")), 86)
        assert await users(organization) == {"a", "b", "c"}
        await admin.query(document(organization, "d", "e"))
        assert await users(organization) == {"a", "b", "c", "d", "e"}

    async def test_without_the_count_of_aliases_all_are_run(
        self, organization: Organization, admin: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control of the test above: a document that counts once."""
        monkeypatch.setattr(mutation_rate, "count_mutations", Mock(return_value=1))
        await admin.query(document(organization, "a", "b", "c"))
        await admin.query(document(organization, "d", "e", "f"))
        assert len(await users(organization)) == 6

    async def test_are_counted_whatever_comes_of_them(
        self, organization: Organization, admin: Api
    ) -> None:
        for _ in range(MOST):
            answer = await admin.run(
                'mutation { revokeToken(input: {tokenId: "x"}) { __typename } }'
            )
            assert answer.data["revokeToken"]["__typename"] == "InvalidInputError"
        assert_limited(await admin.run(document(organization, "a")), 50)

    async def test_more_than_a_minute_has_are_let_in_once(
        self, organization: Organization, admin: Api
    ) -> None:
        await admin.query(document(organization, *"abcdefgh"))
        assert_limited(await admin.run(document(organization, *"ijklmnop")), 110)


class TestUser:
    async def test_has_one_count_for_all_tokens(
        self, organization: Organization, limited: Service, clock: Clock
    ) -> None:
        user_id = await organization.user()
        tokens = [(await organization.token(user_id))[1] for _ in range(3)]
        await organization.admin.mutate(
            "grantPermissions",
            "granted",
            principalId=user_id,
            resourceId=organization.id,
            permissions=["organization:app_users:write"],
        )
        callers = [await limited.caller(f"192.0.2.{n}", token) for n, token in enumerate(tokens)]
        await callers[0].query(document(organization, "a", "b", "c"))
        await callers[1].query(document(organization, "d", "e"))
        for caller in callers:
            assert_limited(await caller.run(document(organization, "f")), 50)
        # Nobody else waits for this one, be it at the same address.
        other = await limited.caller("192.0.2.0", organization.admin.token)
        await other.query(document(organization, "f"))

    async def test_may_still_ask(self, organization: Organization, admin: Api) -> None:
        await admin.query(document(organization, *"abcde"))
        for _ in range(2 * MOST):
            assert (await admin.query("{ viewer { token { id } } }"))["viewer"]["token"]
            assert await admin.query("mutation { __typename }")


class TestAnonymous:
    async def test_is_counted_by_address(self, limited: Service, clock: Clock) -> None:
        caller, other = await limited.caller("192.0.2.7"), await limited.caller("192.0.2.8")
        for _ in range(MOST):
            assert (await caller.run(REVOKE)).codes == ["UNAUTHENTICATED"]
        assert_limited(await caller.run(REVOKE), 50)
        assert (await other.run(REVOKE)).codes == ["UNAUTHENTICATED"]
        # It gets the schema all the same.
        assert (await caller.run("{ __typename }")).data == {"__typename": "Query"}

    async def test_keeps_no_user_out(
        self, limited: Service, admin: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Whoever has many addresses fills all the buckets that there are.
        monkeypatch.setattr("app.rate_limits.BUCKETS", 1)
        caller = await limited.caller("192.0.2.7")
        for _ in range(MOST):
            await caller.run(REVOKE)
        assert_limited(await caller.run(REVOKE), 50)
        assert (await admin.run(REVOKE)).codes == []


class Passing(httpx.AsyncHTTPTransport):
    """The way to the service, on which the time passes that the caller is told to wait."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.waited: list[int] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; where it comes too soon, let the time pass."""
        response = await super().handle_async_request(request)
        if response.status_code == 429:
            self.waited.append(int(response.headers["Retry-After"]))
            self._clock.now += self.waited[-1]
            response.headers["Retry-After"] = "0"
        return response


class TestClient:
    async def test_is_let_in_where_it_waits_as_it_is_told(
        self, limited: Service, organization: Organization, clock: Clock
    ) -> None:
        way = Passing(clock)
        names = [f"user{number}" for number in range(2 * MOST)]
        async with (
            served(limited.app) as server,
            Client(
                f"http://127.0.0.1:{server.port}", str(organization.admin.token), transport=way
            ) as client,
        ):
            for name in names:
                wanted = CreateApplicationUserInput(organization_id=organization.id, name=name)
                await client.create_application_user(wanted)
        assert await users(organization) == set(names)
        # It is told about when, and may have to ask again.
        assert 1 <= len(way.waited) <= 2 * MOST
        assert sum(way.waited) <= 120


class TestDefault:
    async def test_lets_a_script_send_600_and_has_it_wait(
        self, urls: Urls, organization: Organization, clock: Clock
    ) -> None:
        found = settings_for(urls)
        default = type(found).model_fields["mutations_per_minute"].default
        assert default == 600
        async with started(settings_for(urls, mutations_per_minute=default)) as running:
            admin = await running.caller(token=organization.admin.token)
            aliases = " ".join(
                f'a{n}: revokeToken(input: {{tokenId: "x"}}) {{ __typename }}' for n in range(10)
            )
            for _ in range(default // 10):
                await admin.query(f"mutation {{ {aliases} }}")
            assert_limited(await admin.run(f"mutation {{ {aliases} }}"), 51)


COUNTS = [
    ("{ viewer { __typename } }", None, 0),
    ("mutation { __typename }", None, 0),
    ("mutation { a }", None, 1),
    ("mutation { a a }", None, 1),
    ("mutation { a b: a c: a }", None, 3),
    ("mutation { a { b c d } }", None, 1),
    ("mutation { ... { a } ... on Mutation { b } }", None, 2),
    (
        "mutation { ...F ...F } fragment F on Mutation { a ...G } fragment G on Mutation { b }",
        None,
        2,
    ),
    ("mutation { ...F x: a } fragment F on Mutation { y: a }", None, 2),
    ("mutation { a @skip(if: true) }", None, 1),
    ("query A { a } mutation B { a b }", "A", 0),
    ("query A { a } mutation B { a b }", "B", 2),
    ("fragment F on Mutation { a } mutation B { ...F }", "B", 1),
]


@pytest.mark.parametrize(("text", "name", "expected"), COUNTS)
def test_what_counts(text: str, name: str | None, expected: int) -> None:
    assert count_mutations(parse(text), name or None) == expected
