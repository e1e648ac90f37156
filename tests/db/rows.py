"""Rows as tests write them, past the service: complete, legal, and changed in what a test asks."""

from datetime import UTC, date, datetime
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
A_GROUP, B_GROUP = UUID(int=0xA9), UUID(int=0xB9)
"""A group with Alice in it, and one with Barbara."""
A_HOOK, B_HOOK = UUID(int=0xAC), UUID(int=0xBC)
"""A webhook endpoint of A and one of B; the first event of each waits for it."""


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


def resource(**changes: object) -> Row:
    """A project directly below A."""
    name = f"project-{uuid4()}"
    return {
        "organization_id": A,
        "resource_id": uuid4(),
        "kind": "PROJECT",
        "name": name,
        "name_key": name,
    } | changes


def group(**changes: object) -> Row:
    """A group of A."""
    name = f"group-{uuid4()}"
    return {
        "organization_id": A,
        "group_id": uuid4(),
        "name": name,
        "name_key": name,
    } | changes


def membership(**changes: object) -> Row:
    """Bob's place in the group of A."""
    return {"organization_id": A, "group_id": A_GROUP, "user_id": BOB} | changes


def policy(**changes: object) -> Row:
    """A policy of A that asks for nothing."""
    return {"organization_id": A, "expiry_required": False} | changes


def webhook(**changes: object) -> Row:
    """A webhook endpoint of A, told of everything."""
    return {
        "organization_id": A,
        "endpoint_id": uuid4(),
        "url": "https://hooks.example/a",
        "pepper_version": 1,
    } | changes


def chain_end(**changes: object) -> Row:
    """The end of an organization's chain of events; A and B have one."""
    return {"organization_id": A, "last_sequence": 0, "last_hash": bytes(32)} | changes


def event(**changes: object) -> Row:
    """An event of A, by Bob."""
    return {
        "organization_id": A,
        "sequence": 1000,
        "event_time": datetime.now(UTC),
        "action": "organization:group:create",
        "outcome": "SUCCEEDED",
        "actor_kind": "USER",
        "actor_user_id": BOB,
        "target_kind": "GROUP",
        "target_id": uuid4(),
        "changes": "{}",
        "previous_hash": bytes(32),
        "hash": bytes(32),
    } | changes


def delivery(**changes: object) -> Row:
    """The first event of A on its way to its endpoint: it is there already."""
    return {"organization_id": A, "endpoint_id": A_HOOK, "sequence": 1} | changes


def token_use(**changes: object) -> Row:
    """A use of Alice's token on the last day of a January."""
    return {
        "organization_id": A,
        "token_id": A_TOKEN,
        "user_id": ALICE,
        "use_date": date(2026, 1, 31),
        "ip": "192.0.2.1",
        "user_agent": "curl",
        "use_count": 1,
        "first_use_time": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "last_use_time": datetime(2026, 1, 31, 12, tzinfo=UTC),
    } | changes


def limit_request(**changes: object) -> Row:
    """A request of Alice's for A."""
    return {
        "organization_id": A,
        "request_id": uuid4(),
        "application_user_limit": 100,
        "created_by": ALICE,
    } | changes


EVENT = (
    '[{"action": "organization:policy:set", "outcome": "SUCCEEDED", "actor_kind": "OPERATOR",'
    ' "target_kind": "ORGANIZATION", "target_id": "%s", "changes": {}}]'
)


async def append_event(connection: Connection, organization_id: UUID) -> None:
    """Append an event to a chain, which tells the organization's webhooks."""
    await connection.execute(
        "SELECT set_config('app.organization_id', $1, true)", str(organization_id)
    )
    await connection.execute(
        "SELECT append_audit_events($1, $2)", organization_id, EVENT % organization_id
    )


async def insert(connection: Connection, table: str, row: Row) -> None:
    """Write one row with exactly these columns."""
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values()
    )


async def insert_two_tenants(connection: Connection) -> None:
    """Write A with Alice and Bob, B with Barbara; of everything else one row for each of the two.

    Alice and Barbara have a token, a grant and a group.
    """
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
    for organization_id, user_id, token_id, group_id, endpoint_id in (
        (A, ALICE, A_TOKEN, A_GROUP, A_HOOK),
        (B, BARBARA, B_TOKEN, B_GROUP, B_HOOK),
    ):
        own = {"organization_id": organization_id}
        await insert(connection, "token_use", token_use(**own, token_id=token_id, user_id=user_id))
        await insert(connection, "resource", resource(**own))
        await insert(connection, "user_group", group(**own, group_id=group_id))
        await insert(
            connection, "group_member", membership(**own, group_id=group_id, user_id=user_id)
        )
        await insert(connection, "organization_policy", policy(**own))
        await insert(connection, "webhook_endpoint", webhook(**own, endpoint_id=endpoint_id))
        await insert(connection, "limit_request", limit_request(**own, created_by=user_id))
        async with connection.transaction():
            await append_event(connection, organization_id)
