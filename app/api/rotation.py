"""Rotation in GraphQL."""

from typing import Annotated, Union
from uuid import UUID

import strawberry
from strawberry import ID

from app import references, rotation, tokens
from app.access import AppUserReader, AppUserWriter
from app.api.errors import Error, IdempotencyConflictError, InvalidInputError, NotFoundError
from app.api.nodes import ContextInfo
from app.api.tokens import Token


@strawberry.input(description="A token of an application user to put a successor in the place of.")
class RotateTokenInput:
    token_id: ID = strawberry.field(description="The token to rotate (`token_…`); not its text.")
    overlap_seconds: int = strawberry.field(
        default=0,
        description="How long the token is accepted beside its successor, from 0 to 604800 seconds"
        " (a week), and not beyond its own expiry.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="1 to 255 printable ASCII characters of your choice, which make the call safe"
        " to repeat: the same key and input again never make a second token.",
    )


@strawberry.type(description="The token has a successor.")
class RotateTokenSuccess:
    token: Token = strawberry.field(
        description="The successor: the same settings, and a life of its own."
    )
    predecessor: Token = strawberry.field(
        description="The token that was rotated; it is accepted until its `overlapEndTime`."
    )
    full_token: str = strawberry.field(
        description="The text of the successor. It is shown here and never again."
    )

    def __repr__(self) -> str:
        """Leave the secret out: error messages of libraries hold reprs."""
        return f"RotateTokenSuccess({self.token.id})"


@strawberry.type(
    description="The call was made before with this `idempotencyKey`; nothing was made. The text of"
    " the successor cannot be shown again: if it was lost, rotate the successor."
)
class RotateTokenReplayed:
    token: Token = strawberry.field(description="What the first call made, as it is now.")
    predecessor: Token = strawberry.field(description="The token that it was rotated from.")


@strawberry.type(
    description="The token was rotated before, or by another call at the same time: it has a"
    " successor, and nothing was changed."
)
class AlreadyRotatedError(Error):
    organization_id: strawberry.Private[UUID]
    successor_id: strawberry.Private[UUID]

    @strawberry.field(description="What it was rotated to.")
    async def successor(self, info: ContextInfo) -> Token:
        reader = info.context.require(AppUserReader, self.organization_id)
        found = await info.context.loaders.tokens.load((reader, self.successor_id))
        if found is None:
            raise RuntimeError("a successor that is not there")
        return Token.of(found, info)


RotateTokenResult = Annotated[
    Union[
        RotateTokenSuccess,
        RotateTokenReplayed,
        InvalidInputError,
        NotFoundError,
        IdempotencyConflictError,
        AlreadyRotatedError,
    ],
    strawberry.union("RotateTokenResult", description="What became of `rotateToken`."),
]


@strawberry.type
class RotationMutations:
    @strawberry.mutation(
        description="Mints a token's successor, with the same description, lifetime, networks and"
        " scopes, and ends the token after the overlap. A token is rotated once. Who is not"
        " administrator rotates tokens of application users that hold no permission. A token may"
        " rotate itself where it may rotate others, and unless it ends at a fixed time: what a"
        " token mints ends no later than itself. Permission: `organization:app_users:write`."
    )
    async def rotate_token(
        self,
        info: ContextInfo,
        input: Annotated[RotateTokenInput, strawberry.argument(description="What to rotate.")],
    ) -> RotateTokenResult:
        organization_id, token_id = references.token("tokenId", input.token_id)
        writer = info.context.require(AppUserWriter, organization_id, tokens.MISSING)
        made = await rotation.rotate(
            info.context.database,
            info.context.peppers,
            writer,
            token_id,
            overlap_seconds=input.overlap_seconds,
            idempotency_key=input.idempotency_key,
        )
        token, predecessor = Token.of(made.token, info), Token.of(made.predecessor, info)
        if made.full_token is None:
            return RotateTokenReplayed(token=token, predecessor=predecessor)
        return RotateTokenSuccess(token=token, predecessor=predecessor, full_token=made.full_token)
