from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode
from .fragments import TokenFields


class GenerateToken(BaseModel):
    generate_token: Union[
        "GenerateTokenGenerateTokenGenerateTokenSuccess",
        "GenerateTokenGenerateTokenGenerateTokenReplayed",
        "GenerateTokenGenerateTokenInvalidInputError",
        "GenerateTokenGenerateTokenNotFoundError",
        "GenerateTokenGenerateTokenIdempotencyConflictError",
    ] = Field(discriminator="typename__")


class GenerateTokenGenerateTokenGenerateTokenSuccess(BaseModel):
    typename__: Literal["GenerateTokenSuccess"] = Field(alias="__typename")
    token: "GenerateTokenGenerateTokenGenerateTokenSuccessToken"
    full_token: str = Field(repr=False)


GenerateTokenGenerateTokenGenerateTokenSuccessToken = TokenFields


class GenerateTokenGenerateTokenGenerateTokenReplayed(BaseModel):
    typename__: Literal["GenerateTokenReplayed"] = Field(alias="__typename")
    token: "GenerateTokenGenerateTokenGenerateTokenReplayedToken"


GenerateTokenGenerateTokenGenerateTokenReplayedToken = TokenFields


class GenerateTokenGenerateTokenInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["GenerateTokenGenerateTokenInvalidInputErrorFields"]


class GenerateTokenGenerateTokenInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class GenerateTokenGenerateTokenNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


class GenerateTokenGenerateTokenIdempotencyConflictError(BaseModel):
    typename__: Literal["IdempotencyConflictError"] = Field(alias="__typename")
    message: str


GenerateToken.model_rebuild()
GenerateTokenGenerateTokenGenerateTokenSuccess.model_rebuild()
GenerateTokenGenerateTokenGenerateTokenReplayed.model_rebuild()
GenerateTokenGenerateTokenInvalidInputError.model_rebuild()
