"""What the README prints runs as printed."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

from app import look_ups
from app.settings import Settings
from tests.conftest import LiveServer

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


async def run(live_server: LiveServer, tmp_path: Path, script: str) -> list[str]:
    """Run shell commands of the README against a live server and return what they print."""
    appusers = tmp_path / "appusers"
    appusers.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m app "$@"\n')
    appusers.chmod(0o755)
    environment = os.environ | live_server.environment
    environment |= {"API": f"{live_server.url}/graphql", "APPUSERS": str(appusers)}
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        script,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode().splitlines()


FIRST, SECOND, THIRD = re.findall(
    r"tests/test_readme\.py -->\n```bash\n(.*?)```", README, re.DOTALL
)


async def test_the_life_of_a_token(live_server: LiveServer, tmp_path: Path) -> None:
    lines = await run(live_server, tmp_path, FIRST)
    refused = json.loads(lines[-3].removeprefix("revoked token: "))
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert '"status":"REVOKED"' in lines[-4]
    assert '"lastIp":"127.0.0.1"' in lines[-5]
    assert lines[-1] == 'deleted user: {"data":{"applicationUser":null}}'
    expected = README.split("Its last lines are\n\n```\n")[1].split("\n```")[0].splitlines()
    assert [re.sub(r"user_\w+", "user_…", line) for line in lines[-3:]] == expected


async def test_who_may_do_what(live_server: LiveServer, tmp_path: Path) -> None:
    lines = await run(live_server, tmp_path, FIRST + SECOND)
    said = dict(line.split(": ", 1) for line in lines if re.match(r"[a-z]+: \{", line))
    assert json.loads(said["sleeper"])["data"]["viewer"]["memberships"] == [{"permissions": []}]
    assert json.loads(said["guard"])["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    (source,) = json.loads(said["why"])["data"]["explainPermission"]
    assert source["granted"] == "organization:event_logs:read"
    assert source["groupId"].startswith("group_")
    assert json.loads(said["rotated"])["data"]["rotateToken"] == {
        "predecessor": {"status": "ACTIVE", "usedSinceRotation": False},
        "token": {"status": "ACTIVE"},
    }
    trail = json.loads(said["trail"])["data"]["auditEvents"]["nodes"]
    assert {(event["actionName"], event["outcome"]) for event in trail} == {
        ("organization:access:request", "REFUSED"),
        ("application_user:token:rotate", "SUCCEEDED"),
    }
    assert re.match(r"org_\w+: intact, \d+ events\.", lines[-1])


async def test_verify_a_token(live_server: LiveServer, tmp_path: Path) -> None:
    lines = await run(live_server, tmp_path, FIRST + SECOND + THIRD)
    said = dict(line.split(": ", 1) for line in lines if re.match(r"[a-z]+: \{", line))
    may = json.loads(said["may"])
    assert (may["active"], may["username"], may["allowed"]) == (True, "jobs", True)
    assert may["scope"] == "services:write"
    narrowed = json.loads(said["narrowed"])
    assert (narrowed["active"], narrowed["allowed"]) == (True, False)
    # The line is `{"active":false}`, and no byte more.
    assert said["revoked"] == '{"active":false}'
    (use,) = json.loads(said["uses"])["data"]["tokenActivity"]["nodes"]
    assert (use["ip"], use["userAgentHumanReadable"]) == ("203.0.113.7", "Terraform 1.9")
    assert use["useCount"] == 2


def test_every_variable_is_in_the_table() -> None:
    """A setting that nobody can find is not there."""
    for name in Settings.model_fields:
        variable = "DATABASE_URL" if name == "database_url" else f"APPUSERS_{name.upper()}"
        assert f"`{variable}`" in README


def test_the_connections_of_look_ups() -> None:
    """Who sizes a PostgreSQL adds them up."""
    assert f"beside the {look_ups.CONNECTIONS} of look-ups" in README
    assert f"and {look_ups.CONNECTIONS} more that look-ups" in README


def test_the_two_commands() -> None:
    venv = "python3 -m venv .venv && .venv/bin/pip install -q"
    assert f"\n{venv} -e . && .venv/bin/appusers serve\n" in README
    assert f"\n{venv} -e '.[dev]' && .venv/bin/pytest -q\n" in README


async def test_the_integration_script(live_server: LiveServer) -> None:
    environment = {
        "APPUSERS_URL": f"{live_server.url}/graphql",
        "APPUSERS_TOKEN": live_server.token,
        "APPUSERS_ORGANIZATION": live_server.organization_id,
    }
    for _ in range(2):  # the second round finds the user that the first one made
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "tests/integration_script.py",
            cwd=ROOT,
            env=os.environ | environment,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        lines = out.decode().splitlines()
        assert lines[1:] == [
            "the token works",
            "unused for 90 days: 0",
            "after the revocation: The access token is refused.",
        ]
