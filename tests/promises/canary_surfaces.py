"""All that is written where a token is used: what of it may never hold a secret."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg

from tests.promises.canary_cluster import Cluster

STATEMENTS_SQL = "SELECT query FROM pg_stat_statements"
ACTIVITY_SQL = "SELECT query FROM pg_stat_activity"


async def of_server(cluster: Cluster) -> dict[str, bytes]:
    """Return what PostgreSQL shows, logs, dumps and has on its disk, by name."""
    connection = await asyncpg.connect(cluster.url())
    try:
        views = {"pg_stat_activity": ACTIVITY_SQL}
        if cluster.counts_statements:
            views["pg_stat_statements"] = STATEMENTS_SQL
        shown = {
            name: "\n".join(str(row[0]) for row in await connection.fetch(query)).encode()
            for name, query in views.items()
        }
        # What is in memory alone is on no disk yet.
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
    return shown | {
        "PostgreSQL's log": cluster.log.read_bytes(),
        "dump": cluster.dump(),
        "write-ahead log": b"\n".join(_files(cluster.data / "pg_wal")),
        "data files": b"\n".join(_files(cluster.data, without="pg_wal")),
    }


def _files(folder: Path, *, without: str | None = None) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] != without:
            yield path.read_bytes()
