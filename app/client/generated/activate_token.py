from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode
from .fragments import TokenFields


class ActivateToken(BaseModel):
    activate_token: Union[
        "ActivateTokenActivateTokenActivateTokenSuccess",
        "ActivateTokenActivateTokenInvalidInputError",
        "ActivateTokenActivateTokenNotFoundError",
    ] = Field(discriminator="typename__")


class ActivateTokenActivateTokenActivateTokenSuccess(BaseModel):
    typename__: Literal["ActivateTokenSuccess"] = Field(alias="__typename")
    token: "ActivateTokenActivateTokenActivateTokenSuccessToken"


ActivateTokenActivateTokenActivateTokenSuccessToken = TokenFields


class ActivateTokenActivateTokenInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["ActivateTokenActivateTokenInvalidInputErrorFields"]


class ActivateTokenActivateTokenInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class ActivateTokenActivateTokenNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


ActivateToken.model_rebuild()
ActivateTokenActivateTokenActivateTokenSuccess.model_rebuild()
ActivateTokenActivateTokenInvalidInputError.model_rebuild()
