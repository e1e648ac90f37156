"""Bad input to queries: every argument, every row of the tables in ``bad_*``."""

import base64
from typing import Any
from uuid import uuid4

import orjson
import pytest

from tests.api import bad_lists, bad_values
from tests.api.bad_values import WRONG_TYPE, Bad
from tests.api.world import World

LISTS: dict[str, dict[str, list[Bad]]] = {
    "applicationUsers": {
        "states": bad_lists.CHOICES,
        "search": bad_lists.SEARCHES,
        "createdAfter": bad_lists.TIMES,
        "createdBefore": bad_lists.TIMES,
        "lastActivityAfter": bad_lists.TIMES,
        "lastActivityBefore": bad_lists.TIMES,
        "neverActive": bad_values.TRUTHS,
    },
    "tokens": {
        "statuses": bad_lists.CHOICES,
        "search": bad_lists.SEARCHES,
        "createdAfter": bad_lists.TIMES,
        "createdBefore": bad_lists.TIMES,
        "expiresAfter": bad_lists.TIMES,
        "expiresBefore": bad_lists.TIMES,
        "lastUsedAfter": bad_lists.TIMES,
        "lastUsedBefore": bad_lists.TIMES,
        "neverUsed": bad_values.TRUTHS,
    },
}
LISTS["resources"] = {
    "parentId": [bad for bad in bad_values.optional_places() if not str(bad.value).startswith("%")],
    "kinds": bad_lists.CHOICES,
    "search": bad_lists.SEARCHES,
}
LISTS["groups"] = {
    "search": bad_lists.SEARCHES,
    "memberId": [bad for bad in bad_values.ids("user") if bad.value is not None],
}
LISTS["organizationUsers"] = LISTS["applicationUsers"] | {"isApplicationUser": bad_values.TRUTHS}
FILTERS = {
    "applicationUsers": ("ApplicationUserFilter", "UserOrder"),
    "organizationUsers": ("OrganizationUserFilter", "UserOrder"),
    "resources": ("ResourceFilter", "ResourceOrder"),
    "tokens": ("TokenFilter", "TokenOrder"),
    "groups": ("GroupFilter", "GroupOrder"),
}

IDS: list[tuple[str, str, list[Bad]]] = [
    ("organization(id: $v) { id }", "id", bad_values.ids("org")),
    ("applicationUser(id: $v) { id }", "id", bad_values.ids("user")),
    ("group(id: $v) { id }", "id", bad_values.ids("group")),
    ("resource(id: $v) { id }", "id", bad_values.ids("resource")),
    (
        "webhookEndpoints(organizationId: $v) { nodes { id } }",
        "organizationId",
        bad_values.ids("org"),
    ),
    (
        "node(id: $v) { id }",
        "id",
        # Another kind's id is as good here.
        [bad for bad in bad_values.ids("user") if "another kind" not in bad.what],
    ),
    *(
        (
            f"{name}(organizationId: $v) {{ nodes {{ id }} }}",
            "organizationId",
            bad_values.ids("org"),
        )
        for name in FILTERS
    ),
]


def listed(world: World, name: str, argument: str) -> str:
    """Return a list's field with one argument taken from the variable."""
    return f'{name}(organizationId: "{world.organization.id}", {argument}: $v) {{ nodes {{ id }} }}'


async def refuse(
    world: World, variable: str, kind: str, field: str, value: Any, path: str, bad: Bad
) -> None:
    """Ask a query with a bad value and check how it is refused."""
    document = f"query({variable}: {kind}) {{ {field} }}"
    answer = await world.organization.admin.run(document, {variable[1:]: value})
    assert answer.response.status_code == 200
    assert answer.codes == ["BAD_REQUEST"]
    error = answer.body["errors"][0]
    if bad.code == WRONG_TYPE:
        assert path.rsplit(".", 1)[-1] in error["message"] or variable in error["message"]
    else:
        problem = {"path": path + bad.below, "code": bad.code, "message": error["message"]}
        assert error["extensions"] == {"code": "BAD_REQUEST", "fields": [problem]}
        assert path in error["message"]
    assert bad.says in error["message"]
    assert not (answer.body.get("data") or {}).get(field.partition("(")[0])


@pytest.mark.parametrize(
    ("field", "path", "bad"),
    [
        pytest.param(field, path, bad, id=f"{field.split(':')[0]})-{bad}")
        for field, path, table in IDS
        for bad in table
    ],
)
async def test_ids(shared_world: World, field: str, path: str, bad: Bad) -> None:
    await refuse(shared_world, "$v", "ID!", field, shared_world.fill(bad.value), path, bad)


# Null asks for everybody's tokens.
@pytest.mark.parametrize(
    "bad", [bad for bad in bad_values.ids("user") if bad.value is not None], ids=str
)
async def test_the_user_of_tokens(shared_world: World, bad: Bad) -> None:
    field = f"""tokens(organizationId: "{shared_world.organization.id}", applicationUserId: $v) {{
        nodes {{ id }} }}"""
    await refuse(
        shared_world, "$v", "ID", field, shared_world.fill(bad.value), "applicationUserId", bad
    )


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("bad", bad_lists.FIRSTS, ids=str)
async def test_first(shared_world: World, name: str, bad: Bad) -> None:
    field = listed(shared_world, name, "first")
    await refuse(shared_world, "$v", "Int", field, bad.value, "first", bad)


@pytest.mark.parametrize("bad", bad_lists.FIRSTS, ids=str)
async def test_first_of_a_users_tokens(shared_world: World, bad: Bad) -> None:
    field = f"""applicationUser(id: "{shared_world.user_id}") {{
        tokens(first: $v) {{ nodes {{ id }} }} }}"""
    await refuse(shared_world, "$v", "Int", field, bad.value, "first", bad)


@pytest.mark.parametrize(
    ("name", "key", "bad"),
    [
        pytest.param(name, key, bad, id=f"{name}-{key}-{bad}")
        for name, fields in LISTS.items()
        for key, table in fields.items()
        for bad in table
    ],
)
async def test_filters(shared_world: World, name: str, key: str, bad: Bad) -> None:
    field = listed(shared_world, name, "filter")
    keep = {key: shared_world.fill(bad.value)}
    await refuse(shared_world, "$v", FILTERS[name][0], field, keep, f"filter.{key}", bad)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("bad", bad_lists.ORDERS, ids=str)
async def test_orders(shared_world: World, name: str, bad: Bad) -> None:
    field = listed(shared_world, name, "orderBy")
    await refuse(shared_world, "$v", FILTERS[name][1], field, bad.value, "orderBy", bad)


async def test_every_filter_has_tables(shared_world: World) -> None:
    """A field that a filter gains and nobody tries fails here."""
    for name, (filter_type, _) in FILTERS.items():
        found = await shared_world.organization.admin.query(
            "query($n: String!) { __type(name: $n) { inputFields { name } } }", n=filter_type
        )
        assert {f["name"] for f in found["__type"]["inputFields"]} == set(LISTS[name])


def forged(*parts: object) -> str:
    """Return a cursor of our making."""
    return base64.urlsafe_b64encode(orjson.dumps(list(parts))).rstrip(b"=").decode()


GOOD_TIME, GOOD_ID = "2026-01-31T12:00:00+00:00", str(uuid4())
CURSORS = [
    ("empty", ""),
    ("rubbish", "rubbish"),
    ("not base64", "%%%%"),
    ("emoji", "\U0001f680" * 4),
    ("NUL", "\0\0\0\0"),
    ("8192 characters", "A" * 8192),
    ("30000 characters", "A" * 30000),
    ("an offset", base64.b64encode(b"arrayconnection:5").decode()),
    ("an object", base64.b64encode(b'{"a":1,"b":2,"c":3,"d":4}').decode()),
    ("nested deep", base64.b64encode(b"[" * 2000 + b"]" * 2000).decode()),
    ("a number", base64.b64encode(b"5").decode()),
    ("three parts", forged("create_time", "DESC", GOOD_TIME)),
    ("five parts", forged("create_time", "DESC", GOOD_TIME, GOOD_ID, 1)),
    ("another order", forged("last_used_time", "DESC", GOOD_TIME, GOOD_ID)),
    ("another direction", forged("create_time", "ASC", GOOD_TIME, GOOD_ID)),
    ("no time zone", forged("create_time", "DESC", "2026-01-31T12:00:00", GOOD_ID)),
    ("no time", forged("create_time", "DESC", "tomorrow", GOOD_ID)),
    ("infinity", forged("create_time", "DESC", "infinity", GOOD_ID)),
    ("before time", forged("create_time", "DESC", "0001-01-01T00:00:00+14:00", GOOD_ID)),
    ("behind time", forged("create_time", "DESC", "9999-12-31T23:59:59-14:00", GOOD_ID)),
    ("a number for a time", forged("create_time", "DESC", 5, GOOD_ID)),
    ("null for a time", forged("create_time", "DESC", None, GOOD_ID)),
    ("no id", forged("create_time", "DESC", GOOD_TIME, "x")),
    ("a number for an id", forged("create_time", "DESC", GOOD_TIME, 5)),
    ("null for an id", forged("create_time", "DESC", GOOD_TIME, None)),
    ("SQL for an id", forged("create_time", "DESC", GOOD_TIME, "') OR 1=1 --")),
]
BY_NAME = [
    ("NUL in the name", forged("name_key", "ASC", "a\0b", GOOD_ID)),
    ("a number for a name", forged("name_key", "ASC", 5, GOOD_ID)),
    ("a cursor by time", forged("create_time", "ASC", GOOD_TIME, GOOD_ID)),
    ("the other direction", forged("name_key", "DESC", "a", GOOD_ID)),
]


class TestCursors:
    BAD = Bad("cursor", None, "INVALID_CURSOR", says="pageInfo.endCursor")

    @pytest.mark.parametrize("name", FILTERS)
    @pytest.mark.parametrize(("_what", "cursor"), CURSORS, ids=[what for what, _ in CURSORS])
    async def test_table(self, shared_world: World, name: str, _what: str, cursor: str) -> None:
        field = listed(shared_world, name, "after")
        await refuse(shared_world, "$v", "String", field, cursor, "after", self.BAD)

    @pytest.mark.parametrize(("_what", "cursor"), BY_NAME, ids=[what for what, _ in BY_NAME])
    async def test_by_name(self, shared_world: World, _what: str, cursor: str) -> None:
        field = f"""applicationUsers(organizationId: "{shared_world.organization.id}", after: $v,
            orderBy: {{field: NAME, direction: ASC}}) {{ nodes {{ id }} }}"""
        await refuse(shared_world, "$v", "String", field, cursor, "after", self.BAD)

    async def test_a_cut_one(self, shared_world: World) -> None:
        found = await shared_world.organization.admin.query(
            "query($o: ID!) { tokens(organizationId: $o) { pageInfo { endCursor } } }",
            o=shared_world.organization.id,
        )
        cursor: str = found["tokens"]["pageInfo"]["endCursor"]
        field = listed(shared_world, "tokens", "after")
        for length in range(1, len(cursor), 7):
            await refuse(shared_world, "$v", "String", field, cursor[:length], "after", self.BAD)
        answer = await shared_world.organization.admin.query(
            f"query($v: String) {{ {field} }}", v=cursor
        )
        assert answer == {"tokens": {"nodes": []}}

    async def test_another_organizations_cursor_shows_nothing_of_it(
        self, shared_world: World
    ) -> None:
        """A cursor names a place, not a list: the rows behind it are the asker's own."""
        cursor = forged("create_time", "DESC", "9999-01-01T00:00:00+00:00", GOOD_ID)
        field = listed(shared_world, "tokens", "after")
        found = await shared_world.organization.admin.query(
            f"query($v: String) {{ {field} }}", v=cursor
        )
        ids = [node["id"] for node in found["tokens"]["nodes"]]
        assert len(ids) == 2
        assert shared_world.token_id in ids
