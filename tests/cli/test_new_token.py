"""appusers organization new-token."""

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app import ids
from tests.api import trail
from tests.api.peopling import person, update
from tests.api_client import Organization
from tests.cli.processes import Finished, appusers
from tests.conftest import PEPPER
from tests.credentials import is_accepted
from tests.owner import Owner, organization_key, user_key
from tests.postgres import Urls


@pytest.fixture
def environment(urls: Urls) -> dict[str, str]:
    return {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": PEPPER}


@pytest.fixture
async def owner(urls: Urls) -> AsyncGenerator[Owner]:
    connection: asyncpg.Connection[Any] = await asyncpg.connect(urls.owner)
    yield Owner(connection)
    await connection.close()


async def new_token(
    environment: dict[str, str], organization_id: str, user_id: str, *options: str
) -> Finished:
    return await appusers(
        environment, "organization", "new-token", organization_id, user_id, *options
    )


class TestMade:
    async def test_it_is_the_persons_and_shown_once(
        self, environment: dict[str, str], organization: Organization
    ) -> None:
        user_id = await person(organization)
        made = await new_token(environment, organization.id, user_id)
        name, expires, token = made.out.splitlines()
        assert name == "Person:  Ada"
        assert expires.startswith("Expires: 20")
        full = token.removeprefix("Token:   ")
        assert "shown this once" in made.err
        found = await organization.admin.with_token(full).query(
            "{ viewer { memberships { user { id } } token { id maxAgeSeconds scopes } } }"
        )
        own = found["viewer"]["token"]
        assert found["viewer"]["memberships"] == [{"user": {"id": user_id}}]
        assert own == {"id": own["id"], "maxAgeSeconds": 604_800, "scopes": None}
        (event,) = [
            event
            for event in await trail.events(
                organization.admin, organization.id, actions=["TOKEN_GENERATE"]
            )
            if event["targetId"] == own["id"]
        ]
        assert (event["actorKind"], event["principalId"]) == ("OPERATOR", user_id)
        assert full not in json.dumps(event)

    async def test_the_administrators_second_one(
        self, environment: dict[str, str], organization: Organization
    ) -> None:
        made = await new_token(
            environment,
            organization.id,
            organization.admin_id,
            "--max-age-seconds",
            "600",
            "--json",
        )
        answer = json.loads(made.out)
        assert set(answer) == {"tokenId", "expiryTime", "token"}
        left = datetime.fromisoformat(answer["expiryTime"]) - datetime.now(UTC)
        assert 500 < left.total_seconds() <= 600
        again = organization.admin.with_token(answer["token"])
        assert await again.mutate("revokeToken", "__typename", tokenId=answer["tokenId"])
        assert not await is_accepted(organization.admin, answer["token"])


class TestRefused:
    async def refused(
        self, environment: dict[str, str], organization: Organization, owner: Owner, *given: str
    ) -> str:
        """Return what is said, and see that nothing changed."""
        before = await owner.snapshot(organization.id)
        refused = await new_token(environment, *given)
        assert (refused.code, refused.out) == (1, "")
        assert await owner.snapshot(organization.id) == before
        return refused.err

    async def test_application_users_and_who_is_not_active(
        self, environment: dict[str, str], organization: Organization, owner: Owner
    ) -> None:
        tool = await organization.user()
        said = await self.refused(environment, organization, owner, organization.id, tool)
        assert "generateToken makes its tokens" in said
        user_id = await person(organization)
        await update(organization.admin, user_id, state="DEACTIVATED")
        said = await self.refused(environment, organization, owner, organization.id, user_id)
        assert "deactivated" in said
        await organization.admin.mutate(
            "removeOrganizationUser", "__typename", organizationUserId=user_id
        )
        said = await self.refused(environment, organization, owner, organization.id, user_id)
        assert "no such organization user" in said

    async def test_who_is_not_there(
        self, environment: dict[str, str], organization: Organization, owner: Owner
    ) -> None:
        missing = ids.member_id("user", organization_key(organization.id), uuid4())
        stranger = ids.member_id("user", uuid4(), user_key(organization.admin_id)[1])
        for user_id in (missing, stranger):
            said = await self.refused(environment, organization, owner, organization.id, user_id)
            assert "no such organization user" in said

    @pytest.mark.parametrize("seconds", ["599", "315360001", "-1"])
    async def test_ages(
        self, environment: dict[str, str], organization: Organization, owner: Owner, seconds: str
    ) -> None:
        given = (organization.id, organization.admin_id, "--max-age-seconds", seconds)
        said = await self.refused(environment, organization, owner, *given)
        assert "--max-age-seconds is from 600 to 315360000" in said
