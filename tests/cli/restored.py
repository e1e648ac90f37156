"""An organization that a backup was made of, then changed in every way that ends something."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app import endings, ids, organizations
from app.database import Database
from tests.api import grouping, hooks, peopling, policies, resource_tree
from tests.api_client import Api, Organization
from tests.cli import backups
from tests.cli.processes import Finished, appusers
from tests.conftest import PEPPER, PEPPERS, settings_for
from tests.postgres import Server, Urls
from tests.service import started

APP_USERS_WRITE = "organization:app_users:write"
EVENT_LOGS_READ = "organization:event_logs:read"


async def bootstrapped(urls: Urls, stack: AsyncExitStack) -> Organization:
    """Make an organization in a database, and a service that its administrator calls."""
    database = await Database.open(urls.serving, size=1)
    made = await organizations.bootstrap(
        database, PEPPERS, name="Acme", admin_email="admin@acme.example"
    )
    await database.close()
    service = await stack.enter_async_context(started(settings_for(urls)))
    return Organization(
        ids.organization_id(made.organization_id),
        ids.member_id("user", made.organization_id, made.user_id),
        await service.caller(token=made.full_token),
    )


@dataclass
class Scene:
    """The backup, the trail that goes on behind it, and what the two are about."""

    backup: Path
    trail: Path
    urls: Urls
    organization_id: str
    admin: str = field(repr=False)
    ids: dict[str, str] = field(default_factory=dict[str, str])
    tokens: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    """The texts of tokens that the backup has, by what becomes of them."""
    late_token: str = field(default="", repr=False)


def environment(urls: Urls) -> dict[str, str]:
    return {"DATABASE_URL": urls.serving, "APPUSERS_PEPPER": PEPPER}


async def made(server: Server, folder: Path) -> Scene:
    """Make the organization, its backup, what happens then, and the export of its trail."""
    urls = await server.copy()
    async with AsyncExitStack() as stack:
        organization = await bootstrapped(urls, stack)
        scene = Scene(
            folder / "backup.dump",
            folder / "trail.jsonl",
            urls,
            organization.id,
            organization.admin.token or "",
        )
        await _before(organization, scene)
        await backups.back_up(server, urls, scene.backup)
        await _after(organization, scene)
    await export(scene)
    return scene


async def export(scene: Scene) -> Finished:
    """Export the trail, or go on with it."""
    done = await appusers(
        environment(scene.urls),
        *("audit", "export", scene.organization_id, "--output", str(scene.trail)),
    )
    assert done.code == 0, done.err
    return done


async def _before(organization: Organization, scene: Scene) -> None:
    for name in (
        *("kept", "revoked", "found", "rotated", "overlapping", "deleted", "deactivated"),
        *("activated", "stripped", "member", "bulk"),
    ):
        user_id = await organization.user(name)
        token_id, scene.tokens[name] = await organization.token(user_id)
        scene.ids |= {f"{name} user": user_id, f"{name} token": token_id}
    robert, caller = await peopling.person_with_token(organization, "Robert")
    scene.ids["removed user"] = robert
    assert caller.token is not None
    scene.tokens["removed"] = caller.token
    for permission in (APP_USERS_WRITE, EVENT_LOGS_READ):
        await grouping.grant(organization, scene.ids["stripped user"], permission)
    scene.ids["group"] = await grouping.group(organization, scene.ids["member user"])
    scene.ids["gone group"] = await grouping.group(
        organization, scene.ids["kept user"], name="gone"
    )
    await grouping.grant(organization, scene.ids["gone group"], EVENT_LOGS_READ)
    scene.ids["unit"] = await resource_tree.unit(organization, "unit")
    scene.ids["webhook"] = await hooks.made(organization)


async def _after(organization: Organization, scene: Scene) -> None:
    api, known = organization.admin, scene.ids

    async def do(name: str, **fields: Any) -> None:
        done = await api.mutate(name, "__typename", **fields)
        assert done["__typename"].endswith("Success"), done

    await do("revokeToken", tokenId=known["revoked token"])
    answer = await api.client.post(
        "/credentials/revoke", json={"credentials": [scene.tokens["found"]]}
    )
    assert answer.status_code == 200, answer.text
    await do("rotateToken", tokenId=known["rotated token"])
    await do("rotateToken", tokenId=known["overlapping token"], overlapSeconds=3600)
    with pytest.MonkeyPatch.context() as patch:
        # As of a user with thousands of tokens: one event has to do for all of them.
        patch.setattr(endings, "MAX_NAMED", 0)
        await do("revokeAllTokens", applicationUserId=known["bulk user"])
    await do("deleteApplicationUser", applicationUserId=known["deleted user"])
    for name, states in (
        ("deactivated", ("DEACTIVATED",)),
        ("activated", ("DEACTIVATED", "ACTIVE")),
    ):
        for state in states:
            await do("updateApplicationUser", applicationUserId=known[f"{name} user"], state=state)
    await do(
        "revokePermissions",
        principalId=known["stripped user"],
        resourceId=organization.id,
        permissions=[APP_USERS_WRITE],
    )
    await do("removeGroupMembers", groupId=known["group"], userIds=[known["member user"]])
    await do("deleteGroup", groupId=known["gone group"])
    await do("deleteResource", resourceId=known["unit"])
    await do("deleteWebhookEndpoint", webhookEndpointId=known["webhook"])
    await do("removeOrganizationUser", organizationUserId=known["removed user"])
    await policies.set_policy(organization, allowedNetworks=["127.0.0.0/8", "198.51.100.0/24"])
    await policies.set_policy(organization, allowedNetworks=["127.0.0.0/8"])
    late = await organization.user("late")
    known["late user"] = late
    known["late token"], scene.late_token = await organization.token(late)


async def caller(scene: Scene, service: Any) -> Api:
    """Return the administrator as a caller of a service."""
    return await service.caller(token=scene.admin)


async def hand_over(organization: Organization) -> None:
    """Make somebody else administrator, who removes the first one."""
    new_id, new = await peopling.person_with_token(organization, "Grace")
    await grouping.grant(organization, new_id, "role:organization:admin")
    me = await organization.admin.query("{ viewer { memberships { user { id } } } }")
    removed = await new.mutate(
        "removeOrganizationUser",
        "__typename",
        organizationUserId=me["viewer"]["memberships"][0]["user"]["id"],
    )
    assert removed["__typename"] == "RemoveOrganizationUserSuccess", removed
