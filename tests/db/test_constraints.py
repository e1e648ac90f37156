"""Every constraint of the schema, broken once; and beside each what it has to let through."""

import asyncpg
import pytest

from tests.db import rows
from tests.db.constraints import events, organizations, permissions, tokens, users, uses, webhooks
from tests.db.constraints.tables import Rows, write
from tests.db.rows import A, Connection, grant, insert, organization, policy, token, user

TABLES = (organizations, users, tokens, uses, permissions, events, webhooks)
REFUSED = [row for table in TABLES for row in table.REFUSED]
ALLOWED = {what: written for table in TABLES for what, written in table.ALLOWED.items()}


class TestRefused:
    @pytest.mark.parametrize(
        ("constraint", "written"), REFUSED, ids=[constraint for constraint, _ in REFUSED]
    )
    async def test_row(self, owner: Connection, constraint: str, written: Rows) -> None:
        table, (*before, last) = written
        await write(owner, (table, tuple(before)))
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as caught:
            await insert(owner, table, last)
        assert caught.value.constraint_name == constraint

    @pytest.mark.parametrize(
        ("table", "column"),
        [
            ("organization", "name"),
            ("organization_user", "is_application_user"),
            ("organization_user", "name_key"),
            ("organization_user", "email"),
            ("token", "secret_hmac"),
            ("token", "pepper_version"),
            ("token", "extend_when_used"),
            ("token", "user_id"),
            ("permission_grant", "permission"),
            ("organization_policy", "expiry_required"),
            *(
                ("token_use", column)
                for column in rows.token_use(use_id=None, is_other=None, is_full=None)
                if column != "ip"
            ),
        ],
    )
    async def test_missing_value(self, owner: Connection, table: str, column: str) -> None:
        whole = {
            "organization": organization,
            "organization_user": user,
            "token": token,
            "organization_policy": policy,
            "token_use": rows.token_use,
        }
        row = whole.get(table, grant)(**{column: None})
        with pytest.raises(asyncpg.NotNullViolationError) as caught:
            await insert(owner, table, row)
        assert caught.value.column_name == column

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM organization WHERE organization_id = $1",
            "DELETE FROM organization_user WHERE organization_id = $1",
        ],
    )
    async def test_removal_of_what_others_refer_to(self, owner: Connection, statement: str) -> None:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await owner.execute(statement, A)

    async def test_host_bits_in_a_network(self, owner: Connection) -> None:
        with pytest.raises(asyncpg.InvalidTextRepresentationError):
            await owner.execute("UPDATE token SET ip_allowlist = '{192.0.2.1/24}'")

    async def test_no_constraint_is_forgotten(self, owner: Connection) -> None:
        known = await owner.fetch(
            """
            SELECT conname::text AS name
              FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x')
               AND conrelid <> 'alembic_version'::regclass
             UNION
            SELECT c.relname::text
              FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
               AND i.indrelid <> 'alembic_version'::regclass
            """
        )
        assert {row["name"] for row in known} == {name for name, _ in REFUSED}


class TestAllowed:
    @pytest.mark.parametrize("what", ALLOWED)
    async def test_rows(self, owner: Connection, what: str) -> None:
        await write(owner, ALLOWED[what])

    @pytest.mark.parametrize(
        "values",
        [
            "deactivate_unused_days = 1, revoke_unused_days = 2, longest_max_age_seconds = 600",
            "deactivate_unused_days = 3649, revoke_unused_days = 3650",
            "longest_max_age_seconds = 315360000, deactivate_unused_days = 3650",
            "revoke_unused_days = 1, allowed_networks = '{192.0.2.0/24}'",
            "allowed_networks = array_fill('192.0.2.0/24'::cidr, '{100}')",
        ],
    )
    async def test_ends_of_a_policy(self, owner: Connection, values: str) -> None:
        changed = await owner.execute(
            f"UPDATE organization_policy SET {values} WHERE organization_id = $1", A
        )
        assert changed == "UPDATE 1"
