"""The functions that cross tenants: who may call them, and that nobody can turn them."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import asyncpg
import pytest

from db import presented
from tests.db import rows
from tests.db.rows import A_TOKEN, ALICE, B_TOKEN, A, B, Connection
from tests.db.test_tenant_wall import AS_A
from tests.postgres import Server, Urls

CALLS = {
    "look_up_presented_tokens": (
        f"SELECT look_up_presented_tokens('{{{A}}}', '{{{A_TOKEN}}}', ARRAY[NULL]::uuid[])"
    ),
    "look_up_tokens": f"SELECT look_up_tokens('{{{A}}}', '{{{A_TOKEN}}}')",
    "find_presented_tokens": f"SELECT find_presented_tokens('{{{A}}}', '{{{A_TOKEN}}}')",
    "find_person": "SELECT find_person('https://issuer.example', 'jane')",
    "record_token_uses": (
        f"SELECT record_token_uses('{{{A}}}', '{{{A_TOKEN}}}', '{{{ALICE}}}',"
        " ARRAY[now()], '{192.0.2.1}', '{curl}')"
    ),
    "record_uses": (
        f"SELECT record_uses('{{{A}}}', '{{{A_TOKEN}}}', '{{{ALICE}}}', '{{192.0.2.1}}',"
        " '{curl}', '{f}', '{1}', ARRAY[now()], ARRAY[now()], '{t}', 1000)"
    ),
    "extend_token": f"SELECT extend_token('{A}', '{A_TOKEN}', now())",
    "append_audit_events": f"SELECT append_audit_events('{A}', '[]')",
    "list_organization_ids": f"SELECT list_organization_ids('{A}', 1)",
    "list_organizations_to_notify": "SELECT list_organizations_to_notify(1)",
}
_KINDS = ("extend_when_used", "is_application_user", "max_age_seconds", "refusal")
JANUARY = date(2026, 1, 31)
"""When the uses were that are there already."""
EACH_CALL = pytest.mark.parametrize("name", CALLS)

# What a look-up by an unqualified name would find first in a session that made it: a token that
# was revoked, alive, with a secret that the attacker knows.
TEMPORARY_TABLES = f"""
CREATE TEMP TABLE token AS
SELECT '{A}'::uuid AS organization_id, '{A_TOKEN}'::uuid AS token_id, '{ALICE}'::uuid AS user_id,
       decode(repeat('ff', 32), 'hex') AS secret_hmac, 1::smallint AS pepper_version,
       NULL::timestamptz AS revoke_time, NULL::timestamptz AS expiry_time,
       NULL::integer AS max_age_seconds, false AS extend_when_used, NULL::cidr[] AS ip_allowlist,
       NULL::text[] AS scopes, NULL::timestamptz AS last_used_time, NULL::inet AS last_ip,
       NULL::text AS last_user_agent, NULL::timestamptz AS create_time,
       NULL::text[] AS permission_ceiling, NULL::timestamptz AS deactivate_time,
       NULL::timestamptz AS supersede_time, NULL::timestamptz AS overlap_end_time;
CREATE TEMP TABLE organization_user AS
SELECT '{A}'::uuid AS organization_id, '{ALICE}'::uuid AS user_id, true AS is_application_user,
       'turned' AS name, 'ACTIVE' AS state;
CREATE TEMP TABLE permission_grant AS
SELECT '{A}'::uuid AS organization_id, '{ALICE}'::uuid AS principal_id, '{A}'::uuid AS resource_id,
       'role:organization:admin' AS permission;
CREATE TEMP TABLE group_member AS
SELECT '{A}'::uuid AS organization_id, '{ALICE}'::uuid AS user_id, '{A}'::uuid AS group_id;
CREATE TEMP TABLE organization_policy AS
SELECT '{A}'::uuid AS organization_id, false AS expiry_required, NULL::cidr[] AS allowed_networks,
       NULL::integer AS longest_max_age_seconds;
CREATE TEMP TABLE resource (organization_id uuid, resource_id uuid, parent_id uuid);
CREATE TEMP TABLE token_use (LIKE public.token_use INCLUDING INDEXES);
GRANT SELECT ON group_member, organization_policy, token, organization_user, permission_grant,
                resource
    TO PUBLIC;
"""


class TestExecute:
    @EACH_CALL
    async def test_the_serving_role_may(self, serving: Connection, name: str) -> None:
        await serving.execute(AS_A)
        await serving.execute(CALLS[name])

    @EACH_CALL
    async def test_anybody_else_may_not(self, owner: Connection, name: str) -> None:
        await owner.execute("CREATE ROLE appusers_test_nobody; SET LOCAL ROLE appusers_test_nobody")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match=name):
            await owner.execute(CALLS[name])

    async def test_public_holds_none(self, owner: Connection) -> None:
        found = await owner.fetch(
            """
            SELECT p.proname::text AS name, p.prosecdef,
                   EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                            WHERE a.grantee = 0) AS is_public
              FROM pg_proc p
             WHERE p.pronamespace = 'public'::regnamespace
            """
        )
        assert {row["name"] for row in found if row["prosecdef"]} == set(CALLS)
        assert not [row["name"] for row in found if row["is_public"]]

    async def test_a_function_that_was_not_granted(self, copied: Urls, serving: Connection) -> None:
        connection = await asyncpg.connect(copied.owner)
        try:
            await connection.execute(
                "CREATE FUNCTION secret() RETURNS int LANGUAGE sql AS 'SELECT 1';"
                " REVOKE ALL ON FUNCTION secret() FROM PUBLIC"
            )
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="secret"):
                await serving.execute("SELECT secret()")
        finally:
            await connection.execute("DROP FUNCTION secret()")
            await connection.close()


@pytest.fixture(scope="module")
async def turned(server: Server) -> Urls:
    """A database whose look-up searches temporary tables first, as it does by default."""
    urls = await server.copy()
    connection = await asyncpg.connect(urls.owner)
    await rows.insert_two_tenants(connection)
    for function in ("look_up_tokens", "look_up_presented_tokens"):
        await connection.execute(f"ALTER FUNCTION {function} SET search_path = public")
    await connection.close()
    return urls


@pytest.fixture
async def attacked(turned: Urls) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(turned.serving)
    await connection.execute(f"BEGIN; {TEMPORARY_TABLES}")
    yield connection
    await connection.close()


LOOK_UPS = pytest.mark.parametrize(
    "look_up",
    [
        "look_up_presented_tokens($1, $2, ARRAY[NULL]::uuid[])",
        "look_up_presented_tokens($1, $2, $1)",
        "look_up_tokens($1, $2)",
    ],
)


async def looked_up(connection: Connection, look_up: str) -> tuple[bytes, list[str]]:
    """What a look-up tells of Alice's token: its digest, and what its user may."""
    found = await connection.fetch(f"SELECT * FROM {look_up}", [A], [A_TOKEN])
    ((secret_hmac, permissions),) = [(row["secret_hmac"], row["permissions"]) for row in found]
    return secret_hmac, permissions


class TestSearchPath:
    @LOOK_UPS
    async def test_temporary_tables_turn_nothing(self, serving: Connection, look_up: str) -> None:
        await serving.execute(TEMPORARY_TABLES)
        found = await looked_up(serving, look_up)
        assert found == (bytes(32), ["organization:app_users:write"])

    @LOOK_UPS
    async def test_control_the_default_is_turned(self, attacked: Connection, look_up: str) -> None:
        found = await looked_up(attacked, look_up)
        assert found == (b"\xff" * 32, ["role:organization:admin"])

    async def test_uses_are_not_recorded_in_temporary_tables(self, serving: Connection) -> None:
        await serving.execute(TEMPORARY_TABLES)
        await serving.execute(CALLS["record_token_uses"])
        await serving.execute(CALLS["record_uses"])
        assert await serving.fetchval("SELECT last_ip FROM pg_temp.token") is None
        assert await serving.fetchval("SELECT count(*) FROM pg_temp.token_use") == 0
        await serving.execute(AS_A)
        assert await serving.fetchval("SELECT max(use_date) FROM public.token_use") > JANUARY

    async def test_each_function_searches_temporary_tables_last(self, owner: Connection) -> None:
        found = await owner.fetch("SELECT proname::text, proconfig FROM pg_proc WHERE prosecdef")
        first = {row["proname"]: row["proconfig"][0] for row in found if row["proname"] in CALLS}
        assert first == dict.fromkeys(CALLS, "search_path=pg_catalog, public, pg_temp")


EXPIRY = "UPDATE token SET max_age_seconds = 600, expiry_time ="
OVERLAP = "UPDATE token SET supersede_time = now() - interval '1s', overlap_end_time ="
BORN = "UPDATE token SET create_time = now() - interval '10 min'"
PERSON = "UPDATE organization_user SET is_application_user = false"
POLICY = "UPDATE organization_policy SET (expiry_required, longest_max_age_seconds) ="


class TestFound:
    async def test_tokens_of_several_tenants(self, serving: Connection) -> None:
        found = await presented.find_tokens(serving, [A, B], [A_TOKEN, B_TOKEN])
        assert {(token.organization_id, token.token_id) for token in found} == {
            (A, A_TOKEN),
            (B, B_TOKEN),
        }

    async def test_a_missing_one_tells_nothing_of_the_one_in_its_place(
        self, owner: Connection
    ) -> None:
        await owner.execute(
            "UPDATE token SET ip_allowlist = '{192.0.2.0/24}', scopes = '{user:read}',"
            " last_used_time = now(), last_ip = '192.0.2.1', last_user_agent = 'curl',"
            " max_age_seconds = 600, expiry_time = now(), revoke_time = now()"
        )
        missing = uuid4()
        found = await owner.fetchrow(
            "SELECT * FROM look_up_presented_tokens($1, $2, ARRAY[NULL]::uuid[])", [A], [missing]
        )
        assert found is not None
        told = {name: value for name, value in found.items() if value is not None}
        # What is left says when it lives, and of which kind it and its user are.
        for name in ("check_time", "create_time", "last_used_time", "expiry_time", *_KINDS):
            told.pop(name)
        assert told == {
            "number": 1,
            "organization_id": A,
            "user_id": missing,
            "user_name": "nobody",
            "secret_hmac": bytes(32),
            "pepper_version": 1,
            "permissions": [],
            "read_count": 0,
        }

    async def test_none_under_the_organization_of_another(self, serving: Connection) -> None:
        assert await presented.find_tokens(serving, [B], [A_TOKEN]) == []

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ("UPDATE token SET pepper_version = 2", None),
            (f"{EXPIRY} now() + '1s'", None),
            (f"{EXPIRY} now()", "EXPIRED"),
            ("UPDATE token SET revoke_time = now()", "REVOKED"),
            ("UPDATE token SET revoke_time = now() + '1 day'", "REVOKED"),
            ("UPDATE organization_user SET state = 'DEACTIVATED'", "USER_DEACTIVATED"),
            (
                "UPDATE organization_user SET state = 'DELETED', delete_time = now()",
                "USER_DEACTIVATED",
            ),
            ("UPDATE token SET deactivate_time = now()", "UNUSED"),
            (f"{OVERLAP} now() + '1s'", None),
            (f"{OVERLAP} now()", "SUPERSEDED"),
            # An alarm, whether somebody finished the change-over early or late.
            (f"{OVERLAP} now() + '1s'; UPDATE token SET revoke_time = now()", "SUPERSEDED"),
            (f"{OVERLAP} now(); UPDATE token SET revoke_time = now()", "SUPERSEDED"),
            (f"{POLICY} (true, NULL)", "POLICY"),
            (f"{POLICY} (false, 600)", "POLICY"),
            (f"{POLICY} (false, NULL)", None),
            (f"{EXPIRY} now() + '1s'; {POLICY} (true, 600)", None),
            (
                f"{EXPIRY} now() + '1s'; {POLICY} (true, 600); {BORN}",
                "POLICY",
            ),
            (
                f"{POLICY} (true, 600); {PERSON}",
                None,
            ),
        ],
    )
    async def test_refusal(self, owner: Connection, change: str, refusal: str | None) -> None:
        await owner.execute(change)
        (found,) = await presented.find_tokens(owner, [A], [A_TOKEN])
        assert found.refusal == refusal
        live = await owner.fetchval(
            "SELECT live FROM find_presented_tokens($1, $2)", [A], [A_TOKEN]
        )
        assert live is (refusal is None), "an older release is told the same"
        told = await owner.fetchval("SELECT refusal FROM look_up_tokens($1, $2)", [A], [A_TOKEN])
        assert told == refusal, "and so is the release before"

    async def test_a_person_who_is_active(self, owner: Connection) -> None:
        known = {"issuer": "https://issuer.example", "subject": "jane"}
        here, there, former = (rows.person(**known, organization_id=o) for o in (A, B, A))
        former |= {"state": "DELETED", "delete_time": await owner.fetchval("SELECT now()")}
        for row in (here, there, former):
            await rows.insert(owner, "organization_user", row)
        await rows.insert(owner, "permission_grant", rows.grant(principal_id=here["user_id"]))
        below = rows.resource()
        await rows.insert(owner, "resource", below)
        await rows.insert(
            owner,
            "permission_grant",
            rows.grant(principal_id=here["user_id"], resource_id=below["resource_id"]),
        )
        found = await presented.find_person(owner, known["issuer"], known["subject"])
        assert {(one.organization_id, one.user_id, *one.permissions) for one in found} == {
            (A, here["user_id"], "organization:app_users:write"),
            (B, there["user_id"]),
        }
        assert await presented.find_person(owner, known["issuer"], "JANE") == []
