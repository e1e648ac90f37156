"""Tokens that are not active: the same bytes whatever the reason, RFC 7662 section 2.2."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID, uuid4

import pytest

from app import ids, token_format
from app.web.introspection import Introspection
from tests.api.policies import set_policy
from tests.api_client import Organization
from tests.owner import Owner, organization_key, token_key
from tests.web.answers import seen
from tests.web.introspection.asking import ResourceServer

INACTIVE = b'{"active":false}'


@pytest.fixture
async def stranger(new_organization: Callable[[], Awaitable[Organization]]) -> Organization:
    """Another organization."""
    return await new_organization()


async def ended(organization: Organization) -> Mapping[str, str]:
    """Return a token that was revoked, and those of users that are no longer active."""
    users = {kind: await organization.user(kind) for kind in ("revoked", "deactivated", "deleted")}
    made = {
        kind: await organization.token(user_id, maxAgeSeconds=3600)
        for kind, user_id in users.items()
    }
    await organization.admin.mutate("revokeToken", "token { id }", tokenId=made["revoked"][0])
    await organization.admin.mutate(
        "updateApplicationUser",
        "applicationUser { id }",
        applicationUserId=users["deactivated"],
        state="DEACTIVATED",
    )
    await organization.admin.mutate(
        "deleteApplicationUser", "revokedTokenCount", applicationUserId=users["deleted"]
    )
    return {kind: full for kind, (_, full) in made.items()}


async def refused(
    organization: Organization, owner: Owner, stranger: Organization
) -> dict[str, str]:
    """Return a token, or what looks like one, for each reason that there is."""
    user_id = await organization.user("ci")
    live_id, live = await organization.token(user_id, maxAgeSeconds=3600)
    expired_id, expired = await organization.token(user_id, maxAgeSeconds=3600)
    await owner.set_left(expired_id, -1)
    unused_id, unused = await organization.token(user_id, maxAgeSeconds=3600)
    await owner.deactivate(unused_id)
    rotated_id, rotated = await organization.token(user_id, maxAgeSeconds=3600)
    await organization.admin.mutate("rotateToken", "__typename", tokenId=rotated_id)
    _, elsewhere = await organization.token(
        user_id, maxAgeSeconds=3600, ipAllowlist=["198.51.100.0/24"]
    )
    _, too_long = await organization.token(user_id)
    await set_policy(organization, expiryRequired=True)
    _, foreign = await stranger.token(await stranger.user())
    own = organization_key(organization.id)
    return {
        **await ended(organization),
        "expired": expired,
        "unused": unused,
        "rotated": rotated,
        "from elsewhere": elsewhere,
        "against the policy": too_long,
        "foreign": foreign,
        "foreign administrator": stranger.admin.token or "",
        "with another secret": token_format.make(*token_key(live_id)),
        "missing": token_format.make(own, uuid4()),
        "of a missing organization": token_format.make(uuid4(), uuid4()),
        "with a wrong checksum": live[:-1] + ("0" if live[-1] != "0" else "1"),
        "id": ids.member_id("token", *token_key(live_id)),
        "prefix": live[:27],
        "behind a space": f" {live}",
        "with a line break": f"{live}\n",
        "in capitals": live.upper(),
        "two": f"{live} {live}",
        "junk": "junk",
        "a JWT": "eyJhbGciOiJub25lIn0.e30.",
        "NUL": "\0",
        "not ASCII": "appu_" + "é" * 94,
        "long": "appu_" + "a" * 60_000,
    }


class TestRefused:
    async def test_whatever_the_reason_in_the_same_bytes(
        self,
        organization: Organization,
        server_of: ResourceServer,
        owner: Owner,
        stranger: Organization,
    ) -> None:
        tokens = await refused(organization, owner, stranger)
        answers = {
            reason: seen(await server_of.with_token(organization.admin.token).ask(full))
            for reason, full in tokens.items()
        }
        assert {body for _, body, _ in answers.values()} == {INACTIVE}
        assert len({str(answer) for answer in answers.values()}) == 1
        assert next(iter(answers.values()))[0] == 200

    async def test_a_live_one_differs(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        """The control of the test above."""
        _, full = await organization.token(await organization.user("ci"), maxAgeSeconds=3600)
        assert (await server_of.ask(full)).content != INACTIVE

    async def test_whatever_else_is_asked_for(
        self, organization: Organization, server_of: ResourceServer
    ) -> None:
        full = (await ended(organization))["revoked"]
        answer = await server_of.ask(
            full,
            permission="project:services:read",
            resource_id=organization.id,
            client_ip="192.0.2.7",
            user_agent="x",
            token_type_hint="access_token",
        )
        assert answer.content == INACTIVE

    async def test_at_once(self, organization: Organization, server_of: ResourceServer) -> None:
        token_id, full = await organization.token(await organization.user())
        for _ in range(3):
            assert await server_of.is_active(full)
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        assert not await server_of.is_active(full)


class TestForeign:
    async def test_each_asks_about_its_own(
        self, organization: Organization, server_of: ResourceServer, stranger: Organization
    ) -> None:
        _, own = await organization.token(await organization.user())
        _, foreign = await stranger.token(await stranger.user())
        for asker, token, active in (
            (server_of, own, True),
            (server_of, foreign, False),
            (server_of.with_token(stranger.admin.token), own, False),
            (server_of.with_token(stranger.admin.token), foreign, True),
        ):
            assert await asker.is_active(token) is active

    async def test_is_not_used_by_it(
        self, server_of: ResourceServer, stranger: Organization, owner: Owner
    ) -> None:
        token_id, foreign = await stranger.token(
            await stranger.user(), maxAgeSeconds=3600, extendWhenUsed=True
        )
        await owner.set_left(token_id, 30)
        before = await owner.token(token_id)
        assert not await server_of.is_active(foreign)
        assert await owner.token(token_id) == before

    async def test_without_the_boundary_all_would_be_told(
        self,
        server_of: ResourceServer,
        stranger: Organization,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The control: it is the boundary that keeps a foreign token from being told."""
        _, foreign = await stranger.token(await stranger.user())

        async def everywhere(*_: object) -> list[UUID]:
            return [organization_key(stranger.id)]

        monkeypatch.setattr(Introspection, "_of_token", everywhere)
        assert await server_of.is_active(foreign)
