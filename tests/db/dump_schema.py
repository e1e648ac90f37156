"""Prints db/schema.sql: ``python -m tests.db.dump_schema > db/schema.sql``."""

import asyncio

from db.embedded import dump_schema
from tests import postgres


async def dump(server: postgres.Server) -> str:
    """Return the schema of a freshly migrated database."""
    urls = await server.copy()
    return await asyncio.to_thread(dump_schema, urls.owner)


async def main() -> None:
    """Print it, from an embedded PostgreSQL of its own."""
    with postgres.server() as server:
        await server.make_template()
        print(await dump(server), end="")


if __name__ == "__main__":
    asyncio.run(main())
