"""What tests of faults share: a PostgreSQL of their own, which is killed, and runs on it.

No other test may notice. It is the embedded one, also where the other tests use a given server.
"""

import gc
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import controls, disk, installation, report
from tests.faults.database import Postgres
from tests.faults.installation import Installation
from tests.faults.nodes import SERVE
from tests.faults.run import Result, run

SECONDS = 5.0
SEED = int(os.environ.get("APPUSERS_TEST_FAULT_SEED") or secrets.randbelow(1_000_000))

LEFT_BEHIND = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.usefixtures("swept"),
]
"""For tests whose clients leave calls unfinished, and whose relays refuse what was just accepted:
with connections of this process that nobody closes. The service runs in others."""


@pytest.fixture
def swept() -> Iterator[None]:
    """What is left behind is collected with the test, and not in the middle of another one."""
    yield
    gc.collect()


@dataclass(frozen=True)
class Home:
    """A migrated PostgreSQL, and a folder for what is served on it."""

    folder: Path
    postgres: Postgres
    disk: Path | None
    """Where PostgreSQL's files are, if that is a file system of its own."""


@pytest.fixture(scope="session")
async def home() -> AsyncIterator[Home]:
    with installation.folder() as folder, disk.small(folder / "data") as is_own:
        async with installation.migrated(folder) as postgres:
            yield Home(folder, postgres, folder / "data" if is_own else None)


@pytest.fixture(scope="session")
async def place(home: Home) -> AsyncIterator[Installation]:
    """Two nodes as they are shipped, one of two workers."""
    async with installation.installed(
        home.postgres, home.folder / "honest", disk=home.disk
    ) as made:
        yield made


@pytest.fixture(scope="session")
async def suspects(home: Home) -> AsyncIterator[Installation]:
    """An honest node and one that does as it is told."""
    async with installation.installed(
        home.postgres, home.folder / "suspects", workers=(1, 1), commands=(SERVE, controls.COMMAND)
    ) as made:
        yield made


@pytest.fixture(scope="session")
async def under_faults(place: Installation) -> Result:
    """The short form of the history checker: each kind of fault once."""
    result = await run(place, await place.new_tenants(), SEED, SECONDS)
    # Shown where a test fails, with the seed to try again: APPUSERS_TEST_FAULT_SEED.
    print(report.tell(result))
    return result
