"""Commands over the API, run in this process or in one of their own."""

import asyncio
import functools
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import main
from tests.cli.processes import CLEAN, Finished, appusers
from tests.conftest import LiveServer


@dataclass(frozen=True)
class Commands:
    """An administrator's command line."""

    environment: dict[str, str] = field(repr=False)
    organization_id: str = ""

    async def __call__(self, *arguments: str, code: int = 0, sent: str = "") -> Finished:
        """Run a command in this process, and see what it ends with."""
        environment: dict[str, str | None] = {
            name: None for name in os.environ if name.startswith("APPUSERS_")
        }
        # A thread has no event loop of its own yet, as the command expects.
        result = await asyncio.to_thread(
            CliRunner().invoke,
            main,
            arguments,
            input=sent,
            env={**environment, **self.environment},
            prog_name="appusers",
        )
        done = Finished(result.exit_code, result.stdout, result.stderr)
        assert done.code == code, done
        return done

    async def json(self, *arguments: str) -> list[dict[str, Any]]:
        """Return the objects that a command prints."""
        done = await self(*arguments, "--json")
        return [json.loads(line) for line in done.out.splitlines()]

    async def user(self, name: str) -> str:
        """Create an application user and return its id."""
        (made,) = await self.json("user", "create", name)
        return made["id"]

    async def token(self, user: str, *arguments: str) -> tuple[str, str]:
        """Generate a token and return its id and its text."""
        (made,) = await self.json("token", "generate", user, *(arguments or ("--never",)))
        return made["token"]["id"], made["fullToken"]

    def changed(self, **environment: str) -> "Commands":
        """Return the same with other variables; an empty one is not set."""
        return Commands(self.environment | environment, self.organization_id)

    async def process(
        self,
        script: str,
        *,
        stdin: int | None = None,
        stdout: int = asyncio.subprocess.PIPE,
        start_new_session: bool = False,
    ) -> asyncio.subprocess.Process:
        """Start a shell that knows ``appusers``."""
        return await asyncio.create_subprocess_exec(
            "bash",
            "-c",
            script,
            env=CLEAN | self.environment,
            stdin=stdin,
            stdout=stdout,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=start_new_session,
            # Whoever started the tests in the background had them ignore Ctrl-C, for good.
            preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )

    async def shell(self, script: str) -> Finished:
        """Run commands in a shell, each a process, and return what comes of them."""
        process = await self.process(script)
        out, err = await process.communicate()
        assert process.returncode is not None
        return Finished(process.returncode, out.decode(), err.decode())


@pytest.fixture(scope="session")
async def place(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """The command line of the administrator of an organization that these tests share."""
    return await of_new_organization(live_server, tmp_path_factory.mktemp("config"))


async def of_new_organization(live_server: LiveServer, config: Path) -> Commands:
    """Make an organization; return its administrator's command line."""
    made = await appusers(
        live_server.environment,
        *("bootstrap", "--json", "--organization=Remote", "--admin=root@remote.example"),
    )
    admin = json.loads(made.out)
    program = config / "bin" / "appusers"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m app "$@"\n')
    program.chmod(0o755)
    environment = {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "APPUSERS_URL": live_server.url,
        "APPUSERS_TOKEN": admin["token"],
        "XDG_CONFIG_HOME": str(config),
        "HOME": str(config),
    }
    return Commands(environment, admin["organizationId"])


@pytest.fixture
def alone(place: Commands, tmp_path: Path) -> Commands:
    """The same, without a credential in the environment and with a folder of its own."""
    return place.changed(
        APPUSERS_URL="", APPUSERS_TOKEN="", XDG_CONFIG_HOME=str(tmp_path), HOME=str(tmp_path)
    )
