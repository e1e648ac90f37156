from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode
from .fragments import TokenFields


class RevokeToken(BaseModel):
    revoke_token: Union[
        "RevokeTokenRevokeTokenRevokeTokenSuccess",
        "RevokeTokenRevokeTokenInvalidInputError",
        "RevokeTokenRevokeTokenNotFoundError",
    ] = Field(discriminator="typename__")


class RevokeTokenRevokeTokenRevokeTokenSuccess(BaseModel):
    typename__: Literal["RevokeTokenSuccess"] = Field(alias="__typename")
    token: "RevokeTokenRevokeTokenRevokeTokenSuccessToken"


RevokeTokenRevokeTokenRevokeTokenSuccessToken = TokenFields


class RevokeTokenRevokeTokenInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["RevokeTokenRevokeTokenInvalidInputErrorFields"]


class RevokeTokenRevokeTokenInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class RevokeTokenRevokeTokenNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


RevokeToken.model_rebuild()
RevokeTokenRevokeTokenRevokeTokenSuccess.model_rebuild()
RevokeTokenRevokeTokenInvalidInputError.model_rebuild()
