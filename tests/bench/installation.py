"""What the measurements run against: an embedded PostgreSQL as shipped, filled, and served."""

import json
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from app import ids, organizations
from app.database import Database
from app.token_format import parse_peppers
from db import embedded
from tests.bench import harness
from tests.bench.harness import Target
from tests.postgres import Server, Urls

PEPPER = "a-pepper-for-measurements-longer-than-32-characters"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Machine:
    """The server of this run, and the core that is left to what is measured."""

    server: Server
    folder: Path
    core: int


@contextmanager
def machine() -> Generator[Machine]:
    """Yield a durable server in a folder of its own, with the settings that are shipped."""
    core = harness.separate_cores()
    # Below the system's own folder for temporary files, which the account that PostgreSQL runs as
    # can reach when this runs as root.
    folder = Path(tempfile.gettempdir()) / f"appusers-bench-{secrets.token_hex(4)}"
    role = f"appusers_bench_{secrets.token_hex(4)}"
    try:
        with embedded.start(folder) as running:
            yield Machine(Server(running.owner_dsn, role, is_embedded=True), folder, core)
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a server's folder. It stops by itself when nobody uses it, and writes until then."""
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


@dataclass(frozen=True)
class Tenant:
    """An organization, its users, and its administrator's token."""

    urls: Urls
    organization_id: UUID
    user_ids: list[UUID]
    token: str = field(repr=False)

    @property
    def public_id(self) -> str:
        return ids.organization_id(self.organization_id)


async def fill(urls: Urls, *, users: int, tokens: int) -> Tenant:
    """Make an organization whose tokens are spread evenly over its users."""
    database = await Database.open(urls.serving)
    try:
        made = await organizations.bootstrap(
            database, parse_peppers(PEPPER), name="Bench", admin_email="admin@bench.example"
        )
    finally:
        await database.close()
    owner = await asyncpg.connect(urls.owner)
    try:
        user_ids = await copy_users(owner, made.organization_id, users)
        await _copy_tokens(owner, made.organization_id, user_ids, tokens)
        await owner.execute("VACUUM (ANALYZE)")
    finally:
        await owner.close()
    return Tenant(urls, made.organization_id, user_ids, made.full_token)


async def copy_users(
    owner: "asyncpg.Connection[asyncpg.Record]", organization_id: UUID, count: int
) -> list[UUID]:
    user_ids = [_uuid7(BEGINNING + timedelta(seconds=number)) for number in range(count)]
    await owner.copy_records_to_table(
        "organization_user",
        columns=[
            *("organization_id", "user_id", "is_application_user", "name", "name_key"),
            *("description", "email", "create_time"),
        ],
        records=[
            (
                *(organization_id, user_id, True, f"integration {number}", f"integration {number}"),
                *(f"Number {number}", f"{number}@bench.invalid"),
                BEGINNING + timedelta(seconds=number),
            )
            for number, user_id in enumerate(user_ids)
        ],
    )
    await owner.execute(
        "UPDATE organization SET application_user_limit = $2, application_user_count = $2"
        " WHERE organization_id = $1",
        organization_id,
        count,
    )
    return user_ids


async def _copy_tokens(
    owner: "asyncpg.Connection[asyncpg.Record]",
    organization_id: UUID,
    user_ids: list[UUID],
    count: int,
) -> None:
    draw = random.Random(1)

    def record(number: int) -> tuple[object, ...]:
        made = BEGINNING + timedelta(seconds=number)
        used = made + timedelta(hours=1) if number % 2 else None
        return (
            *(organization_id, _uuid7(made), user_ids[number % len(user_ids)]),
            *(draw.randbytes(32), 1, f"deploy {number}", 31_536_000, False, made),
            *(made + timedelta(days=36500), used, "bench/1.0" if used else None),
        )

    await owner.copy_records_to_table(
        "token",
        columns=[
            *("organization_id", "token_id", "user_id", "secret_hmac", "pepper_version"),
            *("description", "max_age_seconds", "extend_when_used", "create_time", "expiry_time"),
            *("last_used_time", "last_user_agent"),
        ],
        records=(record(number) for number in range(count)),
    )


def _uuid7(made: datetime) -> UUID:
    milliseconds = int(made.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | secrets.randbits(61))


@asynccontextmanager
async def service(core: int, urls: Urls) -> AsyncGenerator[Target]:
    """Serve a database with ``appusers serve``, as an operator does."""
    environment = {
        "DATABASE_URL": urls.serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "warning",
        # Load is what is measured.
        "APPUSERS_MUTATIONS_PER_MINUTE": "0",
    }
    with listening(core, [sys.executable, "-m", "app", "serve", "--port", "0"], environment) as at:
        yield at


@contextmanager
def listening(core: int, command: list[str], environment: dict[str, str]) -> Generator[Target]:
    """Run a server whose first line ends in its address."""
    process = harness.spawn(core, command, environment)
    try:
        assert process.stdout is not None
        port = urlsplit(process.stdout.readline().split()[-1]).port
        assert port is not None
        yield Target(port, process.pid, b"")
    finally:
        harness.stop(process)


def asking(at: Target, document: str, token: str | None = None, **variables: object) -> Target:
    """Return the same server with a request for it."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    return Target(at.port, at.pid, harness.post("/graphql", body, token))
