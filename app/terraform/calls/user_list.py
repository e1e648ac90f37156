"""Calls of the data source ``appusers_organization_user_list``."""

from app.client import Client, every
from app.terraform.calls.base import SourceCalls
from app.terraform.values import State, time


class UserListCalls(SourceCalls):
    """Lists everybody."""

    async def find(self, client: Client, config: State) -> State:
        """List all pages."""
        organization_id = config["organization_id"]
        await self.connection.confirm(client, organization_id)
        pages = every(
            lambda after: client.organization_users(organization_id, first=100, after=after)
        )
        users = [
            {
                "user_id": user.id,
                "join_time": time(user.join_time),
                "last_activity_time": time(user.last_activity_time),
                "user_info": [
                    {
                        "user_email": user.email,
                        "real_name": user.name,
                        "state": user.state.value,
                        "is_application_user": user.is_application_user,
                    }
                ],
            }
            async for user in pages
        ]
        return {"id": organization_id, "organization_id": organization_id, "users": users}
