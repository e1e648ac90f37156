"""The migrated schema: what is committed of it, and the rules that let it be sharded."""

import asyncio
from pathlib import Path

import pytest

import db
from db import embedded
from tests.db.rows import Connection
from tests.postgres import Server

SCHEMA = Path(db.__path__[0]) / "schema.sql"

# A rule answers with what breaks it.
PRIMARY_KEYS = """
SELECT c.relname::text AS name
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
  LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND i.indkey[0] IS DISTINCT FROM a.attnum
"""
UNIQUE_INDEXES = """
SELECT i.indexrelid::regclass::text AS name
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
 WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'
   AND i.indisunique AND i.indkey[0] IS DISTINCT FROM a.attnum
"""
FOREIGN_KEYS = """
SELECT k.conname::text AS name
  FROM pg_constraint k
  LEFT JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attname = 'organization_id'
  LEFT JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attname = 'organization_id'
 WHERE k.connamespace = 'public'::regnamespace AND k.contype = 'f'
   AND (k.conkey[1] IS DISTINCT FROM a.attnum OR k.confkey[1] IS DISTINCT FROM f.attnum)
"""
FUNCTIONS = """
SELECT p.proname::text AS name
  FROM pg_proc p
  JOIN pg_language l ON l.oid = p.prolang
 WHERE p.pronamespace = 'public'::regnamespace AND p.pronargs > 0 AND l.lanname <> 'plpgsql'
"""
WALLS = """
SELECT c.relname::text AS name
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND c.relname <> 'alembic_version'
   AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy y WHERE y.polrelid = c.oid))
"""
EXTENSIONS = "SELECT extname::text AS name FROM pg_extension WHERE extname <> 'plpgsql'"

# Each rule with a statement that breaks it, and the name that the rule then answers with.
RULES = {
    "primary keys start with organization_id": (
        PRIMARY_KEYS,
        "CREATE TABLE t (id uuid PRIMARY KEY, organization_id uuid)",
        "t",
    ),
    "unique indexes start with organization_id": (
        UNIQUE_INDEXES,
        "CREATE UNIQUE INDEX i ON token (token_id)",
        "i",
    ),
    "foreign keys start with organization_id": (
        FOREIGN_KEYS,
        "CREATE TABLE t (o uuid CONSTRAINT k REFERENCES organization)",
        "k",
    ),
    "functions with parameters are PL/pgSQL": (
        FUNCTIONS,
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'",
        "f",
    ),
    "tables have a policy": (WALLS, "CREATE TABLE t (organization_id uuid PRIMARY KEY)", "t"),
    "only core PostgreSQL": (
        EXTENSIONS,
        "INSERT INTO pg_extension SELECT 1, 'x', extowner, extnamespace, false, '1', NULL, NULL"
        " FROM pg_extension LIMIT 1",
        "x",
    ),
}
EACH_RULE = pytest.mark.parametrize("rule", RULES)


class TestRules:
    @EACH_RULE
    async def test_hold(self, owner: Connection, rule: str) -> None:
        query, _, _ = RULES[rule]
        assert [row["name"] for row in await owner.fetch(query)] == []

    @EACH_RULE
    async def test_control_a_breach_is_noticed(self, owner: Connection, rule: str) -> None:
        query, breach, name = RULES[rule]
        await owner.execute("SET LOCAL allow_system_table_mods = on")
        await owner.execute(breach)
        assert [row["name"] for row in await owner.fetch(query)] == [name]


async def test_the_committed_schema_is_the_migrated_one(server: Server) -> None:
    if not server.is_embedded:
        pytest.skip("other versions of pg_dump print the same schema in other words")
    urls = await server.copy()
    dumped = await asyncio.to_thread(embedded.dump_schema, urls.owner)
    assert dumped == SCHEMA.read_text(), "run python -m tests.db.dump_schema > db/schema.sql"
