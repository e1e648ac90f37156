"""Pages of every list: in every order and direction each row comes exactly once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app import ids, organizations
from app.database import Database
from tests.api.listing import APPLICATION_USERS, ORGANIZATION_USERS, TOKENS, List, ids_of
from tests.api_client import Api, Organization
from tests.conftest import PEPPERS
from tests.owner import Owner, organization_key, token_key, user_key
from tests.postgres import Urls

USERS = 23
START = datetime(2026, 1, 1, tzinfo=UTC)

ORDERS = [
    (found, {"field": field, "direction": direction})
    for found, fields in (
        (APPLICATION_USERS, ("CREATE_TIME", "NAME", "LAST_ACTIVITY_TIME")),
        (ORGANIZATION_USERS, ("CREATE_TIME", "NAME", "LAST_ACTIVITY_TIME")),
        (TOKENS, ("CREATE_TIME", "LAST_USED_TIME")),
    )
    for field in fields
    for direction in ("ASC", "DESC")
]


@dataclass(frozen=True)
class Crowd:
    """An organization with many users and tokens, made at few times and used at few or never."""

    organization: Organization
    users: list[str]
    tokens: list[str]

    def expected(self, found: List) -> set[str]:
        """Return the ids that a list has."""
        if found is APPLICATION_USERS:
            return set(self.users)
        if found is ORGANIZATION_USERS:
            return {*self.users, self.organization.admin_id}
        return set(self.tokens)


async def fill(organization: Organization, owner: Owner) -> Crowd:
    """Make users in threes that share a time, and every third never active."""
    users = [
        # Upper and lower case, accents, and names that differ in one character at the end.
        await organization.user(f"{'Bot' if n % 2 else 'böt'} {n // 2:02d}" + "!" * (n % 2))
        for n in range(USERS)
    ]
    tokens = [(await organization.token(user))[0] for user in users]
    for n, (user, token) in enumerate(zip(users, tokens, strict=True)):
        made = START + timedelta(days=n // 3)
        used = None if n % 3 == 0 else made + timedelta(hours=n // 6)
        await owner.connection.execute(
            "UPDATE organization_user SET create_time = $3, last_activity_time = $4"
            " WHERE organization_id = $1 AND user_id = $2",
            *user_key(user),
            made,
            used,
        )
        await owner.connection.execute(
            "UPDATE token SET create_time = $3, last_used_time = $4"
            " WHERE organization_id = $1 AND token_id = $2",
            *token_key(token),
            made,
            used,
        )
    found = await organization.admin.query("{ viewer { token { id } } }")
    return Crowd(organization, users, [*tokens, found["viewer"]["token"]["id"]])


@pytest.fixture(scope="module")
async def crowd(api: Api, database: Database, urls: Urls) -> Crowd:
    """For tests that only look."""
    made = await organizations.bootstrap(
        database, PEPPERS, name="Crowd", admin_email="admin@crowd.example"
    )
    organization = Organization(
        ids.organization_id(made.organization_id),
        ids.member_id("user", made.organization_id, made.user_id),
        api.with_token(made.full_token),
    )
    connection = await asyncpg.connect(urls.owner)
    try:
        return await fill(organization, Owner(connection))
    finally:
        await connection.close()


def order_id(value: object) -> str:
    return f"{value['field']}-{value['direction']}" if isinstance(value, dict) else str(value.name)  # type: ignore[union-attr]


class TestWalk:
    @pytest.mark.parametrize(("found", "order"), ORDERS, ids=order_id)
    async def test_each_row_once_in_one_order(
        self, crowd: Crowd, found: List, order: dict[str, Any]
    ) -> None:
        admin, organization_id = crowd.organization.admin, crowd.organization.id
        whole = await found.walk(admin, organization_id, 100, order=order)
        assert len(whole) == len(set(whole))
        assert set(whole) == crowd.expected(found)
        for first in (1, 4, len(whole) - 1, len(whole)):
            assert await found.walk(admin, organization_id, first, order=order) == whole

    @pytest.mark.parametrize(("found", "order"), ORDERS, ids=order_id)
    async def test_the_other_direction_is_the_reverse(
        self, crowd: Crowd, found: List, order: dict[str, Any]
    ) -> None:
        admin, organization_id = crowd.organization.admin, crowd.organization.id
        other = order | {"direction": "DESC" if order["direction"] == "ASC" else "ASC"}
        there = await found.walk(admin, organization_id, 5, order=order)
        back = await found.walk(admin, organization_id, 5, order=other)
        assert there == back[::-1]

    async def test_names_are_sorted_whatever_their_case(self, organization: Organization) -> None:
        names = ["alpha", "Beta", "ALPHABET", "ätsch", "Zulu", "\U0001f680", "1st"]
        for name in names:
            await organization.user(name)
        found = await organization.admin.query(
            """query($o: ID!) { applicationUsers(organizationId: $o,
                orderBy: {field: NAME, direction: ASC}) { nodes { name } } }""",
            o=organization.id,
        )
        assert [node["name"] for node in found["applicationUsers"]["nodes"]] == [
            *("1st", "alpha", "ALPHABET", "Beta", "Zulu", "ätsch", "\U0001f680"),
        ]

    async def test_never_comes_before_every_time(self, crowd: Crowd) -> None:
        admin, organization_id = crowd.organization.admin, crowd.organization.id
        order = {"field": "LAST_ACTIVITY_TIME", "direction": "ASC"}
        whole = await APPLICATION_USERS.walk(admin, organization_id, order=order)
        never = {user for n, user in enumerate(crowd.users) if n % 3 == 0}
        assert set(whole[: len(never)]) == never

    @pytest.mark.parametrize(
        "name",
        [
            "x" * 255,
            "\U0010ffff" * 254 + "x",
            '"' * 255,
            "\\" * 255,
            "\U0001f680" * 255,
            "\ufdfa" * 50,
        ],
    )
    async def test_the_cursor_of_any_name_leads_on(
        self, organization: Organization, name: str
    ) -> None:
        users = [await organization.user(name), await organization.user("a")]
        for direction in ("ASC", "DESC"):
            order = {"field": "NAME", "direction": direction}
            walked = await APPLICATION_USERS.walk(
                organization.admin, organization.id, 1, order=order
            )
            assert sorted(walked) == sorted(users)

    async def test_fifty_by_default(self, organization: Organization, database: Database) -> None:
        await organizations.set_limit(database, organization_key(organization.id), 60)
        for n in range(51):
            await organization.user(f"ci {n}")
        for found, count in ((APPLICATION_USERS, 50), (ORGANIZATION_USERS, 50)):
            page = await found.page(organization.admin, organization.id)
            assert len(page["nodes"]) == count
            assert page["pageInfo"]["hasNextPage"] is True

    async def test_an_empty_page(self, api: Api, organization: Organization) -> None:
        page = await APPLICATION_USERS.page(organization.admin, organization.id)
        assert page == {
            "nodes": [],
            "edges": [],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            },
        }


class TestMeanwhile:
    """Pages hold on to a place in the order, not to a number of rows."""

    async def test_the_row_of_the_cursor_is_deleted(self, organization: Organization) -> None:
        admin, organization_id = organization.admin, organization.id
        for n in range(12):
            await organization.user(f"ci {n}")
        whole = await APPLICATION_USERS.walk(admin, organization_id)
        walked: list[str] = []
        async for page in APPLICATION_USERS.pages(admin, organization_id, 5):
            walked += page
            for gone in page[-2:]:
                await admin.mutate(
                    "deleteApplicationUser", "applicationUserId", applicationUserId=gone
                )
        assert walked == whole

    async def test_a_row_behind_the_cursor_is_deleted(self, organization: Organization) -> None:
        admin, organization_id = organization.admin, organization.id
        for n in range(12):
            await organization.user(f"ci {n}")
        whole = await APPLICATION_USERS.walk(admin, organization_id)
        first = await APPLICATION_USERS.page(admin, organization_id, 5)
        await admin.mutate("deleteApplicationUser", "applicationUserId", applicationUserId=whole[5])
        second = await APPLICATION_USERS.page(
            admin, organization_id, 5, first["pageInfo"]["endCursor"]
        )
        assert ids_of(second) == whole[6:11]

    async def test_a_new_row_at_the_front_shifts_nothing(self, organization: Organization) -> None:
        admin, organization_id = organization.admin, organization.id
        for n in range(12):
            await organization.user(f"ci {n}")
        whole = await APPLICATION_USERS.walk(admin, organization_id)
        first = await APPLICATION_USERS.page(admin, organization_id, 5)
        await organization.user("the newest")
        second = await APPLICATION_USERS.page(
            admin, organization_id, 5, first["pageInfo"]["endCursor"]
        )
        assert ids_of(second) == whole[5:10]


class TestTokensOfAUser:
    """ApplicationUser.tokens, and tokens by applicationUserId, page like the list of all."""

    @pytest.mark.parametrize("field", ["CREATE_TIME", "LAST_USED_TIME"])
    @pytest.mark.parametrize("direction", ["ASC", "DESC"])
    async def test_walk(
        self, organization: Organization, owner: Owner, field: str, direction: str
    ) -> None:
        user_id, other = await organization.user("ci"), await organization.user("cd")
        tokens = [(await organization.token(user_id))[0] for _ in range(7)]
        await organization.token(other)
        for n, token in enumerate(tokens):
            await owner.connection.execute(
                "UPDATE token SET create_time = $3, last_used_time = $4"
                " WHERE organization_id = $1 AND token_id = $2",
                *token_key(token),
                START + timedelta(days=n // 3),
                START if n % 2 else None,
            )
        document = f"""query($u: ID!, $o: ID!, $c: String) {{
            applicationUser(id: $u) {{ tokens(first: 2, after: $c,
                orderBy: {{field: {field}, direction: {direction}}}) {{
                nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}
            tokens(organizationId: $o, applicationUserId: $u, first: 2, after: $c,
                orderBy: {{field: {field}, direction: {direction}}}) {{
                nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"""
        walked: list[str] = []
        cursor: str | None = None
        for _ in range(4):
            found = await organization.admin.query(document, u=user_id, o=organization.id, c=cursor)
            page = found["tokens"]
            assert found["applicationUser"]["tokens"] == page
            walked += ids_of(page)
            cursor = page["pageInfo"]["endCursor"]
            assert page["pageInfo"]["hasNextPage"] is (len(walked) < len(tokens))
        assert sorted(walked) == sorted(tokens)


async def test_bootstraps_are_listed_as_people(database: Database, api: Api) -> None:
    made = await organizations.bootstrap(
        database, PEPPERS, name="Beta", admin_email="b@example.com"
    )
    found = await ORGANIZATION_USERS.walk(
        api.with_token(made.full_token), ids.organization_id(made.organization_id)
    )
    assert found == [ids.member_id("user", made.organization_id, made.user_id)]
