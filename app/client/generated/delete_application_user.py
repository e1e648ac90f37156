from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import InvalidInputCode


class DeleteApplicationUser(BaseModel):
    delete_application_user: Union[
        "DeleteApplicationUserDeleteApplicationUserDeleteApplicationUserSuccess",
        "DeleteApplicationUserDeleteApplicationUserInvalidInputError",
        "DeleteApplicationUserDeleteApplicationUserNotFoundError",
    ] = Field(discriminator="typename__")


class DeleteApplicationUserDeleteApplicationUserDeleteApplicationUserSuccess(BaseModel):
    typename__: Literal["DeleteApplicationUserSuccess"] = Field(alias="__typename")
    application_user_id: str
    revoked_token_count: int


class DeleteApplicationUserDeleteApplicationUserInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["DeleteApplicationUserDeleteApplicationUserInvalidInputErrorFields"]


class DeleteApplicationUserDeleteApplicationUserInvalidInputErrorFields(BaseModel):
    path: str
    code: InvalidInputCode
    message: str


class DeleteApplicationUserDeleteApplicationUserNotFoundError(BaseModel):
    typename__: Literal["NotFoundError"] = Field(alias="__typename")
    message: str


DeleteApplicationUser.model_rebuild()
DeleteApplicationUserDeleteApplicationUserInvalidInputError.model_rebuild()
