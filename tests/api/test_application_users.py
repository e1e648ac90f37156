"""applicationUsers: what each filter keeps. How pages follow each other is in ``test_pages``."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.listing import APPLICATION_USERS
from tests.api_client import Organization
from tests.owner import Owner, user_key

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(time: datetime) -> str:
    return time.isoformat()


# The three users below by name, and which of them each filter keeps.
FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"early", "late", "asleep"}),
    ({"states": ["ACTIVE"]}, {"early", "late"}),
    ({"states": ["DEACTIVATED"]}, {"asleep"}),
    ({"states": ["DELETED"]}, {"gone"}),
    ({"states": ["ACTIVE", "DEACTIVATED", "DELETED"]}, {"early", "late", "asleep", "gone"}),
    ({"states": ["ACTIVE", "ACTIVE"]}, {"early", "late"}),
    ({"search": "LAT"}, {"late"}),
    ({"search": "e"}, {"early", "late", "asleep"}),
    ({"search": "%"}, set()),
    ({"search": "_"}, set()),
    ({"search": "\\"}, set()),
    ({"search": ""}, {"early", "late", "asleep"}),
    ({"search": "  "}, {"early", "late", "asleep"}),
    ({"createdAfter": at(NOON)}, {"late", "asleep"}),
    ({"createdBefore": at(NOON)}, {"early"}),
    ({"createdAfter": at(NOON - HOUR), "createdBefore": at(NOON + HOUR)}, {"early", "late"}),
    ({"lastActivityAfter": at(NOON)}, {"late"}),
    ({"lastActivityAfter": at(NOON + HOUR)}, {"late"}),
    ({"lastActivityAfter": at(NOON + 2 * HOUR)}, set()),
    ({"lastActivityBefore": at(NOON)}, {"early"}),
    ({"neverActive": True}, {"asleep"}),
    ({"neverActive": False}, {"early", "late"}),
    ({"neverActive": True, "lastActivityAfter": at(NOON)}, set()),
    ({"search": "late", "states": ["DEACTIVATED"]}, set()),
    ({"states": None, "search": None, "neverActive": None}, {"early", "late", "asleep"}),
    ({"createdAfter": "0001-01-01T00:00:00Z"}, {"early", "late", "asleep"}),
    ({"createdBefore": "9999-12-31T23:59:59.999999Z"}, {"early", "late", "asleep"}),
]


@pytest.fixture
async def names(organization: Organization, owner: Owner) -> dict[str, str]:
    """Users by id: created an hour apart, active in their first hour or never."""
    made: dict[str, str] = {}
    for name, created, active in (
        ("early", NOON - HOUR, NOON - HOUR),
        ("late", NOON, NOON + HOUR),
        ("asleep", NOON + HOUR, None),
        ("gone", NOON, NOON),
    ):
        user_id = await organization.user(name)
        made[user_id] = name
        if name == "asleep":
            await organization.admin.mutate(
                "updateApplicationUser",
                "applicationUser { id }",
                applicationUserId=user_id,
                state="DEACTIVATED",
            )
        if name == "gone":
            await organization.admin.mutate(
                "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
            )
        await owner.connection.execute(
            "UPDATE organization_user SET create_time = $3, last_activity_time = $4"
            " WHERE organization_id = $1 AND user_id = $2",
            *user_key(user_id),
            created,
            active,
        )
    return made


class TestFilters:
    async def test_table(self, organization: Organization, names: dict[str, str]) -> None:
        for keep, expected in FILTERS:
            page = await APPLICATION_USERS.page(organization.admin, organization.id, keep=keep)
            assert {names[node["id"]] for node in page["nodes"]} == expected, keep

    async def test_total_count_counts_all_pages(
        self, organization: Organization, names: dict[str, str]
    ) -> None:
        for keep, expected in FILTERS:
            found = await organization.admin.query(
                """query($o: ID!, $f: ApplicationUserFilter) {
                    applicationUsers(organizationId: $o, first: 1, filter: $f) { totalCount } }""",
                o=organization.id,
                f=keep,
            )
            assert found["applicationUsers"]["totalCount"] == len(expected), keep

    async def test_people_are_never_among_them(
        self, organization: Organization, names: dict[str, str]
    ) -> None:
        keep = {"search": "admin", "states": ["ACTIVE", "DEACTIVATED", "DELETED"]}
        page = await APPLICATION_USERS.page(organization.admin, organization.id, keep=keep)
        assert page["nodes"] == []

    @pytest.mark.parametrize(
        ("name", "search"),
        [
            ("Ärger", "äRG"),
            ("STRASSE", "straße"),
            ("caf\u00e9", "cafe\u0301"),
            ("\ufb01le", "FILE"),
            ("100% sure", "0% s"),
            ("a_b", "A_"),
            ("it's", "T'S"),
            ("\U0001f680 deploy", "\U0001f680"),
        ],
    )
    async def test_search_reads_like_a_person(
        self, organization: Organization, name: str, search: str
    ) -> None:
        user_id = await organization.user(name)
        await organization.user("somebody else")
        page = await APPLICATION_USERS.page(
            organization.admin, organization.id, keep={"search": search}
        )
        assert page["nodes"] == [{"id": user_id}]


class TestOrder:
    async def test_the_newest_first(self, organization: Organization) -> None:
        users = [await organization.user(f"ci {n}") for n in range(3)]
        page = await APPLICATION_USERS.page(organization.admin, organization.id)
        assert [node["id"] for node in page["nodes"]] == users[::-1]
