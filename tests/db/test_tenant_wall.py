"""Row level security: what a session of the serving role sees, writes and cannot reach."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from db import checks
from db.pool import Database
from tests.db import rows
from tests.db.rows import BOB, A, B, Connection, Row, grant, insert, token, user
from tests.postgres import Server, Urls

TABLES = (
    "organization",
    "organization_user",
    "token",
    "permission_grant",
    "resource",
    "user_group",
    "group_member",
    "organization_policy",
    "webhook_endpoint",
    "limit_request",
    "webhook_delivery",
    "audit_chain",
    "audit_event",
    "token_use",
)
WRITABLE = TABLES[:10]
"""Where the serving role may insert. Functions of the owner write the others."""
SINGLE = ("organization", "organization_policy")
"""Of which an organization has one row, and it is there."""
EACH_TABLE = pytest.mark.parametrize("table", TABLES)
# What the serving role may change, without saying whose.
CHANGES = {
    "UPDATE organization": "UPDATE organization SET application_user_limit = 1",
    "UPDATE organization_user": "UPDATE organization_user SET description = 'changed'",
    "UPDATE token": "UPDATE token SET description = 'changed'",
    "DELETE permission_grant": "DELETE FROM permission_grant",
    "UPDATE resource": "UPDATE resource SET name = 'changed'",
    "DELETE resource": "DELETE FROM resource",
    "UPDATE user_group": "UPDATE user_group SET description = 'changed'",
    "DELETE group_member": "DELETE FROM group_member",
    "UPDATE organization_policy": "UPDATE organization_policy SET expiry_required = true",
    "UPDATE webhook_endpoint": "UPDATE webhook_endpoint SET is_active = false",
    "UPDATE webhook_delivery": "UPDATE webhook_delivery SET attempt_count = 9",
    "DELETE webhook_delivery": "DELETE FROM webhook_delivery",
    "DELETE token_use": "DELETE FROM token_use",
    "UPDATE limit_request": "UPDATE limit_request SET answered_limit = NULL",
}
EACH_CHANGE = pytest.mark.parametrize("change", CHANGES)
# The settings under which A's rows must not be seen.
NOT_A = {
    "unset": "SELECT",
    "empty": "SET LOCAL app.organization_id = ''",
    "another": f"SET LOCAL app.organization_id = '{B}'",
    "nobody's": "SET LOCAL app.organization_id = '00000000-0000-0000-0000-000000000000'",
}
EACH_SETTING = pytest.mark.parametrize("setting", NOT_A)
AS_A = f"SET LOCAL app.organization_id = '{A}'"
AS_B = f"SET LOCAL app.organization_id = '{B}'"


def row_of_a(table: str) -> Row:
    """A row that A itself may write."""
    made: dict[str, Row] = {
        "organization": {"organization_id": A, "name": "Acme"},
        "organization_user": user(),
        "token": token(),
        "permission_grant": grant(principal_id=BOB),
        "resource": rows.resource(),
        "user_group": rows.group(),
        "group_member": rows.membership(),
        "organization_policy": rows.policy(),
        "webhook_endpoint": rows.webhook(),
        "limit_request": rows.limit_request(
            state="DECLINED", answer_time=datetime.now(UTC), answered_limit=1
        ),
    }
    return made[table]


async def seen(connection: Connection, table: str) -> int:
    """How many rows of A a session sees, with a statement that does not ask whose they are."""
    found = await connection.fetch(f"SELECT organization_id FROM {table}")
    return sum(row["organization_id"] == A for row in found)


async def changed_of_a(connection: Connection, change: str) -> int:
    """How many rows of A a statement would change."""
    return int((await connection.execute(CHANGES[change] + f" WHERE organization_id = '{A}'"))[7:])


class TestSelect:
    @EACH_SETTING
    @EACH_TABLE
    async def test_shows_nothing_of_another_tenant(
        self, serving: Connection, table: str, setting: str
    ) -> None:
        await serving.execute(NOT_A[setting])
        assert await seen(serving, table) == 0

    @EACH_TABLE
    async def test_shows_ones_own_rows_and_no_others(self, serving: Connection, table: str) -> None:
        await serving.execute(AS_A)
        found = await serving.fetch(f"SELECT organization_id FROM {table}")
        assert {row["organization_id"] for row in found} == {A}

    async def test_a_setting_that_is_no_id_fails(self, serving: Connection) -> None:
        await serving.execute("SET LOCAL app.organization_id = 'x'")
        with pytest.raises(asyncpg.InvalidTextRepresentationError):
            await serving.fetch("SELECT organization_id FROM token")

    async def test_the_setting_ends_with_its_transaction(self, serving: Connection) -> None:
        await serving.execute(f"{AS_A}; COMMIT; BEGIN")
        assert await seen(serving, "token") == 0


class TestChange:
    @EACH_SETTING
    @EACH_CHANGE
    async def test_reaches_nothing_of_another_tenant(
        self, serving: Connection, change: str, setting: str
    ) -> None:
        await serving.execute(NOT_A[setting])
        assert await changed_of_a(serving, change) == 0

    @EACH_CHANGE
    async def test_without_condition_stays_inside(
        self, serving: Connection, owner: Connection, change: str
    ) -> None:
        table = change.split()[1]
        whole = await owner.fetchval(f"SELECT count(*) FROM {table} WHERE organization_id = $1", A)
        await serving.execute(AS_A)
        assert int((await serving.execute(CHANGES[change]))[7:]) == whole > 0


class TestInsert:
    @EACH_SETTING
    @pytest.mark.parametrize("table", WRITABLE)
    async def test_for_another_tenant_is_refused(
        self, serving: Connection, table: str, setting: str
    ) -> None:
        await serving.execute(NOT_A[setting])
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await insert(serving, table, row_of_a(table))

    @pytest.mark.parametrize("table", [t for t in WRITABLE if t not in SINGLE])
    async def test_for_oneself(self, serving: Connection, table: str) -> None:
        await serving.execute(AS_A)
        await insert(serving, table, row_of_a(table))


@pytest.fixture(scope="module")
async def unwalled(server: Server) -> Urls:
    """The same rows in a database whose wall was taken down."""
    urls = await server.copy()
    connection = await asyncpg.connect(urls.owner)
    await rows.insert_two_tenants(connection)
    for table in TABLES:
        await connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    await connection.close()
    return urls


@pytest.fixture
async def session(unwalled: Urls) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(unwalled.serving)
    await connection.execute(f"BEGIN; {AS_B}")
    yield connection
    await connection.execute("ROLLBACK")
    await connection.close()


class TestControl:
    """Without the wall every check above sees what it must not."""

    @EACH_TABLE
    async def test_select(self, session: Connection, table: str) -> None:
        assert await seen(session, table) > 0

    @EACH_CHANGE
    async def test_change(self, session: Connection, change: str) -> None:
        assert await changed_of_a(session, change) > 0

    @pytest.mark.parametrize("table", [t for t in WRITABLE if t not in SINGLE])
    async def test_insert(self, session: Connection, table: str) -> None:
        await insert(session, table, row_of_a(table))

    async def test_the_start_up_check_names_the_tables(self, unwalled: Urls) -> None:
        database = await Database.open(unwalled.serving, size=1)
        async with database.connection() as connection:
            assert sorted((await checks.facts(connection)).unwalled_tables) == sorted(TABLES)
        await database.close()

    async def test_the_start_up_check_finds_nothing_else(self, serving: Connection) -> None:
        facts = await checks.facts(serving)
        assert facts.unwalled_tables == facts.owned_tables == []
        assert not facts.is_superuser
        assert not facts.bypasses_rls
