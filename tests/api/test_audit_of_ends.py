"""What the trail says of tokens that end, and of those that come back."""

from typing import Any

import pytest

from app import endings
from tests.api import trail
from tests.api.peopling import person_with_token, remove
from tests.api_client import Organization
from tests.credentials import is_accepted
from tests.owner import Owner

REVOKE = "TOKEN_REVOKE"


async def deactivate(organization: Organization, user_id: str) -> None:
    await organization.admin.mutate(
        "updateApplicationUser", "__typename", applicationUserId=user_id, state="DEACTIVATED"
    )


async def told(organization: Organization, action: str = REVOKE) -> list[tuple[Any, ...]]:
    """Return of each event what it was done to, whose that is, and what changed; oldest first."""
    found = await trail.events(organization.admin, organization.id, actions=[action])
    return [
        (event["targetId"], event["principalId"], trail.changes(event)) for event in found[::-1]
    ]


def ended(before: str = "ACTIVE") -> dict[str, tuple[str, str]]:
    return {"status": (f'"{before}"', '"REVOKED"')}


class TestRevoked:
    async def test_one(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await organization.admin.mutate("revokeToken", "__typename", tokenId=token_id)
        assert await told(organization) == [(token_id, user_id, ended())]

    async def test_what_it_was_before(self, organization: Organization, owner: Owner) -> None:
        user_id, off = await organization.user("on"), await organization.user("off")
        expired, _ = await organization.token(user_id, maxAgeSeconds=600)
        unused, _ = await organization.token(user_id)
        of_off, _ = await organization.token(off)
        await owner.set_left(expired, -1)
        await owner.deactivate(unused)
        await deactivate(organization, off)
        for token_id in (expired, unused, of_off):
            await organization.admin.mutate("revokeToken", "__typename", tokenId=token_id)
        assert await told(organization) == [
            (expired, user_id, ended("EXPIRED")),
            (unused, user_id, ended("DEACTIVATED")),
            (of_off, off, ended("DEACTIVATED")),
        ]

    async def test_several(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        tokens = sorted([(await organization.token(user_id))[0] for _ in range(3)])
        await owner.deactivate(tokens[1])
        await organization.admin.mutate("revokeTokens", "__typename", tokenIds=tokens)
        assert await told(organization) == [
            (tokens[0], user_id, ended()),
            (tokens[1], user_id, ended("DEACTIVATED")),
            (tokens[2], user_id, ended()),
        ]

    async def test_all_of_a_user(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        tokens = sorted([(await organization.token(user_id))[0] for _ in range(3)])
        await organization.token(await organization.user("other"))
        await organization.admin.mutate("revokeToken", "__typename", tokenId=tokens[0])
        await owner.deactivate(tokens[1])
        await organization.admin.mutate("revokeAllTokens", "__typename", applicationUserId=user_id)
        assert await told(organization) == [
            (tokens[0], user_id, ended()),
            (tokens[1], user_id, ended("DEACTIVATED")),
            (tokens[2], user_id, ended()),
        ]

    @pytest.mark.parametrize("state", ["ACTIVE", "DEACTIVATED"])
    async def test_with_its_application_user(self, organization: Organization, state: str) -> None:
        user_id = await organization.user()
        tokens = sorted([(await organization.token(user_id))[0] for _ in range(2)])
        if state == "DEACTIVATED":
            await deactivate(organization, user_id)
        await organization.admin.mutate(
            "deleteApplicationUser", "__typename", applicationUserId=user_id
        )
        assert await told(organization) == [
            (token_id, user_id, ended(state)) for token_id in tokens
        ]
        ((target, _, changes),) = await told(organization, "APPLICATION_USER_DELETE")
        assert target == user_id
        assert changes["revokedTokenCount"] == (None, "2")
        assert changes["state"] == (f'"{state}"', '"DELETED"')

    async def test_with_its_person(self, organization: Organization) -> None:
        user_id, bob = await person_with_token(organization)
        own = await bob.query("{ viewer { token { id } } }")
        await remove(organization.admin, user_id)
        assert await told(organization) == [(own["viewer"]["token"]["id"], user_id, ended())]
        ((target, _, changes),) = await told(organization, "USER_REMOVE")
        assert target == user_id
        assert changes["revokedTokenCount"] == (None, "1")

    @pytest.mark.parametrize("act", ["deleteApplicationUser", "revokeAllTokens"])
    async def test_too_many_to_name(
        self, organization: Organization, act: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(endings, "MAX_NAMED", 2)
        user_id = await organization.user()
        fulls = [(await organization.token(user_id))[1] for _ in range(3)]
        await organization.admin.mutate(act, "__typename", applicationUserId=user_id)
        assert await told(organization) == [(user_id, None, {"revokedTokenCount": (None, "3")})]
        assert not any([await is_accepted(organization.admin, full) for full in fulls])

    async def test_without_any_token(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.admin.mutate(
            "deleteApplicationUser", "__typename", applicationUserId=user_id
        )
        assert await told(organization) == []
        assert len(await told(organization, "APPLICATION_USER_DELETE")) == 1


class TestActivated:
    @pytest.mark.parametrize("state", ["ACTIVE", "DEACTIVATED"])
    async def test_it(self, organization: Organization, owner: Owner, state: str) -> None:
        """A deactivated user's token stays deactivated: then the time alone tells the change."""
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await owner.deactivate(token_id)
        if state == "DEACTIVATED":
            await deactivate(organization, user_id)
        await organization.admin.mutate("activateToken", "__typename", tokenId=token_id)
        ((target, principal, changes),) = await told(organization, "TOKEN_ACTIVATE")
        assert (target, principal) == (token_id, user_id)
        before, after = changes.pop("deactivateTime")
        assert before is not None
        assert after is None
        assert changes == ({"status": ('"DEACTIVATED"', '"ACTIVE"')} if state == "ACTIVE" else {})
