"""identifyToken: which token somebody found, and whether it still works."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from app import token_format
from tests.api import bad_values
from tests.api.bad_values import WRONG_TYPE, Bad
from tests.api.managers import manager
from tests.api.peopling import person_with_token
from tests.api.recorded_uses import activity
from tests.api.test_bad_input_queries import refuse
from tests.api.trail import events
from tests.api.uses import NEVER, look
from tests.api.world import World
from tests.api_client import Api, Organization
from tests.owner import Owner, organization_key, token_key
from tests.service import Service

DOCUMENT = """query($o: ID!, $t: String!) { identifyToken(organizationId: $o, token: $t) {
    token { id tokenPrefix user { id name } } secretMatches isActive refusal } }"""


async def identify(api: Api, organization: Organization, text: str) -> Any:
    """Return what is told of a text, None where it is nothing."""
    return (await api.query(DOCUMENT, o=organization.id, t=text))["identifyToken"]


async def told(world: World, text: str) -> tuple[str, bool | None, bool, str | None] | None:
    """Return what an administrator is told: which token, secret, active, refusal."""
    found = await identify(world.organization.admin, world.organization, text)
    if found is None:
        return None
    return found["token"]["id"], found["secretMatches"], found["isActive"], found["refusal"]


class TestWhole:
    async def test_every_field(self, world: World) -> None:
        found = await identify(world.organization.admin, world.organization, world.full)
        assert found == {
            "token": {
                "id": world.token_id,
                "tokenPrefix": world.full[:27],
                "user": {"id": world.user_id, "name": "ci"},
            },
            "secretMatches": True,
            "isActive": True,
            "refusal": None,
        }

    @pytest.mark.parametrize("pasted", [" {}", "{}\n", "\t{}\u00a0"])
    async def test_with_white_space_around_it(self, world: World, pasted: str) -> None:
        assert await told(world, pasted.format(world.full)) == (world.token_id, True, True, None)

    async def test_with_another_secret(self, world: World) -> None:
        forged = token_format.make(*token_key(world.token_id))
        assert await told(world, forged) == (world.token_id, False, True, None)

    async def test_that_names_another_organization(self, world: World) -> None:
        _, token_id = token_key(world.token_id)
        assert await told(world, token_format.make(uuid4(), token_id)) is None

    async def test_of_another_organization(self, world: World, new_organization: Any) -> None:
        other: Organization = await new_organization()
        assert await told(world, str(other.admin.token)) is None
        assert await told(world, str(other.admin.token)[:27]) is None

    async def test_of_nobody(self, world: World) -> None:
        here = organization_key(world.organization.id)
        assert await told(world, token_format.make(here, uuid4())) is None


class TestBeginning:
    @pytest.mark.parametrize("length", [27, 28, 49, 50, 60, 98])
    async def test_says_which_and_nothing_of_the_secret(self, world: World, length: int) -> None:
        assert await told(world, world.full[:length]) == (world.token_id, None, True, None)

    async def test_as_it_stands_in_a_log(self, world: World) -> None:
        hidden = token_format.hide(f"Bearer {world.full}").removeprefix("Bearer ")
        assert hidden.endswith("…")
        assert await told(world, hidden) == (world.token_id, None, True, None)

    async def test_mistyped_behind_it(self, world: World) -> None:
        mistyped = world.full[:-1] + ("a" if world.full[-1] != "a" else "b")
        assert await told(world, mistyped) == (world.token_id, None, True, None)

    async def test_with_more_behind_it(self, world: World) -> None:
        for more in (".", "0", "0" * 30_000, "\0", world.full):
            assert await told(world, world.full + more) == (world.token_id, None, True, None)

    @pytest.mark.parametrize("length", [0, 1, 5, 26])
    async def test_too_short_to_say(self, world: World, length: int) -> None:
        assert await told(world, world.full[:length]) is None

    @pytest.mark.parametrize(
        "text",
        [
            "rubbish",
            "appu_" + "0" * 22,
            "appu_" + "z" * 22,
            "APPU_" + "0" * 22,
            "\U0001f680" * 30,
            "appu_\0" + "0" * 21,
            "x" * 30_000,
        ],
    )
    async def test_of_nothing(self, world: World, text: str) -> None:
        assert await told(world, text) is None

    async def test_its_id_is_no_text_of_it(self, world: World) -> None:
        assert await told(world, world.token_id) is None


async def revoke(world: World, _owner: Owner) -> None:
    await world.organization.admin.mutate("revokeToken", "__typename", tokenId=world.token_id)


async def supersede(world: World, _owner: Owner) -> None:
    await world.organization.admin.mutate("rotateToken", "__typename", tokenId=world.token_id)


async def expire(world: World, owner: Owner) -> None:
    await owner.connection.execute(
        "UPDATE token SET max_age_seconds = 600, expiry_time = now() - interval '1 second'"
        " WHERE organization_id = $1 AND token_id = $2",
        *token_key(world.token_id),
    )


async def deactivate_user(world: World, _owner: Owner) -> None:
    await world.organization.admin.mutate(
        "updateApplicationUser", "__typename", applicationUserId=world.user_id, state="DEACTIVATED"
    )


async def leave_unused(world: World, owner: Owner) -> None:
    await owner.deactivate(world.token_id)


async def forbid(world: World, _owner: Owner) -> None:
    await world.organization.admin.mutate(
        "setOrganizationPolicy",
        "__typename",
        organizationId=world.organization.id,
        policy={"expiryRequired": True},
    )


REFUSALS: dict[str, Callable[[World, Owner], Awaitable[None]]] = {
    "REVOKED": revoke,
    "SUPERSEDED": supersede,
    "EXPIRED": expire,
    "USER_DEACTIVATED": deactivate_user,
    "UNUSED": leave_unused,
    "POLICY": forbid,
}


class TestRefusal:
    @pytest.mark.parametrize("reason", REFUSALS)
    async def test_why_it_is_not_accepted(self, world: World, owner: Owner, reason: str) -> None:
        await REFUSALS[reason](world, owner)
        assert await told(world, world.full) == (world.token_id, True, False, reason)
        assert await told(world, world.full[:27]) == (world.token_id, None, False, reason)

    async def test_every_reason_is_tried(self, world: World) -> None:
        found = await world.organization.admin.query(
            '{ __type(name: "TokenRefusal") { enumValues { name } } }'
        )
        assert {value["name"] for value in found["__type"]["enumValues"]} == set(REFUSALS)

    async def test_networks_are_not_looked_at(self, world: World) -> None:
        token_id, full = await world.organization.token(
            world.user_id, ipAllowlist=["198.51.100.0/24"]
        )
        assert await told(world, full) == (token_id, True, True, None)


class TestNothingIsRecorded:
    @pytest.mark.parametrize("is_over", [False, True])
    async def test_no_use_and_no_refusal(self, world: World, lazy: Service, is_over: bool) -> None:
        admin = world.organization.admin
        if is_over:
            await admin.mutate("revokeToken", "__typename", tokenId=world.token_id)
        caller = await lazy.caller(token=admin.token)
        for text in (world.full, world.full[:27], token_format.make(*token_key(world.token_id))):
            assert await identify(caller, world.organization, text) is not None
        await lazy.activity.flush()
        await lazy.refusals.flush()
        assert await look(world) == NEVER
        assert await activity(admin, world.organization.id, token=world.token_id) == []
        assert await events(admin, world.organization.id, outcome="REFUSED") == []


class TestWho:
    async def test_a_persons_token_is_the_administrators_affair(
        self, organization: Organization, owner: Owner
    ) -> None:
        _, person = await person_with_token(organization)
        manages = await manager(organization, owner)
        for text in (str(person.token), str(person.token)[:27]):
            assert await identify(manages, organization, text) is None
            assert await identify(organization.admin, organization, text) is not None
        found = await identify(manages, organization, str(manages.token))
        assert found["secretMatches"] is True

    async def test_and_its_own_holders(self, organization: Organization, owner: Owner) -> None:
        person_id, person = await person_with_token(organization)
        await owner.grant(person_id, "organization:app_users:write")
        found = await identify(person, organization, str(person.token))
        assert found["token"]["user"]["id"] == person_id

    async def test_nobody_without_the_permission(self, world: World, owner: Owner) -> None:
        await owner.grant(world.user_id, "organization:tokens:verify")
        robot = world.organization.admin.with_token(world.full)
        answer = await robot.run(DOCUMENT, {"o": world.organization.id, "t": world.full})
        assert answer.codes == ["FORBIDDEN"]


class TestBadInput:
    @pytest.mark.parametrize("bad", bad_values.ids("org"), ids=str)
    async def test_organizations(self, shared_world: World, bad: Bad) -> None:
        field = 'identifyToken(organizationId: $v, token: "x") { isActive }'
        value = shared_world.fill(bad.value)
        await refuse(shared_world, "$v", "ID!", field, value, "organizationId", bad)

    @pytest.mark.parametrize("value", [None, 7, True, ["x"], {"token": "x"}])
    async def test_texts(self, shared_world: World, value: object) -> None:
        field = f'identifyToken(organizationId: "{shared_world.organization.id}", token: $v) {{'
        bad = Bad("no text", value, WRONG_TYPE)
        await refuse(shared_world, "$v", "String!", f"{field} isActive }}", value, "token", bad)
