"""A secret put onto each surface by the surface's own means, so that the search has to find it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg

from app.ids import parse_organization_id
from tests.promises import canary_node, canary_tokens
from tests.promises.canary_scene import LOGS, Scene
from tests.waiting import until

ON_DISK = {"dump", "write-ahead log", "data files"}


@asynccontextmanager
async def planted(scene: Scene) -> AsyncGenerator[dict[str, set[str]]]:
    """Plant a token for each surface, and yield on which surfaces each of them, by prefix, is.

    Some are on several: PostgreSQL logs the statement that writes a row.
    """
    first, second, *others = canary_tokens.never_made(scene.places[0].organization, 9)
    scene.needles.add_tokens([first, second, *others])
    where: dict[str, set[str]] = {}
    # By a service that hides nothing in its log.
    for number, name in enumerate(LOGS):
        token = others.pop()
        await scene.describe(number, f"{canary_node.INTO_THE_LOG}: {token}")
        where[token[:27]] = {f"{name} log"}
    # By a failure that quotes what was sent.
    await scene.describe(0, f"{canary_node.INTO_AN_ANSWER}: {first}")
    where[first[:27]] = {"answers"}
    # By a label that somebody sent.
    await scene.describe(1, f"{canary_node.INTO_THE_METRICS}: {second}")
    where[second[:27]] = {"metrics"}
    if scene.spans is not None:
        (traced,) = canary_tokens.never_made(scene.places[0].organization, 1)
        scene.needles.add_tokens([traced])
        await scene.describe(0, f"{canary_node.INTO_A_SPAN}: {traced}")
        where[traced[:27]] = {"spans"}
    connection = await asyncpg.connect(scene.cluster.url())
    try:
        # By a statement that takes it as a parameter, as text and as bytes.
        bound, encoded, stored, named, sent = others
        await connection.fetchval("SELECT length($1::text)", bound)
        where[bound[:27]] = {"PostgreSQL's log"}
        await connection.fetchval("SELECT length($1::bytea)", encoded.encode())
        where[encoded[:27]] = {"PostgreSQL's log"}
        organization_id = parse_organization_id(scene.places[0].organization.id)
        await connection.execute(
            "UPDATE organization SET name = $2 WHERE organization_id = $1", organization_id, stored
        )
        where[stored[:27]] = {"PostgreSQL's log"} | ON_DISK
        # By the address that a webhook goes to.
        await connection.execute(
            "UPDATE webhook_endpoint SET url = url || '/' || $2 WHERE organization_id = $1",
            *(organization_id, sent),
        )
        await scene.describe(0, "for a webhook")

        async def is_delivered() -> bool:
            return any(sent in each.target for each in scene.receiver.received)

        await until(is_delivered)
        where[sent[:27]] = {"webhooks", "PostgreSQL's log"} | ON_DISK
        # By the text of a statement, as the last of a session that others see.
        await connection.execute(f'SELECT 1 AS "{named}"')
        where[named[:27]] = {"PostgreSQL's log", "pg_stat_activity"}
        if scene.cluster.counts_statements:
            # That view keeps its texts in a file.
            where[named[:27]] |= {"pg_stat_statements", "data files"}
        yield where
    finally:
        await connection.close()


def by_surface(where: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the same by surface."""
    return {
        surface: {name for name, surfaces in where.items() if surface in surfaces}
        for surface in set().union(*where.values())
    }
