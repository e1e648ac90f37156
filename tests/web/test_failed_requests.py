"""Refused credentials are bounded by address, and a good one always gets in."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app import token_format
from app.api.http import GraphQLEndpoint
from app.errors import TOO_MANY_REFUSED, RateLimited
from app.rate_limits import of_address
from tests.api_client import Organization
from tests.clock import Clock, fresh
from tests.conftest import settings_for
from tests.credentials import is_accepted
from tests.issuer import issuer_at_work
from tests.owner import Owner, organization_key
from tests.postgres import Urls
from tests.service import Service, started
from tests.web.answers import assert_error, assert_refused, seen
from tests.web.forward_auth.gateway import Gateway
from tests.web.introspection.asking import ResourceServer, asker
from tests.web.revocation.presenting import FORM, assert_given_back, presenter

MOST = 3
PROXY = "10.0.0.1"
ATTACKER = "192.0.2.7"
JUNK = "appu_junk"

Asking = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


@pytest.fixture(scope="module")
async def limited(urls: Urls) -> AsyncGenerator[Service]:
    """An application that answers three refused credentials a minute; it trusts 10.0.0.0/8."""
    settings = settings_for(
        urls,
        failed_requests_per_minute=MOST,
        trusted_proxies="10.0.0.0/8",
        activity_flush_seconds=60,
    )
    async with started(settings) as running:
        yield running


@pytest.fixture(autouse=True)
def forgotten(limited: Service) -> None:
    """Nobody has failed yet."""
    fresh(limited.failures)


async def graphql(client: httpx.AsyncClient, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)


async def introspect(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await ResourceServer(client, token).ask(JUNK)


async def revoke(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/revoke", data={"token": token})


WAYS = pytest.mark.parametrize("way", [graphql, introspect, revoke])


async def exhausted(limited: Service, address: str = ATTACKER) -> httpx.AsyncClient:
    """Return a client whose address has failed as often as it is answered."""
    client = (await limited.caller(address)).client
    for _ in range(MOST):
        await graphql(client, JUNK)
    return client


def assert_limited(answer: httpx.Response, way: Asking) -> int:
    """Check that an answer is that of too many, and return when to try again."""
    wait = int(answer.headers["retry-after"])
    if way is graphql:
        assert answer.status_code == 429
        assert answer.json() == {
            "errors": [
                {
                    "message": f"{TOO_MANY_REFUSED} Try again in {wait} seconds.",
                    "extensions": {"code": "RATE_LIMITED", "retryAfterSeconds": wait},
                }
            ]
        }
    else:
        assert_error(answer, 429, "slow_down")
    return wait


@WAYS
class TestTooMany:
    async def test_are_told_to_wait(self, limited: Service, clock: Clock, way: Asking) -> None:
        client = (await limited.caller(ATTACKER)).client
        first = [await way(client, JUNK) for _ in range(MOST)]
        assert {answer.status_code for answer in first} == {200 if way is revoke else 401}
        clock.now += 20
        assert assert_limited(await way(client, JUNK), way) == 30
        clock.now += 29
        assert assert_limited(await way(client, JUNK), way) == 1
        clock.now += 2
        assert seen(await way(client, JUNK)) == seen(first[0])

    async def test_are_those_of_every_way(
        self, limited: Service, clock: Clock, way: Asking
    ) -> None:
        client = (await limited.caller(ATTACKER)).client
        for each in (graphql, introspect, revoke):
            assert (await each(client, JUNK)).status_code in (200, 401)
        assert_limited(await way(client, JUNK), way)

    async def test_are_of_one_address(self, limited: Service, clock: Clock, way: Asking) -> None:
        await exhausted(limited)
        other = (await limited.caller("192.0.2.8")).client
        assert (await way(other, JUNK)).status_code in (200, 401)

    async def test_look_the_same_whatever_the_reason(
        self,
        limited: Service,
        organization: Organization,
        owner: Owner,
        clock: Clock,
        way: Asking,
    ) -> None:
        user_id = await organization.user()
        revoked_id, revoked = await organization.token(user_id)
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=revoked_id)
        expired_id, expired = await organization.token(user_id, maxAgeSeconds=3600)
        await owner.set_left(expired_id, -1)
        _, elsewhere = await organization.token(user_id, ipAllowlist=["198.51.100.0/24"])
        tokens = [revoked, token_format.make(organization_key(organization.id), uuid4()), JUNK, "x"]
        if way is not revoke:
            # Whoever presents one to end it ends it, from wherever and long over.
            tokens += [expired, elsewhere]
        client = await exhausted(limited)
        answers = [seen(await way(client, token)) for token in tokens]
        assert answers == [answers[0]] * len(tokens)
        assert_limited(await way(client, JUNK), way)


class TestGoodToken:
    async def test_gets_in_whatever_others_guess(
        self, limited: Service, organization: Organization, clock: Clock
    ) -> None:
        await self.check(limited, organization)

    async def test_is_locked_out_where_failures_are_looked_at_first(
        self,
        limited: Service,
        organization: Organization,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The control of the test above."""
        authenticate = GraphQLEndpoint._authenticate  # pyright: ignore[reportPrivateUsage]

        async def before(self: GraphQLEndpoint, request: Any, address: Any) -> Any:
            wait = self.failures.seconds_to_wait(of_address(address))
            if wait:
                raise RateLimited(TOO_MANY_REFUSED, wait)
            return await authenticate(self, request, address)

        monkeypatch.setattr(GraphQLEndpoint, "_authenticate", before)
        with pytest.raises(AssertionError):
            await self.check(limited, organization)
        client = (await limited.caller(ATTACKER)).client
        assert (await graphql(client, organization.admin.token or "")).status_code == 429

    async def check(self, limited: Service, organization: Organization) -> None:
        server = await asker(limited, organization, ATTACKER)
        victim = await limited.caller(ATTACKER)
        client = await exhausted(limited)
        for _ in range(2 * MOST):
            assert_limited(await graphql(client, JUNK), graphql)
            assert await is_accepted(victim, server.token or "")
            assert await server.is_active(server.token or "")

    async def test_is_revoked_by_its_holder(
        self, limited: Service, organization: Organization, clock: Clock
    ) -> None:
        _, full = await organization.token(await organization.user())
        client = await exhausted(limited)
        assert_given_back(await revoke(client, full))
        assert not await is_accepted(organization.admin, full)
        # What it ended before, it does not end again.
        assert_limited(await revoke(client, full), revoke)

    async def test_counts_for_nothing(
        self, limited: Service, organization: Organization, clock: Clock
    ) -> None:
        server = await asker(limited, organization, ATTACKER)
        for _ in range(2 * MOST):
            assert await server.is_active(server.token or "")
        assert_refused(await introspect(server.client, JUNK))


class TestNoFailure:
    async def test_is_a_token_asked_about(
        self, limited: Service, organization: Organization, clock: Clock
    ) -> None:
        server = await asker(limited, organization, ATTACKER)
        for _ in range(2 * MOST):
            assert not await server.is_active(JUNK)

    async def test_is_a_request_without_credential(self, limited: Service, clock: Clock) -> None:
        api = await limited.caller(ATTACKER)
        for _ in range(2 * MOST):
            answer = await api.run("{ viewer { __typename } }")
            assert answer.response.status_code == 401
            malformed = await api.run("{ __typename }", headers={"Authorization": "Basic eDp5"})
            assert malformed.response.status_code == 400
            assert_error(
                await api.client.post("/introspect", content="", headers={"Content-Type": FORM}),
                401,
                "invalid_client",
            )

    async def test_is_what_a_gateway_asks_about(
        self, limited: Service, organization: Organization, clock: Clock
    ) -> None:
        """nginx makes 500 of every status but 401 and 403."""
        gateway = Gateway((await limited.caller(PROXY)).client)
        headers = [("X-Forwarded-For", ATTACKER)]
        question = {"organization_id": organization.id}
        for _ in range(2 * MOST):
            assert_refused(await gateway.ask(JUNK, question, headers=headers))
        await exhausted(limited)
        assert_refused(await gateway.ask(JUNK, question, headers=headers))


async def test_the_address_is_the_one_that_a_trusted_proxy_saw(
    limited: Service, clock: Clock
) -> None:
    proxy = (await limited.caller(PROXY)).client
    credential = {"Authorization": f"Bearer {JUNK}"}
    body = {"query": "{ __typename }"}
    answers = [
        await proxy.post(
            "/graphql",
            json=body,
            headers=credential | {"X-Forwarded-For": f"198.51.100.{number}, {ATTACKER}"},
        )
        for number in range(MOST + 1)
    ]
    assert [answer.status_code for answer in answers] == [401] * MOST + [429]
    other = credential | {"X-Forwarded-For": f"{ATTACKER}, 198.51.100.1"}
    assert (await proxy.post("/graphql", json=body, headers=other)).status_code == 401


async def test_the_trail_has_what_is_refused_beyond_the_limit(
    limited: Service, organization: Organization, clock: Clock
) -> None:
    token_id, full = await organization.token(await organization.user())
    await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
    client = await exhausted(limited)
    assert_limited(await graphql(client, full), graphql)
    await limited.write_refusals()
    query = """query($id: ID!) { auditEvents(organizationId: $id,
        filter: {actions: [TOKEN_AUTHENTICATE]}) { nodes { outcome reason } } }"""
    found = await organization.admin.query(query, id=organization.id)
    assert found["auditEvents"]["nodes"] == [{"outcome": "REFUSED", "reason": "REVOKED"}]


async def test_people_are_bounded_like_tokens(urls: Urls, clock: Clock) -> None:
    async with issuer_at_work() as issuer:
        settings = settings_for(urls, oidc_issuer=issuer.url, failed_requests_per_minute=MOST)
        async with started(settings) as running:
            client = (await running.caller(ATTACKER)).client
            nobody = issuer.sign("nobody")
            assert_refused(await introspect(client, nobody))
            await graphql(client, nobody)
            await graphql(client, "a.b.c")
            assert_limited(await introspect(client, nobody), introspect)
            assert_limited(await graphql(client, nobody), graphql)


async def test_lists_of_found_tokens_have_a_limit_of_their_own(
    limited: Service, organization: Organization, clock: Clock
) -> None:
    client = await exhausted(limited)
    _, full = await organization.token(await organization.user())
    answer = await presenter(await limited.caller(ATTACKER)).report(full)
    assert answer.status_code == 200
    assert not await is_accepted(organization.admin, full)
    assert_limited(await revoke(client, JUNK), revoke)
