"""Application users in GraphQL: the thing, one of them, and the acts."""

from typing import Annotated, Union

import strawberry
from strawberry import ID, UNSET

from app import application_users, references
from app.access import AppUserReader, AppUserWriter, OrgMember
from app.api.connections import After, Connection, First
from app.api.errors import (
    InvalidInputError,
    LimitReachedError,
    NameTakenError,
    NotFoundError,
)
from app.api.nodes import ContextInfo
from app.api.scalars import Time
from app.api.token_lists import TokenFilterInput, TokenOrderInput, tokens_of_user
from app.api.tokens import Token
from app.api.users import User, UserState, load_user, time_or_none, user_id
from app.application_users import KEEP, MISSING, Unset
from app.application_users import User as UserRow
from app.errors import MISSING_ORGANIZATION
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


@strawberry.input(description="A new application user.")
class CreateApplicationUserInput:
    organization_id: ID = strawberry.field(description="The organization it will belong to.")
    name: str = strawberry.field(
        description="1 to 255 characters; no other application user of the organization may have"
        " it, upper and lower case counting as the same."
    )
    description: str | None = strawberry.field(
        default=None, description="What it is for, at most 1000 characters."
    )
    is_super_admin: bool | None = strawberry.field(
        default=None, description="Leave it out: true is refused."
    )


@strawberry.type(description="The application user was created.")
class CreateApplicationUserSuccess:
    application_user: ApplicationUser = strawberry.field(
        description="The new application user; it has no token yet."
    )


@strawberry.input(description="Changes to an application user; a field left out stays as it is.")
class UpdateApplicationUserInput:
    application_user_id: ID = strawberry.field(description="The application user to change.")
    name: str | None = strawberry.field(default=UNSET, description="Its new name; cannot be null.")
    description: str | None = strawberry.field(
        default=UNSET, description="Its new description; null clears it."
    )
    state: UserState | None = strawberry.field(
        default=UNSET,
        description="DEACTIVATED refuses its tokens at once, ACTIVE accepts them again. DELETED is"
        " an error: use `deleteApplicationUser`.",
    )
    is_super_admin: bool | None = strawberry.field(
        default=None, description="Leave it out: true is refused."
    )


@strawberry.type(description="The application user was changed.")
class UpdateApplicationUserSuccess:
    application_user: ApplicationUser = strawberry.field(description="As it is now.")


@strawberry.input(description="The application user to delete, for good.")
class DeleteApplicationUserInput:
    application_user_id: ID = strawberry.field(description="The application user to delete.")


@strawberry.type(description="The application user and all its tokens are gone.")
class DeleteApplicationUserSuccess:
    application_user_id: ID = strawberry.field(description="The id; it is never given again.")
    revoked_token_count: int = strawberry.field(
        description="How many tokens this revoked; earlier revoked ones do not count."
    )


CreateApplicationUserResult = Annotated[
    Union[
        CreateApplicationUserSuccess,
        InvalidInputError,
        NotFoundError,
        NameTakenError,
        LimitReachedError,
    ],
    strawberry.union(
        "CreateApplicationUserResult", description="What became of `createApplicationUser`."
    ),
]
UpdateApplicationUserResult = Annotated[
    Union[UpdateApplicationUserSuccess, InvalidInputError, NotFoundError, NameTakenError],
    strawberry.union(
        "UpdateApplicationUserResult", description="What became of `updateApplicationUser`."
    ),
]
DeleteApplicationUserResult = Annotated[
    Union[DeleteApplicationUserSuccess, InvalidInputError, NotFoundError],
    strawberry.union(
        "DeleteApplicationUserResult", description="What became of `deleteApplicationUser`."
    ),
]


@strawberry.type
class ApplicationUserMutations:
    @strawberry.mutation(
        description="Creates an application user. It starts without tokens and permissions."
        " Permission: `organization:app_users:write`."
    )
    async def create_application_user(
        self,
        info: ContextInfo,
        input: Annotated[
            CreateApplicationUserInput, strawberry.argument(description="The application user.")
        ],
    ) -> CreateApplicationUserResult:
        writer = info.context.require(
            AppUserWriter,
            references.organization("organizationId", input.organization_id),
            MISSING_ORGANIZATION,
        )
        application_users.refuse_super_admin(input.is_super_admin)
        row = await application_users.create(
            info.context.database, writer, name=input.name, description=input.description
        )
        return CreateApplicationUserSuccess(application_user=ApplicationUser.of(row))

    @strawberry.mutation(
        description="Renames, describes, deactivates or activates an application user."
        " Deactivation refuses its tokens from the answer on. Who is not administrator activates"
        " application users that hold no permission. Permission: `organization:app_users:write`."
    )
    async def update_application_user(
        self,
        info: ContextInfo,
        input: Annotated[
            UpdateApplicationUserInput, strawberry.argument(description="The changes.")
        ],
    ) -> UpdateApplicationUserResult:
        organization_id, user_id = references.user("applicationUserId", input.application_user_id)
        writer = info.context.require(AppUserWriter, organization_id, MISSING)
        application_users.refuse_super_admin(input.is_super_admin)
        row = await application_users.update(
            info.context.database,
            writer,
            user_id,
            name=_given(input.name),
            description=_given(input.description),
            state=KEEP
            if input.state is UNSET
            else None
            if input.state is None
            else input.state.name,
        )
        return UpdateApplicationUserSuccess(application_user=ApplicationUser.of(row))

    @strawberry.mutation(
        description="Deletes an application user for good and revokes all its tokens: none is"
        " accepted from the answer on. Its name becomes free. Permission:"
        " `organization:app_users:write`."
    )
    async def delete_application_user(
        self,
        info: ContextInfo,
        input: Annotated[DeleteApplicationUserInput, strawberry.argument(description="Which one.")],
    ) -> DeleteApplicationUserResult:
        organization_id, user_id = references.user("applicationUserId", input.application_user_id)
        writer = info.context.require(AppUserWriter, organization_id, MISSING)
        revoked = await application_users.delete(info.context.database, writer, user_id)
        return DeleteApplicationUserSuccess(
            application_user_id=input.application_user_id, revoked_token_count=revoked
        )


def _given(value: str | None) -> str | Unset | None:
    return KEEP if value is UNSET else value
