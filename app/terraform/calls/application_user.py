"""Calls of ``appusers_organization_application_user``."""

from app.client import Client, every
from app.client.generated import (
    ApplicationUserFields,
    ApplicationUserFilter,
    CreateApplicationUserInput,
    DeleteApplicationUserInput,
    UpdateApplicationUserInput,
)
from app.terraform.calls import lost_answers
from app.terraform.calls.base import Calls, SourceCalls
from app.terraform.diagnostics import Problem
from app.terraform.values import State, time


def described(user: ApplicationUserFields) -> State:
    """Return the attributes that the service knows."""
    return {
        "id": f"{user.organization_id}/{user.id}",
        "organization_id": user.organization_id,
        "user_id": user.id,
        "name": user.name,
        "description": user.description,
        "email": user.email,
        "create_time": time(user.create_time),
    }


async def named(client: Client, organization_id: str, name: str) -> ApplicationUserFields | None:
    """Return the application user that has a name, upper and lower case alike."""
    wanted = ApplicationUserFilter(search=name)
    pages = every(
        lambda after: client.application_users(
            organization_id, first=100, after=after, filter_=wanted
        )
    )
    async for user in pages:
        if user.name.casefold() == name.casefold():
            return user
    return None


class ApplicationUserCalls(Calls):
    """Asks the service for it."""

    async def make(self, client: Client, planned: State) -> State:
        """Create it."""
        organization_id, name = planned["organization_id"], planned["name"]

        async def find_id() -> str | None:
            user = await named(client, organization_id, name)
            return user and f"{organization_id}/{user.id}"

        async with lost_answers.told(f"an application user {name!r}", find_id):
            made = await client.create_application_user(
                CreateApplicationUserInput(
                    organization_id=organization_id, name=name, description=planned["description"]
                )
            )
        user = made.application_user
        self.provider.connection.remember(user.id, user.organization_id)
        return described(user)

    async def find(self, client: Client, current: State) -> State | None:
        """Read it; what was deactivated elsewhere is still there."""
        return await self.adopt(client, current)

    async def change(self, client: Client, current: State, planned: State) -> None:
        """Rename and describe it."""
        changes = {
            name: planned[name]
            for name in ("name", "description")
            if planned[name] != current[name]
        }
        if changes:
            await client.update_application_user(
                UpdateApplicationUserInput(application_user_id=current["user_id"], **changes)
            )

    async def end(self, client: Client, current: State) -> None:
        """Delete it."""
        await client.delete_application_user(
            DeleteApplicationUserInput(application_user_id=current["user_id"])
        )

    async def adopt(self, client: Client, given: State) -> State | None:
        """Read it."""
        user = await client.application_user(given["user_id"])
        if user is None:
            return None
        self.here(given, user.id, user.organization_id)
        return described(user)


class ApplicationUserSourceCalls(SourceCalls):
    """Looks one up."""

    async def find(self, client: Client, config: State) -> State:
        """Find it."""
        organization_id = config["organization_id"]
        await self.connection.confirm(client, organization_id)
        if config["user_id"] is not None:
            user = await client.application_user(config["user_id"])
        else:
            user = await named(client, organization_id, config["name"])
        if user is None or user.organization_id != organization_id:
            which = "user_id" if config["user_id"] is not None else "name"
            raise Problem(
                "There is no such application user",
                f"{organization_id} has none with this {which}.",
                which,
            )
        return {
            **described(user),
            "name": config["name"] or user.name,
            "state": user.state.value,
            "last_activity_time": time(user.last_activity_time),
            "live_token_count": user.live_token_count,
            "is_super_admin": user.is_super_admin,
        }
