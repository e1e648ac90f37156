"""Random walks: somebody without the administration does, in any order, whatever they may try."""

import random
from dataclasses import dataclass, field
from typing import Any

from tests.api import grouping, peopling
from tests.api_client import Api, Organization
from tests.owner import ADMIN, Owner

GRANTED = (ADMIN, "organization:app_users:write", "organization:event_logs:read", "developer")
CLERKS = (
    "organization:app_users:write",
    "organization:groups:write",
    "organization:users:write",
)
"""Everything that somebody may hold who grants nothing."""
WHO = "{ viewer { memberships { permissions } } }"


@dataclass
class Walk:
    """An organization, a clerk who manages users, groups and people in it, and its administrator.

    Whatever the administrator grants meanwhile, it is neither to the clerk nor to a group that the
    clerk is in.
    """

    organization: Organization
    clerk_id: str
    clerk: Api
    dice: random.Random
    users: list[str]
    groups: list[str]
    tokens: list[str]
    """Ids of tokens, whoever minted them."""
    clerks: list[Api] = field(default_factory=list[Api])
    """Callers with the tokens whose text the clerk has come by."""
    acts: int = 0
    done: int = 0
    """Acts of the clerk that were not refused."""

    async def step(self) -> None:
        """Let one of the two act."""
        self.acts += 1
        await (self._administrator() if self.dice.random() < 0.3 else self._clerk())

    async def lifted(self) -> list[str]:
        """Return what the clerk, or a token that the clerk has, may do beyond what was given."""
        own = set(await permissions(self.clerk)) - set(CLERKS)
        found = [f"the clerk holds {name}" for name in sorted(own)]
        for caller in self.clerks:
            held = await permissions(caller)
            found += [f"a token that the clerk came by carries {name}" for name in held]
        return found

    async def _administrator(self) -> None:
        dice, admin = self.dice, self.organization.admin
        match dice.randrange(5):
            case 0 | 1:
                chosen = dice.choice([*self.users, *self.groups])
                if self.clerk_id in await self._members(chosen):
                    return
                await admin.mutate(
                    "grantPermissions",
                    "granted",
                    principalId=chosen,
                    resourceId=self.organization.id,
                    permissions=[dice.choice(GRANTED)],
                )
            case 2:
                await admin.mutate(
                    "setPermissions",
                    "__typename",
                    principalId=dice.choice([*self.users, *self.groups]),
                    resourceId=self.organization.id,
                    permissions=[],
                )
            case 3:
                user_id, group_id = dice.choice(self.users), dice.choice(self.groups)
                await grouping.add(admin, group_id, [user_id])
            case _:
                made = await admin.mutate(
                    "generateToken", "token { id }", applicationUserId=dice.choice(self.users)
                )
                if "token" in made:
                    self.tokens.append(made["token"]["id"])

    async def _members(self, principal_id: str) -> set[str]:
        if principal_id not in self.groups:
            return set()
        return await grouping.members(self.organization, principal_id)

    async def _clerk(self) -> None:
        name, given, shown = self._act()
        # With the own token, or with one that was come by.
        caller = self.dice.choice([self.clerk, self.clerk, *self.clerks[-3:]])
        kind = name[0].upper() + name[1:]
        answer = await caller.run(
            f"mutation($i: {kind}Input!) {{ {name}(input: $i) {{ __typename {shown} }} }}",
            {"i": given},
        )
        data = answer.body.get("data") or {}
        made: dict[str, Any] = data.get(name) or {}
        self.done += made.get("__typename", "Error").endswith("Success")
        if made.get("fullToken"):
            self.clerks.append(self.clerk.with_token(made["fullToken"]))
        if made.get("token"):
            self.tokens.append(made["token"]["id"])
        if made.get("applicationUser"):
            self.users.append(made["applicationUser"]["id"])

    def _act(self) -> tuple[str, dict[str, Any], str]:
        dice = self.dice
        user_id = dice.choice([*self.users, self.clerk_id])
        token_id, group_id = dice.choice(self.tokens), dice.choice(self.groups)
        place = {"principalId": user_id, "resourceId": self.organization.id}
        acts: list[tuple[str, dict[str, Any], str]] = [
            ("generateToken", {"applicationUserId": user_id}, _minted("GenerateToken")),
            ("rotateToken", {"tokenId": token_id}, _minted("RotateToken")),
            ("activateToken", {"tokenId": token_id}, ""),
            ("addGroupMembers", {"groupId": group_id, "userIds": [user_id]}, ""),
            ("removeGroupMembers", {"groupId": group_id, "userIds": [user_id]}, ""),
            ("updateGroup", {"groupId": group_id, "description": "seen"}, ""),
            ("grantPermissions", place | {"permissions": [dice.choice(GRANTED)]}, ""),
            ("setPermissions", place | {"permissions": [ADMIN]}, ""),
            (
                "createApplicationUser",
                {"organizationId": self.organization.id, "name": f"made {self.acts}"},
                "... on CreateApplicationUserSuccess { applicationUser { id } }",
            ),
            (
                "updateApplicationUser",
                {
                    "applicationUserId": dice.choice(self.users),
                    "state": dice.choice(["ACTIVE", "DEACTIVATED"]),
                },
                "",
            ),
            (
                "addOrganizationUser",
                {
                    "organizationId": self.organization.id,
                    "name": "Eve",
                    "email": "eve@acme.example",
                    "withToken": True,
                },
                "... on AddOrganizationUserWithTokenSuccess { fullToken }",
            ),
            (
                "updateOrganizationUser",
                {"organizationUserId": self.organization.admin_id, "state": "DEACTIVATED"},
                "",
            ),
            ("removeOrganizationUser", {"organizationUserId": self.organization.admin_id}, ""),
        ]
        # What mints and what moves comes more often: that is where something could be had.
        return dice.choice([*acts, *acts[:5], *acts[:4]])


def _minted(kind: str) -> str:
    return f"... on {kind}Success {{ fullToken token {{ id }} }}"


async def permissions(caller: Api) -> list[str]:
    """Return what a caller may do; nothing where the token is dead."""
    answer = await caller.run(WHO)
    if answer.response.status_code == 401:
        return []
    return [name for own in answer.data["viewer"]["memberships"] for name in own["permissions"]]


async def begin(organization: Organization, owner: Owner, seed: int) -> Walk:
    """Make who takes part."""
    clerk_id = await organization.user("clerk")
    _, full = await organization.token(clerk_id)
    for permission in CLERKS:
        await owner.grant(clerk_id, permission)
    users = [await organization.user(f"user {number}") for number in range(3)]
    groups = [await grouping.group(organization, name=f"group {number}") for number in range(2)]
    token_id, _ = await organization.token(users[0])
    clerk = organization.admin.with_token(full)
    return Walk(organization, clerk_id, clerk, random.Random(seed), users, groups, [token_id])


async def administrators(organization: Organization) -> list[tuple[str, Api]]:
    """Make two administrators who are people and have tokens; return their ids and them."""
    made: list[tuple[str, Api]] = []
    for name in ("Ann", "Bob"):
        person_id, caller = await peopling.person_with_token(organization, name)
        await grouping.grant(organization, person_id, ADMIN)
        made.append((person_id, caller))
    return made
