"""Moves at once: the tree stays a tree, as they take turns behind the organization's lock."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from db import organizations, resources
from tests.api.resource_tree import delete, parents, project, unit, update
from tests.api_client import Organization

ROUNDS = 100


def circle(tree: dict[str, str | None]) -> bool:
    """Tell whether some resource is below itself."""
    reached = list(tree.values())
    for _ in tree:
        reached = [above and tree[above] for above in reached]
    return any(reached)


async def cross(
    organization: Organization, one: str, other: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Move each of two units into the other at once."""
    return await asyncio.gather(
        update(organization, one, parentId=other), update(organization, other, parentId=one)
    )


class TestCircle:
    async def test_one_of_two_moves_is_refused(self, organization: Organization) -> None:
        one, other = await unit(organization, "one"), await unit(organization, "other")
        won = {one: 0, other: 0}
        for number in range(ROUNDS):
            pair = (one, other) if number % 2 else (other, one)
            answers = await cross(organization, *pair)
            moved = [answer["id"] for answer in answers if "id" in answer]
            (refused,) = [answer["fields"] for answer in answers if "fields" in answer]
            assert [(problem["path"], problem["code"]) for problem in refused] == [
                ("parentId", "NOT_ALLOWED")
            ]
            assert not circle(await parents(organization))
            won[moved[0]] += 1
            await update(organization, moved[0], parentId=None)
        assert sum(won.values()) == ROUNDS

    async def test_control_without_the_lock_there_is_one(
        self, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, other = await unit(organization, "one"), await unit(organization, "other")
        both_looked = asyncio.Barrier(2)
        look = resources.find_path

        async def no_lock(connection: Any, organization_id: UUID) -> None:
            """Let the other move in."""

        async def look_together(*arguments: Any) -> list[UUID] | None:
            found = await look(*arguments)
            await both_looked.wait()
            return found

        monkeypatch.setattr(organizations, "lock", no_lock)
        monkeypatch.setattr(resources, "find_path", look_together)
        answers = await cross(organization, one, other)
        assert {answer["id"] for answer in answers} == {one, other}
        tree = await parents(organization)
        assert tree == {one: other, other: one}
        assert circle(tree)


class TestDeletion:
    async def test_nothing_is_left_without_its_parent(self, organization: Organization) -> None:
        """A unit is deleted while a project is moved into it: one of the two is refused."""
        shop = await project(organization, "Shop")
        for number in range(ROUNDS // 4):
            sales = await unit(organization, f"Sales {number}")
            moved, deleted = await asyncio.gather(
                update(organization, shop, parentId=sales), delete(organization, sales)
            )
            if "id" in moved:
                assert deleted["fields"][0]["code"] == "NOT_ALLOWED"
            else:
                assert moved["__typename"] == "NotFoundError"
                assert deleted["__typename"] == "DeleteResourceSuccess"
            await update(organization, shop, parentId=None)
