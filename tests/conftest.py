"""What every test can ask for: a real PostgreSQL, the application on it, organizations in it."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog
from pydantic import SecretStr

from app import catalogue, ids, organizations
from app.database import Database
from app.settings import Settings
from app.token_format import parse_peppers
from tests import postgres
from tests.api_client import Api, Organization
from tests.clock import Clock
from tests.owner import Owner
from tests.postgres import Server, Urls
from tests.service import Service, started

# Beside those below; nothing of them is made for tests that ask for none.
pytest_plugins = ("tests.faults.fixtures", "tests.processes")

PEPPER = "a-pepper-for-tests-longer-than-32-characters"
PEPPERS = parse_peppers(PEPPER)
CATALOGUE = catalogue.load()


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """Tracebacks hold no local variables here either: to draw those takes seconds for each."""
    *others, _ = structlog.get_config()["processors"]
    renderer = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[*others, renderer])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of rate limits, which stands until it is moved."""
    return Clock(monkeypatch)


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[Server]:
    """A PostgreSQL server with a migrated template."""
    with postgres.server() as running:
        await running.make_template()
        yield running
        if not running.is_embedded:
            await running.clean_up()


@pytest.fixture(scope="session")
async def urls(server: Server) -> Urls:
    """The database that most tests share, each in organizations of its own."""
    return await server.copy()


@pytest.fixture(scope="session")
async def database(urls: Urls) -> AsyncIterator[Database]:
    """The shared database as the service reaches it."""
    opened = await Database.open(urls.serving)
    yield opened
    await opened.close()


def settings_for(urls: Urls, **changes: object) -> Settings:
    """Settings of a service on a database, with uses of tokens written at once."""
    values: dict[str, object] = {
        "database_url": SecretStr(urls.serving),
        "pepper": SecretStr(PEPPER),
        "activity_flush_seconds": 0.05,
        "log_level": "debug",
        # What is done beside requests is done when a test says so.
        "webhook_poll_seconds": 0,
        "expiry_warning_seconds": 0,
        # Tests of limits set their own; others fail and mutate as often as they like.
        "failed_requests_per_minute": 0,
        "mutations_per_minute": 0,
    }
    return Settings.model_validate(values | changes)


@pytest.fixture(scope="session")
async def shared(urls: Urls) -> AsyncIterator[Service]:
    """The application on the shared database, which goes on writing when a test has ended."""
    async with started(settings_for(urls)) as running:
        yield running


@pytest.fixture(scope="session")
async def api(shared: Service) -> Api:
    """A caller of it without credential."""
    return await shared.caller()


@pytest.fixture
async def new_organization(api: Api, database: Database) -> Callable[[], Awaitable[Organization]]:
    """Makes organizations with an administrator each."""

    async def make() -> Organization:
        made = await organizations.bootstrap(
            database, PEPPERS, name="Acme", admin_email="admin@acme.example"
        )
        return Organization(
            ids.organization_id(made.organization_id),
            ids.member_id("user", made.organization_id, made.user_id),
            api.with_token(made.full_token),
        )

    return make


@pytest.fixture
async def organization(
    new_organization: Callable[[], Awaitable[Organization]],
) -> Organization:
    """A fresh organization: what others do in theirs cannot show here."""
    return await new_organization()


@pytest.fixture(scope="session")
async def owner_session(urls: Urls) -> AsyncGenerator["asyncpg.Connection[Any]"]:
    """A session of the owner; one of its own would cost each test more than the rest of it."""
    connection = await asyncpg.connect(urls.owner)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def owner(owner_session: "asyncpg.Connection[Any]") -> AsyncGenerator[Owner]:
    """The owner of the shared database; what a test begins or sets in its session ends with it."""
    yield Owner(owner_session)
    await owner_session.reset()


@dataclass(frozen=True)
class LiveServer:
    """A served application: a process of its own, reached over TCP."""

    url: str
    token: str
    organization_id: str
    environment: dict[str, str] = field(repr=False)
    """What a command line of the same installation needs."""


@pytest.fixture(scope="session")
async def live_server(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LiveServer]:
    """``appusers serve`` as a person runs it, on a database of its own."""
    own = await server.copy()
    environment = {
        "DATABASE_URL": own.serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "warning",
    }
    for made in serve(environment, tmp_path_factory.mktemp("serve")):
        yield made


def serve(
    environment: dict[str, str], folder: Path, organization: str = "Live"
) -> Iterator[LiveServer]:
    """Make an organization and serve it; what is yielded ends with the generator."""
    command = [sys.executable, "-m", "app"]
    first = subprocess.run(
        [
            *command,
            "bootstrap",
            "--json",
            f"--organization={organization}",
            "--admin=grace.hopper@acme.example",
        ],
        env=os.environ | environment,
        check=True,
        capture_output=True,
    )
    admin = json.loads(first.stdout)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "serve", "--port", "0"],
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    try:
        greeting = process.stdout.readline()
        address = greeting.split()[-1].removesuffix("/console")
        yield LiveServer(address, admin["token"], admin["organizationId"], environment)
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
