"""What .github/RUNBOOK.md prints runs as printed, in the order of an operator's bad day."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest

from app import look_ups
from tests.api_client import Api, Organization
from tests.cli import backups
from tests.cli.processes import appusers, serving
from tests.conftest import PEPPER
from tests.credentials import is_accepted
from tests.postgres import Server, Urls

ROOT = Path(__file__).parent.parent
RUNBOOK = (ROOT / ".github" / "RUNBOOK.md").read_text()
BLOCKS = dict(
    re.findall(r"<!-- A test runs this block: ([\w-]+) -->\n```bash\n(.*?)```", RUNBOOK, re.DOTALL)
)


@dataclass
class Place:
    """An installation that is served, and the shell of its operator."""

    urls: Urls
    organization: Organization
    environment: dict[str, str]
    folder: Path

    async def run(self, name: str, **variables: str) -> str:
        """Run a block, as a shell script that ends at the first failure, and return what it says.

        What it exports is there for the next one.
        """
        script = f"set -euo pipefail\n{BLOCKS[name]}\nenv -0 > {self.folder}/.env"
        process = await asyncio.create_subprocess_exec(
            *("bash", "-c", script),
            env=self.environment | variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, f"{name}: {out.decode()}{err.decode()}"
        left = (self.folder / ".env").read_text().split("\0")
        self.environment |= dict(line.split("=", 1) for line in left if line)
        return out.decode()


@pytest.fixture
async def place(server: Server, tmp_path: Path) -> AsyncGenerator[Place]:
    urls = await server.copy()
    programs = await backups.programs(server)
    shims, folder = tmp_path / "bin", tmp_path / "backups"
    shims.mkdir()
    folder.mkdir()
    (shims / "appusers").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m app "$@"\n')
    (shims / "appusers").chmod(0o755)
    settings = {
        "DATABASE_URL": urls.serving,
        "APPUSERS_MIGRATION_DATABASE_URL": urls.owner,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "warning",
    }
    made = await appusers(
        *(settings, "bootstrap", "--organization", "Acme", "--admin", "a@acme.example", "--json")
    )
    admin = json.loads(made.out)
    async with served(settings) as api:
        yield Place(
            urls,
            Organization(admin["organizationId"], admin["userId"], api.with_token(admin["token"])),
            os.environ
            | settings
            | {
                "PATH": f"{shims}:{programs}:{os.environ['PATH']}",
                "BACKUPS": str(folder),
                "BASE": str(api.client.base_url).rstrip("/"),
            },
            folder,
        )


@asynccontextmanager
async def served(settings: dict[str, str]) -> AsyncGenerator[Api]:
    """Serve an installation and yield a caller without credential."""
    async with (
        serving(settings) as service,
        httpx.AsyncClient(base_url=service.url.removesuffix("/graphql"), timeout=30) as client,
    ):
        yield Api(client)


async def revoke(organization: Organization, token_id: str) -> None:
    done = await organization.admin.mutate("revokeToken", "token { status }", tokenId=token_id)
    assert done["token"]["status"] == "REVOKED"


async def test_back_up_and_restore(place: Place, server: Server) -> None:
    organization = place.organization
    user_id = await organization.user()
    (kept_id, kept), (gone_id, gone) = [await organization.token(user_id) for _ in range(2)]
    await place.run("backup")
    await revoke(organization, gone_id)
    await place.run("export")
    heads = (place.folder / "heads").read_text()
    assert heads.split()[0] == organization.id
    restored = await server.empty()
    said = await place.run(
        "restore", RESTORED_URL=restored.serving, RESTORED_OWNER_URL=restored.owner
    )
    assert re.search(rf"to do +revoke token +{gone[:27]}", said)
    assert re.search(rf"done +revoke token +{gone[:27]}", said)
    assert kept_id not in said
    assert place.environment["DATABASE_URL"] == restored.serving
    async with served({"DATABASE_URL": restored.serving, "APPUSERS_PEPPER": PEPPER}) as api:
        assert await is_accepted(api, kept)
        assert not await is_accepted(api, gone)
        said = await place.run("without-trail")
        assert "2 revoked, in 1 organization." in said
        assert not await is_accepted(api, kept)


async def test_everything_else(place: Place, tmp_path: Path) -> None:
    organization = place.organization
    _, leaked = await organization.token(await organization.user())
    file = tmp_path / "leaked"
    file.write_text(leaked)
    await place.run("leaked-token", LEAKED_TOKEN_FILE=str(file))
    assert not await is_accepted(organization.admin, leaked)

    assert "audit_event" in await place.run("sizes")
    assert "Nothing to apply." in await place.run("upgrade")

    holder = await asyncpg.connect(place.urls.owner)
    await holder.execute("BEGIN; LOCK TABLE token IN ACCESS EXCLUSIVE MODE")
    said = await place.run("lock")
    assert "AccessExclusiveLock" in said
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await holder.execute("COMMIT")
    assert await is_accepted(organization.admin, organization.admin.token or "")

    assert "version 1: verifies what it made" in await place.run("pepper")
    assert place.environment["APPUSERS_PEPPER"].startswith("2:")

    await place.run(
        "leaked-admin", ORGANIZATION=organization.id, ADMINISTRATOR=organization.admin_id
    )
    assert not await is_accepted(organization.admin, organization.admin.token or "")
    said = (place.folder / "new-token").read_text()
    assert "Token:   appu_" in said


def test_every_block_is_run() -> None:
    """Of blocks that are marked, and of those in bash: none is printed that was never tried."""
    source = Path(__file__).read_text()
    assert [name for name in BLOCKS if f'run("{name}"' not in re.sub(r"\(\s+", "(", source)] == []
    assert RUNBOOK.count("```bash\n") == len(BLOCKS)


def test_connections_are_those_of_the_service() -> None:
    assert f"`APPUSERS_DATABASE_CONNECTIONS`, 8, + {look_ups.CONNECTIONS})" in RUNBOOK
