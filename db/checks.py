"""What the start-up checks ask of a server."""

from dataclasses import dataclass
from datetime import datetime

from db import hosts
from db.pool import Connection


@dataclass(frozen=True, slots=True)
class Facts:
    """The server and the session as the serving role sees them."""

    server_version: int
    """As in ``server_version_num``: 150004 is 15.4."""
    encoding: str
    role: str
    is_superuser: bool
    bypasses_rls: bool
    owned_tables: list[str]
    unwalled_tables: list[str]
    """Tables with an organization whose row level security is off."""
    synchronous_commit: str
    clock: datetime


FACTS_SQL = """
SELECT current_setting('server_version_num')::integer AS server_version,
       current_setting('server_encoding') AS encoding,
       r.rolname::text AS role,
       r.rolsuper AS is_superuser,
       r.rolbypassrls AS bypasses_rls,
       ARRAY(SELECT c.relname::text
               FROM pg_class c
              WHERE c.relnamespace = 'public'::regnamespace
                AND c.relkind IN ('r', 'p')
                AND pg_has_role(r.oid, c.relowner, 'USAGE')) AS owned_tables,
       ARRAY(SELECT c.relname::text
               FROM pg_class c
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
              WHERE c.relnamespace = 'public'::regnamespace
                AND c.relkind IN ('r', 'p')
                AND NOT c.relrowsecurity) AS unwalled_tables,
       current_setting('synchronous_commit') AS synchronous_commit,
       clock_timestamp() AS clock
  FROM pg_roles r
 WHERE r.rolname = current_user
"""


async def facts(connection: Connection) -> Facts:
    """Return what one look tells."""
    row = await connection.fetchrow(FACTS_SQL)
    assert row is not None
    return Facts(*row)


async def revision(connection: Connection) -> str | None:
    """Return the migration a database is at, None where it was never migrated."""
    if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
        return None
    return await connection.fetchval("SELECT version_num FROM public.alembic_version")


async def look_as_owner(owner_dsn: str) -> tuple[str | None, bool]:
    """Return the migration of a database, and whether it holds any organization."""
    owner = await hosts.connect(owner_dsn, 3)
    try:
        found = await revision(owner)
        if found is None:
            return None, False
        return found, await owner.fetchval("SELECT EXISTS (SELECT FROM organization)")
    finally:
        await owner.close()
