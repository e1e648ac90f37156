"""Nobody mints, or comes by waiting, more than they could grant; an organization always keeps an
administrator.

A clerk who may manage application users, groups and people, and grant nothing, does at random what
a clerk can try, while the administrator grants, takes away, mints and moves people. No token that
the clerk ever came by may carry a permission, then or later. The controls take away the ceiling of
what is minted and the guard of what holds permissions. And administrators remove, strip and
deactivate one another at once; the control forgets to look whether somebody stays.

``tests/db/test_permission_model.py`` holds the reckoning of permissions against a model,
``tests/api/test_guard_table.py`` has the whole table of who may do what to whom,
``tests/db/test_token_races.py`` and ``tests/db/test_last_administrator.py`` have the races by the
order of locks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeAlias

import pytest

from app import administrators, guards, minting, permissions
from tests.api import peopling
from tests.api.grouping import anybody
from tests.api_client import Api, Organization
from tests.owner import ADMIN, Owner, organization_key
from tests.promises import walks
from tests.promises.conftest import Figure
from tests.rounds import EXAMPLES, ROUNDS

WALKS = max(6, EXAMPLES // 15)
ACTS = 60
DUELS = max(12, ROUNDS // 20)

NewOrganization: TypeAlias = Callable[[], Awaitable[Organization]]


async def lifted(new_organization: NewOrganization, owner: Owner) -> tuple[list[str], list[int]]:
    """Walk until something was lifted; return it, and how many acts, successes and tokens."""
    acts = done = tokens = 0
    for seed in range(WALKS):
        walk = await walks.begin(await new_organization(), owner, seed)
        for number in range(ACTS):
            await walk.step()
            if number % 10 == 9:
                found = await walk.lifted()
                if found:
                    return found, [acts, done, tokens]
        acts, done, tokens = acts + walk.acts, done + walk.done, tokens + len(walk.clerks)
    return [], [acts, done, tokens]


class TestWalks:
    async def test_lift_nothing(
        self, new_organization: NewOrganization, owner: Owner, figure: Figure
    ) -> None:
        found, (acts, done, tokens) = await lifted(new_organization, owner)
        assert found == []
        # They were worth it.
        assert done > acts / 10
        assert tokens > WALKS
        figure(f"{acts:,} acts in {WALKS:,} walks, {tokens:,} tokens come by, 0 with a permission")

    async def test_control_without_the_ceiling(
        self, new_organization: NewOrganization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        insert = minting.rows.insert

        async def careless(*arguments: Any, **row: Any) -> Any:
            return await insert(*arguments, **row | {"permission_ceiling": None})

        monkeypatch.setattr(minting.rows, "insert", careless)
        found, _ = await lifted(new_organization, owner)
        assert any("came by" in what for what in found)

    async def test_control_without_the_guard(
        self, new_organization: NewOrganization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(guards, "may_pass", anybody)
        found, _ = await lifted(new_organization, owner)
        assert any("the clerk holds" in what for what in found)


async def duel(organization: Organization, number: int) -> list[str]:
    """Have two administrators end each other, or themselves, at once."""
    (ann_id, ann), (bob_id, bob) = await walks.administrators(organization)
    await peopling.remove(ann, organization.admin_id)
    pairs = [(ann, bob_id), (bob, ann_id)] if number % 2 else [(ann, ann_id), (bob, bob_id)]
    ways = [peopling.remove, _deactivate, partial(_strip, organization)]
    return await asyncio.gather(
        *(
            _try(ways[(number // 2 + place) % 3](caller, target))
            for place, (caller, target) in enumerate(pairs)
        )
    )


async def _deactivate(caller: Api, target: str) -> Any:
    return await peopling.update(caller, target, state="DEACTIVATED")


async def _strip(organization: Organization, caller: Api, target: str) -> Any:
    return await caller.mutate(
        "revokePermissions",
        "__typename",
        principalId=target,
        resourceId=organization.id,
        permissions=[ADMIN],
    )


async def _try(act: Awaitable[Any]) -> str:
    try:
        return str(await act)
    except AssertionError as refused:  # The data of a refused request.
        return str(refused)


async def active_administrators(owner: Owner, organization: Organization) -> int:
    return await owner.connection.fetchval(
        "SELECT count(*) FROM organization_user u JOIN permission_grant g"
        "    ON g.organization_id = u.organization_id AND g.principal_id = u.user_id"
        "   AND g.resource_id = u.organization_id AND g.permission = $2"
        " WHERE u.organization_id = $1 AND NOT u.is_application_user AND u.state = 'ACTIVE'",
        organization_key(organization.id),
        ADMIN,
    )


class TestAdministrators:
    async def test_somebody_stays(
        self, new_organization: NewOrganization, owner: Owner, figure: Figure
    ) -> None:
        for number in range(DUELS):
            organization = await new_organization()
            outcomes = await duel(organization, number)
            assert await active_administrators(owner, organization) == 1, outcomes
        figure(f"{DUELS:,} duels of two administrators, 1 left of each")

    async def test_control_without_the_look(
        self, new_organization: NewOrganization, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(administrators, "keep_administrator", peopling.no_rule)
        monkeypatch.setattr(permissions, "keep_administrator", peopling.no_rule)
        left: set[int] = set()
        for number in range(6):
            organization = await new_organization()
            await duel(organization, number)
            left.add(await active_administrators(owner, organization))
        assert 0 in left
