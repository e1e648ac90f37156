"""Rows as tests write them, past the service: complete, legal, and changed in what a test asks."""

from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[Any]"
Row: TypeAlias = dict[str, object]

A, B = UUID(int=0xA), UUID(int=0xB)
"""Two organizations."""
ALICE, BOB = UUID(int=0xA1), UUID(int=0xA2)
"""Two application users of A."""
BARBARA = UUID(int=0xB1)
"""An application user of B."""
A_TOKEN, B_TOKEN = UUID(int=0xAA), UUID(int=0xBB)
"""A token of Alice, and one of Barbara."""


def organization(**changes: object) -> Row:
    return {"organization_id": uuid4(), "name": "Acme"} | changes


def user(**changes: object) -> Row:
    """An application user of A."""
    name = f"user-{uuid4()}"
    return {
        "organization_id": A,
        "user_id": uuid4(),
        "is_application_user": True,
        "name": name,
        "name_key": name,
        "email": "app@example.invalid",
    } | changes


def person(**changes: object) -> Row:
    """A person of A who signs in with an identity provider."""
    identity = {"issuer": "https://issuer.example", "subject": str(uuid4())}
    return user(is_application_user=False) | identity | changes


def token(**changes: object) -> Row:
    """A token of Alice that never expires."""
    return {
        "organization_id": A,
        "token_id": uuid4(),
        "user_id": ALICE,
        "secret_hmac": bytes(32),
        "pepper_version": 1,
        "extend_when_used": False,
    } | changes


def grant(**changes: object) -> Row:
    """A permission of Alice on A."""
    return {
        "organization_id": A,
        "principal_id": ALICE,
        "resource_id": A,
        "permission": "organization:app_users:write",
    } | changes


async def insert(connection: Connection, table: str, row: Row) -> None:
    """Write one row with exactly these columns."""
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values()
    )


async def insert_two_tenants(connection: Connection) -> None:
    """Write A with Alice and Bob, B with Barbara; a token and a grant of Alice and of Barbara."""
    for organization_id in (A, B):
        await insert(connection, "organization", organization(organization_id=organization_id))
    for user_id in (ALICE, BOB):
        await insert(connection, "organization_user", user(user_id=user_id))
    await insert(connection, "organization_user", user(organization_id=B, user_id=BARBARA))
    await insert(connection, "token", token(token_id=A_TOKEN))
    await insert(connection, "token", token(organization_id=B, user_id=BARBARA, token_id=B_TOKEN))
    await insert(connection, "permission_grant", grant())
    await insert(
        connection,
        "permission_grant",
        grant(organization_id=B, principal_id=BARBARA, resource_id=B),
    )
