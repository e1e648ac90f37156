"""deletionPreview and revocationPreview."""

from typing import Any
from uuid import uuid4

import pytest

from app import ids
from tests.api.managers import APP_USERS_WRITE, join_group, manager
from tests.api.resource_tree import project
from tests.api.test_statements import count
from tests.api_client import Api, Organization
from tests.conftest import settings_for
from tests.owner import ADMIN, Owner, organization_key, token_key, user_key
from tests.postgres import Urls
from tests.service import started

FIELDS = """liveTokenCount
    liveTokens(first: $first) { id status lastUsedTime lastIp lastUserAgent user { name } }
    heldGroups(first: $first) { groupId name }
    heldPermissions(first: $first) { permission resourceId }"""
DELETION = f"""query($id: ID!, $first: Int) {{
    deletionPreview(applicationUserId: $id) {{ {FIELDS} }} }}"""
REVOCATION = f"""query($ids: [ID!]!, $first: Int) {{
    revocationPreview(tokenIds: $ids) {{ {FIELDS} }} }}"""
EMPTY = {"liveTokenCount": 0, "liveTokens": [], "heldGroups": [], "heldPermissions": []}


async def deletion(api: Api, user_id: str, first: int | None = None) -> dict[str, Any]:
    return (await api.query(DELETION, id=user_id, first=first))["deletionPreview"]


async def revocation(api: Api, *token_ids: str, first: int | None = None) -> dict[str, Any]:
    return (await api.query(REVOCATION, ids=token_ids, first=first))["revocationPreview"]


async def used(owner: Owner, token_id: str, minutes_ago: int) -> None:
    await owner.connection.execute(
        "UPDATE token SET last_used_time = now() - make_interval(mins => $3),"
        "                 last_ip = '192.0.2.7', last_user_agent = 'curl/8'"
        " WHERE organization_id = $1 AND token_id = $2",
        *token_key(token_id),
        minutes_ago,
    )


async def everything(organization: Organization, owner: Owner) -> tuple[str, list[str]]:
    """A user with two used tokens, one unused and three that are not accepted; grants, groups."""
    user_id = await organization.user("deployer")
    made = [(await organization.token(user_id, maxAgeSeconds=600))[0] for _ in range(6)]
    await used(owner, made[0], 60)
    await used(owner, made[1], 5)
    await organization.admin.mutate("revokeToken", "token { id }", tokenId=made[3])
    await owner.set_left(made[4], -1)
    await owner.deactivate(made[5])
    await owner.grant(user_id, "organization:event_logs:read")
    await join_group(owner, user_id, "Zebras")
    await join_group(owner, user_id, "Admins", permission=ADMIN)
    return user_id, made


class TestDeletion:
    async def test_what_is_live(self, organization: Organization, owner: Owner) -> None:
        user_id, made = await everything(organization, owner)
        found = await deletion(organization.admin, user_id)
        assert found["liveTokenCount"] == 3
        assert [token["id"] for token in found["liveTokens"]] == [made[1], made[0], made[2]]
        latest = found["liveTokens"][0]
        assert latest["lastUsedTime"] is not None
        assert latest | {"lastUsedTime": None} == {
            "id": made[1],
            "status": "ACTIVE",
            "lastUsedTime": None,
            "lastIp": "192.0.2.7",
            "lastUserAgent": "curl/8",
            "user": {"name": "deployer"},
        }
        assert [group["name"] for group in found["heldGroups"]] == ["Admins", "Zebras"]
        assert found["heldPermissions"] == [
            {"permission": "organization:event_logs:read", "resourceId": organization.id},
            {"permission": ADMIN, "resourceId": organization.id},
        ]

    async def test_permissions_on_a_project(self, organization: Organization, owner: Owner) -> None:
        user_id = await organization.user()
        project_id = await project(organization, "billing")
        found = ids.parse_resource_id(project_id)
        assert found is not None
        await owner.grant(user_id, "role:services:recover", found[1])
        assert (await deletion(organization.admin, user_id))["heldPermissions"] == [
            {"permission": "role:services:recover", "resourceId": project_id}
        ]

    async def test_nobody_else_counts(self, organization: Organization, owner: Owner) -> None:
        await everything(organization, owner)
        assert await deletion(organization.admin, await organization.user("new")) == EMPTY

    async def test_at_most_so_many(self, organization: Organization, owner: Owner) -> None:
        user_id, _ = await everything(organization, owner)
        found = await deletion(organization.admin, user_id, first=1)
        assert found["liveTokenCount"] == 3
        assert [len(found[name]) for name in ("liveTokens", "heldGroups", "heldPermissions")] == [
            1,
            1,
            1,
        ]

    async def test_of_a_deactivated_user_nothing_is_live(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id, _ = await everything(organization, owner)
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        found = await deletion(organization.admin, user_id)
        assert found["liveTokenCount"] == 0
        assert len(found["heldPermissions"]) == 2

    async def test_it_foretells(self, organization: Organization, owner: Owner) -> None:
        user_id, _ = await everything(organization, owner)
        before = await owner.snapshot(organization.id)
        await deletion(organization.admin, user_id)
        assert await owner.snapshot(organization.id) == before
        await organization.admin.mutate(
            "deleteApplicationUser", "applicationUserId", applicationUserId=user_id
        )
        assert await deletion(organization.admin, user_id) is None


class TestRevocation:
    async def test_of_some_tokens(self, organization: Organization, owner: Owner) -> None:
        _, made = await everything(organization, owner)
        found = await revocation(organization.admin, made[2], made[1], made[3])
        assert found["liveTokenCount"] == 2
        assert [token["id"] for token in found["liveTokens"]] == [made[1], made[2]]
        assert [group["name"] for group in found["heldGroups"]] == ["Admins", "Zebras"]
        assert len(found["heldPermissions"]) == 2

    async def test_of_what_is_over_nothing_is_lost(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, made = await everything(organization, owner)
        assert await revocation(organization.admin, *made[3:]) == EMPTY

    async def test_a_ceiling_cuts_what_is_carried(
        self, organization: Organization, owner: Owner
    ) -> None:
        manages = await manager(organization, owner)
        user_id = await organization.user()
        made = await manages.mutate("generateToken", "token { id }", applicationUserId=user_id)
        await owner.grant(user_id)
        found = await revocation(organization.admin, made["token"]["id"])
        assert (found["liveTokenCount"], found["heldPermissions"]) == (1, [])
        assert len((await deletion(organization.admin, user_id))["heldPermissions"]) == 1

    async def test_of_several_users_each_once(
        self, organization: Organization, owner: Owner
    ) -> None:
        made: list[str] = []
        for name in ("one", "two"):
            user_id = await organization.user(name)
            await owner.grant(user_id, APP_USERS_WRITE)
            made += [(await organization.token(user_id))[0] for _ in range(2)]
        found = await revocation(organization.admin, *made)
        assert found["liveTokenCount"] == 4
        assert len(found["heldPermissions"]) == 1


class TestNull:
    async def test_a_user_that_is_missing_foreign_or_a_person(
        self, organization: Organization, new_organization: Any
    ) -> None:
        other = await new_organization()
        missing = ids.member_id("user", organization_key(organization.id), uuid4())
        for user_id in (missing, await other.user(), organization.admin_id):
            assert await deletion(organization.admin, user_id) is None

    async def test_one_of_the_tokens_is_missing_or_foreign(
        self, organization: Organization, new_organization: Any
    ) -> None:
        other = await new_organization()
        own, _ = await organization.token(await organization.user())
        foreign, _ = await other.token(await other.user())
        missing = ids.member_id("token", organization_key(organization.id), uuid4())
        for stranger in (missing, foreign):
            assert await revocation(organization.admin, stranger) is None
            assert await revocation(organization.admin, own, stranger) is None
            assert await revocation(organization.admin, stranger, own) is None


class TestRefused:
    @pytest.mark.parametrize("first", [0, 101, -1])
    async def test_how_many(self, organization: Organization, first: int) -> None:
        answer = await organization.admin.run(
            DELETION, {"id": await organization.user(), "first": first}
        )
        assert set(answer.codes) == {"BAD_REQUEST"}

    async def test_lists_of_ids(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user())
        for wrong, code in (
            ([], "TOO_SHORT"),
            ([token_id, token_id], "DUPLICATE_VALUE"),
            (["rubbish"], "INVALID_ID"),
            ([f"token_{number}" for number in range(1001)], "TOO_LONG"),
        ):
            answer = await organization.admin.run(REVOCATION, {"ids": wrong})
            assert answer.codes == ["BAD_REQUEST"]
            (field,) = answer.body["errors"][0]["extensions"]["fields"]
            assert field["code"] == code

    async def test_without_the_permission(self, organization: Organization) -> None:
        user_id = await organization.user()
        token_id, full = await organization.token(user_id)
        own = organization.admin.with_token(full)
        assert (await own.run(DELETION, {"id": user_id})).codes == ["FORBIDDEN"]
        assert (await own.run(REVOCATION, {"ids": [token_id]})).codes == ["FORBIDDEN"]


async def test_as_many_statements_for_few_as_for_many(
    organization: Organization, owner: Owner, urls: Urls
) -> None:
    user_id, _ = await everything(organization, owner)
    document = DELETION.replace("$id", "$o")
    one_connection = settings_for(urls, database_connections=1, activity_flush_seconds=60)
    async with started(one_connection) as service:
        caller = await service.caller(token=organization.admin.token)
        few = await count(service, caller, user_id, document)
        await owner.connection.execute(
            "INSERT INTO token (organization_id, token_id, user_id, secret_hmac, pepper_version,"
            "                   extend_when_used)"
            " SELECT $1, gen_random_uuid(), $2, decode(repeat('00', 32), 'hex'), 1, false"
            "   FROM generate_series(1, 60)",
            *user_key(user_id),
        )
        for number in range(10):
            await join_group(owner, user_id, f"group {number}")
        assert len((await deletion(organization.admin, user_id))["liveTokens"]) == 50
        assert await count(service, caller, user_id, document) == few
