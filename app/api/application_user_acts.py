"""Acts on application users in GraphQL: create, rename and describe, deactivate and activate,
delete."""

from typing import Annotated, Union

import strawberry
from strawberry import ID, UNSET

from app import application_users, references
from app.access import AppUserWriter
from app.api.application_users import ApplicationUser
from app.api.errors import (
    InvalidInputError,
    LimitReachedError,
    NameTakenError,
    NotFoundError,
)
from app.api.nodes import ContextInfo
from app.api.users import UserState
from app.application_users import KEEP, MISSING, Unset
from app.errors import MISSING_ORGANIZATION


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
