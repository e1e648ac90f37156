"""ApplicationUser.liveTokenCount: how many tokens of each user are accepted, by their status."""

from typing import Any

from tests.api.managers import APP_USERS_WRITE, manager
from tests.api.test_previews import deletion, everything
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.owner import Owner
from tests.postgres import Urls
from tests.service import started
from tests.statements import statements

ONE = """query($id: ID!) { applicationUser(id: $id) {
    liveTokenCount tokens(first: 100, filter: {statuses: [ACTIVE]}) { nodes { id } } } }"""
ALL = """query($o: ID!) { applicationUsers(organizationId: $o, first: 100) {
    nodes { name liveTokenCount } } }"""


async def live(api: Api, user_id: str) -> int:
    """Return the count, which is that of the tokens that are listed as active."""
    found = (await api.query(ONE, id=user_id))["applicationUser"]
    assert found["liveTokenCount"] == len(found["tokens"]["nodes"])
    return found["liveTokenCount"]


async def set_state(organization: Organization, user_id: str, state: str) -> None:
    await organization.admin.mutate(
        "updateApplicationUser",
        "applicationUser { id }",
        applicationUserId=user_id,
        state=state,
    )


class TestCounts:
    async def test_neither_revoked_nor_expired_nor_deactivated(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id, _ = await everything(organization, owner)
        assert await live(organization.admin, user_id) == 3
        assert (await deletion(organization.admin, user_id))["liveTokenCount"] == 3

    async def test_a_user_without_tokens(self, organization: Organization) -> None:
        assert await live(organization.admin, await organization.user()) == 0

    async def test_none_while_the_user_is_deactivated(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.token(user_id)
        for state, count in (("DEACTIVATED", 0), ("ACTIVE", 1)):
            await set_state(organization, user_id, state)
            assert await live(organization.admin, user_id) == count

    async def test_both_of_a_rotation_until_its_overlap_ends(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await organization.admin.mutate(
            "rotateToken", "token { id }", tokenId=token_id, overlapSeconds=600
        )
        assert await live(organization.admin, user_id) == 2
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        assert await live(organization.admin, user_id) == 1

    async def test_one_that_the_policy_blocks_counts(self, organization: Organization) -> None:
        """As its status is ACTIVE."""
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await organization.admin.mutate(
            "setOrganizationPolicy",
            "__typename",
            organizationId=organization.id,
            policy={"longestMaxAgeSeconds": 600},
        )
        found = await organization.admin.query(
            "query($id: ID!) { token(id: $id) { status blockedByPolicy } }", id=token_id
        )
        assert found["token"] == {"status": "ACTIVE", "blockedByPolicy": True}
        assert await live(organization.admin, user_id) == 1

    async def test_in_what_a_change_answers(self, organization: Organization) -> None:
        user_id = await organization.user()
        await organization.token(user_id)
        changed = await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { liveTokenCount }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        assert changed["applicationUser"] == {"liveTokenCount": 0}


class TestPage:
    async def test_each_its_own_and_nobody_elses(
        self, organization: Organization, new_organization: Any
    ) -> None:
        other: Organization = await new_organization()
        await other.token(await other.user("two"))
        for count, name in enumerate(("none", "one", "two")):
            user_id = await organization.user(name)
            for _ in range(count):
                await organization.token(user_id)
        found = await organization.admin.query(ALL, o=organization.id)
        counts = {row["name"]: row["liveTokenCount"] for row in found["applicationUsers"]["nodes"]}
        assert counts == {"none": 0, "one": 1, "two": 2}

    async def test_as_many_statements_for_few_as_for_many(
        self, organization: Organization, urls: Urls
    ) -> None:
        settings = settings_for(urls, database_connections=1, activity_flush_seconds=60)
        async with started(settings) as service:
            api: Api = await service.caller(token=organization.admin.token)
            counts: list[int] = []
            for users in (1, 12):
                for number in range(users):
                    await organization.token(await organization.user(f"ci {users} {number}"))
                async with statements(service) as seen:
                    found = await api.query(ALL, o=organization.id)
                assert len(found["applicationUsers"]["nodes"]) >= users
                counts.append(len(seen))
        # The look-up of the token, the list, and one for all that is counted.
        assert counts == [3, 3]


class TestWho:
    async def test_a_manager(self, organization: Organization, owner: Owner) -> None:
        manages = await manager(organization, owner)
        user_id = await organization.user()
        await organization.token(user_id)
        assert await live(manages, user_id) == 1

    async def test_nobody_without_the_permission(
        self, organization: Organization, owner: Owner
    ) -> None:
        reader_id = await organization.user("reader")
        await owner.grant(reader_id, "organization:event_logs:read")
        _, full = await organization.token(reader_id)
        reader = organization.admin.with_token(full)
        answer = await reader.run(
            "{ viewer { token { user { ... on ApplicationUser { liveTokenCount } } } } }"
        )
        assert answer.codes == ["FORBIDDEN"]
        await owner.grant(reader_id, APP_USERS_WRITE)
        assert await live(reader, reader_id) == 1
