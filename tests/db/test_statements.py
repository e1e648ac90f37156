"""Every statement of db/ on the migrated database: what it answers is what its reader fills."""

import dataclasses
import importlib
import pkgutil
import re
from datetime import date, datetime
from typing import Any, Literal, TypeAlias, get_args, get_origin, get_type_hints
from uuid import UUID

import asyncpg
import pytest

import db
from db import (
    actors,
    audit,
    audit_pages,
    authority,
    checks,
    expiry_warnings,
    group_members,
    groups,
    holders,
    limit_requests,
    organizations,
    people,
    permission_pages,
    permissions,
    policies,
    presented,
    previews,
    resources,
    restores,
    rotations,
    sweeps,
    token_endings,
    token_pages,
    token_uses,
    tokens,
    use_summaries,
    users,
    viewer,
    webhook_deliveries,
    webhooks,
)
from db.tokens import Network
from tests.db.rows import Connection

# What a statement fills: a dataclass, columns that a function picks, or nothing.
Filled: TypeAlias = type[Any] | tuple[tuple[str, str], ...]
NOTHING: Filled = ()
FILLED: dict[tuple[Any, str], Filled] = {
    (checks, "FACTS_SQL"): checks.Facts,
    (organizations, "INSERT_SQL"): organizations.Organization,
    (organizations, "FIND_SQL"): organizations.Organization,
    (organizations, "LOCK_SQL"): (("?column?", "bool"),),
    (actors, "FIND_STANDING_SQL"): actors.Standing,
    (audit, "APPEND_SQL"): (("append_audit_events", "void"),),
    (audit_pages, "LIST_SQL"): audit_pages.AuditEvent,
    (audit_pages, "FIND_SQL"): audit_pages.AuditEvent,
    (audit_pages, "FIND_SPAN_SQL"): audit_pages.Span,
    (audit_pages, "FIND_HEAD_SQL"): audit_pages.Head,
    (organizations, "SHARE_SQL"): (("?column?", "bool"),),
    (organizations, "CLAIM_APPLICATION_USER_SQL"): (("application_user_count", "int4"),),
    (organizations, "RELEASE_APPLICATION_USER_SQL"): NOTHING,
    (organizations, "SET_LIMIT_SQL"): organizations.Organization,
    (organizations, "LIST_IDS_SQL"): (("organization_id", "uuid"),),
    (permissions, "INSERT_SQL"): (("permission", "text"),),
    (permissions, "LOCK_USER_SQL"): (("?column?", "bool"),),
    (permissions, "LOCK_GROUP_SQL"): (("?column?", "bool"),),
    (permissions, "LIST_HELD_SQL"): (("permission", "text"),),
    (permissions, "DELETE_SQL"): NOTHING,
    (permissions, "DELETE_ALL_SQL"): permissions.Grant,
    (permission_pages, "LIST_SQL"): permission_pages.ListedGrant,
    (authority, "FIND_SQL"): authority.Found,
    (permissions, "HOLDS_ANY_SQL"): (("holds_any", "bool"),),
    (permissions, "HAS_ADMINISTRATOR_SQL"): (("has_administrator", "bool"),),
    (groups, "INSERT_SQL"): groups.Group,
    (groups, "FIND_SQL"): groups.Group,
    (groups, "UPDATE_SQL"): groups.Group,
    (groups, "DELETE_SQL"): NOTHING,
    (groups, "LIST_SQL"): groups.Group,
    (groups, "LIST_OF_MEMBER_SQL"): groups.Group,
    (group_members, "LOCK_USERS_SQL"): (("user_id", "uuid"),),
    (group_members, "INSERT_SQL"): (("user_id", "uuid"),),
    (group_members, "DELETE_SQL"): (("user_id", "uuid"),),
    (group_members, "DELETE_ALL_SQL"): (("user_id", "uuid"),),
    (group_members, "LEAVE_ALL_SQL"): (("group_id", "uuid"),),
    (group_members, "LIST_OF_GROUPS_SQL"): group_members.Member,
    (users, "INSERT_SQL"): users.User,
    (users, "FIND_SQL"): users.User,
    (users, "SHARE_APPLICATION_USER_SQL"): users.User,
    (users, "LOCK_APPLICATION_USER_SQL"): users.User,
    (users, "UPDATE_SQL"): users.User,
    (users, "MARK_DELETED_SQL"): (("?column?", "bool"),),
    (users, "COUNT_SQL"): (("count", "int8"),),
    (users, "LIST_SQL"): users.User,
    (viewer, "FIND_SQL"): viewer.Member,
    (people, "FIND_ID_BY_IDENTITY_SQL"): (("user_id", "uuid"),),
    (people, "LOCK_SQL"): users.User,
    (people, "UPDATE_SQL"): users.User,
    (people, "MARK_REMOVED_SQL"): NOTHING,
    (holders, "LIST_SQL"): (("user_id", "uuid"),),
    (limit_requests, "INSERT_SQL"): limit_requests.LimitRequest,
    (limit_requests, "FIND_SQL"): limit_requests.LimitRequest,
    (limit_requests, "FIND_PENDING_SQL"): limit_requests.LimitRequest,
    (limit_requests, "ANSWER_SQL"): limit_requests.LimitRequest,
    (limit_requests, "LIST_SQL"): limit_requests.LimitRequest,
    (webhooks, "INSERT_SQL"): webhooks.WebhookEndpoint,
    (webhooks, "COUNT_SQL"): (("count", "int8"),),
    (webhooks, "FIND_SQL"): webhooks.WebhookEndpoint,
    (webhooks, "UPDATE_SQL"): webhooks.WebhookEndpoint,
    (webhooks, "ROTATE_KEY_SQL"): webhooks.WebhookEndpoint,
    (webhooks, "MARK_DELETED_SQL"): webhooks.WebhookEndpoint,
    (webhooks, "LIST_SQL"): webhooks.WebhookEndpoint,
    (webhook_deliveries, "LIST_ORGANIZATIONS_TO_NOTIFY_SQL"): (("organization_id", "uuid"),),
    (webhook_deliveries, "CLAIM_SQL"): webhook_deliveries.Claim,
    (webhook_deliveries, "GIVE_UP_SQL"): NOTHING,
    (webhook_deliveries, "PRUNE_SQL"): (("count", "int8"),),
    (webhook_deliveries, "MARK_DELIVERED_SQL"): NOTHING,
    (webhook_deliveries, "MARK_FAILED_SQL"): NOTHING,
    (webhook_deliveries, "LIST_OF_ENDPOINTS_SQL"): webhook_deliveries.WebhookDelivery,
    (expiry_warnings, "WARN_SQL"): expiry_warnings.ExpiringToken,
    (expiry_warnings, "FORGET_SQL"): NOTHING,
    (tokens, "INSERT_SQL"): tokens.Token,
    (tokens, "FIND_BY_IDEMPOTENCY_KEY_SQL"): (
        ("token_id", "uuid"),
        ("idempotency_input", "bytea"),
    ),
    (tokens, "FIND_SQL"): tokens.Token,
    (tokens, "FIND_SEVERAL_SQL"): tokens.Token,
    (tokens, "UPDATE_DESCRIPTION_SQL"): NOTHING,
    (rotations, "SUPERSEDE_SQL"): tokens.Token,
    (rotations, "FIND_SUCCESSORS_SQL"): tokens.Token,
    (token_endings, "SHARE_USERS_SQL"): (("user_id", "uuid"),),
    (token_endings, "LOCK_SEVERAL_SQL"): token_endings.Locked,
    (token_endings, "LOCK_ALL_SQL"): token_endings.Locked,
    (token_endings, "MARK_SEVERAL_REVOKED_SQL"): (("token_id", "uuid"),),
    (token_endings, "MARK_SEVERAL_REVOKED_BY_HOLDERS_SQL"): (("token_id", "uuid"),),
    (token_endings, "MARK_ACTIVE_SQL"): (("?column?", "bool"),),
    (previews, "COUNT_LIVE_SQL"): (("count", "int8"),),
    (previews, "COUNT_LIVE_OF_USERS_SQL"): (("user_id", "uuid"), ("count", "int8")),
    (previews, "LIST_LIVE_SQL"): tokens.Token,
    (previews, "LIST_GROUPS_SQL"): previews.Group,
    (previews, "LIST_HELD_SQL"): previews.Held,
    (token_uses, "LIST_SQL"): token_uses.RecordedUse,
    (token_uses, "COUNT_SQL"): token_uses.UseCounts,
    (token_uses, "PRUNE_SQL"): (("count", "int8"),),
    (use_summaries, "SUMMARIZE_SQL"): use_summaries.Share,
    (use_summaries, "FIND_TODAY_SQL"): (("today", "date"),),
    (token_pages, "LIST_SQL"): tokens.Token,
    (token_pages, "LIST_OF_USERS_SQL"): tokens.Token,
    (resources, "INSERT_SQL"): resources.Resource,
    (resources, "FIND_SQL"): resources.Resource,
    (resources, "FIND_PATH_SQL"): (("resource_id", "uuid"),),
    (resources, "FIND_HEIGHT_SQL"): (("height", "int4"),),
    (resources, "HAS_CHILDREN_SQL"): (("has_children", "bool"),),
    (resources, "UPDATE_SQL"): resources.Resource,
    (resources, "DELETE_GRANTS_SQL"): permissions.Grant,
    (resources, "DELETE_SQL"): NOTHING,
    (resources, "LIST_SQL"): resources.Resource,
    (resources, "LIST_CHILDREN_SQL"): resources.Resource,
    (policies, "FIND_SQL"): policies.OrganizationPolicy,
    (policies, "UPSERT_SQL"): policies.OrganizationPolicy,
    (policies, "COUNT_SQL"): policies.Counts,
    (policies, "LIST_BLOCKED_SQL"): policies.BlockedToken,
    (policies, "FIND_REASONS_SQL"): (("reasons", "text[]"),),
    (policies, "LIST_BLOCKED_IDS_SQL"): (("token_id", "uuid"),),
    (sweeps, "HAS_WORK_SQL"): (("has_work", "bool"),),
    (sweeps, "FIND_WINDOW_END_SQL"): (("token_id", "uuid"),),
    (sweeps, "LIST_UNUSED_SQL"): sweeps.UnusedToken,
    (sweeps, "SWEEP_SQL"): sweeps.UnusedToken,
    (presented, "FIND_TOKENS_SQL"): presented.PresentedToken,
    (presented, "FIND_PERSON_SQL"): presented.PersonMembership,
    (presented, "RECORD_USES_SQL"): (("record_uses", "void"),),
    (presented, "CANCEL_EXTENSION_SQL"): (("pg_cancel_backend", "bool"),),
    (presented, "EXTEND_TOKEN_SQL"): (("extend_token", "void"),),
    (restores, "LIST_MINTED_UNTIL_SQL"): (("token_id", "uuid"),),
    (restores, "MARK_SUPERSEDED_SQL"): (("user_id", "uuid"),),
    (restores, "MARK_UNUSED_SQL"): (("user_id", "uuid"),),
    (restores, "MARK_USER_DEACTIVATED_SQL"): (("is_application_user", "bool"),),
}

TYPES: dict[object, set[str]] = {
    UUID: {"uuid"},
    str: {"text"},
    int: {"int2", "int4", "int8"},
    float: {"float8"},
    bool: {"bool"},
    bytes: {"bytea"},
    date: {"date"},
    datetime: {"timestamptz"},
    list[str]: {"text[]"},
    list[UUID]: {"uuid[]"},
    list[UUID | None]: {"uuid[]"},
    list[datetime]: {"timestamptz[]"},
    list[Network]: {"cidr[]"},
}


def statements() -> list[Any]:
    """Each constant of db/ whose name ends in _SQL, dictionaries of statements one by one."""
    found: list[Any] = []
    for info in pkgutil.iter_modules(db.__path__):
        module = importlib.import_module(f"db.{info.name}")
        for name, value in vars(module).items():
            if not name.endswith("_SQL"):
                continue
            several: dict[Any, str] = value if isinstance(value, dict) else {"": value}
            for key, sql in several.items():
                mark = f"{info.name}.{name} {' '.join(key)}".rstrip()
                found.append(pytest.param(FILLED.get((module, name)), sql, id=mark))
    return found


STATEMENTS = pytest.mark.parametrize(("filled", "sql"), statements())


def unlike(filled: Filled, attributes: list[tuple[str, str]]) -> list[str]:
    """Say how the columns of a statement differ from what it fills."""
    if isinstance(filled, tuple):
        return [] if list(filled) == attributes else [f"{attributes} for {list(filled)}"]
    hints = get_type_hints(filled)
    # A dataclass, or a named tuple.
    names = list(getattr(filled, "_fields", ())) or [f.name for f in dataclasses.fields(filled)]
    if names != [name for name, _ in attributes]:
        return [f"{[name for name, _ in attributes]} for {names}"]
    return [
        f"{name} is {kind}"
        for name, kind in attributes
        if kind not in TYPES[_without_none(hints[name])]
    ]


def _without_none(hint: Any) -> Any:
    if get_origin(hint) is Literal:
        return str
    if get_origin(hint) is list:
        return hint
    parts = [part for part in get_args(hint) if part is not type(None)]
    return _without_none(parts[0]) if len(parts) == 1 else hint


async def columns(connection: Connection, sql: str) -> list[tuple[str, str]]:
    prepared = await connection.prepare(sql)
    return [(attribute.name, attribute.type.name) for attribute in prepared.get_attributes()]


class TestColumns:
    @STATEMENTS
    async def test_are_those_of_what_they_fill(
        self, serving: Connection, filled: Filled | None, sql: str
    ) -> None:
        assert filled is not None, "say in FILLED what this statement fills"
        assert unlike(filled, await columns(serving, sql)) == []

    @pytest.mark.parametrize("wrong", ["name", "order", "type", "missing"])
    async def test_a_wrong_dataclass_is_noticed(self, serving: Connection, wrong: str) -> None:
        fields: list[tuple[str, Any]] = [("organization_id", UUID), ("last_used_time", datetime)]
        if wrong == "name":
            fields[1] = ("used_time", datetime)
        elif wrong == "order":
            fields.reverse()
        elif wrong == "type":
            fields[1] = ("last_used_time", str)
        else:
            fields.pop()
        found = await columns(serving, "SELECT organization_id, last_used_time FROM token")
        assert unlike(dataclasses.make_dataclass("Right", fields), found)

    def test_no_statement_is_forgotten(self) -> None:
        assert [name for (module, name) in FILLED if not hasattr(module, name)] == []


async def run_with_nulls(connection: Connection, sql: str) -> None:
    """Have the privileges of a statement checked without running it."""
    await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    await connection.execute(f"PREPARE s AS {sql}")
    last = max((int(number) for number in re.findall(r"\$(\d+)", sql)), default=0)
    arguments = ", ".join(["NULL"] * last)
    await connection.execute(f"EXPLAIN EXECUTE s({arguments})" if last else "EXPLAIN EXECUTE s")


class TestPrivileges:
    @STATEMENTS
    async def test_the_serving_role_may_run(
        self, serving: Connection, filled: Filled, sql: str
    ) -> None:
        try:
            await run_with_nulls(serving, sql)
        finally:
            await serving.execute("ROLLBACK; DEALLOCATE ALL; BEGIN")

    async def test_a_missing_privilege_is_noticed(self, serving: Connection) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await run_with_nulls(serving, "DELETE FROM token WHERE token_id = $1")
