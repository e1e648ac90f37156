"""Application users in GraphQL: the thing, and one of them."""

from typing import Annotated

import strawberry
from strawberry import ID

from app import references
from app.access import AppUserReader, AppUserWriter, OrgMember
from app.api.connections import After, Connection, First
from app.api.nodes import ContextInfo
from app.api.scalars import Time
from app.api.token_lists import TokenFilterInput, TokenOrderInput, tokens_of_user
from app.api.tokens import Token
from app.api.users import User, UserState, load_user, time_or_none, user_id
from app.application_users import User as UserRow
from app.paging import DEFAULT_FIRST


@strawberry.type(
    description="A member of an organization that is not a person: one for each tool or"
    " integration. It acts through its access tokens."
)
class ApplicationUser(User):
    description: str | None = strawberry.field(description="What it is for.")
    create_time: Time = strawberry.field(description="When it was created.")
    is_super_admin: bool = strawberry.field(
        description="Always false: an application user cannot be made super admin."
    )

    @strawberry.field(
        description="Who created it; null for the operator of the service. Permission: any that"
        " this service enforces but `organization:tokens:verify`."
    )
    async def created_by(self, info: ContextInfo) -> User | None:
        reader = info.context.require(OrgMember, self.row.organization_id)
        return await load_user(info, reader, self.row.created_by)

    @strawberry.field(
        description="Its tokens, the newest first, in whatever status. Permission:"
        " `organization:app_users:write`."
    )
    async def tokens(
        self,
        info: ContextInfo,
        first: First = DEFAULT_FIRST,
        after: After = None,
        filter: Annotated[
            TokenFilterInput | None, strawberry.argument(description="Which to list.")
        ] = None,
        order_by: Annotated[
            TokenOrderInput | None, strawberry.argument(description="In which order.")
        ] = None,
    ) -> Connection[Token]:
        reader = info.context.require(AppUserReader, self.row.organization_id)
        return await tokens_of_user(info, reader, self.row.user_id, first, after, filter, order_by)

    @strawberry.field(
        description="How many of its tokens have the status `ACTIVE` at this moment: neither"
        " revoked, nor expired, nor deactivated, for disuse or with it; blocked by the"
        " organization's policy or not. Permission: `organization:app_users:write`."
    )
    async def live_token_count(self, info: ContextInfo) -> int:
        reader = info.context.require(AppUserReader, self.row.organization_id)
        return await info.context.loaders.live_token_counts.load((reader, self.row.user_id)) or 0

    @strawberry.field(
        description="The caller may generate a token for it now: it is active, and it holds no"
        " permission, directly or through a group, or the caller is an administrator."
    )
    async def viewer_can_generate_token(self, info: ContextInfo) -> bool:
        return self.row.state == "ACTIVE" and await self._passes_guard(info)

    @strawberry.field(
        description="The caller may activate it now: it is deactivated, and it holds no permission,"
        " directly or through a group, or the caller is an administrator."
    )
    async def viewer_can_activate(self, info: ContextInfo) -> bool:
        return self.row.state == "DEACTIVATED" and await self._passes_guard(info)

    @strawberry.field(
        description="The caller may rename, describe or deactivate it; `viewerCanActivate` tells"
        " whether the caller may activate it."
    )
    def viewer_can_update(self, info: ContextInfo) -> bool:
        return self._may_write(info)

    @strawberry.field(description="The caller may delete it.")
    def viewer_can_delete(self, info: ContextInfo) -> bool:
        return self._may_write(info)

    def _may_write(self, info: ContextInfo) -> bool:
        return self.row.state != "DELETED" and info.context.may(
            AppUserWriter, self.row.organization_id
        )

    async def _passes_guard(self, info: ContextInfo) -> bool:
        return await info.context.passes_guard(
            AppUserWriter, self.row.organization_id, self.row.user_id
        )

    @classmethod
    def of(cls, row: UserRow) -> "ApplicationUser":
        """Make the shape of a row."""
        return cls(
            row=row,
            id=user_id(row),
            name=row.name,
            email=row.email,
            is_application_user=True,
            state=UserState(row.state),
            join_time=Time(row.create_time),
            last_activity_time=time_or_none(row.last_activity_time),
            description=row.description,
            create_time=Time(row.create_time),
            is_super_admin=False,
        )


@strawberry.type
class ApplicationUserQueries:
    @strawberry.field(
        description="An application user; null where there is none, where it was deleted, and where"
        " the caller does not belong to its organization. Permission:"
        " `organization:app_users:write`."
    )
    async def application_user(
        self,
        info: ContextInfo,
        id: Annotated[ID, strawberry.argument(description="Its id (`user_…`).")],
    ) -> ApplicationUser | None:
        user = await find_user(info, id)
        return user if isinstance(user, ApplicationUser) else None


async def find_user(info: ContextInfo, public_id: str) -> User | None:
    """Return a user that is not deleted. Raises InvalidInput, Unauthenticated and Forbidden."""
    organization_id, wanted = references.user("id", public_id)
    reader = info.context.require_or_none(AppUserReader, organization_id)
    found = await load_user(info, reader, wanted) if reader else None
    return found if found and found.state is not UserState.DELETED else None
