"""The 61 audits of the npm package graphql-http, against the service over TCP."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

from tests.conftest import LiveServer

AUDITS = Path(__file__).parent / "audits"
NUMBER = 61
VENDORED = {
    "LICENSE.md": "35a11da7e877009ddc57405844209908cfc567adda0ec1daf410368c9f5b0d01",
    "lib/utils.mjs": "6ad1ae232da1d53a559adb0fef0f0ccf73602cbe5f02bacc5af239705854881b",
    "lib/audits/server.mjs": "b86311c3cdf8f276177aee492544f62b75be89612e5d43b90bf11b78100888f0",
    "lib/audits/utils.mjs": "a23d5ed17481a881be348ed69ed2f7a76bb6c81fdf7afc193deb064377eae350",
}


@dataclass(frozen=True)
class Audit:
    """One audit and what became of it: ok, notice, warn, error or fatal."""

    id: str
    name: str
    status: str
    reason: str | None = None

    def __str__(self) -> str:
        return f"{self.status} {self.id} {self.name}: {self.reason}"


async def run(url: str) -> list[Audit]:
    """Run every audit, by the Node.js that is inside the playwright wheel."""
    node, _ = compute_driver_executable()
    process = await asyncio.create_subprocess_exec(
        node,
        str(AUDITS / "run.mjs"),
        url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return [Audit(**result) for result in json.loads(out)]


def failed(audits: list[Audit]) -> list[str]:
    """Return what is not ok; recommendations and options count like obligations."""
    return [str(audit) for audit in audits if audit.status != "ok"]


class TestConforms:
    async def test_every_audit_is_ok(self, live_server: LiveServer):
        audits = await run(f"{live_server.url}/graphql")
        assert failed(audits) == []
        assert len({audit.id for audit in audits}) == NUMBER


class TestPositiveControl:
    async def test_what_is_not_graphql_fails(self, live_server: LiveServer):
        audits = await run(f"{live_server.url}/healthz")
        assert len(audits) == NUMBER
        assert {"warn", "error"} <= {audit.status for audit in audits}
        obligations = [text for text in failed(audits) if text.startswith("error")]
        assert any("MUST accept application/json and match" in text for text in obligations)

    async def test_nobody_listening_fails_everything(self, unused_tcp_port: int):
        audits = await run(f"http://127.0.0.1:{unused_tcp_port}/graphql")
        assert [audit.status for audit in audits] == ["fatal"] * NUMBER


class TestVendored:
    @pytest.mark.parametrize(("name", "digest"), VENDORED.items())
    def test_files_are_those_of_the_package(self, name: str, digest: str):
        content = (AUDITS / "graphql-http" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
