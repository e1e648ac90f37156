"""Lists of users in GraphQL: application users, and everybody in an organization."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated

import strawberry
from strawberry import ID

from app import application_users, inputs, references
from app.access import AppUserReader, UserReader
from app.api.application_users import ApplicationUser
from app.api.connections import After, Connection, First, at_most, connection_of, page_info
from app.api.nodes import DIRECTIONS, ContextInfo, OrderDirection
from app.api.scalars import Time
from app.api.users import User, UserState, user_of
from app.application_users import User as UserRow
from app.application_users import UserFilter, UserOrder
from app.errors import Code
from app.paging import DEFAULT_FIRST, Page


@strawberry.enum(description="What users can be ordered by.")
class UserOrderField(Enum):
    CREATE_TIME = strawberry.enum_value("CREATE_TIME", description="When it was created or joined.")
    NAME = strawberry.enum_value("NAME", description="Its name, upper and lower case alike.")
    LAST_ACTIVITY_TIME = strawberry.enum_value(
        "LAST_ACTIVITY_TIME", description="Its latest activity; never comes before every time."
    )


_ORDERS: dict[UserOrderField, UserOrder] = {
    UserOrderField.CREATE_TIME: "create_time",
    UserOrderField.NAME: "name_key",
    UserOrderField.LAST_ACTIVITY_TIME: "last_activity_time",
}


@strawberry.input(name="UserOrder", description="How to order users.")
class UserOrderInput:
    field: UserOrderField = strawberry.field(description="What to order by.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="Which end comes first."
    )


@strawberry.input(description="Application users to list; without `states`, all but deleted ones.")
class ApplicationUserFilter:
    states: list[UserState] | None = strawberry.field(
        default=None,
        description="In one of these states. Without it, deleted ones are left out.",
    )
    search: str | None = strawberry.field(
        default=None, description="With this text in the name, upper and lower case alike."
    )
    created_after: Time | None = strawberry.field(
        default=None, description="Created at this time or later."
    )
    created_before: Time | None = strawberry.field(
        default=None, description="Created before this time."
    )
    last_activity_after: Time | None = strawberry.field(
        default=None, description="Last active at this time or later."
    )
    last_activity_before: Time | None = strawberry.field(
        default=None, description="Last active before this time; leaves out those that never were."
    )
    never_active: bool | None = strawberry.field(
        default=None, description="True keeps those that were never active, false the others."
    )


@strawberry.input(description="Which users to list; without `states`, all but deleted ones.")
class OrganizationUserFilter(ApplicationUserFilter):
    is_application_user: bool | None = strawberry.field(
        default=None, description="True keeps application users, false people."
    )


@strawberry.type(description="A page of application users.")
class ApplicationUserConnection(Connection[ApplicationUser]):
    reader: strawberry.Private[AppUserReader]
    keep: strawberry.Private[UserFilter]

    @strawberry.field(description="How many the filter keeps on all pages; counted if asked for.")
    async def total_count(self, info: ContextInfo) -> int:
        return await application_users.count(info.context.database, self.reader, self.keep)


@strawberry.type
class UserListQueries:
    @strawberry.field(
        description="The application users of an organization, the newest first. Permission:"
        " `organization:app_users:write`."
    )
    async def application_users(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        first: First = DEFAULT_FIRST,
        after: After = None,
        filter: Annotated[
            ApplicationUserFilter | None, strawberry.argument(description="Which to list.")
        ] = None,
        order_by: Annotated[
            UserOrderInput | None, strawberry.argument(description="In which order.")
        ] = None,
    ) -> ApplicationUserConnection:
        reader = info.context.require(
            AppUserReader, references.organization("organizationId", organization_id)
        )
        keep = _keep(filter, is_application_user=True)
        page = await _page(info, reader, keep, first, after, order_by)
        return ApplicationUserConnection(
            nodes=[ApplicationUser.of(row) for row in page.rows],
            cursor=page.cursor,
            page_info=page_info(page),
            reader=reader,
            keep=keep,
        )

    @strawberry.field(
        description="Everybody in an organization, people and application users, the newest first."
        " Permission: `organization:users:write` or `organization:groups:write`."
    )
    async def organization_users(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        first: First = DEFAULT_FIRST,
        after: After = None,
        filter: Annotated[
            OrganizationUserFilter | None, strawberry.argument(description="Which to list.")
        ] = None,
        order_by: Annotated[
            UserOrderInput | None, strawberry.argument(description="In which order.")
        ] = None,
    ) -> Connection[User]:
        reader = info.context.require(
            UserReader, references.organization("organizationId", organization_id)
        )
        kind = filter.is_application_user if filter else None
        keep = _keep(filter, is_application_user=kind)
        page = await _page(info, reader, keep, first, after, order_by)
        return connection_of(page, user_of)


async def _page(
    info: ContextInfo,
    reader: AppUserReader | UserReader,
    keep: UserFilter,
    first: int | None,
    after: str | None,
    order_by: UserOrderInput | None,
) -> Page[UserRow]:
    by = order_by or UserOrderInput(field=UserOrderField.CREATE_TIME)
    asked = application_users.page_request(
        _ORDERS[by.field], DIRECTIONS[by.direction], at_most(first), after
    )
    return await application_users.list_page(info.context.database, reader, keep, asked)


def _keep(wanted: ApplicationUserFilter | None, is_application_user: bool | None) -> UserFilter:
    if wanted is None:
        return UserFilter(is_application_user=is_application_user)
    search = inputs.search("filter.search", wanted.search)
    return UserFilter(
        is_application_user=is_application_user,
        states=_states(wanted.states),
        search=inputs.name_key(search) if search else None,
        created_after=wanted.created_after,
        created_before=wanted.created_before,
        active_after=wanted.last_activity_after,
        active_before=wanted.last_activity_before,
        never_active=wanted.never_active,
    )


def _states(wanted: Sequence[UserState] | None) -> tuple[application_users.UserState, ...]:
    if wanted is None:
        return ("ACTIVE", "DEACTIVATED")
    if not wanted:
        raise inputs.invalid(
            "filter.states", Code.TOO_SHORT, "filter.states cannot be empty; leave it out instead."
        )
    return tuple(state.name for state in wanted)
