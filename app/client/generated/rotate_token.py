from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode
from .fragments import TokenFields


class RotateToken(BaseModel):
    rotate_token: Union[
        "RotateTokenRotateTokenRotateTokenSuccess",
        "RotateTokenRotateTokenRotateTokenReplayed",
        "RotateTokenRotateTokenInvalidInputError",
        "RotateTokenRotateTokenNotFoundError",
        "RotateTokenRotateTokenIdempotencyConflictError",
        "RotateTokenRotateTokenAlreadyRotatedError",
    ] = Field(discriminator="typename__")


class RotateTokenRotateTokenRotateTokenSuccess(BaseModel):
    typename__: Literal["RotateTokenSuccess"] = Field(alias="__typename")
    token: "RotateTokenRotateTokenRotateTokenSuccessToken"
    predecessor: "RotateTokenRotateTokenRotateTokenSuccessPredecessor"
    full_token: str = Field(repr=False)


RotateTokenRotateTokenRotateTokenSuccessToken = TokenFields
RotateTokenRotateTokenRotateTokenSuccessPredecessor = TokenFields


class RotateTokenRotateTokenRotateTokenReplayed(BaseModel):
    typename__: Literal["RotateTokenReplayed"] = Field(alias="__typename")
    token: "RotateTokenRotateTokenRotateTokenReplayedToken"
    predecessor: "RotateTokenRotateTokenRotateTokenReplayedPredecessor"


RotateTokenRotateTokenRotateTokenReplayedToken = TokenFields
RotateTokenRotateTokenRotateTokenReplayedPredecessor = TokenFields


class RotateTokenRotateTokenInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["RotateTokenRotateTokenInvalidInputErrorFields"]


class RotateTokenRotateTokenInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class RotateTokenRotateTokenNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class RotateTokenRotateTokenIdempotencyConflictError(BaseModel):
    typename__: Literal["IdempotencyConflictError"] = Field(alias="__typename")
    message: str


class RotateTokenRotateTokenAlreadyRotatedError(BaseModel):
    typename__: Literal["AlreadyRotatedError"] = Field(alias="__typename")
    message: str


RotateToken.model_rebuild()
RotateTokenRotateTokenRotateTokenSuccess.model_rebuild()
RotateTokenRotateTokenRotateTokenReplayed.model_rebuild()
RotateTokenRotateTokenInvalidInputError.model_rebuild()
