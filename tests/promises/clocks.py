"""Nodes whose machines' clocks are wrong, and nodes that were made to believe theirs."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.cli.processes import Served, serving
from tests.conftest import PEPPER
from tests.postgres import Urls

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
"""Debian's ``libfaketime``, which ``.ci/run`` installs."""

BELIEVES = """
import time
from app.verification import Verifier

_judge = Verifier._judge

def judge(self, presented, answer, *others):
    token = _judge(self, presented, answer, *others)
    if token is not None and token.expiry_seconds is not None:
        return token if time.time() < token.expiry_seconds else None
    return token

Verifier._judge = judge
"""
"""The control: a node that looks at its own clock as well."""

FORGETS = """
from app import activity

activity.EXTEND_SECONDS, activity.SPARE_SECONDS = 0, -30
"""
"""The control: a node that leaves every extension to the next flush."""


@dataclass(frozen=True)
class Node:
    """A served application, and the file that its clock goes by."""

    served: Served
    clock: Path

    def set_clock(self, offset: str) -> None:
        """Move the node's clock, as in "+2d" or "-2d"."""
        self.clock.write_text(offset)

    @property
    def url(self) -> str:
        """Where its endpoints are."""
        return self.served.url.removesuffix("/graphql").rstrip("/")

    async def verifies(self, organization_id: str, token: str) -> bool:
        """Ask whether a token is good."""
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(
                f"{self.url}/verify",
                params={"organization_id": organization_id},
                headers={"Authorization": f"Bearer {token}"},
            )
        assert answer.status_code in {200, 401}, answer.text
        return answer.status_code == 200


def environment(urls: Urls, folder: Path, offset: str = "", changed: str = "") -> dict[str, str]:
    """Return what a node runs with: a clock of its own, and what is changed in it at its start."""
    found = {
        "DATABASE_URL": urls.serving,
        "APPUSERS_PEPPER": PEPPER,
        "APPUSERS_LOG_LEVEL": "warning",
        "APPUSERS_ACTIVITY_FLUSH_SECONDS": "30",
        "APPUSERS_SWEEP_SECONDS": "0",
        "APPUSERS_EXPIRY_WARNING_SECONDS": "0",
        "APPUSERS_WEBHOOK_POLL_SECONDS": "0",
    }
    folder.mkdir(parents=True, exist_ok=True)
    if changed:
        (folder / "sitecustomize.py").write_text(changed)
        here = str(Path(__file__).parents[2])
        found["PYTHONPATH"] = os.pathsep.join([str(folder), here])
    if offset:
        (folder / "clock").write_text(offset)
        found |= {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
            "FAKETIME_NO_CACHE": "1",
            # Time that goes by is measured rightly; only what it is called is wrong.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
    return found


@asynccontextmanager
async def node(
    urls: Urls, folder: Path, offset: str = "", changed: str = ""
) -> AsyncGenerator[Node]:
    """Serve a node until the block ends."""
    async with serving(environment(urls, folder, offset, changed)) as served:
        yield Node(served, folder / "clock")
