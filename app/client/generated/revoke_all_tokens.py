from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode


class RevokeAllTokens(BaseModel):
    revoke_all_tokens: Union[
        "RevokeAllTokensRevokeAllTokensRevokeAllTokensSuccess",
        "RevokeAllTokensRevokeAllTokensInvalidInputError",
        "RevokeAllTokensRevokeAllTokensNotFoundError",
    ] = Field(discriminator="typename__")


class RevokeAllTokensRevokeAllTokensRevokeAllTokensSuccess(BaseModel):
    typename__: Literal["RevokeAllTokensSuccess"] = Field(alias="__typename")
    revoked_token_count: int


class RevokeAllTokensRevokeAllTokensInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["RevokeAllTokensRevokeAllTokensInvalidInputErrorFields"]


class RevokeAllTokensRevokeAllTokensInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class RevokeAllTokensRevokeAllTokensNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


RevokeAllTokens.model_rebuild()
RevokeAllTokensRevokeAllTokensInvalidInputError.model_rebuild()
