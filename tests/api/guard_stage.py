"""What the table of who may do what to whom is played on: callers, targets and acts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeAlias

from tests.api import grouping, managers, peopling
from tests.api_client import Api, Organization
from tests.owner import Owner

_numbers = count()


@dataclass
class Stage:
    """An organization, and what each act of the tables is done to, made anew for each."""

    organization: Organization
    owner: Owner

    async def caller(self, who: str) -> Api:
        """Return who acts."""
        match who:
            case "administrator":
                return self.organization.admin
            case "manager of application users":
                return await managers.manager(self.organization, self.owner)
            case "manager of people":
                return (await peopling.people_manager(self.organization, self.owner))[1]
            case "manager of groups":
                return await grouping.manager(self.organization, self.owner)
            case _:
                raise AssertionError(who)

    async def user(self, holds: str) -> str:
        """Make an application user."""
        user_id = await self.organization.user(f"user {next(_numbers)}")
        await self._give(user_id, holds)
        return user_id

    async def person(self, holds: str) -> str:
        """Make a person."""
        user_id = await peopling.person(self.organization, f"subject-{next(_numbers)}")
        await self._give(user_id, holds)
        return user_id

    async def group(self, holds: str) -> tuple[str, str]:
        """Make a group; return it and who is in it."""
        user_id = await self.organization.user(f"user {next(_numbers)}")
        group_id = await grouping.group(self.organization, user_id, name=f"group {next(_numbers)}")
        await self._give(group_id, holds)
        return group_id, user_id

    async def token(self, holds: str, *, sleeps: bool = False) -> str:
        """Make a token of an application user, which may be deactivated for disuse."""
        user_id = await self.organization.user(f"user {next(_numbers)}")
        token_id, _ = await self.organization.token(user_id)
        if sleeps:
            await self.owner.deactivate(token_id)
        await self._give(user_id, holds)
        return token_id

    async def persons_token(self, holds: str) -> str:
        """Make a token of a person."""
        made = await peopling.add(self.organization, withToken=True)
        await self._give(made["organizationUser"]["id"], holds)
        return made["token"]["id"]

    async def asleep(self, kind: str, holds: str) -> str:
        """Make a user that is deactivated."""
        name, path = (
            ("updateApplicationUser", "applicationUserId")
            if kind == "user"
            else ("updateOrganizationUser", "organizationUserId")
        )
        user_id = await (self.user(holds) if kind == "user" else self.person(holds))
        await self.organization.admin.mutate(
            name, "__typename", **{path: user_id, "state": "DEACTIVATED"}
        )
        return user_id

    async def _give(self, principal_id: str, holds: str) -> None:
        match holds:
            case "without any permission":
                pass
            case "with a permission":
                await grouping.grant(self.organization, principal_id, "organization:users:write")
            case "in a group with a permission":
                group_id = await grouping.group(
                    self.organization, principal_id, name=f"group {next(_numbers)}"
                )
                await grouping.grant(self.organization, group_id, "organization:users:write")
            case _:
                raise AssertionError(holds)


Prepared: TypeAlias = tuple[str, dict[str, Any]]
"""A mutation and its input."""
Act: TypeAlias = Callable[[Stage, str], Awaitable[Prepared]]


def _of_user(name: str, /, **fields: Any) -> Act:
    async def act(stage: Stage, holds: str) -> Prepared:
        return name, {"applicationUserId": await stage.user(holds)} | fields

    return act


def _of_person(name: str, /, **fields: Any) -> Act:
    async def act(stage: Stage, holds: str) -> Prepared:
        return name, {"organizationUserId": await stage.person(holds)} | fields

    return act


def _of_token(name: str, /, *, sleeps: bool = False) -> Act:
    async def act(stage: Stage, holds: str) -> Prepared:
        return name, {"tokenId": await stage.token(holds, sleeps=sleeps)}

    return act


def _of_persons_token(name: str, /, **fields: Any) -> Act:
    async def act(stage: Stage, holds: str) -> Prepared:
        return name, {"tokenId": await stage.persons_token(holds)} | fields

    return act


async def _wake_user(stage: Stage, holds: str) -> Prepared:
    user_id = await stage.asleep("user", holds)
    return "updateApplicationUser", {"applicationUserId": user_id, "state": "ACTIVE"}


async def _wake_person(stage: Stage, holds: str) -> Prepared:
    user_id = await stage.asleep("person", holds)
    return "updateOrganizationUser", {"organizationUserId": user_id, "state": "ACTIVE"}


async def _add_members(stage: Stage, holds: str) -> Prepared:
    group_id, _ = await stage.group(holds)
    other = await stage.user("without any permission")
    return "addGroupMembers", {"groupId": group_id, "userIds": [other]}


async def _remove_members(stage: Stage, holds: str) -> Prepared:
    group_id, member = await stage.group(holds)
    return "removeGroupMembers", {"groupId": group_id, "userIds": [member]}


async def _rename_group(stage: Stage, holds: str) -> Prepared:
    group_id, _ = await stage.group(holds)
    return "updateGroup", {"groupId": group_id, "name": "renamed"}


async def _delete_group(stage: Stage, holds: str) -> Prepared:
    group_id, _ = await stage.group(holds)
    return "deleteGroup", {"groupId": group_id}


ACTS: dict[str, dict[str, Act]] = {
    "an application user": {
        "generate": _of_user("generateToken"),
        "rotate": _of_token("rotateToken"),
        "revoke": _of_token("revokeToken"),
        "activate token": _of_token("activateToken", sleeps=True),
        "activate": _wake_user,
        "deactivate": _of_user("updateApplicationUser", state="DEACTIVATED"),
        "rename": _of_user("updateApplicationUser", name="renamed"),
        "delete": _of_user("deleteApplicationUser"),
    },
    "a person": {
        "activate": _wake_person,
        "deactivate": _of_person("updateOrganizationUser", state="DEACTIVATED"),
        "rename": _of_person("updateOrganizationUser", name="renamed"),
        "remove": _of_person("removeOrganizationUser"),
    },
    "a person's token": {
        "rotate": _of_persons_token("rotateToken"),
        "revoke": _of_persons_token("revokeToken"),
        "activate token": _of_persons_token("activateToken"),
        "describe": _of_persons_token("updateToken", description="seen"),
    },
    "a group": {
        "add members": _add_members,
        "remove members": _remove_members,
        "rename": _rename_group,
        "delete": _delete_group,
    },
}
