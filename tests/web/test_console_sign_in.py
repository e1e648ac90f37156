"""The console with an identity provider: what it is told, where it may go, and what signs in."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from app import ids, organizations
from app.database import Database
from tests.conftest import PEPPERS, settings_for
from tests.issuer import Issuer, issuer_at_work
from tests.issuer_client import code_for, exchange
from tests.postgres import Urls
from tests.service import Service, started
from tests.waiting import until

CLIENT = "the-console"
BACK = "http://test/console/signed-in"
CONFIGURATION = "/console/configuration.json"
VIEWER = "{ viewer { memberships { organizationId } token { id } } }"


@pytest.fixture(scope="module")
async def issuer() -> AsyncGenerator[Issuer]:
    """A provider that knows the console."""
    async with issuer_at_work(people=["grace"]) as running:
        running.register(CLIENT, BACK)
        yield running


@pytest.fixture(scope="module", params=["access_token", "id_token"])
async def service(
    urls: Urls, issuer: Issuer, request: pytest.FixtureRequest
) -> AsyncGenerator[tuple[Service, str]]:
    """A service that takes access tokens, and one that takes the console's ID tokens."""
    audience = "application-users" if request.param == "access_token" else CLIENT
    settings = settings_for(
        urls,
        oidc_issuer=issuer.url,
        oidc_audience=audience,
        oidc_client_id=CLIENT,
        oidc_scopes="openid profile",
    )
    async with started(settings) as running:
        await token_endpoint((await running.caller()).client)
        yield running, request.param


async def token_endpoint(client: httpx.AsyncClient) -> str | None:
    """Return what the console is told, as soon as the service has heard it."""
    told: list[str | None] = []

    async def is_told() -> bool:
        told.append((await client.get(CONFIGURATION)).json()["oidc"]["tokenEndpoint"])
        return told[-1] is not None

    await until(is_told)
    return told[-1]


def connected(answer: httpx.Response) -> list[str]:
    """Return where a page may send requests."""
    parts = answer.headers["content-security-policy"].split("; ")
    return next(part for part in parts if part.startswith("connect-src ")).split(" ")[1:]


async def test_the_configuration(service: tuple[Service, str], issuer: Issuer) -> None:
    running, token = service
    answer = await (await running.caller()).client.get(CONFIGURATION)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "oidc": {
            "issuer": issuer.url,
            "clientId": CLIENT,
            "scopes": "openid profile",
            "token": token,
            "algorithms": ["RS256", "ES256"],
            "authorizationEndpoint": f"{issuer.url}/authorize",
            "tokenEndpoint": f"{issuer.url}/token",
        }
    }


async def test_the_policy(service: tuple[Service, str], issuer: Issuer) -> None:
    running, _ = service
    answer = await (await running.caller()).client.get("/console")
    assert connected(answer) == ["'self'", issuer.url]


async def test_a_person_signs_in(
    service: tuple[Service, str], issuer: Issuer, database: Database
) -> None:
    running, kind = service
    made = await organizations.bootstrap(
        database,
        PEPPERS,
        name="Acme",
        admin_email="g@acme.example",
        admin_identity=(issuer.url, "grace"),
    )
    caller = await running.caller()
    told = (await caller.client.get(CONFIGURATION)).json()["oidc"]
    code = await code_for(told["authorizationEndpoint"], CLIENT, BACK, "grace")
    tokens = (await exchange(told["tokenEndpoint"], code)).json()
    signed_in = caller.with_token(tokens[told["token"]])
    viewer = (await signed_in.query(VIEWER))["viewer"]
    assert ids.organization_id(made.organization_id) in {
        place["organizationId"] for place in viewer["memberships"]
    }
    assert viewer["token"] is None
    # The control: the other one is not for this service.
    other = "id_token" if kind == "access_token" else "access_token"
    refused = await caller.client.post(
        "/graphql",
        json={"query": VIEWER},
        headers={"Authorization": f"Bearer {tokens[other]}"},
    )
    assert refused.status_code == 401


async def test_without_a_client_none_is_offered(urls: Urls, issuer: Issuer) -> None:
    async with started(settings_for(urls, oidc_issuer=issuer.url)) as running:
        client = (await running.caller()).client
        assert (await client.get(CONFIGURATION)).json() == {"oidc": None}
        assert connected(await client.get("/console")) == ["'self'"]


async def test_a_provider_that_is_away_keeps_nobody_from_the_page(urls: Urls) -> None:
    async with issuer_at_work() as gone:
        pass
    settings = settings_for(urls, oidc_issuer=gone.url, oidc_client_id=CLIENT)
    async with started(settings) as running:
        client = (await running.caller()).client
        page = await client.get("/console")
        assert page.status_code == 200
        assert connected(page) == ["'self'", gone.url]
        told = (await client.get(CONFIGURATION)).json()["oidc"]
        assert told["clientId"] == CLIENT
        assert (told["authorizationEndpoint"], told["tokenEndpoint"]) == (None, None)


async def test_nobody_waits_for_a_provider_that_hangs(urls: Urls) -> None:
    async with issuer_at_work() as issuer:
        issuer.is_reachable.clear()
        settings = settings_for(urls, oidc_issuer=issuer.url, oidc_client_id=CLIENT)
        async with started(settings) as running:
            client = (await running.caller()).client
            assert connected(await client.get("/console")) == ["'self'", issuer.url]
            told = (await client.get(CONFIGURATION)).json()["oidc"]
            assert (told["authorizationEndpoint"], told["tokenEndpoint"]) == (None, None)
            # The look-up that nobody waited for is still under way, and finds what there is.
            issuer.is_reachable.set()
            assert await token_endpoint(client) == f"{issuer.url}/token"
