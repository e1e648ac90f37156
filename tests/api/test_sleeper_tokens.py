"""A token minted by no administrator never gains what its user is granted later."""

from typing import Any

import pytest

from app import minting
from tests.api.managers import join_group, manager
from tests.api_client import Api, Organization
from tests.owner import ADMIN, Owner

WHO = "{ viewer { memberships { permissions } } }"
CREATE = """mutation($i: CreateApplicationUserInput!) { createApplicationUser(input: $i) {
    __typename } }"""


async def sleeper(organization: Organization, owner: Owner) -> tuple[str, Api]:
    """A user without any permission, and a token of it that a manager minted."""
    narrow = await manager(organization, owner)
    user_id = await organization.user("sleeper")
    made = await narrow.mutate("generateToken", "fullToken", applicationUserId=user_id)
    return user_id, organization.admin.with_token(made["fullToken"])


async def permissions(api: Api) -> list[str]:
    found = await api.query(WHO)
    (membership,) = found["viewer"]["memberships"]
    return membership["permissions"]


async def create(api: Api, organization: Organization) -> Any:
    return await api.run(CREATE, {"i": {"organizationId": organization.id, "name": "intruder"}})


async def wake(owner: Owner, user_id: str, how: str) -> None:
    if how == "grant":
        await owner.grant(user_id)
    else:
        await join_group(owner, user_id, permission=ADMIN)


WAYS = pytest.mark.parametrize("how", ["grant", "group"])


@WAYS
async def test_it_carries_nothing(organization: Organization, owner: Owner, how: str) -> None:
    user_id, asleep = await sleeper(organization, owner)
    await wake(owner, user_id, how)
    assert await permissions(asleep) == []
    assert (await create(asleep, organization)).codes == ["FORBIDDEN"]


@WAYS
async def test_nor_does_its_successor(organization: Organization, owner: Owner, how: str) -> None:
    user_id, asleep = await sleeper(organization, owner)
    await wake(owner, user_id, how)
    own = (await asleep.query("{ viewer { token { id } } }"))["viewer"]["token"]["id"]
    made = await organization.admin.mutate("rotateToken", "fullToken", tokenId=own)
    successor = organization.admin.with_token(made["fullToken"])
    assert await permissions(successor) == []
    assert (await create(successor, organization)).codes == ["FORBIDDEN"]


@WAYS
async def test_an_administrators_token_of_the_same_user_does(
    organization: Organization, owner: Owner, how: str
) -> None:
    user_id, _ = await sleeper(organization, owner)
    _, full = await organization.token(user_id)
    await wake(owner, user_id, how)
    awake = organization.admin.with_token(full)
    assert await permissions(awake) == [ADMIN]
    assert (await create(awake, organization)).codes == []


async def test_control_without_the_ceiling(
    organization: Organization, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = minting.rows.insert

    async def careless(*arguments: Any, **row: Any) -> Any:
        return await insert(*arguments, **row | {"permission_ceiling": None})

    monkeypatch.setattr(minting.rows, "insert", careless)
    user_id, asleep = await sleeper(organization, owner)
    await wake(owner, user_id, "grant")
    assert await permissions(asleep) == [ADMIN]
    assert (await create(asleep, organization)).codes == []
