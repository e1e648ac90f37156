"""A primary and its synchronous standby, and the turn from one to the other."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from db.embedded_cluster import OWNER
from db.embedded_files import PORT, binaries, run
from db.migrate import migrate
from tests.faults.database import Postgres
from tests.waiting import until

SECONDS = 60.0
SETTINGS = {"wal_retrieve_retry_interval": "100ms"}
SETTLE_SECONDS = 0.3
"""For back ends to read that they have to wait for a standby."""

SYNCHRONOUS_SQL = """
SELECT pid, sync_state = 'sync' AND state = 'streaming' AND flush_lsn >= $1::text::pg_lsn
  FROM pg_stat_replication
"""
PROMOTE_SQL = """
SELECT pg_promote(true, 60)
"""


class Pair:
    """Two servers, of which one is the primary, and as a rule the other its standby."""

    def __init__(self, home: Path) -> None:
        self.servers = [Postgres(home / f"data-{number}", **SETTINGS) for number in range(2)]
        self.number = 0
        """Which of them is the primary."""

    @property
    def primary(self) -> Postgres:
        return self.servers[self.number]

    @property
    def standby(self) -> Postgres:
        return self.servers[1 - self.number]

    async def follow(self) -> None:
        """Make the standby anew from the primary, which waits for it from then on."""
        await asyncio.to_thread(_copy, self.primary, self.standby)
        await self.standby.start()
        await self.wait_for_standby()

    async def wait_for_standby(self) -> None:
        """Let commits wait for the standby; return once it has all that came before."""
        await self.primary.set({"synchronous_standby_names": "*"})
        await asyncio.sleep(SETTLE_SECONDS)
        async with self.primary.connected() as connection:
            written = await connection.fetchval("SELECT pg_current_wal_lsn()::text")

            async def is_synchronous() -> bool:
                found = await connection.fetch(SYNCHRONOUS_SQL, written)
                return bool(found) and all(row[1] for row in found)

            await until(is_synchronous, SECONDS)

    async def promote(self) -> float:
        """Make the standby the primary; return when it is. The old one has to be gone."""
        async with self.standby.connected() as connection:
            assert await connection.fetchval(PROMOTE_SQL)
            promoted = time.monotonic()
            assert not await connection.fetchval("SELECT pg_is_in_recovery()")
        self.number = 1 - self.number
        return promoted


def _copy(primary: Postgres, standby: Postgres) -> None:
    """Copy a running server, set up to follow it, with the tool of its release."""
    cluster, account = standby.place.cluster, standby.place.account
    shutil.rmtree(cluster, ignore_errors=True)
    # By whoever runs this: the account of the server may not reach the tool.
    tool = binaries() / "pg_basebackup"
    source = ("--host", primary.place.socket_folder, "--port", PORT, "--username", OWNER)
    made = run(
        [
            tool,
            *source,
            "--pgdata",
            cluster,
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync",
        ],
        None,
    )
    if made.returncode != 0:
        raise RuntimeError(made.stderr)
    # As primary it has no standby of its own at first, and waits for none.
    with (cluster / "postgresql.auto.conf").open("a") as file:
        file.write("synchronous_standby_names = ''\n")
    if account is not None:
        for path in (cluster, *cluster.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


@asynccontextmanager
async def running(home: Path) -> AsyncGenerator[Pair]:
    """Yield a migrated primary with its standby; both are gone when the block is left."""
    pair = Pair(home)
    try:
        await pair.primary.start()
        await migrate(pair.primary.owner_url, pair.primary.serving_url)
        await pair.follow()
        yield pair
    finally:
        for server in pair.servers:
            if server.is_running:
                # A frozen process takes no other signal.
                server.thaw()
                await server.stop_immediately()
