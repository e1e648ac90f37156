"""Calls of ``appusers_organization_permission``."""

from app.client import Client, every
from app.client.generated import (
    PermissionGrantFilter,
    RevokePermissionsInput,
    SetPermissionsInput,
)
from app.terraform.calls.base import Calls
from app.terraform.values import State


class PermissionCalls(Calls):
    """Asks the service for it."""

    async def make(self, client: Client, planned: State) -> State:
        """Set them, and say what that took."""
        await self.look_here(client, planned, planned["principal_id"])
        done = await _set(client, planned)
        if done:
            self.diagnostics.add_warning(
                "Permissions that were granted before were taken",
                f"{planned['principal_id']} held on {planned['resource_id']}, beside what is"
                f" configured: {', '.join(done)}.",
            )
        return {"id": self.id_of(planned)}

    async def find(self, client: Client, current: State) -> State | None:
        """Read what is granted; nothing is as if it were not there."""
        return await self.adopt(client, current)

    async def change(self, client: Client, current: State, planned: State) -> None:
        """Set them."""
        if planned["permissions"] != current["permissions"]:
            await _set(client, planned)

    async def end(self, client: Client, current: State) -> None:
        """Take what this granted."""
        await client.revoke_permissions(
            RevokePermissionsInput(
                principal_id=current["principal_id"],
                resource_id=current["resource_id"],
                permissions=current["permissions"],
            )
        )

    async def adopt(self, client: Client, given: State) -> State | None:
        """Read what is granted."""
        wanted = PermissionGrantFilter(
            principal_id=given["principal_id"], resource_id=given["resource_id"]
        )
        pages = every(
            lambda after: client.permission_grants(
                given["organization_id"], first=100, after=after, filter_=wanted
            )
        )
        permissions = sorted([grant.permission async for grant in pages])
        if not permissions:
            await self.look_here(client, given, given["principal_id"])
            return None
        return {"id": self.id_of(given), "permissions": permissions}


async def _set(client: Client, planned: State) -> list[str]:
    done = await client.set_permissions(
        SetPermissionsInput(
            principal_id=planned["principal_id"],
            resource_id=planned["resource_id"],
            permissions=planned["permissions"],
        )
    )
    return done.revoked
