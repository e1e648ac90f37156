"""PostgreSQL, two nodes behind a link each, and organizations to work in."""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from app import ids, organizations
from app.database import Database
from db.migrate import migrate
from tests.conftest import PEPPERS
from tests.faults import database, link
from tests.faults.database import Postgres
from tests.faults.history import Absence
from tests.faults.nodes import SERVE, Node

COUNT_SQL = """
SELECT description, count(*)
  FROM token
 WHERE organization_id = ANY ($1) AND description LIKE 'key %'
 GROUP BY description
"""


USES_SQL = """
SELECT organization_id, token_id, sum(use_count)::bigint
  FROM token_use
 WHERE organization_id = ANY ($1)
 GROUP BY organization_id, token_id
"""


@dataclass(frozen=True)
class Tenant:
    """An organization and its administrator's token."""

    id: UUID
    admin: str = field(repr=False)

    @property
    def public_id(self) -> str:
        """As the API names it."""
        return ids.organization_id(self.id)


@dataclass
class Installation:
    """What clients use and faults strike."""

    postgres: Postgres
    """The server that takes writes: another one, once its standby was promoted."""
    nodes: Sequence[Node]
    disk: Path | None = None
    """Where PostgreSQL has a disk of its own, which can be filled."""

    @property
    def absences(self) -> list[Absence]:
        """When processes of nodes were not there."""
        return [absence for node in self.nodes for absence in node.absences]

    @property
    def freezes(self) -> list[Absence]:
        """When processes of nodes were frozen."""
        return [freeze for node in self.nodes for freeze in node.freezes]

    async def new_tenants(self, count: int = 2) -> list[Tenant]:
        """Make organizations with an administrator each."""
        opened = await Database.open(self.postgres.serving_url, size=1)
        try:
            made = [
                await organizations.bootstrap(
                    opened, PEPPERS, name=f"Organization {number}", admin_email="a@faults.example"
                )
                for number in range(count)
            ]
        finally:
            await opened.close()
        return [Tenant(each.organization_id, each.full_token) for each in made]

    async def minted(self, tenants: Sequence[Tenant]) -> dict[str, int]:
        """Return how many tokens there are for each key, which clients use as description too."""
        async with self.postgres.connected() as connection:
            found = await connection.fetch(COUNT_SQL, [tenant.id for tenant in tenants])
        return {row[0]: row[1] for row in found}

    async def uses(self, tenants: Sequence[Tenant]) -> dict[str, int]:
        """Return how many uses of each token there are on record."""
        async with self.postgres.connected() as connection:
            found = await connection.fetch(USES_SQL, [tenant.id for tenant in tenants])
        return {ids.member_id("token", row[0], row[1]): row[2] for row in found}


@contextmanager
def folder() -> Generator[Path]:
    """Yield a folder that is gone afterwards.

    It lies in the system's own folder for temporary files, which the account that PostgreSQL runs
    as can reach when root runs this.
    """
    made = Path(tempfile.gettempdir()) / f"appusers-faults-{secrets.token_hex(4)}"
    made.mkdir(mode=0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@asynccontextmanager
async def migrated(home: Path, **settings: str) -> AsyncGenerator[Postgres]:
    """Yield a PostgreSQL of its own with the schema in it."""
    async with database.running(home / "data", **settings) as postgres:
        await migrate(postgres.owner_url, postgres.serving_url)
        yield postgres


@asynccontextmanager
async def installed(
    postgres: Postgres,
    home: Path,
    *,
    workers: Sequence[int] = (2, 1),
    commands: Sequence[Sequence[str]] = (SERVE, SERVE),
    disk: Path | None = None,
) -> AsyncGenerator[Installation]:
    """Yield an installation that serves; ``workers`` and ``commands`` are those of each node."""
    async with AsyncExitStack() as stack:
        nodes: list[Node] = []
        for name, count, command in zip("AB", workers, commands, strict=True):
            network = await stack.enter_async_context(link.opened(postgres.socket))
            node = Node(f"node-{name}", network, home, count, command)
            await stack.enter_async_context(node.kept())
            nodes.append(node)
        await asyncio.gather(*(node.until_up() for node in nodes))
        yield Installation(postgres, nodes, disk)
