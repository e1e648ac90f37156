"""A pytest plugin for the tests of an earlier release: their databases have a later schema.

``APPUSERS_NEWER_RELEASE`` names the tree of the later release, which is installed in its ``.venv``.
"""

import asyncio
import os
import sys
from pathlib import Path

import pytest

RELEASE = Path(os.environ["APPUSERS_NEWER_RELEASE"])


SAID: list[str] = []


async def migrate(owner_url: str, serving_url: str) -> list[str]:
    """Stand in for the earlier release's ``db.migrate.migrate``."""
    python = RELEASE / ".venv" / "bin" / "python"
    process = await asyncio.create_subprocess_exec(
        # Without -P the earlier release, where this is run, would be imported.
        *(python if python.exists() else sys.executable, "-P", "-m", "app", "migrate"),
        cwd=RELEASE,
        env=os.environ
        | {
            "PYTHONPATH": str(RELEASE),
            "DATABASE_URL": serving_url,
            "APPUSERS_MIGRATION_DATABASE_URL": owner_url,
        },
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError("the later release could not migrate")
    SAID.extend(said.decode().splitlines())
    return SAID


def pytest_sessionstart(session: pytest.Session) -> None:  # noqa: ARG001
    """Have the earlier release's server fixture make its template so."""
    from tests import postgres  # pyright: ignore[reportAttributeAccessIssue]

    postgres.migrate = migrate


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show which migrations the databases had, where this process made one."""
    for line in SAID:
        terminalreporter.write_line(f"the later release: {line}")
