"""When tokens end: by the database's clock, for good, and later where a use extends them."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner
from tests.service import Service

LOOK = "query($id: ID!) { node(id: $id) { ... on Token { status expiryTime } } }"


async def look(admin: Api, token_id: str) -> dict[str, str]:
    return (await admin.query(LOOK, id=token_id))["node"]


async def left(owner: Owner, token_id: str) -> timedelta:
    """Return how long a token has to live, by the database's clock."""
    return await owner.connection.fetchval(
        "SELECT $1 - clock_timestamp()", (await owner.token(token_id))["expiry_time"]
    )


class TestExpired:
    async def test_refused_and_shown_as_such(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, full = await organization.token(await organization.user(), maxAgeSeconds=600)
        assert await is_accepted(organization.admin, full)
        await owner.set_left(token_id, -0.001)
        assert not await is_accepted(organization.admin, full)
        found = await look(organization.admin, token_id)
        assert found["status"] == "EXPIRED"
        assert datetime.fromisoformat(found["expiryTime"]) < datetime.now(UTC)

    async def test_revoked_says_more_than_expired_and_expired_more_than_deactivated(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id, maxAgeSeconds=600)
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        assert (await look(organization.admin, token_id))["status"] == "DEACTIVATED"
        await owner.set_left(token_id, -1)
        assert (await look(organization.admin, token_id))["status"] == "EXPIRED"
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        assert (await look(organization.admin, token_id))["status"] == "REVOKED"

    async def test_one_without_age_never_does(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, full = await organization.token(await organization.user())
        assert await look(organization.admin, token_id) == {"status": "ACTIVE", "expiryTime": None}
        assert await is_accepted(organization.admin, full)


class TestSliding:
    async def test_a_use_moves_the_expiry(
        self, organization: Organization, service: Service, owner: Owner
    ) -> None:
        token_id, full = await organization.token(
            await organization.user(), maxAgeSeconds=3600, extendWhenUsed=True
        )
        await owner.set_left(token_id, 1000)
        assert await is_accepted(await service.caller(), full)
        await service.activity.flush()
        assert timedelta(seconds=3590) < await left(owner, token_id) <= timedelta(seconds=3600)
        row = await owner.token(token_id)
        assert row["expiry_time"] == row["last_used_time"] + timedelta(seconds=3600)

    async def test_near_its_end_before_the_answer(
        self, organization: Organization, service: Service, owner: Owner
    ) -> None:
        """Nothing is flushed here: the service that would forget the use has made it durable."""
        token_id, full = await organization.token(
            await organization.user(), maxAgeSeconds=3600, extendWhenUsed=True
        )
        await owner.set_left(token_id, 59)
        assert await is_accepted(await service.caller(), full)
        assert timedelta(seconds=3590) < await left(owner, token_id)

    async def test_a_quick_second_use_extends_as_well(
        self, organization: Organization, service: Service, owner: Owner
    ) -> None:
        """Uses within the resolution of lastUsedTime are skipped, but never an extension."""
        token_id, full = await organization.token(
            await organization.user(), maxAgeSeconds=600, extendWhenUsed=True
        )
        caller = await service.caller()
        assert await is_accepted(caller, full)
        await service.activity.flush()
        first = (await owner.token(token_id))["expiry_time"]
        assert await is_accepted(caller, full)
        await service.activity.flush()
        assert (await owner.token(token_id))["expiry_time"] > first

    @pytest.mark.parametrize("extend", [True, False])
    async def test_a_dead_one_stays_dead(
        self, organization: Organization, service: Service, owner: Owner, extend: bool
    ) -> None:
        """A use that was let through in time and written too late revives nothing."""
        token_id, full = await organization.token(
            await organization.user(), maxAgeSeconds=600, extendWhenUsed=extend
        )
        assert await is_accepted(await service.caller(), full)
        await owner.set_left(token_id, -1)
        await service.activity.flush()
        assert (await look(organization.admin, token_id))["status"] == "EXPIRED"
        assert not await is_accepted(organization.admin, full)

    async def test_one_that_does_not_slide_keeps_its_end(
        self, organization: Organization, service: Service, owner: Owner
    ) -> None:
        token_id, full = await organization.token(await organization.user(), maxAgeSeconds=600)
        before = (await owner.token(token_id))["expiry_time"]
        assert await is_accepted(await service.caller(), full)
        await service.activity.flush()
        assert (await owner.token(token_id))["expiry_time"] == before
