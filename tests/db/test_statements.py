"""Every statement of db/ on the migrated database: what it answers is what its reader fills."""

import dataclasses
import importlib
import pkgutil
import re
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args, get_origin, get_type_hints
from uuid import UUID

import asyncpg
import pytest

import db
from db import actors, checks, organizations, presented, token_pages, tokens, users
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
    (actors, "IS_LIVE_SQL"): (("is_live", "bool"),),
    (organizations, "CLAIM_APPLICATION_USER_SQL"): (("application_user_count", "int4"),),
    (organizations, "RELEASE_APPLICATION_USER_SQL"): NOTHING,
    (organizations, "SET_LIMIT_SQL"): organizations.Organization,
    (organizations, "INSERT_GRANT_SQL"): NOTHING,
    (organizations, "DELETE_GRANTS_SQL"): NOTHING,
    (users, "INSERT_SQL"): users.User,
    (users, "FIND_SQL"): users.User,
    (users, "SHARE_APPLICATION_USER_SQL"): users.User,
    (users, "LOCK_APPLICATION_USER_SQL"): users.User,
    (users, "UPDATE_SQL"): users.User,
    (users, "MARK_DELETED_SQL"): (("?column?", "bool"),),
    (users, "COUNT_SQL"): (("count", "int8"),),
    (users, "LIST_SQL"): users.User,
    (tokens, "INSERT_SQL"): tokens.Token,
    (tokens, "FIND_BY_IDEMPOTENCY_KEY_SQL"): (
        ("token_id", "uuid"),
        ("idempotency_input", "bytea"),
    ),
    (tokens, "FIND_SQL"): tokens.Token,
    (tokens, "UPDATE_DESCRIPTION_SQL"): NOTHING,
    (tokens, "MARK_REVOKED_SQL"): NOTHING,
    (tokens, "MARK_ALL_REVOKED_SQL"): (("count", "int8"),),
    (token_pages, "LIST_SQL"): tokens.Token,
    (token_pages, "LIST_OF_USERS_SQL"): tokens.Token,
    (presented, "FIND_TOKENS_SQL"): presented.PresentedToken,
    (presented, "FIND_PERSON_SQL"): presented.PersonMembership,
    (presented, "RECORD_TOKEN_USES_SQL"): (("record_token_uses", "void"),),
}

TYPES: dict[object, set[str]] = {
    UUID: {"uuid"},
    str: {"text"},
    int: {"int2", "int4", "int8"},
    bool: {"bool"},
    bytes: {"bytea"},
    datetime: {"timestamptz"},
    list[str]: {"text[]"},
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
    names = [field.name for field in dataclasses.fields(filled)]
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
    return parts[0] if len(parts) == 1 else hint


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
