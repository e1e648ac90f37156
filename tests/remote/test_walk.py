"""The walk through a token's life that the README prints runs as printed."""

import asyncio
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.remote.exits import MEANINGS
from tests.cli.processes import CLEAN
from tests.conftest import LiveServer
from tests.remote.conftest import Commands, of_new_organization

README = (Path(__file__).parents[2] / "README.md").read_text()
(WALK,) = re.findall(r"tests/remote/test_walk\.py -->\n```bash\n(.*?)```", README, re.DOTALL)
LAST = README.partition(WALK)[2].split("Its last lines are\n\n```\n")[1].split("\n```")[0]


@dataclass(frozen=True)
class Walked:
    """What the walk printed, and where."""

    lines: list[str]
    folder: Path
    admin: Commands = field(repr=False)


@pytest.fixture(scope="module")
async def walked(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Run it in an empty folder, by an administrator who types a token."""
    folder = tmp_path_factory.mktemp("walk")
    admin = await of_new_organization(live_server, tmp_path_factory.mktemp("walker"))
    token = admin.environment["APPUSERS_TOKEN"]
    environment = {
        name: value for name, value in admin.environment.items() if not name.startswith("APPUSERS_")
    }
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        WALK,
        cwd=folder,
        env=CLEAN | environment | {"SERVICE": live_server.url},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate(token.encode())
    assert process.returncode == 0, out.decode()
    return Walked(out.decode().splitlines(), folder, admin)


def test_it_ends_as_printed(walked: Walked) -> None:
    expected = LAST.splitlines()
    assert walked.lines[-len(expected) :] == expected


def test_what_it_shows(walked: Walked) -> None:
    text = "\n".join(walked.lines)
    assert "User:         deployments, application user" in text
    assert re.search(r"^127\.0\.0\.1  appusers \S+  1 ", text, re.MULTILINE)
    assert "Revoked 1 of 1." in text
    assert re.search(r'^{"id": "token_.*"status": "REVOKED"', text, re.MULTILINE)


async def test_no_secret_was_shown(walked: Walked) -> None:
    kept = walked.folder / "deployments.token"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    secret = await asyncio.to_thread(kept.read_text)
    assert re.fullmatch(r"appu_\w{44}_\w{49}\n", secret)
    text = "\n".join(walked.lines)
    assert secret[:27] in text
    assert not re.search(r"appu_\w{44}_", text)
    assert walked.admin.environment["APPUSERS_TOKEN"] not in text
    ended = walked.admin.changed(APPUSERS_TOKEN=secret.strip())
    await ended("whoami", code=3)


def test_the_codes_are_those_that_there_are() -> None:
    for code, meaning in MEANINGS.items():
        assert f"\n| {int(code)} | {meaning} |\n" in README
