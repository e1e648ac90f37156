"""Users in GraphQL: what people and application users have in common."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry
from strawberry import ID

from app import ids
from app.access import Reader, UserWriter
from app.api.nodes import ContextInfo, Node
from app.api.scalars import Time
from app.application_users import User as UserRow


@strawberry.enum(description="Whether a user can act.")
class UserState(Enum):
    ACTIVE = strawberry.enum_value("ACTIVE", description="It can act.")
    DEACTIVATED = strawberry.enum_value(
        "DEACTIVATED",
        description="Its credentials are refused until it is active again.",
    )
    DELETED = strawberry.enum_value(
        "DELETED", description="A tombstone: it never acts again, and its name is free."
    )


@strawberry.interface(description="A user of an organization: a person, or an application user.")
class User(Node):
    row: strawberry.Private[UserRow]
    name: str = strawberry.field(description="What people call it.")
    email: str = strawberry.field(
        description="A person's address. An application user's is made up to tell it apart; nothing"
        " sent there arrives."
    )
    is_application_user: bool = strawberry.field(description="It is not a person.")
    state: UserState = strawberry.field(description="Whether it can act.")
    join_time: Time = strawberry.field(description="When it joined the organization.")
    last_activity_time: Time | None = strawberry.field(
        description="The latest use of any of its tokens, revoked ones included; null if never."
    )

    @strawberry.field(description="The organization that it belongs to.")
    def organization_id(self) -> ID:
        return ID(ids.organization_id(self.row.organization_id))


@strawberry.type(description="A person in an organization.")
class OrganizationUser(User):
    @strawberry.field(
        description="The caller may rename, deactivate or activate it: it holds no permission,"
        " directly or through a group, or the caller is an administrator. Whether it is the last"
        " administrator is not looked at."
    )
    async def viewer_can_update(self, info: ContextInfo) -> bool:
        return await self._may_change(info)

    @strawberry.field(
        description="The caller may remove it: it holds no permission, directly or through a group,"
        " or the caller is an administrator. Whether it is the last administrator is not looked at."
    )
    async def viewer_can_remove(self, info: ContextInfo) -> bool:
        return await self._may_change(info)

    async def _may_change(self, info: ContextInfo) -> bool:
        return self.row.state != "DELETED" and await info.context.passes_guard(
            UserWriter, self.row.organization_id, self.row.user_id
        )

    @classmethod
    def of(cls, row: UserRow) -> "OrganizationUser":
        """Make the shape of a row."""
        return cls(
            row=row,
            id=user_id(row),
            name=row.name,
            email=row.email,
            is_application_user=False,
            state=UserState(row.state),
            join_time=Time(row.create_time),
            last_activity_time=time_or_none(row.last_activity_time),
        )


def user_id(row: UserRow) -> ID:
    """Return the public id of a user."""
    return ID(ids.member_id("user", row.organization_id, row.user_id))


def time_or_none(value: datetime | None) -> Time | None:
    """Return a time that may be missing as the API shows it."""
    return None if value is None else Time(value)


def user_of(row: UserRow) -> User:
    """Make the shape of a user of either kind."""
    # An application user has tokens, a token has a user: one of the two imports must come late.
    from app.api.application_users import ApplicationUser

    return ApplicationUser.of(row) if row.is_application_user else OrganizationUser.of(row)


async def load_user(info: ContextInfo, reader: Reader, user_id: UUID | None) -> User | None:
    """Return a user of the reader's organization, None for the operator on the host.

    All look-ups of a request share a statement.
    """
    if user_id is None:
        return None
    row = await info.context.loaders.users.load((reader, user_id))
    return user_of(row) if row else None
