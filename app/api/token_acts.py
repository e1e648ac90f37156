"""Acts on tokens in GraphQL: generate, describe, revoke."""

from typing import Annotated, Union

import strawberry
from strawberry import ID, UNSET

from app import minting, references, tokens
from app.access import AppUserWriter
from app.api.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from app.api.nodes import ContextInfo
from app.api.tokens import Token
from app.application_users import KEEP
from app.application_users import MISSING as MISSING_USER


@strawberry.input(description="A new token for an application user.")
class GenerateTokenInput:
    application_user_id: ID = strawberry.field(description="Whose token it will be.")
    description: str | None = strawberry.field(
        default=None, description="What it is for, at most 1000 characters."
    )
    max_age_seconds: int | None = strawberry.field(
        default=None,
        description="How long it lives, from 600 to 315360000 seconds; without, for ever.",
    )
    extend_when_used: bool = strawberry.field(
        default=False,
        description="Each use moves the expiry to `maxAgeSeconds` after it, which must be given;"
        " one in the last second comes too late.",
    )
    ip_allowlist: list[str] | None = strawberry.field(
        default=None,
        description="1 to 100 IPv4 or IPv6 networks, such as `192.0.2.0/24`, that it is accepted"
        " from; without, anywhere.",
    )
    scopes: list[str] | None = strawberry.field(
        default=None,
        description="1 to 100 of `availableScopes`, each `<resource>:<read or write>`; without,"
        " everything that its user may do. In this API, `authentication` covers application users"
        " and tokens, `user` everything else, and writing includes reading.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="1 to 255 printable ASCII characters of your choice, which make the call safe"
        " to repeat: the same key and input again never make a second token.",
    )


@strawberry.type(description="The token was generated.")
class GenerateTokenSuccess:
    token: Token = strawberry.field(description="The token, as lists show it.")
    full_token: str = strawberry.field(
        description="The text to use as bearer token. It is shown here and never again."
    )

    def __repr__(self) -> str:
        """Leave the secret out: error messages of libraries hold reprs."""
        return f"GenerateTokenSuccess({self.token.id})"


@strawberry.type(
    description="The call was made before with this `idempotencyKey`; nothing was made. The text of"
    " the token cannot be shown again: if it was lost, revoke the token and generate another."
)
class GenerateTokenReplayed:
    token: Token = strawberry.field(description="What the first call made, as it is now.")


@strawberry.input(description="A new description for a token.")
class UpdateTokenInput:
    token_id: ID = strawberry.field(description="The token to describe.")
    description: str | None = strawberry.field(
        default=UNSET, description="What it is for, at most 1000 characters; null clears it."
    )


@strawberry.type(description="The token was described.")
class UpdateTokenSuccess:
    token: Token = strawberry.field(description="As it is now.")


@strawberry.input(description="The token to revoke, for good.")
class RevokeTokenInput:
    token_id: ID = strawberry.field(
        description="The id (`token_…`) of the token to revoke; not its text."
    )


@strawberry.type(description="The token is revoked.")
class RevokeTokenSuccess:
    token: Token = strawberry.field(
        description="As it is now; the first revocation's time and actor stand."
    )


GenerateTokenResult = Annotated[
    Union[
        GenerateTokenSuccess,
        GenerateTokenReplayed,
        InvalidInputError,
        NotFoundError,
        IdempotencyConflictError,
    ],
    strawberry.union("GenerateTokenResult", description="What became of `generateToken`."),
]
UpdateTokenResult = Annotated[
    Union[UpdateTokenSuccess, InvalidInputError, NotFoundError],
    strawberry.union("UpdateTokenResult", description="What became of `updateToken`."),
]
RevokeTokenResult = Annotated[
    Union[RevokeTokenSuccess, InvalidInputError, NotFoundError],
    strawberry.union("RevokeTokenResult", description="What became of `revokeToken`."),
]


@strawberry.type
class TokenMutations:
    @strawberry.mutation(
        description="Generates a token for an application user. Its text is in this answer and"
        " nowhere else. A token that generates one gives it no wider scopes, networks or lifetime"
        " than its own, and none that the organization's policy would block can be generated. Who"
        " is not administrator generates tokens for application users that hold no permission, and"
        " they never carry one, whatever is granted later. Permission:"
        " `organization:app_users:write`."
    )
    async def generate_token(
        self,
        info: ContextInfo,
        input: Annotated[GenerateTokenInput, strawberry.argument(description="The token.")],
    ) -> GenerateTokenResult:
        organization_id, user_id = references.user("applicationUserId", input.application_user_id)
        writer = info.context.require(AppUserWriter, organization_id, MISSING_USER)
        made = await minting.generate(
            info.context.database,
            info.context.peppers,
            info.context.catalogue,
            writer,
            user_id,
            description=input.description,
            max_age_seconds=input.max_age_seconds,
            extend_when_used=input.extend_when_used,
            ip_allowlist=input.ip_allowlist,
            scopes=input.scopes,
            idempotency_key=input.idempotency_key,
        )
        token = Token.of(made.token, info)
        if made.full_token is None:
            return GenerateTokenReplayed(token=token)
        return GenerateTokenSuccess(token=token, full_token=made.full_token)

    @strawberry.mutation(
        description="Describes a token anew; nothing else about it can change. Permission:"
        " `organization:app_users:write`."
    )
    async def update_token(
        self,
        info: ContextInfo,
        input: Annotated[UpdateTokenInput, strawberry.argument(description="The change.")],
    ) -> UpdateTokenResult:
        organization_id, token_id = references.token("tokenId", input.token_id)
        writer = info.context.require(AppUserWriter, organization_id, tokens.MISSING)
        row = await tokens.update(
            info.context.database,
            writer,
            token_id,
            description=KEEP if input.description is UNSET else input.description,
        )
        return UpdateTokenSuccess(token=Token.of(row, info))

    @strawberry.mutation(
        description="Revokes a token for good: it is refused from the answer on. Revoking it again"
        " changes nothing. Permission: `organization:app_users:write`; none for a token to revoke"
        " itself."
    )
    async def revoke_token(
        self,
        info: ContextInfo,
        input: Annotated[RevokeTokenInput, strawberry.argument(description="Which one.")],
    ) -> RevokeTokenResult:
        organization_id, token_id = references.token("tokenId", input.token_id)
        revoker = info.context.require_token_revoker(organization_id, token_id)
        row = await tokens.revoke(info.context.database, revoker)
        return RevokeTokenSuccess(token=Token.of(row, info))
