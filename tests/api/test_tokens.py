"""tokens: what each filter keeps. How pages follow each other is in ``test_pages``."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.listing import TOKENS
from tests.api_client import Organization
from tests.owner import Owner, token_key

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(time: datetime) -> str:
    return time.isoformat()


LATER = datetime(2100, 1, 1, tzinfo=UTC)
# The tokens below by name, and which of them each filter keeps.
FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"plain", "aged", "over", "revoked", "sleeping"}),
    ({"statuses": ["ACTIVE"]}, {"plain", "aged"}),
    ({"statuses": ["EXPIRED"]}, {"over"}),
    ({"statuses": ["REVOKED"]}, {"revoked"}),
    ({"statuses": ["DEACTIVATED"]}, {"sleeping"}),
    ({"statuses": ["REVOKED", "EXPIRED"]}, {"over", "revoked"}),
    ({"search": "PLAIN"}, {"plain"}),
    ({"search": "token"}, {"plain", "aged", "over", "revoked", "sleeping"}),
    ({"search": "%"}, set()),
    ({"search": "_"}, set()),
    ({"search": " "}, {"plain", "aged", "over", "revoked", "sleeping"}),
    ({"createdAfter": at(NOON)}, {"aged", "over", "revoked", "sleeping"}),
    ({"createdBefore": at(NOON)}, {"plain"}),
    ({"createdAfter": at(NOON), "createdBefore": at(NOON + HOUR)}, {"aged"}),
    ({"expiresAfter": at(NOON)}, {"aged", "over"}),
    ({"expiresAfter": at(LATER)}, {"aged"}),
    ({"expiresBefore": at(LATER)}, {"over"}),
    ({"lastUsedAfter": at(NOON)}, {"aged", "over"}),
    ({"lastUsedBefore": at(NOON + 2 * HOUR)}, {"aged"}),
    ({"neverUsed": True}, {"plain", "revoked", "sleeping"}),
    ({"neverUsed": False}, {"aged", "over"}),
    ({"neverUsed": True, "statuses": ["ACTIVE"]}, {"plain"}),
    ({"neverUsed": False, "search": "over"}, {"over"}),
    (
        {"statuses": None, "search": None, "neverUsed": None, "createdAfter": None},
        {"plain", "aged", "over", "revoked", "sleeping"},
    ),
]


@pytest.fixture
async def names(organization: Organization, owner: Owner) -> dict[str, str]:
    """One token of each kind, created an hour apart from noon's hour before on."""
    user_id, sleeper = await organization.user("ci"), await organization.user("sleeper")
    made: dict[str, str] = {}
    for name, hours, expiry, used in (
        ("plain", -1, None, None),
        ("aged", 0, LATER, NOON + HOUR),
        ("over", 1, NOON + 2 * HOUR, NOON + 2 * HOUR),
        ("revoked", 2, None, None),
        ("sleeping", 3, None, None),
    ):
        token_id, _ = await organization.token(
            sleeper if name == "sleeping" else user_id,
            description=f"{name} token",
            maxAgeSeconds=600 if expiry else None,
        )
        made[token_id] = name
        await owner.connection.execute(
            "UPDATE token SET create_time = $3, expiry_time = $4, last_used_time = $5"
            " WHERE organization_id = $1 AND token_id = $2",
            *token_key(token_id),
            NOON + hours * HOUR,
            expiry,
            used,
        )
        if name == "revoked":
            await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
    await organization.admin.mutate(
        "updateApplicationUser",
        "applicationUser { id }",
        applicationUserId=sleeper,
        state="DEACTIVATED",
    )
    return made


class TestFilters:
    async def test_table(self, organization: Organization, names: dict[str, str]) -> None:
        for keep, expected in FILTERS:
            found = await TOKENS.walk(organization.admin, organization.id, 2, keep=keep)
            # The administrator's own token is in the lists as well.
            assert {names[token] for token in found if token in names} == expected, keep

    @pytest.mark.parametrize(
        ("description", "search"),
        [
            ("Ärger", "äRG"),
            ("caf\u00e9", "cafe\u0301"),
            ("100% sure", "0% S"),
            ("two\nlines", "two\nlines"),
            ("\u0414\u0435\u043f\u043b\u043e\u0439", "\u0434\u0435\u043f"),
        ],
    )
    async def test_search_in_descriptions(
        self, organization: Organization, description: str, search: str
    ) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id, description=description)
        await organization.token(user_id, description="another")
        found = await TOKENS.walk(organization.admin, organization.id, keep={"search": search})
        assert found == [token_id]

    async def test_search_by_a_tokens_prefix(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id)
        await organization.token(user_id)
        for piece in (full[:27], full[:40], f" {full[:27]} ", full):
            found = await TOKENS.walk(organization.admin, organization.id, keep={"search": piece})
            assert found == [token_id]
        for piece in (full[:26], full[:26] + "!", full[1:27]):
            found = await TOKENS.walk(organization.admin, organization.id, keep={"search": piece})
            assert found == []

    async def test_of_one_user(self, organization: Organization) -> None:
        first, second = await organization.user("ci"), await organization.user("cd")
        tokens = {user: (await organization.token(user))[0] for user in (first, second)}
        for user, token in tokens.items():
            found = await organization.admin.query(
                """query($o: ID!, $u: ID!) {
                    tokens(organizationId: $o, applicationUserId: $u) { nodes { id } }
                    applicationUser(id: $u) { tokens { nodes { id } } } }""",
                o=organization.id,
                u=user,
            )
            assert found["tokens"]["nodes"] == [{"id": token}]
            assert found["applicationUser"]["tokens"]["nodes"] == [{"id": token}]

    async def test_of_one_user_filtered(self, organization: Organization) -> None:
        user_id = await organization.user()
        kept, _ = await organization.token(user_id, description="kept")
        await organization.token(user_id, description="left out")
        found = await organization.admin.query(
            """query($u: ID!) { applicationUser(id: $u) {
                some: tokens(filter: {search: "KEPT"}) { nodes { id } }
                all: tokens { nodes { id } }
                none: tokens(filter: {statuses: [REVOKED]}) { nodes { id } } } }""",
            u=user_id,
        )
        assert found["applicationUser"]["some"]["nodes"] == [{"id": kept}]
        assert len(found["applicationUser"]["all"]["nodes"]) == 2
        assert found["applicationUser"]["none"]["nodes"] == []


class TestListed:
    async def test_people_s_tokens_too(self, organization: Organization) -> None:
        found = await organization.admin.query(
            """query($o: ID!) { tokens(organizationId: $o) { nodes {
                description isCurrent user { id } createdBy { id } } } }""",
            o=organization.id,
        )
        assert found["tokens"]["nodes"] == [
            {
                "description": "First administrator, made by bootstrap",
                "isCurrent": True,
                "user": {"id": organization.admin_id},
                "createdBy": None,
            }
        ]

    async def test_the_newest_first(self, organization: Organization) -> None:
        user_id = await organization.user()
        tokens = [(await organization.token(user_id))[0] for _ in range(3)]
        found = await TOKENS.walk(organization.admin, organization.id)
        assert found[:3] == tokens[::-1]
