from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode


class RevokeTokens(BaseModel):
    revoke_tokens: Union[
        "RevokeTokensRevokeTokensRevokeTokensSuccess",
        "RevokeTokensRevokeTokensInvalidInputError",
        "RevokeTokensRevokeTokensNotFoundError",
    ] = Field(discriminator="typename__")


class RevokeTokensRevokeTokensRevokeTokensSuccess(BaseModel):
    typename__: Literal["RevokeTokensSuccess"] = Field(alias="__typename")
    token_ids: list[str]
    revoked_token_count: int


class RevokeTokensRevokeTokensInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["RevokeTokensRevokeTokensInvalidInputErrorFields"]


class RevokeTokensRevokeTokensInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class RevokeTokensRevokeTokensNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


RevokeTokens.model_rebuild()
RevokeTokensRevokeTokensInvalidInputError.model_rebuild()
