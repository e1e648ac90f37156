from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode
from .fragments import TokenFields


class UpdateToken(BaseModel):
    update_token: Union[
        "UpdateTokenUpdateTokenUpdateTokenSuccess",
        "UpdateTokenUpdateTokenInvalidInputError",
        "UpdateTokenUpdateTokenNotFoundError",
    ] = Field(discriminator="typename__")


class UpdateTokenUpdateTokenUpdateTokenSuccess(BaseModel):
    typename__: Literal["UpdateTokenSuccess"] = Field(alias="__typename")
    token: "UpdateTokenUpdateTokenUpdateTokenSuccessToken"


UpdateTokenUpdateTokenUpdateTokenSuccessToken = TokenFields


class UpdateTokenUpdateTokenInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["UpdateTokenUpdateTokenInvalidInputErrorFields"]


class UpdateTokenUpdateTokenInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class UpdateTokenUpdateTokenNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


UpdateToken.model_rebuild()
UpdateTokenUpdateTokenUpdateTokenSuccess.model_rebuild()
UpdateTokenUpdateTokenInvalidInputError.model_rebuild()
