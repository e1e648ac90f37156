"""Acts on people in GraphQL, and one by its id."""

from typing import Annotated, Union

import strawberry
from strawberry import ID, UNSET

from app import joining, people, references
from app.access import AppUserReader, OrgAdmin, Reader, UserReader, UserWriter
from app.api.errors import (
    AlreadyMemberError,
    IdempotencyConflictError,
    InvalidInputError,
    LastAdministratorError,
    NotFoundError,
)
from app.api.nodes import ContextInfo
from app.api.tokens import Token
from app.api.users import OrganizationUser, User, UserState, load_user
from app.errors import MISSING_ORGANIZATION
from app.inputs import KEEP
from app.joining import NewPerson
from app.people import MISSING


@strawberry.type
class PeopleQueries:
    @strawberry.field(
        description="A person in an organization; null where there is none, where it was removed,"
        " where it is an application user, and where the caller does not belong to its"
        " organization. Permission: `organization:users:write` or `organization:groups:write`."
    )
    async def organization_user(
        self,
        info: ContextInfo,
        id: Annotated[ID, strawberry.argument(description="Its id (`user_…`).")],
    ) -> OrganizationUser | None:
        user = await _find(info, UserReader, id)
        return user if isinstance(user, OrganizationUser) else None


async def find_user(info: ContextInfo, public_id: str) -> User | None:
    """Return a user of either kind that is not deleted, to who may read either list of users.

    Raises InvalidInput, Unauthenticated and Forbidden.
    """
    organization_id, _ = references.user("id", public_id)
    if info.context.may(UserReader, organization_id):
        return await _find(info, UserReader, public_id)
    found = await _find(info, AppUserReader, public_id)
    return found if found and found.is_application_user else None


async def _find(info: ContextInfo, kind: type[Reader], public_id: str) -> User | None:
    organization_id, wanted = references.user("id", public_id)
    reader = info.context.require_or_none(kind, organization_id)
    found = await load_user(info, reader, wanted) if reader else None
    return found if found and found.state is not UserState.DELETED else None


@strawberry.input(
    description="A person to add. It signs in either with the identity provider, as `issuer` and"
    " `subject` say, or with a token that the answer holds, if `withToken` is true."
)
class AddOrganizationUserInput:
    organization_id: ID = strawberry.field(description="The organization to add it to.")
    name: str = strawberry.field(
        description="1 to 255 characters; two people may have the same name."
    )
    email: str = strawberry.field(
        description="Its address, at most 255 characters. Nothing is sent there, and nobody signs"
        " in by it; it cannot change later."
    )
    issuer: str | None = strawberry.field(
        default=None,
        description="The identity provider, as `iss` in its JWTs; without, the one that this"
        " service is configured with.",
    )
    subject: str | None = strawberry.field(
        default=None,
        description="The identity provider's name for the person: `sub` in its JWTs, at most 255"
        " characters. Needed without `withToken`.",
    )
    with_token: bool = strawberry.field(
        default=False,
        description="Make a first token for the person instead. Permission:"
        " `role:organization:admin`.",
    )
    token_max_age_seconds: int | None = strawberry.field(
        default=None,
        description="How long that token lives, from 600 to 315360000 seconds; without, 604800: a"
        " week.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="1 to 255 printable ASCII characters of your choice, which make a call with"
        " `withToken` safe to repeat: the same key and input again never make a second person.",
    )


@strawberry.type(description="The person was added; it holds no permission yet.")
class AddOrganizationUserSuccess:
    organization_user: OrganizationUser = strawberry.field(description="The person.")


@strawberry.type(description="The person was added with a first token; it holds no permission yet.")
class AddOrganizationUserWithTokenSuccess:
    organization_user: OrganizationUser = strawberry.field(description="The person.")
    token: Token = strawberry.field(description="The token, as lists show it.")
    full_token: str = strawberry.field(
        description="The text to use as bearer token. It is shown here and never again: hand it to"
        " the person, and to nobody else."
    )

    def __repr__(self) -> str:
        """Leave the secret out: error messages of libraries hold reprs."""
        return f"AddOrganizationUserWithTokenSuccess({self.token.id})"


@strawberry.type(
    description="The call was made before with this `idempotencyKey`; nothing was made. The text of"
    " the token cannot be shown again: if it was lost, remove the person and add it again."
)
class AddOrganizationUserReplayed:
    organization_user: OrganizationUser = strawberry.field(
        description="Who the first call added, as it is now."
    )
    token: Token = strawberry.field(description="What the first call made, as it is now.")


@strawberry.input(description="Changes to a person; a field left out stays as it is.")
class UpdateOrganizationUserInput:
    organization_user_id: ID = strawberry.field(description="The person to change.")
    name: str | None = strawberry.field(default=UNSET, description="Its new name; cannot be null.")
    state: UserState | None = strawberry.field(
        default=UNSET,
        description="DEACTIVATED refuses its tokens and its identity at once, ACTIVE accepts them"
        " again. DELETED is an error: use `removeOrganizationUser`.",
    )


@strawberry.type(description="The person was changed.")
class UpdateOrganizationUserSuccess:
    organization_user: OrganizationUser = strawberry.field(description="As it is now.")


@strawberry.input(description="The person to remove, for good.")
class RemoveOrganizationUserInput:
    organization_user_id: ID = strawberry.field(description="The person to remove.")


@strawberry.type(description="The person is out of the organization.")
class RemoveOrganizationUserSuccess:
    organization_user_id: ID = strawberry.field(description="The id; it is never given again.")
    revoked_token_count: int = strawberry.field(
        description="How many tokens of the person this revoked; earlier revoked ones do not count."
    )


AddOrganizationUserResult = Annotated[
    Union[
        AddOrganizationUserSuccess,
        AddOrganizationUserWithTokenSuccess,
        AddOrganizationUserReplayed,
        InvalidInputError,
        NotFoundError,
        AlreadyMemberError,
        IdempotencyConflictError,
    ],
    strawberry.union(
        "AddOrganizationUserResult", description="What became of `addOrganizationUser`."
    ),
]
UpdateOrganizationUserResult = Annotated[
    Union[UpdateOrganizationUserSuccess, InvalidInputError, NotFoundError, LastAdministratorError],
    strawberry.union(
        "UpdateOrganizationUserResult", description="What became of `updateOrganizationUser`."
    ),
]
RemoveOrganizationUserResult = Annotated[
    Union[RemoveOrganizationUserSuccess, InvalidInputError, NotFoundError, LastAdministratorError],
    strawberry.union(
        "RemoveOrganizationUserResult", description="What became of `removeOrganizationUser`."
    ),
]


@strawberry.type
class PeopleMutations:
    @strawberry.mutation(
        description="Adds a person to an organization, by its identity at the identity provider or"
        " with a first token. It starts without permissions; no e-mail is sent. Permission:"
        " `organization:users:write`; with `withToken`, `role:organization:admin`."
    )
    async def add_organization_user(
        self,
        info: ContextInfo,
        input: Annotated[AddOrganizationUserInput, strawberry.argument(description="The person.")],
    ) -> AddOrganizationUserResult:
        context = info.context
        organization_id = references.organization("organizationId", input.organization_id)
        asked = NewPerson(
            input.name,
            input.email,
            input.issuer,
            input.subject,
            input.token_max_age_seconds,
            input.idempotency_key,
        )
        if not input.with_token:
            writer = context.require(UserWriter, organization_id, MISSING_ORGANIZATION)
            row = await joining.add(context.database, writer, asked, default_issuer=context.issuer)
            return AddOrganizationUserSuccess(organization_user=OrganizationUser.of(row))
        admin = context.require(OrgAdmin, organization_id, MISSING_ORGANIZATION)
        made = await joining.add_with_token(context.database, context.peppers, admin, asked)
        person, token = OrganizationUser.of(made.person), Token.of(made.token, info)
        if made.full_token is None:
            return AddOrganizationUserReplayed(organization_user=person, token=token)
        return AddOrganizationUserWithTokenSuccess(
            organization_user=person, token=token, full_token=made.full_token
        )

    @strawberry.mutation(
        description="Renames, deactivates or activates a person. Deactivation refuses its tokens"
        " and its identity from the answer on. A person that holds a permission, directly or"
        " through a group, is changed by administrators alone, and the last administrator is not"
        " deactivated. Permission: `organization:users:write`."
    )
    async def update_organization_user(
        self,
        info: ContextInfo,
        input: Annotated[
            UpdateOrganizationUserInput, strawberry.argument(description="The changes.")
        ],
    ) -> UpdateOrganizationUserResult:
        organization_id, user_id = references.user("organizationUserId", input.organization_user_id)
        writer = info.context.require(UserWriter, organization_id, MISSING)
        row = await people.update(
            info.context.database,
            writer,
            user_id,
            name=KEEP if input.name is UNSET else input.name,
            state=KEEP
            if input.state is UNSET
            else None
            if input.state is None
            else input.state.name,
        )
        return UpdateOrganizationUserSuccess(organization_user=OrganizationUser.of(row))

    @strawberry.mutation(
        description="Removes a person from an organization for good: its tokens are revoked, its"
        " permissions and memberships taken, its identity free to be added again. A person that"
        " holds a permission, directly or through a group, is removed by administrators alone, and"
        " the last administrator is not removed. Permission: `organization:users:write`."
    )
    async def remove_organization_user(
        self,
        info: ContextInfo,
        input: Annotated[
            RemoveOrganizationUserInput, strawberry.argument(description="Which one.")
        ],
    ) -> RemoveOrganizationUserResult:
        organization_id, user_id = references.user("organizationUserId", input.organization_user_id)
        writer = info.context.require(UserWriter, organization_id, MISSING)
        revoked = await people.remove(info.context.database, writer, user_id)
        return RemoveOrganizationUserSuccess(
            organization_user_id=input.organization_user_id, revoked_token_count=revoked
        )
