"""What the serving role cannot do to its own tenant's rows, to the schema, or to itself."""

import re
from pathlib import Path

import asyncpg
import pytest

import db
from db.roles import PRIVILEGES
from tests.db.rows import A_TOKEN, ALICE, A, Connection
from tests.db.test_tenant_wall import AS_A

SCHEMA = (Path(db.__path__[0]) / "schema.sql").read_text()


def columns() -> list[tuple[str, str]]:
    """Each (table, column) of the schema."""
    return [
        (table, line.split()[0])
        for table, body in re.findall(r"(?s)CREATE TABLE public\.(\w+) \(\n(.*?)\n\)[;\n]", SCHEMA)
        for line in re.findall(r"(?m)^ {4}[a-z].*", body)
    ]


def mutable() -> set[tuple[str, str]]:
    """Each (table, column) that the service is granted to update."""
    return {
        (table, column.strip())
        for names, table in re.findall(r"UPDATE \(([^)]*)\) ON TABLE (\w+)", "\n".join(PRIVILEGES))
        for column in names.split(",")
    }


class TestUpdate:
    @pytest.mark.parametrize(
        ("table", "column"),
        [pair for pair in columns() if pair not in mutable()],
        ids=lambda part: part,
    )
    async def test_of_an_immutable_column_is_refused(
        self, serving: Connection, table: str, column: str
    ) -> None:
        await serving.execute(AS_A)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await serving.execute(f"UPDATE {table} SET {column} = DEFAULT")

    @pytest.mark.parametrize(("table", "column"), sorted(mutable()))
    async def test_of_a_mutable_column(self, serving: Connection, table: str, column: str) -> None:
        await serving.execute(AS_A)
        assert await serving.execute(f"UPDATE {table} SET {column} = {column}") != "UPDATE 0"

    def test_what_widens_a_token_is_immutable(self) -> None:
        assert {column for table, column in mutable() if table == "token"} == {
            "description",
            "revoke_time",
            "revoked_by",
            "deactivate_time",
            "activate_time",
            "supersede_time",
            "overlap_end_time",
            "warned_days",
        }
        assert ("token", "secret_hmac") in columns()


class TestSecret:
    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT secret_hmac FROM token",
            "SELECT token FROM token",
            "TABLE token",
            "SELECT to_jsonb(t) FROM token t",
            "SELECT max(secret_hmac::text) FROM token",
            "SELECT token_id FROM token WHERE secret_hmac > '\\x00'",
            "SELECT token_id FROM token ORDER BY secret_hmac",
            "SELECT pepper_version FROM token",
            "UPDATE token SET description = NULL RETURNING secret_hmac",
            "UPDATE token SET description = encode(secret_hmac, 'hex')",
            f"""INSERT INTO token (organization_id, token_id, user_id, secret_hmac, pepper_version,
                                   extend_when_used)
                VALUES ('{A}', '{A_TOKEN}', '{ALICE}', '', 1, false)
                ON CONFLICT (organization_id, token_id)
                DO UPDATE SET description = encode(token.secret_hmac, 'hex')""",
            "COPY token TO STDOUT",
            "COPY (SELECT secret_hmac FROM token) TO STDOUT",
            "DECLARE c CURSOR FOR SELECT secret_hmac FROM token",
            "CREATE TEMP TABLE leak AS TABLE token",
            "CREATE TEMP TABLE leak (LIKE token INCLUDING STATISTICS)",
        ],
    )
    async def test_is_not_read(self, serving: Connection, statement: str) -> None:
        await serving.execute(AS_A)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await serving.execute(statement)

    async def test_is_not_in_the_statistics(self, serving: Connection) -> None:
        assert not await serving.fetch("SELECT attname FROM pg_stats WHERE tablename = 'token'")


class TestRefused:
    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM token",
            "DELETE FROM organization_user",
            "DELETE FROM organization",
            "UPDATE permission_grant SET permission = 'role:organization:admin'",
            "UPDATE alembic_version SET version_num = '0'",
            "INSERT INTO alembic_version VALUES ('0')",
            "DELETE FROM alembic_version",
            *(
                f"TRUNCATE {table} CASCADE"
                for table in ("organization", "organization_user", "token", "permission_grant")
            ),
            "LOCK TABLE token IN ACCESS EXCLUSIVE MODE",
            "CREATE TABLE t ()",
            "CREATE SCHEMA s",
            "CREATE VIEW v AS SELECT token_id FROM token",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE INDEX ON token (description)",
            "CREATE TRIGGER t BEFORE UPDATE ON token FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "CREATE RULE r AS ON UPDATE TO token DO INSTEAD NOTHING",
            "ALTER TABLE token ADD COLUMN c int",
            "ALTER TABLE token DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE token NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY tenant ON token",
            "ALTER POLICY tenant ON token USING (true)",
            "CREATE POLICY all_of_it ON token USING (true)",
            "SET LOCAL row_security = off; SELECT token_id FROM token",
            "ALTER FUNCTION find_person(text, text) SECURITY INVOKER",
            "DROP FUNCTION find_person(text, text)",
            "DROP TABLE token",
            "SET LOCAL session_replication_role = replica",
            "SET ROLE {owner}",
            "SET SESSION AUTHORIZATION {owner}",
            "GRANT {owner} TO {self}",
            "ALTER ROLE {self} SUPERUSER",
            "ALTER ROLE {self} BYPASSRLS",
            "ALTER ROLE {self} CREATEROLE",
            "CREATE ROLE another",
            "CREATE DATABASE another",
            "ALTER SYSTEM SET synchronous_commit = off",
            "COPY organization FROM PROGRAM 'true'",
            "SELECT pg_read_file('PG_VERSION')",
            "SELECT lo_import('/etc/hostname')",
        ],
    )
    async def test_statement(self, serving: Connection, owner: Connection, statement: str) -> None:
        name = await owner.fetchval("SELECT quote_ident(current_user)")
        itself = await serving.fetchval("SELECT quote_ident(current_user)")
        text = statement.format(owner=name, self=itself)
        if text.startswith(("CREATE DATABASE", "ALTER SYSTEM")):
            await serving.execute("ROLLBACK")
        else:
            await serving.execute(AS_A)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await serving.execute(text)

    async def test_a_grant_of_what_it_may_not_pass_on(
        self, serving: Connection, owner: Connection
    ) -> None:
        await serving.execute(AS_A)
        # PostgreSQL warns where a role holds a privilege without the option to pass it on.
        await serving.execute("GRANT SELECT ON organization TO PUBLIC; COMMIT")
        assert not await owner.fetchval(
            "SELECT has_table_privilege('pg_monitor', 'organization', 'SELECT')"
        )
