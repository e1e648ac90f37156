"""revokeTokens and activateToken."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from app import ids
from tests.api.managers import manager, person_token
from tests.api.test_rotate_token import problem
from tests.api_client import Api, Organization
from tests.credentials import is_accepted
from tests.owner import Owner, organization_key, token_key, user_key

MOST = 1000


async def revoke(api: Api, token_ids: list[str]) -> dict[str, Any]:
    return await api.mutate("revokeTokens", "tokenIds revokedTokenCount", tokenIds=token_ids)


async def many(organization: Organization, owner: Owner, count: int) -> list[str]:
    """Write tokens of one application user and return their ids."""
    organization_id, user_id = user_key(await organization.user("many"))
    rows = await owner.connection.fetch(
        "INSERT INTO token (organization_id, token_id, user_id, secret_hmac, pepper_version,"
        "                   extend_when_used)"
        " SELECT $1, gen_random_uuid(), $2, decode(repeat('00', 32), 'hex'), 1, false"
        "   FROM generate_series(1, $3::integer)"
        " RETURNING token_id",
        organization_id,
        user_id,
        count,
    )
    return [ids.member_id("token", organization_id, row["token_id"]) for row in rows]


async def live(owner: Owner, organization: Organization) -> int:
    return await owner.connection.fetchval(
        "SELECT count(*) FROM token WHERE organization_id = $1 AND revoke_time IS NULL",
        organization_key(organization.id),
    )


async def events(owner: Owner, organization: Organization, action: str) -> int:
    return await owner.connection.fetchval(
        "SELECT count(*) FROM audit_event WHERE organization_id = $1 AND action = $2",
        organization_key(organization.id),
        action,
    )


class TestRevoked:
    async def test_all_of_them_and_no_other(self, organization: Organization) -> None:
        user_id = await organization.user()
        made = [await organization.token(user_id) for _ in range(3)]
        done = await revoke(organization.admin, [token_id for token_id, _ in made[:2]])
        assert done["__typename"] == "RevokeTokensSuccess"
        assert done["revokedTokenCount"] == 2
        assert done["tokenIds"] == [token_id for token_id, _ in made[:2]]
        accepted = [await is_accepted(organization.admin, full) for _, full in made]
        assert accepted == [False, False, True]

    async def test_of_several_users(self, organization: Organization) -> None:
        made = [await organization.token(await organization.user(name)) for name in ("one", "two")]
        done = await revoke(organization.admin, [token_id for token_id, _ in made])
        assert done["revokedTokenCount"] == 2

    async def test_those_revoked_before_stay_as_they_are(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        first, _ = await organization.token(user_id)
        second, _ = await organization.token(user_id)
        await organization.admin.mutate("revokeToken", "token { id }", tokenId=first)
        before = await owner.token(first)
        assert (await revoke(organization.admin, [first, second]))["revokedTokenCount"] == 1
        assert await owner.token(first) == before
        unchanged = await owner.snapshot(organization.id)
        assert (await revoke(organization.admin, [first, second]))["revokedTokenCount"] == 0
        assert await owner.snapshot(organization.id) == unchanged
        assert await events(owner, organization, "application_user:token:revoke") == 2

    async def test_a_thousand(self, organization: Organization, owner: Owner) -> None:
        token_ids = await many(organization, owner, MOST)
        done = await revoke(organization.admin, token_ids)
        assert done["revokedTokenCount"] == MOST
        assert await live(owner, organization) == 1
        assert await events(owner, organization, "application_user:token:revoke") == MOST

    async def test_lists_in_other_orders_at_once(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_ids = await many(organization, owner, 50)
        made = await asyncio.gather(
            *(revoke(organization.admin, token_ids[:: (-1) ** n]) for n in range(6))
        )
        assert sum(one["revokedTokenCount"] for one in made) == 50


class TestNothingRevoked:
    async def test_one_is_missing_or_foreign(
        self,
        organization: Organization,
        new_organization: Any,
        owner: Owner,
    ) -> None:
        other = await new_organization()
        token_id, _ = await organization.token(await organization.user())
        foreign, _ = await other.token(await other.user())
        missing = ids.member_id("token", organization_key(organization.id), uuid4())
        nowhere = ids.member_id("token", uuid4(), uuid4())
        before = await owner.snapshot(organization.id, other.id)
        answers: set[bytes] = set()
        for stranger in (missing, foreign, nowhere):
            for token_ids in ([token_id, stranger], [stranger, token_id], [stranger]):
                answer = await organization.admin.run(
                    "mutation($i: RevokeTokensInput!) { revokeTokens(input: $i) {"
                    " __typename ... on Error { message } } }",
                    {"i": {"tokenIds": token_ids}},
                )
                answers.add(answer.response.content)
        assert len(answers) == 1
        assert b"NotFoundError" in answers.pop()
        assert await owner.snapshot(organization.id, other.id) == before

    async def test_control_each_alone_is_revoked(self, organization: Organization) -> None:
        token_id, _ = await organization.token(await organization.user())
        assert (await revoke(organization.admin, [token_id]))["revokedTokenCount"] == 1

    async def test_1001(self, organization: Organization, owner: Owner) -> None:
        token_ids = await many(organization, owner, MOST + 1)
        made = await revoke(organization.admin, token_ids)
        assert problem(made) == ("tokenIds", "TOO_LONG")
        assert await live(owner, organization) == MOST + 2

    async def test_none(self, organization: Organization) -> None:
        assert problem(await revoke(organization.admin, [])) == ("tokenIds", "TOO_SHORT")

    async def test_twice_the_same(self, organization: Organization, owner: Owner) -> None:
        first, second = await many(organization, owner, 2)
        made = await revoke(organization.admin, [first, second, first])
        assert problem(made) == ("tokenIds[2]", "DUPLICATE_VALUE")
        assert await live(owner, organization) == 3

    async def test_ids_that_are_none(self, organization: Organization, owner: Owner) -> None:
        (token_id,) = await many(organization, owner, 1)
        made = await revoke(organization.admin, [token_id, "token_x", organization.id])
        assert [(field["path"], field["code"]) for field in made["fields"]] == [
            ("tokenIds[1]", "INVALID_ID"),
            ("tokenIds[2]", "INVALID_ID"),
        ]
        assert await live(owner, organization) == 2

    async def test_a_thousand_wrong_ones_get_a_short_answer(
        self, organization: Organization
    ) -> None:
        answer = await organization.admin.run(
            "mutation($i: RevokeTokensInput!) { revokeTokens(input: $i) { __typename"
            " ... on InvalidInputError { message fields { path code message } } } }",
            {"i": {"tokenIds": [f"token_{n}" for n in range(MOST)]}},
        )
        assert b"InvalidInputError" in answer.response.content
        assert len(answer.response.content) < 20_000

    async def test_a_persons_by_no_administrator(
        self, organization: Organization, owner: Owner
    ) -> None:
        narrow = await manager(organization, owner)
        persons = await person_token(organization, owner)
        token_id, _ = await organization.token(await organization.user())
        before = await live(owner, organization)
        made = await revoke(narrow, [token_id, persons])
        assert made["__typename"] == "NotFoundError"
        assert await live(owner, organization) == before
        assert (await revoke(organization.admin, [token_id, persons]))["revokedTokenCount"] == 2

    async def test_without_the_permission(self, organization: Organization, owner: Owner) -> None:
        token_id, full = await organization.token(await organization.user())
        for token_ids in ([token_id], [token_id, ids.member_id("token", uuid4(), uuid4())]):
            answer = await organization.admin.with_token(full).run(
                "mutation($i: RevokeTokensInput!) { revokeTokens(input: $i) { __typename } }",
                {"i": {"tokenIds": token_ids}},
            )
            assert answer.codes == ["FORBIDDEN"]


async def activate(api: Api, token_id: str) -> dict[str, Any]:
    return await api.mutate(
        "activateToken", "token { id status viewerCanActivate }", tokenId=token_id
    )


class TestActivated:
    async def test_it_is_accepted_again(self, organization: Organization, owner: Owner) -> None:
        token_id, full = await organization.token(await organization.user())
        await owner.deactivate(token_id)
        assert not await is_accepted(organization.admin, full)
        found = await organization.admin.query(
            "query($id: ID!) { node(id: $id) { ... on Token { status viewerCanActivate } } }",
            id=token_id,
        )
        assert found["node"] == {"status": "DEACTIVATED", "viewerCanActivate": True}
        made = await activate(organization.admin, token_id)
        assert made["token"] == {"id": token_id, "status": "ACTIVE", "viewerCanActivate": False}
        assert await is_accepted(organization.admin, full)
        row = await owner.token(token_id)
        assert row["deactivate_time"] is None
        assert row["activate_time"] > row["create_time"]
        assert await events(owner, organization, "application_user:token:activate") == 1

    async def test_not_by_a_token_that_may_do_less(
        self, organization: Organization, owner: Owner
    ) -> None:
        """It gives power back, and a token gives no more than it has."""
        robot = await organization.user("robot")
        await owner.grant(robot)
        scopes = ["authentication:write"]
        _, narrow = await organization.token(robot, scopes=scopes)
        wide, _ = await organization.token(robot)
        alike, _ = await organization.token(robot, scopes=scopes)
        for token_id in (wide, alike):
            await owner.deactivate(token_id)
        caller = organization.admin.with_token(narrow)
        before = await owner.snapshot(organization.id)
        refused = await activate(caller, wide)
        assert [(f["path"], f["code"]) for f in refused["fields"]] == [
            ("tokenId", "EXCEEDS_CALLER")
        ]
        assert await owner.snapshot(organization.id) == before
        found = await caller.query(
            """query($a: ID!, $b: ID!) { wide: token(id: $a) { viewerCanActivate }
                alike: token(id: $b) { viewerCanActivate } }""",
            a=wide,
            b=alike,
        )
        assert found["wide"] == {"viewerCanActivate": False}
        assert found["alike"] == {"viewerCanActivate": True}
        assert (await activate(caller, alike))["token"]["status"] == "ACTIVE"

    async def test_one_that_was_not_deactivated_stays_as_it_is(
        self, organization: Organization, owner: Owner
    ) -> None:
        token_id, _ = await organization.token(await organization.user())
        before = await owner.snapshot(organization.id)
        assert (await activate(organization.admin, token_id))["token"]["status"] == "ACTIVE"
        assert await owner.snapshot(organization.id) == before
        assert await events(owner, organization, "application_user:token:activate") == 0

    async def test_a_deactivated_users_waits_for_its_user(
        self, organization: Organization, owner: Owner
    ) -> None:
        user_id = await organization.user()
        token_id, _ = await organization.token(user_id)
        await owner.deactivate(token_id)
        await organization.admin.mutate(
            "updateApplicationUser",
            "applicationUser { id }",
            applicationUserId=user_id,
            state="DEACTIVATED",
        )
        assert (await activate(organization.admin, token_id))["token"]["status"] == "DEACTIVATED"


class TestNotActivated:
    @pytest.mark.parametrize("end", ["revoked", "expired"])
    async def test_what_is_over_for_good(
        self, organization: Organization, owner: Owner, end: str
    ) -> None:
        token_id, _ = await organization.token(await organization.user(), maxAgeSeconds=600)
        await owner.deactivate(token_id)
        if end == "revoked":
            await organization.admin.mutate("revokeToken", "token { id }", tokenId=token_id)
        else:
            await owner.set_left(token_id, -1)
        made = await activate(organization.admin, token_id)
        assert problem(made) == ("tokenId", "NOT_ALLOWED")
        assert (await owner.token(token_id))["deactivate_time"] is not None

    async def test_a_missing_one(self, organization: Organization) -> None:
        missing = ids.member_id("token", token_key(await a_token(organization))[0], uuid4())
        assert (await activate(organization.admin, missing))["__typename"] == "NotFoundError"


async def a_token(organization: Organization) -> str:
    token_id, _ = await organization.token(await organization.user())
    return token_id
