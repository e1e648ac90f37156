"""What tests of gateways can ask for: the service, an application, and a gateway between them."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.grouping import grant
from tests.api_client import Api, Organization
from tests.conftest import PEPPER, LiveServer, serve
from tests.gateways import application, programs
from tests.gateways.application import Application
from tests.gateways.programs import PROGRAMS, Program
from tests.postgres import Server, Urls
from tests.web.forward_auth.gateway import PERMISSION, resource

OUTSIDE = "127.0.0.2"
"""Where clients of gateways call from: no address that the service trusts."""


@dataclass(frozen=True)
class Site:
    """The service as operators run it, and an organization whose project a gateway protects."""

    address: str
    organization: Organization
    project_id: str
    urls: Urls
    environment: dict[str, str] = field(repr=False)
    """What another service on the same database needs."""
    holder_id: str
    """An application user that may pass. An organization has few, so that tests share it."""
    stranger_id: str
    """An application user that may not."""

    async def good_token(self, **fields: object) -> str:
        """Return a fresh token that may pass."""
        return (await self.good_token_and_id(**fields))[1]

    async def good_token_and_id(self, **fields: object) -> tuple[str, str]:
        """Return the id of a fresh token that may pass, and the token."""
        return await self.organization.token(self.holder_id, **fields)

    async def powerless_token(self) -> str:
        """Return a fresh token without the permission."""
        return (await self.organization.token(self.stranger_id))[1]


@dataclass(frozen=True)
class Protected:
    """An application behind a gateway, as a client reaches it."""

    program: Program
    client: httpx.AsyncClient
    application: Application
    folder: Path

    async def get(self, token: str | None = None, **headers: str) -> httpx.Response:
        """Ask the application for something."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return await self.client.get("/v1/services", headers=headers)

    async def lets_through(self, token: str) -> bool:
        """Tell whether a request reaches the application; nothing else counts as an answer."""
        before = len(self.application.reached)
        answer = await self.get(token)
        reached = len(self.application.reached) > before
        assert reached == (answer.status_code == 200), (answer.status_code, answer.text)
        return reached


@pytest.fixture(scope="session")
async def site(server: Server, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """``appusers serve`` behind proxies of this host."""
    urls = await server.copy()
    environment = {
        "DATABASE_URL": urls.serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "warning",
        "APPUSERS_TRUSTED_PROXIES": "127.0.0.1",
        "APPUSERS_ACTIVITY_FLUSH_SECONDS": "0.05",
    }
    for live in serve(environment, tmp_path_factory.mktemp("serve")):
        async with httpx.AsyncClient(base_url=live.url, trust_env=False) as client:
            organization = await _organization(live, client)
            project_id = await resource(organization)
            holder_id = await organization.user("ci")
            await grant(organization, holder_id, PERMISSION, project_id)
            stranger_id = await organization.user("stranger")
            address = urlsplit(live.url).netloc
            yield Site(address, organization, project_id, urls, environment, holder_id, stranger_id)


async def _organization(live: LiveServer, client: httpx.AsyncClient) -> Organization:
    admin = Api(client, live.token)
    viewer = await admin.query("{ viewer { memberships { user { id } } } }")
    return Organization(
        live.organization_id, viewer["viewer"]["memberships"][0]["user"]["id"], admin
    )


@pytest.fixture(scope="session", params=PROGRAMS, ids=lambda program: program.name)
async def protected(
    request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Protected]:
    """The application behind each gateway in turn, configured as the README says."""
    folder = tmp_path_factory.mktemp(request.param.name)
    async with behind(request.param, site, folder) as found:
        yield found


@asynccontextmanager
async def behind(
    program: Program,
    site: Site,
    folder: Path,
    *,
    address: str | None = None,
    wrong: Sequence[tuple[str, str]] = (),
) -> AsyncGenerator[Protected]:
    """Put a gateway in front of an application.

    ``address`` is where it looks for the service, and ``wrong`` are mistakes in its configuration.
    """
    async with application.served() as behind_it:
        host, port = (address or site.address).split(":")
        replacements = [
            *wrong,
            *_address(program, "8000", host, port),
            *_address(program, "9000", "127.0.0.1", str(behind_it.port)),
        ]
        for placeholder, value in (
            ("org_…", site.organization.id),
            ("resource_…", site.project_id),
        ):
            if placeholder in program.configuration():
                replacements.append((placeholder, value))
        async with (
            programs.started(program, folder, replacements) as url,
            httpx.AsyncClient(transport=from_outside(), base_url=url) as client,
        ):
            yield Protected(program, client, behind_it, folder)


def from_outside() -> httpx.AsyncHTTPTransport:
    """Return connections of such a client."""
    return httpx.AsyncHTTPTransport(local_address=OUTSIDE)


def _address(program: Program, documented: str, host: str, port: str) -> list[tuple[str, str]]:
    if program.name == "envoy":
        return [
            (
                f"{{ address: 127.0.0.1, port_value: {documented} }}",
                f"{{ address: {host}, port_value: {port} }}",
            )
        ]
    return [(f"127.0.0.1:{documented}", f"{host}:{port}")]
