"""A PostgreSQL of this folder's own, which is killed: no other test may notice.

It is the embedded one, also where the other tests use a given server.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import installation
from tests.faults.database import Postgres
from tests.faults.installation import Installation


@dataclass(frozen=True)
class Home:
    """A migrated PostgreSQL, and a folder for what is served on it."""

    folder: Path
    postgres: Postgres


@pytest.fixture(scope="session")
async def home() -> AsyncIterator[Home]:
    with installation.folder() as folder:
        async with installation.migrated(folder) as postgres:
            yield Home(folder, postgres)


@pytest.fixture(scope="session")
async def place(home: Home) -> AsyncIterator[Installation]:
    """Two nodes as they are shipped, one of two workers."""
    async with installation.installed(home.postgres, home.folder / "honest") as made:
        yield made
