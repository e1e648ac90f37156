"""Ends of several tokens in GraphQL, and the end that can be taken back."""

from typing import Annotated, Union

import strawberry
from strawberry import ID

from app import application_users, references, revocations, tokens
from app.access import AppUserWriter
from app.api.errors import InvalidInputError, NotFoundError
from app.api.nodes import ContextInfo
from app.api.tokens import Token
from app.errors import NotFound


@strawberry.input(description="The tokens to revoke, for good.")
class RevokeTokensInput:
    token_ids: list[ID] = strawberry.field(
        description="1 to 1000 ids (`token_…`), each once, all of one organization."
    )


@strawberry.type(description="Every one of the tokens is revoked.")
class RevokeTokensSuccess:
    token_ids: list[ID] = strawberry.field(description="What was asked for.")
    revoked_token_count: int = strawberry.field(
        description="How many of them were not revoked before."
    )


@strawberry.input(description="The application user whose tokens to revoke, for good.")
class RevokeAllTokensInput:
    application_user_id: ID = strawberry.field(description="Whose tokens (`user_…`).")


@strawberry.type(description="The application user has no token that is not revoked.")
class RevokeAllTokensSuccess:
    revoked_token_count: int = strawberry.field(description="How many were not revoked before.")


@strawberry.input(description="A token that was deactivated because nobody used it.")
class ActivateTokenInput:
    token_id: ID = strawberry.field(description="The token to activate (`token_…`); not its text.")


@strawberry.type(description="The token is not deactivated for disuse.")
class ActivateTokenSuccess:
    token: Token = strawberry.field(
        description="As it is now; accepted, unless its application user is deactivated."
    )


RevokeTokensResult = Annotated[
    Union[RevokeTokensSuccess, InvalidInputError, NotFoundError],
    strawberry.union("RevokeTokensResult", description="What became of `revokeTokens`."),
]
RevokeAllTokensResult = Annotated[
    Union[RevokeAllTokensSuccess, InvalidInputError, NotFoundError],
    strawberry.union("RevokeAllTokensResult", description="What became of `revokeAllTokens`."),
]
ActivateTokenResult = Annotated[
    Union[ActivateTokenSuccess, InvalidInputError, NotFoundError],
    strawberry.union("ActivateTokenResult", description="What became of `activateToken`."),
]


@strawberry.type
class RevocationMutations:
    @strawberry.mutation(
        description="Revokes several tokens for good, all or none: a single id that is missing or"
        " another organization's, and nothing is revoked. Those revoked before stay as they are."
        " Permission: `organization:app_users:write`."
    )
    async def revoke_tokens(
        self,
        info: ContextInfo,
        input: Annotated[RevokeTokensInput, strawberry.argument(description="Which ones.")],
    ) -> RevokeTokensResult:
        organization_id, token_ids = references.of_one_organization(
            references.several("token", "tokenIds", input.token_ids),
            info.context.require_principal().memberships,
        )
        writer = info.context.require(AppUserWriter, organization_id, tokens.MISSING)
        if token_ids is None:
            raise NotFound(tokens.MISSING)
        count = await revocations.revoke_several(info.context.database, writer, token_ids)
        return RevokeTokensSuccess(token_ids=input.token_ids, revoked_token_count=count)

    @strawberry.mutation(
        description="Revokes every token of an application user for good. Permission:"
        " `organization:app_users:write`."
    )
    async def revoke_all_tokens(
        self,
        info: ContextInfo,
        input: Annotated[RevokeAllTokensInput, strawberry.argument(description="Whose.")],
    ) -> RevokeAllTokensResult:
        organization_id, user_id = references.user("applicationUserId", input.application_user_id)
        writer = info.context.require(AppUserWriter, organization_id, application_users.MISSING)
        count = await revocations.revoke_all(info.context.database, writer, user_id)
        return RevokeAllTokensSuccess(revoked_token_count=count)

    @strawberry.mutation(
        description="Takes back that a token was deactivated because nobody used it; disuse counts"
        " from here. Activating one that was not deactivated changes nothing. Who is not"
        " administrator activates tokens of application users that hold no permission. Permission:"
        " `organization:app_users:write`."
    )
    async def activate_token(
        self,
        info: ContextInfo,
        input: Annotated[ActivateTokenInput, strawberry.argument(description="Which one.")],
    ) -> ActivateTokenResult:
        organization_id, token_id = references.token("tokenId", input.token_id)
        writer = info.context.require(AppUserWriter, organization_id, tokens.MISSING)
        row = await revocations.activate(info.context.database, writer, token_id)
        return ActivateTokenSuccess(token=Token.of(row, info))
