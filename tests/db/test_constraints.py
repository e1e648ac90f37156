"""Every constraint of the schema, broken once; and beside each what it has to let through."""

from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import asyncpg
import pytest

from tests.db.rows import (
    A_TOKEN,
    ALICE,
    BARBARA,
    BOB,
    A,
    B,
    Connection,
    Row,
    grant,
    insert,
    organization,
    person,
    token,
    user,
)

NOW = datetime.now(UTC)
ISSUER = {"issuer": "https://issuer.example", "subject": "jane"}
AGED = {"max_age_seconds": 600, "expiry_time": NOW + timedelta(seconds=600)}
DELETED = {"state": "DELETED", "delete_time": NOW}
KEYED = {"idempotency_key": "k", "idempotency_input": b"", "created_by": ALICE}
NETWORK = "192.0.2.0/24"
Rows: TypeAlias = tuple[str, tuple[Row, ...]]


def organizations(*written: Row) -> Rows:
    return "organization", written


def users(*written: Row) -> Rows:
    return "organization_user", written


def tokens(*written: Row) -> Rows:
    return "token", written


def grants(*written: Row) -> Rows:
    return "permission_grant", written


# The constraint that refuses the last of the rows.
REFUSED: list[tuple[str, Rows]] = [
    ("organization_pkey", organizations(organization(organization_id=A))),
    ("organization_name_check", organizations(organization(name=""))),
    ("organization_name_check", organizations(organization(name="n" * 256))),
    (
        "organization_application_user_limit_check",
        organizations(organization(application_user_limit=-1)),
    ),
    (
        "organization_application_user_count_check",
        organizations(organization(application_user_count=-1)),
    ),
    ("organization_user_pkey", users(user(user_id=ALICE))),
    ("organization_user_organization_id_fkey", users(user(organization_id=UUID(int=1)))),
    ("organization_user_name_check", users(user(name=""))),
    ("organization_user_name_check", users(user(name="n" * 256))),
    ("organization_user_description_check", users(user(description="d" * 1001))),
    ("organization_user_email_check", users(user(email="a@"))),
    ("organization_user_email_check", users(user(email="a" * 321))),
    ("organization_user_state_check", users(user(state="active"))),
    ("organization_user_identity", users(person(subject=None))),
    ("organization_user_identity", users(person(issuer=None))),
    ("organization_user_kind", users(user(**ISSUER))),
    ("organization_user_tombstone", users(user(state="DELETED"))),
    ("organization_user_tombstone", users(user(delete_time=NOW))),
    ("organization_user_live_name", users(user(name_key="ci"), user(name_key="ci"))),
    (
        "organization_user_live_name",
        users(user(name_key="ci", state="DEACTIVATED"), user(name_key="ci")),
    ),
    ("organization_user_live_identity", users(person(**ISSUER), person(**ISSUER))),
    (
        "organization_user_live_identity",
        users(person(**ISSUER, state="DEACTIVATED"), person(**ISSUER)),
    ),
    ("token_pkey", tokens(token(token_id=A_TOKEN))),
    ("token_organization_id_user_id_fkey", tokens(token(user_id=UUID(int=1)))),
    ("token_organization_id_user_id_fkey", tokens(token(user_id=BARBARA))),
    ("token_secret_hmac_check", tokens(token(secret_hmac=bytes(31)))),
    ("token_secret_hmac_check", tokens(token(secret_hmac=bytes(33)))),
    ("token_pepper_version_check", tokens(token(pepper_version=0))),
    ("token_description_check", tokens(token(description="d" * 1001))),
    ("token_max_age_seconds_check", tokens(token(**AGED | {"max_age_seconds": 599}))),
    ("token_max_age_seconds_check", tokens(token(**AGED | {"max_age_seconds": 315_360_001}))),
    ("token_ip_allowlist_check", tokens(token(ip_allowlist=[]))),
    ("token_ip_allowlist_check", tokens(token(ip_allowlist=[NETWORK] * 101))),
    ("token_scopes_check", tokens(token(scopes=[]))),
    ("token_scopes_check", tokens(token(scopes=["user:read"] * 101))),
    ("token_last_user_agent_check", tokens(token(last_used_time=NOW, last_user_agent="a" * 513))),
    ("token_idempotency_key_check", tokens(token(**KEYED | {"idempotency_key": ""}))),
    ("token_idempotency_key_check", tokens(token(**KEYED | {"idempotency_key": "k" * 256}))),
    ("token_sliding", tokens(token(extend_when_used=True))),
    ("token_expiry", tokens(token(**AGED | {"expiry_time": None}))),
    ("token_expiry", tokens(token(**AGED | {"max_age_seconds": None}))),
    ("token_revoker", tokens(token(revoked_by=ALICE))),
    ("token_use", tokens(token(last_ip="192.0.2.1"))),
    ("token_use", tokens(token(last_user_agent="curl"))),
    ("token_idempotency", tokens(token(idempotency_key="k"))),
    ("token_idempotency", tokens(token(idempotency_input=b""))),
    ("token_idempotency_key", tokens(token(**KEYED), token(**KEYED, user_id=BOB))),
    ("permission_grant_pkey", grants(grant())),
    ("permission_grant_organization_id_principal_id_fkey", grants(grant(principal_id=BARBARA))),
    ("permission_grant_permission_check", grants(grant(permission=""))),
    ("permission_grant_permission_check", grants(grant(permission="p" * 256))),
]

ALLOWED: dict[str, Rows] = {
    "two organizations with one name": organizations(organization(), organization()),
    "the longest name, a limit of 0 below the count": organizations(
        organization(name="n" * 255, application_user_limit=0, application_user_count=3)
    ),
    "the same id in another organization": users(user(organization_id=B, user_id=ALICE)),
    "the longest values of a user": users(
        user(name="ü" * 255, description="d" * 1000, email="e" * 320)
    ),
    "the shortest values of a user": users(user(name="n", description="", email="a@b")),
    "a name that is free again": users(user(name_key="ci", **DELETED), user(name_key="ci")),
    "two tombstones with one name": users(
        user(name_key="ci", **DELETED), user(name_key="ci", **DELETED)
    ),
    "a name in two organizations": users(
        user(name_key="ci"), user(name_key="ci", organization_id=B)
    ),
    "a person with the name of an application user": users(
        user(name_key="ci"), person(name_key="ci"), person(name_key="ci")
    ),
    "a person without identity": users(user(is_application_user=False)),
    "an identity that is free again": users(person(**ISSUER, **DELETED), person(**ISSUER)),
    "an identity in two organizations": users(
        person(**ISSUER), person(**ISSUER, organization_id=B)
    ),
    "two people of one issuer": users(person(**ISSUER), person(**ISSUER | {"subject": "joe"})),
    "a token id in another organization": tokens(
        token(token_id=A_TOKEN, organization_id=B, user_id=BARBARA)
    ),
    "the shortest and the longest age": tokens(
        token(**AGED), token(**AGED | {"max_age_seconds": 315_360_000}, extend_when_used=True)
    ),
    "one and a hundred networks and scopes": tokens(
        token(ip_allowlist=[NETWORK], scopes=["user:read"]),
        token(ip_allowlist=["2001:db8::/32"] * 100, scopes=["user:read"] * 100),
    ),
    "revoked by the operator, who has no id": tokens(token(revoke_time=NOW)),
    "revoked by somebody": tokens(token(revoke_time=NOW, revoked_by=BOB)),
    "a use without user agent, and the longest one": tokens(
        token(last_used_time=NOW, last_ip="2001:db8::1"),
        token(last_used_time=NOW, last_ip="192.0.2.1", last_user_agent="a" * 512),
    ),
    "a key by another actor": tokens(token(**KEYED), token(**KEYED | {"created_by": BOB})),
    "a key in another organization": tokens(
        token(**KEYED), token(**KEYED, organization_id=B, user_id=BARBARA)
    ),
    "the longest key": tokens(token(**KEYED | {"idempotency_key": "k" * 255})),
    "tokens without key by one actor": tokens(token(created_by=ALICE), token(created_by=ALICE)),
    "another permission, another resource, another user": grants(
        grant(permission="role:organization:admin"),
        grant(resource_id=B),
        grant(principal_id=BOB),
        grant(permission="p" * 255),
    ),
}


async def write(owner: Connection, written: Rows) -> None:
    table, several = written
    for row in several:
        await insert(owner, table, row)


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
        ],
    )
    async def test_missing_value(self, owner: Connection, table: str, column: str) -> None:
        whole = {"organization": organization, "organization_user": user, "token": token}
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
